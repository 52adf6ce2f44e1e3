"""``laws``: what must hold in every run, and what some run should reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from sim.cli import exits, terminal
from sim.telling.columns import columns, wrap
from sim.telling.marks import faint, heading

if TYPE_CHECKING:
    from sim.laws import Goal, Law

_FIELDS: Final = ("name", "kind", "statement", "source", "exercised")


@click.command(
    epilog="""\b
Example:
  python -m sim laws
  python -m sim laws --json | jq '.[] | select(.kind != "sometimes").name'"""
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def command(as_json: bool) -> int:
    """List the laws (name, kind, statement, source, and what counts as exercising them), then the
    goals: what some run should reach, though none has to.
    """
    from sim.laws import GOALS, catalogue

    laws, goals = list(catalogue().values()), list(GOALS.values())
    if as_json:
        rows = [{field: getattr(each, field) for field in _FIELDS} for each in (*laws, *goals)]
        terminal.say_json(rows, indent=2)
        return exits.HELD
    for law in laws:
        _say(law, f"Exercised by: {law.exercised}", f"Source: {law.source}")
    terminal.say("", *wrap(_ABOUT_GOALS, terminal.width()), "")
    for goal in goals:
        _say(goal)
    return exits.HELD


_ABOUT_GOALS: Final = (
    "What some run should reach, though none has to: one goal for each quirk, the gravest first."
    " docs/quirks.md says what an app can do about it."
)


def _say(rule: Law | Goal, *more: str) -> None:
    width = terminal.width()
    named = (heading(rule.name), faint(f"({rule.kind})"))
    terminal.say(*columns([named], width))
    for text in (rule.statement, *more):
        terminal.say(*("    " + line for line in wrap(text, width - 4)))
