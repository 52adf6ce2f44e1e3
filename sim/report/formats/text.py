"""A timeline of characters: lanes as rows, time from left to right, idle stretches folded.

Like the story, it is laid out for a width, and may be styled (:mod:`sim.telling.marks`). Letters
and signs alone carry it: it reads the same without colours and in any font of one width.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from sim.protocol.units import format_clock
from sim.report.formats.causes import failures, led_to
from sim.report.formats.characters import picture, signs
from sim.report.model.timeline import Finding, Timeline
from sim.telling.columns import columns, wrap
from sim.telling.excerpts import led_to as title_of_chain
from sim.telling.marks import heading, style, unstyled, visible
from sim.telling.rounds import rounds
from sim.telling.words import duration

NARROWEST: Final = 40
"""In fewer characters there is no room for time beside the names."""
USUAL: Final = 80

_MOST_LISTED: Final = 12
_INDENT: Final = 4
"""Of what has lines of its own, below the other columns."""


def write(timeline: Timeline, width: int = USUAL, *, styled: bool = False) -> str:
    """The timeline in lines of at most ``width`` characters.

    ``styled`` text has marks that :func:`sim.cli.terminal.say` shows as colours. Raises
    ``ValueError`` with one sentence when it is too narrow.
    """
    if width < NARROWEST:
        raise ValueError(f"a width of {width} is too narrow for a timeline: at least {NARROWEST}")
    parts = (
        _head(timeline, width),
        _breaches(timeline, width),
        picture(timeline, width),
        _faults(timeline, width),
        _causes(timeline, width),
    )
    lines = [line for part in parts if (listed := list(part)) for line in ("", *listed)][1:]
    return "".join(f"{(line if styled else unstyled(line)).rstrip()}\n" for line in lines)


def _foreign(text: str, most: int) -> str:
    """A text that is not ours, with spaces in words of more characters than that."""
    return re.sub(rf"(\S{{{most}}})(?=\S)", r"\1 ", visible(text))


def _head(timeline: Timeline, width: int) -> Iterator[str]:
    about = f"{timeline.title}: {timeline.about}" if timeline.about else timeline.title
    yield from map(heading, wrap(_foreign(about, width), width))
    run = f"{duration(timeline.ended)} simulated, seed {timeline.seed}, profile {timeline.profile}"
    yield from wrap(_foreign(run, width), width)
    for warning in timeline.warnings:
        yield from (
            style(line, fg="yellow") for line in wrap(_foreign(f"Beware: {warning}", width), width)
        )


def _breaches(timeline: Timeline, width: int) -> Iterator[str]:
    rows = [
        (sign, format_clock(each.time), _foreign(_sentence(each), width - _INDENT))
        for sign, each in zip(signs(timeline), timeline.findings, strict=False)
    ]
    colour = "red" if failures(timeline) else "yellow"
    yield from (style(line, fg=colour, bold=True) for line in columns(rows, width))
    yield from _rest(len(timeline.findings) - len(rows), "breaches", width)
    if not rows:
        exercised = [outcome for outcome in timeline.laws.values() if outcome == "held"]
        held = f"{len(exercised)} laws held" if timeline.laws else "no law was asked"
        told = f", {len(timeline.expectations)} expectations held" if timeline.expectations else ""
        yield from wrap(f"Nothing broke: {held}{told}", width)


def _sentence(finding: Finding) -> str:
    named = (
        finding.sentence
        if finding.name in finding.sentence
        else f"{finding.name}: {finding.sentence}"
    )
    return f"(expected) {named}" if finding.is_expected else named


def _faults(timeline: Timeline, width: int) -> Iterator[str]:
    rows = [
        (
            format_clock(each.began),
            _lasted(each.began, each.ended),
            _foreign(timeline.lanes[each.lane].name, width // 3),
            _foreign(each.label, width - _INDENT),
        )
        for each in timeline.shades[:_MOST_LISTED]
    ]
    if rows:
        yield heading("Faults")
    yield from columns(rows, width)
    yield from _rest(len(timeline.shades) - len(rows), "faults", width)


def _lasted(began: int, ended: int) -> str:
    return duration(ended - began) if ended > began else ""


def _causes(timeline: Timeline, width: int) -> Iterator[str]:
    """What led to the first failure, each round of a chain that goes round once."""
    row = next((each.row for each in failures(timeline) if each.row is not None), None)
    if row is None:
        return
    chain = led_to(timeline, row)
    records = [timeline.records[at] for at in chain]
    yield heading(title_of_chain(records[-1].seq))
    start = 0
    for each in rounds(records):
        first, last = each.hidden
        yield from _told(timeline, chain[start:first], width)
        yield from wrap(
            f"… {each.times - 2} times more until {format_clock(records[last].time)}", width
        )
        start = last
    yield from _told(timeline, chain[start:], width)


def _told(timeline: Timeline, rows: Sequence[int], width: int) -> list[str]:
    cells = []
    for row in rows:
        record, lane = timeline.records[row], timeline.lanes[timeline.lane_of[row]]
        number = f"#{record.seq}" if record.seq else ""
        told = _foreign(timeline.told[row], width - _INDENT)
        said = _foreign(lane.name, width // 3), told
        cells.append((format_clock(record.time), number, *said))
    return columns(cells, width)


def _rest(number: int, what: str, width: int) -> list[str]:
    return wrap(f"… and {number} more {what}", width) if number > 0 else []
