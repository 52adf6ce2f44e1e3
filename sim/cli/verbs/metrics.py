"""``metrics``: what can be asked of many runs, and what their tables have in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from sim.cli import exits, terminal
from sim.telling.columns import columns, wrap
from sim.telling.marks import faint, heading

if TYPE_CHECKING:
    from sim.research.metrics import Metric
    from sim.research.tables import Table


@click.command(
    epilog="""\b
Examples:
  python -m sim metrics
  python -m sim metrics --tables
  python -m sim metrics --json | jq -r '.[].name'

\b
They are named in an experiment, and by compare:
  metrics: [outages-survived, ghost-time]
  python -m sim compare scenarios/flaky.yaml --set-b platform.grace=15s \\
      --metric ghost-time"""
)
@click.option("--tables", is_flag=True, help="List the tables of a sweep, which query asks.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def command(tables: bool, as_json: bool) -> int:
    """List the metrics: name, unit, definition.

    A metric of many runs is a sum over a sum, such as all seconds over all sessions. Of how long
    something lasts it is the mean by Kaplan and Meier, so that what has not ended when its run
    does counts for neither more nor less than is known of it.
    """
    from sim.research.metrics import catalogue
    from sim.research.tables import TABLES

    if as_json:
        data = map(_table, TABLES.values()) if tables else map(_metric, catalogue().values())
        terminal.say_json(list(data), indent=2)
        return exits.HELD
    width = terminal.width()
    if tables:
        for each in TABLES.values():
            terminal.say(*_columns(each, width), "")
        terminal.say(*wrap(_POINTS, width))
        return exits.HELD
    for metric in catalogue().values():
        terminal.say(heading(metric.name) + faint(_unit(metric)))
        terminal.say(*("    " + line for line in wrap(metric.definition, width - 4)))
    return exits.HELD


_POINTS = (
    "Besides them, points says what the numbers of points stand for: point, label, and a column for"
    ' every path of the design, such as "platform.grace" and, in microseconds, "platform.grace_us".'
)


def _columns(table: Table, width: int) -> Iterator[str]:
    yield from wrap(f"{heading(table.name)}  {table.about}", width)
    rows = [
        (each.name, each.unit, each.meaning + (" (may be empty)" if each.empty else ""))
        for each in table.columns
    ]
    yield from columns(rows, width, "  ")


def _unit(metric: Metric) -> str:
    if metric.lasting:
        return f" ({metric.unit}, mean of durations)"
    return "" if metric.unit == "1" else f" ({metric.unit})"


def _metric(metric: Metric) -> dict[str, Any]:
    said = {"name": metric.name, "unit": metric.unit, "definition": metric.definition}
    return said | {"durations": metric.lasting}


def _table(table: Table) -> dict[str, Any]:
    named = [
        {"name": c.name, "type": c.kind, "unit": c.unit, "meaning": c.meaning, "empty": c.empty}
        for c in table.columns
    ]
    return {"name": table.name, "about": table.about, "columns": named}
