"""A recording and its re-enactment, told: the verdict, and the first difference side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, Final

from attrs import asdict

from sim.conform import Case, Difference, Observed
from sim.conform.case import Told
from sim.conform.compare import said, sides
from sim.protocol.units import format_clock
from sim.telling.cast import Cast
from sim.telling.columns import wrap
from sim.telling.excerpts import around, led_to
from sim.telling.layout import numbered
from sim.telling.marks import heading, style
from sim.trace import Record, chain

AROUND: Final = 3
"""How many events are shown before and after the first difference."""
RECORDS: Final = 4
"""How many of the simulator's records are shown before and after the nearest one."""

_IN_WORDS: Final = {
    "events": "is told something else",
    "field": "is told something else",
    "time": "is told at another time",
    "media": "sees other media events",
    "completions": "gets another answer",
    "left": "has something else left at the end",
}
"""What a difference is about, by its kind."""


def verdict(case: Case, differences: Sequence[Difference]) -> str:
    """One line: ``held`` or ``differs``, and the case's name."""
    if differences:
        return f"{style('differs', fg='red', bold=True)}  {case.name}"
    return f"{style('held', fg='green')}     {case.name}"


def report(
    case: Case, observed: Observed, differences: Sequence[Difference], width: int
) -> Iterator[str]:
    """Lines about the first difference: both sides, the records around it, and what led there."""
    first, *others = differences
    of = f" of {first.event}" if first.event else ""
    words = f"{first.client} {_IN_WORDS[first.what]}{of} ({first.phase})"
    yield from (f"  {line}" for line in wrap(words, width - 2))
    yield ""
    yield from _side_by_side(case, observed, first, width)
    if others:
        yield ""
        yield f"  and {len(others)} more difference{'s' if len(others) > 1 else ''}"
    yield from _records(observed, first, width)


def summary(case: Case, differences: Sequence[Difference]) -> dict[str, Any]:
    """The case as JSON can say it."""
    return {
        "case": case.name,
        "held": not differences,
        "differences": [asdict(difference) for difference in differences],
    }


# -- side by side ----------------------------------------------------------------------------------


def _side_by_side(case: Case, observed: Observed, first: Difference, width: int) -> Iterator[str]:
    each = (width - 7) // 2
    yield from _row(" ", "recording", "simulator", each, bold=True)
    if first.place is None:
        yield from _row(">", first.expected, first.got, each)
        return
    recorded, simulated = sides(case, observed, first.client, first.phase)
    since, until = max(0, first.place - AROUND), first.place + AROUND
    for place in range(since, until + 1):
        want, have = recorded.at(place)[0], simulated.at(place)[0]
        if want is not None or have is not None:
            mark = ">" if place == first.place else " "
            yield from _row(mark, _event(want), _event(have), each)
        if place == first.place and first.what != "events":
            yield from _row(">", first.expected, first.got, each)


def _event(told: Told | None) -> str:
    return "(nothing more)" if told is None else f"{format_clock(told.at)} {said(told)}"


def _row(mark: str, left: str, right: str, each: int, *, bold: bool = False) -> Iterator[str]:
    cells = zip_longest(_cell(left, each), _cell(right, each), fillvalue="")
    for number, (one, other) in enumerate(cells):
        line = f"{mark if number == 0 else ' '} {one:<{each}} | {other}"
        yield "  " + (heading(line) if bold else line).rstrip()


def _cell(text: str, width: int) -> list[str]:
    """A text in lines; a word that is too long is broken before its reason, if it has one."""
    words = (word if len(word) <= width else word.replace("(", " (", 1) for word in text.split())
    return [
        line[at : at + width]
        for line in wrap(" ".join(words), width)
        for at in range(0, len(line), width)
    ]


# -- records ---------------------------------------------------------------------------------------


def _records(observed: Observed, first: Difference, width: int) -> Iterator[str]:
    record = first.record or _last_of(observed.records, first.client)
    if record is None:
        return
    near = around(observed.records, record, RECORDS, RECORDS)
    cast = Cast.of_story(observed.records)
    yield ""
    yield f"  {heading('The records around it')}"
    yield from numbered(near, width, "  ", record, cast)
    causes = chain(observed.records, record)
    if len(causes) > 1:
        yield ""
        yield f"  {heading(led_to(record))}"
        yield from numbered(causes, width, "  ", cast=cast)


def _last_of(records: Sequence[Record], client: str) -> int | None:
    """The number of the last record about a client."""
    return next((record.seq for record in reversed(records) if record.client == client), None)
