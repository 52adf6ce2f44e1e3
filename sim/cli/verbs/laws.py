"""``laws``: what must hold in every run."""

from __future__ import annotations

import click

from sim.cli import exits, terminal
from sim.cli.columns import columns, wrap


@click.command(
    epilog="""\b
Example:
  python -m sim laws
  python -m sim laws --json | jq '.[].name'"""
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def command(as_json: bool) -> int:
    """List the laws: name, kind, statement, source, and what counts as exercising it."""
    from sim.laws import catalogue

    laws = list(catalogue().values())
    fields = ("name", "kind", "statement", "source", "exercised")
    if as_json:
        rows = [{field: getattr(law, field) for field in fields} for law in laws]
        terminal.say_json(rows, indent=2)
        return exits.HELD
    width = terminal.width()
    for law in laws:
        named = (terminal.heading(law.name), terminal.faint(f"({law.kind})"))
        terminal.say(*columns([named], width))
        for text in (law.statement, f"Exercised by: {law.exercised}", f"Source: {law.source}"):
            terminal.say(*("    " + line for line in wrap(text, width - 4)))
    return exits.HELD
