"""A part of a story: what some people are told, what comes around a time, what is of some kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from sim.protocol.units import format_clock, format_duration
from sim.telling.story import MARKS, Line
from sim.wording import listing

KINDS: Final = tuple(MARKS)
"""The kinds that a line may be of."""


@frozen(kw_only=True)
class Narrowing:
    """Which lines are told. What is not said narrows nothing."""

    people: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    around: int | None = None
    """A time of the story in microseconds,"""
    within: int = 0
    """and how far from it a line may be, before and after."""

    def __bool__(self) -> bool:
        """Whether anything may be left out."""
        return bool(self.people or self.kinds or self.around is not None)

    def shows(self, line: Line) -> bool:
        """Whether the line is told.

        A line is told if one of its people is among those named; one that is about nobody is not.
        """
        return (
            (not self.people or not set(self.people).isdisjoint(line.who))
            and (not self.kinds or line.kind in self.kinds)
            and (self.around is None or abs(line.time - self.around) <= self.within)
        )

    def __str__(self) -> str:
        """What is told, in words."""
        return ", ".join(self._words())

    def _words(self) -> Iterator[str]:
        if self.people:
            yield f"of {listing(self.people)}"
        if self.around is not None:
            yield f"within {format_duration(self.within)} of {format_clock(self.around)}"
        if self.kinds:
            yield f"of the kind {listing(self.kinds, 'or')}"


EVERYTHING: Final = Narrowing()
