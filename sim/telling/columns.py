"""Rows in columns: every column as wide as its widest cell, the last one wrapped."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from sim.telling.marks import unstyled, visible

GAP = "  "
LEAST: Final = 16
"""Fewer characters to a line make no text."""


def columns(rows: Sequence[Sequence[str]], width: int, indent: str = "") -> list[str]:
    """Lay ``rows`` (all of one length) out in lines of at most ``width`` characters.

    Cells may be styled. The last column is wrapped under itself; when the others leave it less
    than a third of the width, or less than one of its words needs, it moves to lines of its own.

    >>> columns([("a", "one two"), ("bcd", "three")], 40)
    ['a    one two', 'bcd  three']
    """
    if not rows:
        return []
    cells = [[visible(cell) for cell in row] for row in rows]
    widths = [
        max(len(unstyled(row[column])) for row in cells) for column in range(len(rows[0]) - 1)
    ]
    return [line for row in cells for line in _row(row, widths, width, indent)]


def _row(row: Sequence[str], widths: list[int], width: int, indent: str) -> Iterator[str]:
    first = indent + "".join(
        _pad(cell, size) + GAP for cell, size in zip(row, widths, strict=False)
    )
    used = len(unstyled(first))
    longest = max(map(len, unstyled(row[-1]).split()), default=0)
    if used > width * 2 // 3 or width - used < max(LEAST, longest):
        yield from wrap(first.rstrip(), width)
        first, used = indent + GAP * 2, len(indent) + 2 * len(GAP)
    wrapped = wrap(row[-1], width - used)
    yield (first + wrapped[0]).rstrip()
    yield from (" " * used + line for line in wrapped[1:])


def _pad(cell: str, size: int) -> str:
    return cell + " " * (size - len(unstyled(cell)))


def wrap(text: str, width: int) -> list[str]:
    """Wrap ``text`` at spaces; at least one line. Styled text is wrapped only when it must be."""
    shown = visible(text)
    if len(unstyled(shown)) <= width:
        return [shown]
    return _wrapped(unstyled(shown), max(width, LEAST)) or [""]


def balanced(text: str, width: int) -> list[str]:
    """Wrap ``text`` as :func:`wrap` does, into lines that are about equally long.

    >>> balanced("the lost connection is given up", 28)
    ['the lost connection', 'is given up']
    """
    lines = wrap(text, width)
    if len(lines) < 2:
        return lines
    least = max(-(-len(unstyled(visible(text))) // len(lines)), LEAST)
    tries = (_wrapped(unstyled(visible(text)), less) for less in range(least, width))
    return next((fewer for fewer in tries if len(fewer) == len(lines)), lines)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
