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

    def after(self, time: int, action: Callable[..., Any], *arguments: Any) -> None:
        """Call ``action(*arguments)`` when the run has gone on beyond ``time``."""

    def breach(self, law: str, record: Record, sentence: str) -> None:
        """That law broke: by which record, and how, in one sentence."""


class Watch:
    """One law's view of one run."""

    __slots__ = ("_run", "exercised", "header", "law")

    def __init__(self, law: str, run: Run) -> None:
        self.law = law
        self.header: Header = run.header
        self.exercised = 0
        """How often the law's subject occurred; the checker counts."""
        self._run = run

    @property
    def bounds(self) -> Bounds:
        """The durations from which deadlines are made, in microseconds."""
        return self.header.bounds

    def breach(self, record: Record, sentence: str) -> None:
        """Report that the law broke: by which record, and how, in one sentence."""
        self._run.breach(self.law, record, sentence)

    def track(self, kind: Callable[[Header], Tracker]) -> Tracker:
        """The run's only tracker of that class. It sees every record before any law does."""
        return self._run.tracker(kind)

    def after(self, time: int, action: Callable[..., Any], *arguments: Any) -> None:
        """Call ``action(*arguments)`` when the run has gone on beyond ``time``.

        That is before later records. A run that ends at or before ``time`` never calls it.
        """
        self._run.after(time, action, *arguments)
