"""What one person sees: events in an order, or so many of them."""

from __future__ import annotations

from typing import Final, NamedTuple

from sim.expectations.clauses import Counts, Item, Sees
from sim.protocol.names import label, person_of
from sim.protocol.units import format_clock, format_duration
from sim.trace.records import Record

MOST_NAMED: Final = 3
"""How many records a finding names."""


class Finding(NamedTuple):
    """What became of an expectation, and the sentence that says why."""

    held: bool
    why: str


def matches(item: Item, record: Record) -> bool:
    """Whether an event's record is the item."""
    return (
        record.name == item.name
        and _is_of_object(item.object, record.object)
        and (item.argument is None or _argument(record) == item.argument)
        and (item.of is None or _owner(record) == item.of)
    )


def _label(object: str) -> str:
    """Return the kind of an object: the second ``subscriber(alice)`` is ``subscriber(alice)#1``,
    the second ``publisher`` is ``publisher1``.
    """
    parsed = label(object)
    return object if parsed is None else str(parsed._replace(number=0))


def _is_of_object(expected: str, object: str) -> bool:
    parsed = label(object)
    any_subscriber = expected == "subscriber" and parsed is not None and bool(parsed.subject)
    return _label(object) == expected or any_subscriber


def _argument(record: Record) -> object:
    return record.data.get("reason", record.data.get("data"))


def _owner(record: Record) -> str:
    """Return whose connection, stream or signal an event is about."""
    data = record.data
    whose = data.get("connection") or data.get("stream") or data.get("from") or ""
    return person_of(whose) or str(whose)


def shown(record: Record) -> str:
    """Return a record the way a finding names it."""
    prefix = "" if record.object == "session" else f"{_label(record.object)}."
    argument = _argument(record)
    owner = _owner(record)
    reason = "" if argument is None else f"({argument})"
    of = f" of {owner}" if owner else ""
    clock = format_clock(record.time)
    return f"{prefix}{record.name}{reason}{of} at {clock} (record {record.seq})"


class SequenceWatch:
    """Whether one person sees the items of a :class:`Sees` in order.

    For every beginning of the sequence it keeps the latest record that completes it: that one
    leaves the most time for an item that must come soon after.
    """

    def __init__(self, clause: Sees, person: str) -> None:
        self._sequence = clause.sequence
        self._person = person
        self._reached: list[Record | None] = [None] * len(clause.sequence)
        self._alike: list[Record] = []

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the events that it wants to see."""
        return tuple(dict.fromkeys(then.item.name for then in self._sequence))

    def see(self, record: Record) -> None:
        """Look at an event of this person."""
        for index in reversed(range(len(self._sequence))):
            if matches(self._sequence[index].item, record) and self._in_time(index, record):
                self._reached[index] = record
        self._alike.append(record)
        del self._alike[:-20]

    def _in_time(self, index: int, record: Record) -> bool:
        if index == 0:
            return True
        before, within = self._reached[index - 1], self._sequence[index].within
        if before is None:
            return False
        return within is None or record.time - before.time <= within

    def finding(self) -> Finding:
        """Return whether the whole sequence was seen."""
        last = self._reached[-1]
        if last is not None:
            return Finding(True, f"{self._person} saw {shown(last)}")
        missing = self._reached.index(None)
        then = self._sequence[missing]
        within = f" within {format_duration(then.within)}" if then.within is not None else ""
        before = self._reached[missing - 1] if missing else None
        done = f"{self._person} saw {shown(before)} but then" if before else f"{self._person} saw"
        return Finding(False, f"{done} no {then.item}{within}{self._instead(then.item)}")

    def _instead(self, item: Item) -> str:
        alike = [record for record in self._alike if record.name == item.name][-MOST_NAMED:]
        return f"; of that name there was {', '.join(map(shown, alike))}" if alike else ""


class CountWatch:
    """How often one person sees the item of a :class:`Counts`."""

    def __init__(self, clause: Counts, person: str) -> None:
        self._clause = clause
        self._person = person
        self._count = 0
        self._first: list[Record] = []

    @property
    def names(self) -> tuple[str, ...]:
        """The name of the event that it wants to see."""
        return (self._clause.item.name,)

    def see(self, record: Record) -> None:
        """Look at an event of this person."""
        clause = self._clause
        inside = record.time >= clause.start and (clause.end is None or record.time <= clause.end)
        if inside and matches(clause.item, record):
            self._count += 1
            if self._count <= MOST_NAMED:
                self._first.append(record)

    def finding(self) -> Finding:
        """Return whether it was seen as often as expected."""
        clause = self._clause
        held = self._count >= clause.least and (clause.most is None or self._count <= clause.most)
        timed = bool(clause.start) or clause.end is not None
        if not self._count:
            sentence = f"{self._person} never saw {clause.item}" + (
                " in that time" if timed else ""
            )
            return Finding(held, sentence)
        times = "once" if self._count == 1 else f"{self._count} times"
        more = ", ..." if self._count > MOST_NAMED else ""
        seen = ", ".join(map(shown, self._first))
        return Finding(held, f"{self._person} saw {clause.item} {times}: {seen}{more}")
