"""What was seen instead: the nearest thing to an event that was expected and did not come."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from attrs import define, field, frozen

from sim.expectations.cast import Cast
from sim.expectations.clauses import Item
from sim.protocol.units import format_clock
from sim.trace.records import Record

MOST_NAMED: Final = 3
"""How many records a finding names."""
_FIRST: Final = 16
_LAST: Final = 16


def at(record: Record) -> str:
    """Return when something was, and the number that ``explain`` takes."""
    return f"at {format_clock(record.time)}, #{record.seq}"


@frozen
class Past:
    """The records of before anybody looked, which was ``until`` so many microseconds."""

    records: Sequence[Record] = ()
    until: int = 0


NO_PAST: Final = Past()


def numbers(why: str) -> list[int]:
    """Return the numbers of the records that a finding names, as :func:`at` writes them.

    >>> numbers("bob saw subscriber(alice)#1 at 0:20.004, #49")
    [49]
    """
    return [int(number) for number in re.findall(r"\d, #(\d+)", why)]


@define
class _Kept:
    """The first events of a name that somebody was told, and the last."""

    first: list[Record] = field(factory=list)
    last: list[Record] = field(factory=list)

    def keep(self, record: Record) -> None:
        if len(self.first) < _FIRST:
            self.first.append(record)
        else:
            self.last.append(record)
            del self.last[:-_LAST]


class Sightings:
    """The events of some names that everybody was told, as far as findings need them."""

    def __init__(self, cast: Cast, past: Past = NO_PAST) -> None:
        self.cast = cast
        self._past = past
        self._kept: dict[str, defaultdict[str, _Kept]] = {}
        """By the event's name, then by who was told it."""
        self._latest: dict[str, Record] = {}

    def watch(self, names: Iterable[str]) -> None:
        """Keep events of these names, too."""
        for name in names:
            self._kept.setdefault(name, defaultdict(_Kept))

    def see(self, record: Record) -> None:
        """Take in an event."""
        self._latest[record.client] = record
        kept = self._kept.get(record.name)
        if kept is not None:
            kept[record.client].keep(record)

    def named(self, records: Iterable[Record]) -> str:
        """Return when each of some events was, with its name: three at most."""
        told = list(records)
        more = f"; and {len(told) - MOST_NAMED} more" if len(told) > MOST_NAMED else ""
        return "; ".join(f"{at(r)}: {self.cast.shown(r)}" for r in told[:MOST_NAMED]) + more

    def instead(
        self, item: Item, person: str, after: int = 0, besides: Collection[Record] = ()
    ) -> str:
        """Return the rest of a sentence that says what there was in place of the item.

        The nearest is the event of that name and object which has most in common with the item, of
        the same person, best after the number ``after``; then the very event, seen by others; then
        one of that name of another object; then the last that the person was told. ``besides`` are
        events that the sentence has named already. What came before anybody looked is named, too.
        """
        return self._nearest(item, person, after, besides) + self._before(item, person)

    @property
    def since(self) -> str:
        """Since when somebody looks; "" if that is from the beginning."""
        return f" since {format_clock(self._past.until)}" if self._past.until else ""

    def _before(self, item: Item, person: str) -> str:
        for record in reversed(self._past.records):
            told = record.kind == "event" and record.client == person
            if told and self.cast.matches(item, record):
                until = format_clock(self._past.until)
                return f"; before {until} it came, {self.named([record])}"
        return ""

    def _nearest(self, item: Item, person: str, after: int, besides: Collection[Record]) -> str:
        told: dict[str, _Kept] = self._kept.get(item.name, {})
        theirs = [r for r in _all(told.get(person)) if r not in besides]
        near = [r for r in theirs if self.cast.likeness(item, r)[0]]
        if near:
            return f", but {self.named([self._likest(item, near, after)])}"
        others = [
            r
            for other, kept in told.items()
            if other != person
            for r in _all(kept)
            if self.cast.matches(item, r)
        ]
        if others:
            first = min(others, key=lambda r: r.seq)
            return f", but {first.client} did {at(first)}"
        if theirs:
            return f", but {self.named([self._likest(item, theirs, after)])}"
        latest = self._latest.get(person)
        if latest is None:
            return f"; {person} was told nothing{self.since or ' at all'}"
        return f"; the last that {person} was told was, {self.named([latest])}"

    def _likest(self, item: Item, records: Sequence[Record], after: int) -> Record:
        """The first after that number of those that have most in common with the item."""
        most = max(sum(self.cast.likeness(item, r)) for r in records)
        alike = [r for r in records if sum(self.cast.likeness(item, r)) == most]
        return next((r for r in alike if r.seq > after), alike[-1])


def _all(kept: _Kept | None) -> list[Record]:
    return [*kept.first, *kept.last] if kept else []
