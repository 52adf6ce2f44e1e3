"""Where two traces begin to differ."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from typing import Final

from attrs import frozen

from sim.trace.explain import chain
from sim.trace.header import Header
from sim.trace.reader import Trace
from sim.trace.records import Record, encode

NOT_COMPARED: Final = ("level", "scenario")
"""Fields of the header that say nothing about the story (the scenario's hash is compared)."""


@frozen
class Difference:
    """The first record in which two stories differ. A side that has ended before has None."""

    number: int
    left: Record | None
    right: Record | None
    before: tuple[Record, ...]
    """The last records that both have."""
    after_left: tuple[Record, ...]
    after_right: tuple[Record, ...]
    causes_left: tuple[Record, ...]
    """The chain of causes of ``left``, the root first, ``left`` itself last."""
    causes_right: tuple[Record, ...]


@frozen
class Comparison:
    """Two traces side by side: fields of the headers that differ, and the first difference."""

    header: tuple[tuple[str, object, object], ...]
    """Name of the field, its value on the left, on the right."""
    difference: Difference | None

    @property
    def equal(self) -> bool:
        """Whether the stories are the same; headers may differ."""
        return self.difference is None


def compare(left: Trace, right: Trace, context: int = 5) -> Comparison:
    """Compare two traces; ``context`` records are given before and after the first difference."""
    return Comparison(
        compare_headers(left.header, right.header), first_difference(left, right, context)
    )


def compare_headers(left: Header, right: Header) -> tuple[tuple[str, object, object], ...]:
    """The fields that matter for the story and differ, those of people and bounds one by one.

    The value of a field that only one side has is None on the other.
    """
    lefts, rights = dict(_flat(left)), dict(_flat(right))
    names = dict.fromkeys((*lefts, *rights))
    pairs = ((name, lefts.get(name), rights.get(name)) for name in names)
    return tuple(pair for pair in pairs if pair[1] != pair[2])


def _flat(header: Header) -> Iterator[tuple[str, object]]:
    """The header's fields in plain data: ``seed``, ``bounds.grace``, ``people.bob.role``, …"""
    data = {n: each for n, each in header.to_data().items() if n not in NOT_COMPARED}
    people, bounds = data.pop("people"), data.pop("bounds")
    yield from data.items()
    yield from ((f"bounds.{name}", each) for name, each in bounds.items())
    for person, said in people.items():
        yield from ((f"people.{person}.{name}", each) for name, each in said.items())


def first_difference(
    left: Trace | Iterable[Record], right: Trace | Iterable[Record], context: int = 5
) -> Difference | None:
    """The first story record that differs, with its surroundings and causes; None if none does.

    Records below the story level are passed over. Iterators and streams are kept in memory.
    """
    left, right = _kept(left), _kept(right)
    lefts, rights = _story(left), _story(right)
    before: deque[Record] = deque(maxlen=max(context, 0))
    for number, (one, other) in enumerate(zip_longest(lefts, rights), start=1):
        if one is None or other is None or not _same(one, other):
            return Difference(
                number=number,
                left=one,
                right=other,
                before=tuple(before),
                after_left=tuple(islice(lefts, context)),
                after_right=tuple(islice(rights, context)),
                causes_left=() if one is None else chain(left, number),
                causes_right=() if other is None else chain(right, number),
            )
        before.append(one)
    return None


def _same(one: Record, other: Record) -> bool:
    # What was written and read again has lists where there were tuples; the line decides.
    return one == other or encode(one) == encode(other)


def _kept(records: Trace | Iterable[Record]) -> Trace | list[Record]:
    if isinstance(records, Trace):
        return records if records.rereadable else list(records.story())
    return records if isinstance(records, list) else list(records)


def _story(records: Trace | Iterable[Record]) -> Iterator[Record]:
    return (record for record in records if record.seq)
