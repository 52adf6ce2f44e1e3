"""Two timelines side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import field, frozen

from sim.report.comparing.alignment import matched
from sim.report.comparing.likeness import alike, thing
from sim.report.model.timeline import Timeline
from sim.trace import Record, first_difference

COMPARED: Final = ("title", "seed", "replication", "profile", "version", "scenario")
"""What may be different about two runs from the start."""

_Lane = tuple[bool, str]
"""Whether a record is in the platform's lane, and about whom it is."""


@frozen
class Pair:
    """Rows of both runs that tell of the same thing."""

    left: int
    right: int
    is_same: bool
    """Whether they say the same of it, at the same time."""


@frozen
class Parting:
    """The first record in which two stories differ: its row on each side, None where one ended."""

    number: int
    time: int
    """When the earlier of both was, in microseconds."""
    left: int | None
    right: int | None


@frozen
class Alone:
    """What first happened to a person in one run and not in the other: rows, None for nothing."""

    person: str
    """"" for what is about nobody."""
    left: int | None
    right: int | None


@frozen
class Comparison:
    """What two runs have in common, and what not. Only the story's records are compared."""

    left: Timeline = field(repr=False)
    right: Timeline = field(repr=False)
    differs: tuple[tuple[str, str, str], ...]
    """Which of :data:`COMPARED` differ, and what they are on the left and on the right."""
    parting: Parting | None
    """None if the stories are the same."""
    pairs: tuple[Pair, ...] = field(repr=False)
    """In the order of the left rows. They cross where something came sooner or later."""
    only_left: tuple[int, ...] = field(repr=False)
    """Rows that have no partner: this did not happen, or not so often, in the other run."""
    only_right: tuple[int, ...] = field(repr=False)

    @property
    def alone(self) -> tuple[Alone, ...]:
        """For each person to whom anything happened in one run only, in the order of time."""
        lefts = _first_of_each(self.left, self.only_left)
        rights = _first_of_each(self.right, self.only_right)
        found = [
            Alone(person, lefts.get(person), rights.get(person))
            for person in dict.fromkeys((*lefts, *rights))
        ]
        return tuple(sorted(found, key=self._time))

    def _time(self, alone: Alone) -> int:
        sides = (self.left, alone.left), (self.right, alone.right)
        return min(shown.records[row].time for shown, row in sides if row is not None)

    @property
    def is_same(self) -> bool:
        """Whether both tell the same story."""
        return self.parting is None


def _first_of_each(timeline: Timeline, rows: Iterable[int]) -> dict[str, int]:
    """Person → the first of these rows that is about them."""
    first: dict[str, int] = {}
    for row in rows:
        first.setdefault(timeline.records[row].client, row)
    return first


def compared(left: Timeline, right: Timeline) -> Comparison:
    """Compare two runs: of two seeds, of two profiles, before a change and after it."""
    pairs = tuple(sorted(_pairs(left, right), key=lambda pair: pair.left))
    return Comparison(
        left,
        right,
        tuple(
            (name, str(getattr(left, name)), str(getattr(right, name)))
            for name in COMPARED
            if getattr(left, name) != getattr(right, name)
        ),
        _parting(left, right),
        pairs,
        _alone(left, {pair.left for pair in pairs}),
        _alone(right, {pair.right for pair in pairs}),
    )


def _pairs(left: Timeline, right: Timeline) -> Iterator[Pair]:
    lefts, rights = _by_lane(left), _by_lane(right)
    for lane in lefts.keys() & rights.keys():
        ones, others = lefts[lane], rights[lane]
        things = [thing(left.records[row]) for row in ones]
        for at, place in matched(things, [thing(right.records[row]) for row in others]):
            one, other = ones[at], others[place]
            yield Pair(one, other, alike(left.records[one], right.records[other]))


def _by_lane(timeline: Timeline) -> dict[_Lane, list[int]]:
    """The rows of the story by lanes; those of the platform by the person they are about."""
    rows: defaultdict[_Lane, list[int]] = defaultdict(list)
    for row, record in enumerate(timeline.records):
        if record.seq:
            is_platforms = timeline.lanes[timeline.lane_of[row]].is_platform
            rows[is_platforms, record.client].append(row)
    return rows


def _alone(timeline: Timeline, paired: set[int]) -> tuple[int, ...]:
    return tuple(
        row for row, record in enumerate(timeline.records) if record.seq and row not in paired
    )


def _parting(left: Timeline, right: Timeline) -> Parting | None:
    found = first_difference(list(left.records), list(right.records), context=0)
    if found is None:
        return None
    sides = [record for record in (found.left, found.right) if record is not None]
    return Parting(
        found.number,
        min(record.time for record in sides),
        _row(left, found.left),
        _row(right, found.right),
    )


def _row(timeline: Timeline, record: Record | None) -> int | None:
    """The row of a story's record."""
    if record is None:
        return None
    return next(row for row, each in enumerate(timeline.records) if each.seq == record.seq)
