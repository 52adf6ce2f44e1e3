"""Rows in columns for a terminal: every column as wide as its widest cell, the last one wrapped."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import click

GAP = "  "


def columns(rows: Sequence[Sequence[str]], width: int, indent: str = "") -> list[str]:
    """Lay ``rows`` (all of one length) out in lines of at most ``width`` characters.

    Cells may be styled. The last column is wrapped under itself; when the others leave it less
    than a third of the width it moves to lines of its own.

    >>> columns([("a", "one two"), ("bcd", "three")], 40)
    ['a    one two', 'bcd  three']
    """
    if not rows:
        return []
    widths = [
        max(len(click.unstyle(row[column])) for row in rows) for column in range(len(rows[0]) - 1)
    ]
    return [line for row in rows for line in _row(row, widths, width, indent)]


def _row(row: Sequence[str], widths: list[int], width: int, indent: str) -> Iterator[str]:
    first = indent + "".join(
        _pad(cell, size) + GAP for cell, size in zip(row, widths, strict=False)
    )
    used = len(click.unstyle(first))
    if used > width * 2 // 3:
        yield first.rstrip()
        first, used = indent + GAP * 2, len(indent) + 2 * len(GAP)
    wrapped = wrap(row[-1], width - used)
    yield (first + wrapped[0]).rstrip()
    yield from (" " * used + line for line in wrapped[1:])


def _pad(cell: str, size: int) -> str:
    return cell + " " * (size - len(click.unstyle(cell)))


def wrap(text: str, width: int) -> list[str]:
    """Wrap ``text`` at spaces; at least one line. Styled text is wrapped only when it must be."""
    if len(click.unstyle(text)) <= width:
        return [text]
    return textwrap.wrap(
        click.unstyle(text), max(width, 20), break_long_words=False, break_on_hyphens=False
    ) or [""]
