"""``validate``: every mistake in scenario and experiment files, without running them."""

from __future__ import annotations

import click

from sim.cli import exits, inputs, options, terminal
from sim.cli.extras import need


@click.command(
    epilog="""\b
Examples:
  python -m sim validate scenarios/*.yaml
  python -m sim validate experiments/grace.yaml
  python -m sim validate - < scenarios/flaky.yaml"""
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@options.quiet
def command(files: tuple[str, ...], quiet: bool) -> int:
    """Find every mistake in the FILEs: line, column, what is wrong, what is allowed.

    A FILE is a scenario or an experiment; `-` reads standard input. Exit code 0 when all are right,
    2 otherwise.
    """
    mistakes = sum(_mistakes(file, quiet) for file in files)
    return exits.BAD_INPUT if mistakes else exits.HELD


def _mistakes(file: str, quiet: bool) -> int:
    """Print what is wrong with one file; return how much it is."""
    from sim.scenario import ScenarioError

    try:
        name = _name(file)
    except ScenarioError as error:
        for problem in error.problems:
            terminal.say(str(problem))
        return len(error.problems)
    if not quiet:
        terminal.say(f"{file}: {name} is right")
    return 0


def _name(file: str) -> str:
    """What a right file calls its scenario or experiment."""
    text, shown = inputs.text(file)
    if inputs.is_experiment(text):
        need("validate of an experiment", "scipy", extra="research")
        return inputs.experiment_in(text, shown).name
    return inputs.scenario_in(text, shown).name
