"""What one person sees: events in an order, or so many of them."""

from __future__ import annotations

from typing import NamedTuple

from sim.expectations.clauses import Counts, Sees
from sim.expectations.sightings import MOST_NAMED, Sightings, at
from sim.protocol.units import format_clock, format_duration
from sim.trace.records import Record


class Finding(NamedTuple):
    """What became of an expectation, and the sentence that says why."""

    held: bool
    why: str


class SequenceWatch:
    """Whether one person sees the items of a :class:`Sees` in order.

    For every beginning of the sequence it keeps the latest record that completes it: that one
    leaves the most time for an item that must come soon after.
    """

    def __init__(self, clause: Sees, person: str, sightings: Sightings) -> None:
        self._sequence = clause.sequence
        self._person = person
        self._sightings = sightings
        self._reached: list[Record | None] = [None] * len(clause.sequence)

    @property
    def met(self) -> bool:
        """Whether it has been seen, so that nothing can change that."""
        return self._reached[-1] is not None

    def see(self, record: Record) -> None:
        """Look at an event of this person."""
        cast = self._sightings.cast
        for index in reversed(range(len(self._sequence))):
            if cast.matches(self._sequence[index].item, record) and self._in_time(index, record):
                self._reached[index] = record

    def _in_time(self, index: int, record: Record) -> bool:
        if index == 0:
            return True
        before, within = self._reached[index - 1], self._sequence[index].within
        if before is None:
            return False
        return within is None or record.time - before.time <= within

    def finding(self, ended: int) -> Finding:
        """Return whether the whole sequence was seen."""
        shown = self._sightings.cast.shown
        last = self._reached[-1]
        if last is not None:
            return Finding(True, f"{self._person} saw {shown(last)} {at(last)}")
        missing = self._reached.index(None)
        then = self._sequence[missing]
        within = f" within {format_duration(then.within)}" if then.within is not None else ""
        before = self._reached[missing - 1] if missing else None
        seen = f"{shown(before)} {at(before)}, then " if before else ""
        after = before.seq if before else 0
        known = [before] if before else []
        instead = self._sightings.instead(then.item, self._person, after, known)
        return Finding(False, f"{self._person} saw {seen}no {then.item}{within}{instead}")


class CountWatch:
    """How often one person sees the item of a :class:`Counts`."""

    def __init__(self, clause: Counts, person: str, sightings: Sightings) -> None:
        self._clause = clause
        self._person = person
        self._sightings = sightings
        self._count = 0
        self._seen: list[Record] = []

    @property
    def met(self) -> bool:
        """Whether it has been seen often enough, so that nothing can change that."""
        return self._clause.most is None and self._count >= self._clause.least

    def see(self, record: Record) -> None:
        """Look at an event of this person."""
        clause = self._clause
        inside = record.time >= clause.start and (clause.end is None or record.time <= clause.end)
        if inside and self._sightings.cast.matches(clause.item, record):
            self._count += 1
            if self._count <= (clause.most or 0) + MOST_NAMED:
                self._seen.append(record)

    def finding(self, ended: int) -> Finding:
        """Return whether it was seen as often as expected."""
        clause, person = self._clause, self._person
        if clause.most is not None and self._count > clause.most:
            return Finding(False, self._too_many(clause.most))
        if self._count < clause.least:
            return Finding(False, self._too_few())
        if not self._count:
            return Finding(True, f"{person} never saw {clause.item}")
        seen = f"{clause.item} {_times(self._count)}: {self._sightings.named(self._seen)}"
        return Finding(True, f"{person} saw {seen}")

    def _too_many(self, most: int) -> str:
        named = self._sightings.named(self._seen[most:])
        if self._count > len(self._seen):
            named += f"; and {self._count - len(self._seen)} more"
        if most == 0:
            return f"but {self._person} did {named}"
        seen = f"{self._person} saw {self._clause.item} {_times(self._count)}"
        return f"{seen}, {self._count - most} too many: {named}"

    def _too_few(self) -> str:
        item, person, clause = self._clause.item, self._person, self._clause
        instead = self._sightings.instead(item, person, besides=self._seen)
        if not self._count:
            return f"{person} saw no {item}{self._when()}{instead}"
        few = f"{clause.least - self._count} too few"
        seen = self._sightings.named(self._seen)
        return f"{person} saw {item} {_times(self._count)}{self._when()}, {few}: {seen}{instead}"

    def _when(self) -> str:
        start, end = self._clause.start, self._clause.end
        if end is None:
            return f" from {format_clock(start)} on" if start else ""
        return f" from {format_clock(start)} to {format_clock(end)}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
