"""``schema``: the JSON Schema of scenario files."""

from __future__ import annotations

import click

from sim.cli import exits, terminal


@click.command(
    epilog="""\b
Example:
  python -m sim schema > scenarios/scenario.schema.json

\b
and as the first line of a scenario file:
  # yaml-language-server: $schema=./scenario.schema.json
"""
)
def command() -> int:
    """Print the JSON Schema of scenario files.

    Editors that know it complete keys and mark mistakes while one types.
    """
    from sim.scenario import json_schema

    terminal.say_json(json_schema(), indent=2)
    return exits.HELD
