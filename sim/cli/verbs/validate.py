"""``validate``: every mistake in scenario files, without running them."""

from __future__ import annotations

import click

from sim.cli import exits, inputs, options, terminal


@click.command(
    epilog="""\b
Examples:
  python -m sim validate scenarios/*.yaml
  python -m sim validate - < scenarios/flaky.yaml"""
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@options.quiet
def command(files: tuple[str, ...], quiet: bool) -> int:
    """Find every mistake in the FILEs: line, column, what is wrong, what is allowed.

    Exit code 0 when all are right, 2 otherwise. `-` reads standard input.
    """
    mistakes = sum(_mistakes(file, quiet) for file in files)
    return exits.BAD_INPUT if mistakes else exits.HELD


def _mistakes(file: str, quiet: bool) -> int:
    """Print what is wrong with one file; return how much it is."""
    from sim.scenario import ScenarioError

    try:
        scenario = inputs.scenario(file)
    except ScenarioError as error:
        for problem in error.problems:
            terminal.say(str(problem))
        return len(error.problems)
    if not quiet:
        terminal.say(f"{file}: {scenario.name} is right")
    return 0
