"""Tables in HTML, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def row(tag: str, cells: Iterable[object], *, strong: bool = False) -> str:
    """A row of cells, of the heading (``th``) or of figures (``td``).

    >>> row("td", ["a < b", 1])
    '<tr><td>a &lt; b</td><td>1</td></tr>'
    """
    before, after = ("<b>", "</b>") if strong else ("", "")
    told = "".join(f"<{tag}>{before}{escape(str(each))}{after}</{tag}>" for each in cells)
    return f"<tr>{told}</tr>"


def table(head: Sequence[object], rows: Iterable[str]) -> str:
    """A table of rows that :func:`row` made."""
    return f"<table>{row('th', head)}{''.join(rows)}</table>"
