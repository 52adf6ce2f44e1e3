"""Lines laid out for a terminal: the story, and records with their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from sim.cli.columns import columns, wrap
from sim.cli.folding import Fold, fold
from sim.cli.story import COLOURS, MARKS, Line, lines, sentence
from sim.cli.terminal import faint, style
from sim.protocol.units import format_clock
from sim.trace import Record

LONGEST_NAME: Final = 16
LONGEST_LIST: Final = 12
"""Several names are written out if they are no longer than this together."""
LABEL: Final = 20
"""Width of ``subscriber destroyed``; ``sessionReconnecting`` is as good as that."""


@frozen
class _Widths:
    """Characters: of the whole line, and of its first two columns."""

    line: int
    time: int
    who: int


def told(records: Iterable[Record], width: int) -> Iterator[str]:
    """The story of ``records`` in styled lines of at most ``width`` characters, folded."""
    story = fold(lines(records))
    shown = [entry for entry in story if isinstance(entry, Line)]
    widths = _Widths(
        width,
        max((len(format_clock(entry.time)) for entry in shown), default=0),
        max((len(_who(entry)) for entry in shown), default=0),
    )
    for entry in story:
        yield from _fold(entry, widths) if isinstance(entry, Fold) else _line(entry, widths)


def _fold(entry: Fold, widths: _Widths) -> Iterator[str]:
    yield faint(" " * (widths.time + 3) + entry.words)


def _line(line: Line, widths: _Widths) -> Iterator[str]:
    colour = COLOURS[line.kind]
    time = f"{format_clock(line.time):>{widths.time}} "
    mark = f"{MARKS[line.kind]} "
    who = f"{_who(line):<{widths.who}}  "
    label = f"{line.label:<{LABEL}} "
    used = len(time) + len(mark) + len(who) + len(label)
    words = wrap(line.words, widths.line - used)
    styled = style(label if line.words else line.label, fg=colour, bold=line.strong)
    yield faint(time) + style(mark, fg=colour) + who + styled + words[0]
    yield from (" " * used + more for more in words[1:])


def _who(line: Line) -> str:
    if len(line.who) < 2:
        return (line.who[0] if line.who else "-")[:LONGEST_NAME]
    names, others = ", ".join(line.who), f" +{len(line.who) - 1}"
    return (
        names if len(names) <= LONGEST_LIST else line.who[0][: LONGEST_NAME - len(others)] + others
    )


def numbered(
    records: Iterable[Record], width: int, indent: str = "  ", culprit: int | None = None
) -> list[str]:
    """Records in words, each with its number, its time and who it is about.

    The record with the number ``culprit`` is marked with an arrow.
    """
    rows = [
        (
            ("-> " if record.seq == culprit else "   ") + f"#{record.seq}",
            faint(format_clock(record.time)),
            record.client or "-",
            style(sentence(record), fg=COLOURS.get(record.kind)),
        )
        for record in records
    ]
    return columns(rows, width, indent)
