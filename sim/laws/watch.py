"""What a law's checker has to work with: the header, trackers, deadlines, and its breaches."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from sim.trace import Bounds, Header, Record

if TYPE_CHECKING:
    from sim.laws.engine import Laws

Tracker = TypeVar("Tracker")


class Watch:
    """One law's view of one run."""

    __slots__ = ("_breach", "_laws", "exercised", "header", "law")

    def __init__(self, law: str, laws: Laws, breach: Callable[[str, Record, str], object]) -> None:
        self.law = law
        self.header: Header = laws.header
        self.exercised = 0
        """How often the law's subject occurred; the checker counts."""
        self._laws = laws
        self._breach = breach

    @property
    def bounds(self) -> Bounds:
        """The durations from which deadlines are made, in microseconds."""
        return self.header.bounds

    def breach(self, record: Record, sentence: str) -> None:
        """Report that the law broke: by which record, and how, in one sentence."""
        self._breach(self.law, record, sentence)

    def track(self, kind: Callable[[Header], Tracker]) -> Tracker:
        """The run's only tracker of that class. It sees every record before any law does."""
        return self._laws.tracker(kind)

    def after(self, time: int, action: Callable[[], Any]) -> None:
        """Call ``action`` when the run has gone on beyond ``time``, before later records.

        A run that ends at or before ``time`` never calls it.
        """
        self._laws.after(time, action)
