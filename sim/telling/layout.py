"""Lines laid out for a width: the story, and records with their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from attrs import frozen

from sim.protocol.units import format_clock
from sim.telling.cast import Cast
from sim.telling.columns import balanced, columns, wrap
from sim.telling.folding import UNFOLD, Fold, fold
from sim.telling.marks import faint, style, visible
from sim.telling.narrowing import EVERYTHING, Narrowing
from sim.telling.rounds import rounds
from sim.telling.story import COLOURS, MARKS, Line, lines, sentence
from sim.trace import Record
from sim.trace import causes as origins
from sim.wording import listing

LONGEST_NAME: Final = 16
LONGEST_LIST: Final = 12
"""Several names are written out if they are no longer than this together."""
LABEL: Final = 20
"""Width of ``subscriber destroyed``; ``sessionReconnecting`` is as good as that."""
LEAST_WORDS: Final = 18
"""Where there is less room than this for the words, they get lines of their own."""


@frozen
class _Widths:
    """Characters: of the whole line, and of its first three columns."""

    line: int
    time: int
    number: int
    who: int

    @property
    def head(self) -> int:
        """The three columns, the mark, and the spaces between them."""
        return self.time + 1 + self.number + 1 + 2 + self.who + 2


def told(
    records: Iterable[Record], width: int, unfold: bool = False, part: Narrowing = EVERYTHING
) -> Iterator[str]:
    """The story of ``records``, or a part of it, in styled lines of at most ``width`` characters.

    What is shown is folded, or ``unfold`` shows each line by itself.
    """
    shown = [line for line in lines(records) if part.shows(line)]
    story = shown if unfold else fold(shown)
    widths = _Widths(
        width,
        max((len(format_clock(entry.time)) for entry in story), default=0),
        max((len(_number(entry)) for entry in story), default=0),
        max((len(_who(entry)) for entry in story if isinstance(entry, Line)), default=0),
    )
    for entry in story:
        yield from _fold(entry, widths) if isinstance(entry, Fold) else _line(entry, widths)


def _fold(entry: Fold, widths: _Widths) -> Iterator[str]:
    first = _place(entry, widths) + " " * 3
    used = widths.time + 1 + widths.number + 1 + 2
    words = wrap(entry.words, widths.line - used)
    yield from map(faint, (first[:used] + words[0], *(" " * used + more for more in words[1:])))


def _line(line: Line, widths: _Widths) -> Iterator[str]:
    colour = COLOURS[line.kind]
    head = faint(_place(line, widths)) + style(f"{MARKS[line.kind]} ", fg=colour)
    used = widths.head + LABEL + 1
    if widths.line - used < LEAST_WORDS or _is_too_long(line, widths.line - widths.head):
        yield (head + _who(line)).rstrip()
        text = f"{line.label}: {line.words}" if line.words else line.label
        for part in wrap(text, widths.line - 4):
            yield " " * 4 + style(part, fg=colour, bold=line.strong)
        return
    label, words = _columns(line, widths.line - widths.head)
    who = f"{_who(line):<{widths.who}}  "
    yield head + who + style(label, fg=colour, bold=line.strong) + words[0]
    yield from (" " * used + more for more in words[1:])


def _is_too_long(line: Line, room: int) -> bool:
    """Whether a word, such as the name of a quirk, has no place beside or below its label."""
    longest = max(map(len, visible(line.words).split()), default=0)
    return longest > room - LABEL - 1 and len(line.label) + 1 + longest > room


def _columns(line: Line, room: int) -> tuple[str, list[str]]:
    """The label, padded, and the words beside it; they move up to it where that saves a line."""
    words = balanced(line.words, room - LABEL - 1)
    is_cut = len(words) > 1 or len(words[0]) > room - LABEL - 1
    if is_cut and len(line.label) + 1 + len(visible(line.words)) <= room:
        return f"{line.label} ", wrap(line.words, room)
    return f"{line.label:<{LABEL}} " if line.words else line.label, words


def _place(entry: Line | Fold, widths: _Widths) -> str:
    return f"{format_clock(entry.time):>{widths.time}} {_number(entry):>{widths.number}} "


def _number(entry: Line | Fold) -> str:
    return f"#{entry.numbers[0]}" if entry.numbers else ""


def _who(line: Line) -> str:
    if len(line.who) < 2:
        return visible(line.who[0] if line.who else "-")[:LONGEST_NAME]
    names, others = visible(", ".join(line.who)), f" +{len(line.who) - 1}"
    first = visible(line.who[0])[: LONGEST_NAME - len(others)]
    return names if len(names) <= LONGEST_LIST else first + others


def chained(
    causes: Sequence[Record],
    width: int,
    culprit: int,
    unfold: bool = False,
    cast: Cast | None = None,
) -> list[str]:
    """A chain of causes, root first, with its repetitions folded unless ``unfold`` is set.

    Where it forks, a record says what it follows from, if that is not the record before it alone.
    ``cast`` is who is who in their story; without one, they must say it themselves.
    """
    rows = _rows(causes, culprit, cast or Cast.of_excerpt(causes))
    for place, (before, record) in enumerate(pairwise(causes), start=1):
        number, time, who, said = rows[place]
        rows[place] = number, time, who, said + faint(_origins(record, before))
    for each in () if unfold else reversed(rounds(causes)):
        first, last = each.hidden
        said = f"… {last - first} more like the {each.length} before ({UNFOLD})"
        rows[first:last] = [("", "", "", faint(said))]
    return columns(rows, width)


def _origins(record: Record, before: Record) -> str:
    """What a record in a chain follows from, in words; nothing where that needs none."""
    numbers = sorted(origins(record))
    if numbers == [before.seq]:
        return ""
    if not numbers:
        return " (nothing led to it)"
    return f" (because of {listing(f'#{number}' for number in numbers)})"


def numbered(
    records: Sequence[Record],
    width: int,
    indent: str = "  ",
    culprit: int | None = None,
    cast: Cast | None = None,
) -> list[str]:
    """Records in words, each with its number, its time and who it is about.

    The record with the number ``culprit`` is marked with an arrow. ``cast`` is as in
    :func:`chained`.
    """
    return columns(_rows(records, culprit, cast or Cast.of_excerpt(records)), width, indent)


def _rows(
    records: Iterable[Record], culprit: int | None, cast: Cast
) -> list[tuple[str, str, str, str]]:
    rows = []
    for record in records:
        mark = "-> " if record.seq == culprit else "   "
        said = style(sentence(record, cast), fg=COLOURS.get(record.kind))
        time = faint(format_clock(record.time))
        rows.append((f"{mark}#{record.seq}", time, record.client or "-", said))
    return rows
