"""``schema``: the JSON Schema of scenario files, and of experiment files."""

from __future__ import annotations

import click

from sim.cli import exits, terminal


@click.command(
    epilog="""\b
Example:
  python -m sim schema > scenarios/scenario.schema.json
  python -m sim schema --experiment > experiments/experiment.schema.json

\b
and as the first line of a scenario file:
  # yaml-language-server: $schema=./scenario.schema.json
"""
)
@click.option("--experiment", is_flag=True, help="That of the files that the verb sweep reads.")
def command(experiment: bool) -> int:
    """Print the JSON Schema of scenario files.

    Editors that know it complete keys and mark mistakes while one types.
    """
    if experiment:
        from sim.cli.extras import need
        from sim.research.experiments import json_schema

        need("schema --experiment", "scipy", extra="research")
    else:
        from sim.scenario import json_schema

    terminal.say_json(json_schema(), indent=2)
    return exits.HELD
