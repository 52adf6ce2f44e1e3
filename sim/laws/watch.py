"""What a law's checker has to work with: the header, trackers, deadlines, and its breaches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from sim.trace import Bounds, Header, Record

Tracker = TypeVar("Tracker")


class Run(Protocol):
    """The run that is watched, as far as a law may know it."""

    header: Header

    def tracker(self, kind: Callable[[Header], Tracker]) -> Tracker:
        """The run's only tracker of that class."""

    def after(self, time: int, action: Callable[[], Any]) -> None:
        """Call ``action`` when the run has gone on beyond ``time``."""


class Watch:
    """One law's view of one run."""

    __slots__ = ("_breach", "_run", "exercised", "header", "law")

    def __init__(self, law: str, run: Run, breach: Callable[[str, Record, str], object]) -> None:
        self.law = law
        self.header: Header = run.header
        self.exercised = 0
        """How often the law's subject occurred; the checker counts."""
        self._run = run
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
        return self._run.tracker(kind)

    def after(self, time: int, action: Callable[[], Any]) -> None:
        """Call ``action`` when the run has gone on beyond ``time``, before later records.

        A run that ends at or before ``time`` never calls it.
        """
        self._run.after(time, action)
