"""``query``: what SQL asks of the tables of an experiment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from math import isfinite
from typing import Any, Final

import click

from sim.cli import exits, options, terminal
from sim.cli.extras import need
from sim.telling.columns import GAP
from sim.telling.marks import faint, heading

_FIRST: Final = 1_000
"""Columns are as wide as these first rows need."""
_NOTHING: Final = "–"


@click.command(
    epilog="""\b
Examples:
  python -m sim query results/grace \\
    "SELECT end_told, count(*) FROM sessions GROUP BY ALL"
  python -m sim query results/grace \\
    'SELECT "platform.grace", avg(ghost_us) / 1e6 AS ghost_s
     FROM sessions JOIN points USING (point) GROUP BY ALL'
  python -m sim query results/grace \\
    "SELECT metric, sum(numerator) / sum(denominator) FROM metrics GROUP BY 1"
  python -m sim query results/grace "FROM events WHERE replication = 3" --json

\b
The tables: sessions, events, runs, metrics, durations; and points, which says
what the numbers of points stand for. Their columns:
  python -m sim metrics --tables"""
)
@click.argument("folder", metavar="DIR", type=click.Path())
@click.argument("sql", metavar="SQL")
@options.as_json
def command(folder: str, sql: str, as_json: bool) -> int:
    """Ask the results that a sweep has written into DIR.

    SQL is a query in DuckDB's dialect, which sees the tables and no files. A value that there is
    not is a dash. Rows that are wider than the terminal are told value by value; --json gives the
    names of the columns and the rows.
    """
    need("query", "pyarrow", "duckdb", extra="research")
    from sim.research.tables import read

    try:
        answer = read(folder).query(sql)
        rows: Iterator[tuple[Any, ...]] = iter(answer.rows)
        if as_json:
            found = [[_plain(value) for value in row] for row in rows]
            terminal.say_json({"columns": answer.columns, "rows": found})
        else:
            for line in _lines(answer.columns, rows):
                terminal.say(line)
    except ValueError as problem:
        raise click.ClickException(str(problem)) from None
    return exits.HELD


def _lines(names: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
    first = [(_cells(row), row) for row in islice(rows, _FIRST)]
    cells = [names, *(shown for shown, _ in first)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    every = chain((shown for shown, _ in first), map(_cells, rows))
    if not terminal.fits(sum(widths) + len(GAP) * (len(widths) - 1)):
        yield from _below(names, every)
        return
    # A column of numbers stands to the right.
    right = [any(_is_number(row[place]) for _, row in first) for place in range(len(names))]
    yield heading(_line(names, widths, right))
    for shown in every:
        yield _line(shown, widths, right)


def _below(names: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    """Rows that are wider than the terminal: each value on a line of its own."""
    widest = max(map(len, names))
    for number, row in enumerate(rows, 1):
        yield faint(f"row {number}")
        yield from (
            f"  {heading(n.ljust(widest))}{GAP}{v}" for n, v in zip(names, row, strict=True)
        )


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    laid = zip(cells, widths, right, strict=True)
    return GAP.join(c.rjust(size) if to_right else c.ljust(size) for c, size, to_right in laid)


def _cells(row: tuple[Any, ...]) -> list[str]:
    return [_shown(value) for value in row]


def _shown(value: Any) -> str:
    if value is None or value != value:  # noqa: PLR0124 - a quotient of nothing by nothing
        return _NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _plain(value: Any) -> Any:
    """What JSON can say of it."""
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    return value if value is None or isinstance(value, int | str) else str(value)
