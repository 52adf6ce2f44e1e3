"""How two runs compare, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sim.protocol.units import format_clock
from sim.report.comparing.comparison import Comparison
from sim.report.model.timeline import Timeline

ONE: Final = "the one"
OTHER: Final = "the other"
"""How the runs are called, unless they have names."""
_SAID: Final = {True: "held", False: "did not hold"}


def told(comparison: Comparison, one: str = ONE, other: str = OTHER) -> list[str]:
    """What is the same and what is not: the first sentence says it all in short."""
    return list(_told(comparison, one, other))


def _told(comparison: Comparison, one: str, other: str) -> Iterator[str]:
    left, right = comparison.left, comparison.right
    yield _parting(comparison, one, other)
    for name, said, says in comparison.differs:
        if name == "scenario":
            yield "they are of different scenarios"
        else:
            yield f"{name} is {said or 'empty'} in {one}, {says or 'empty'} in {other}"
    if not comparison.is_same:
        yield _counted(comparison, one, other)
    for name, timeline, rows in (
        (one, left, comparison.only_left),
        (other, right, comparison.only_right),
    ):
        if rows:
            yield f"the first that only {name} has: {_record(timeline, rows[0])}"
    yield from _outcomes("law", left.laws, right.laws, one, other)
    yield from _outcomes("expectation", _held(left), _held(right), one, other)


def _held(timeline: Timeline) -> dict[str, str]:
    return {text: _SAID[held] for text, held in timeline.expectations.items()}


def _parting(comparison: Comparison, one: str, other: str) -> str:
    parting = comparison.parting
    if parting is None:
        return "the stories are the same"
    sides = (
        (one, comparison.left, parting.left),
        (other, comparison.right, parting.right),
    )
    said = "; ".join(
        f"{name} has ended" if row is None else f"in {name}, {_record(timeline, row)}"
        for name, timeline, row in sides
    )
    return f"the stories part at record {parting.number}: {said}"


def _record(timeline: Timeline, row: int) -> str:
    """``#57 at 0:41.200, bob: sessionReconnecting: lost touch, tries to come back``."""
    record = timeline.records[row]
    who = f", {record.client}" if record.client else ""
    return f"#{record.seq} at {format_clock(record.time)}{who}: {timeline.told[row]}"


def _counted(comparison: Comparison, one: str, other: str) -> str:
    moved = sum(not pair.is_same for pair in comparison.pairs)
    both = len(comparison.pairs)
    return (
        f"{both} records are in both, {moved} of them at another time or with other data; "
        f"{len(comparison.only_left)} only in {one}, {len(comparison.only_right)} only in {other}"
    )


def _outcomes(
    what: str, lefts: Mapping[str, str], rights: Mapping[str, str], one: str, other: str
) -> Iterator[str]:
    """Laws and expectations that fared otherwise in the one than in the other."""
    for name, said in lefts.items():
        says = rights.get(name)
        if says is not None and says != said:
            yield f"{what} {name}: {said} in {one}, {says} in {other}"
