"""Where two runs part: for each person the first record that says something else.

Times are not compared: two seeds never agree on them. What is compared is what happens to a person
and in which order; so a run with later events is no other run, and one with other events is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final

from attrs import frozen

from sim.protocol.units import SECOND
from sim.report.model.timeline import Stretch, Timeline
from sim.trace import Record

LEAST: Final = 5 * SECOND
"""What is shorter is not worth folding."""
_CHANCE: Final = frozenset({"loss"})
"""Decisions of the network that nobody notices: a packet that comes a second time."""


@frozen
class Parting:
    """The first records of one person that differ; None where a run has no more of them."""

    person: str
    row: int | None
    other: int | None


def partings(timeline: Timeline, other: Timeline) -> tuple[Parting, ...]:
    """Where the runs part, person by person, in the order in which they do."""
    lefts, rights = _by_person(timeline), _by_person(other)
    found = []
    for person in dict.fromkeys((*lefts, *rights)):
        parting = _first(person, lefts.get(person, ()), rights.get(person, ()), timeline, other)
        if parting is not None:
            found.append(parting)
    return tuple(sorted(found, key=lambda each: _time(each, timeline, other)))


def in_both(stretches: Sequence[Stretch], others: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """The times in which nothing happens in either run: only these are folded in both pictures.

    >>> in_both([Stretch(0, 20 * SECOND)], [Stretch(9 * SECOND, 99 * SECOND)])
    (Stretch(began=9000000, ended=20000000),)
    """
    found = []
    left, right = 0, 0
    while left < len(stretches) and right < len(others):
        one, other = stretches[left], others[right]
        began, ended = max(one.began, other.began), min(one.ended, other.ended)
        if ended - began >= LEAST:
            found.append(Stretch(began, ended))
        if one.ended < other.ended:
            left += 1
        else:
            right += 1
    return tuple(found)


def _by_person(timeline: Timeline) -> Mapping[str, Sequence[int]]:
    """Person → the rows of the story that are about that person."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, record in enumerate(timeline.records):
        if record.seq and record.name not in _CHANCE:
            rows[record.client].append(row)
    return rows


def _first(
    person: str, lefts: Sequence[int], rights: Sequence[int], one: Timeline, other: Timeline
) -> Parting | None:
    for left, right in zip_longest(lefts, rights):
        if left is None or right is None:
            return Parting(person, left, right)
        if _says(one.records[left]) != _says(other.records[right]):
            return Parting(person, left, right)
    return None


def _says(record: Record) -> tuple[object, ...]:
    """What a record says, without when and with which number."""
    return record.object, record.kind, record.name, record.reason, tuple(_named(record))


def _named(record: Record) -> Iterator[object]:
    for key in ("connection", "stream", "element", "ok", "error", "command", "target", "mode"):
        yield record.data.get(key)


def _time(parting: Parting, one: Timeline, other: Timeline) -> int:
    times = []
    if parting.row is not None:
        times.append(one.records[parting.row].time)
    if parting.other is not None:
        times.append(other.records[parting.other].time)
    return min(times)
