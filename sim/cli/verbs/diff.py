"""``diff``: where two traces part, and why."""

from __future__ import annotations

import click

from sim.cli import exits, inputs, options, terminal
from sim.cli.differences import report, summary


@click.command(
    epilog="""\b
Example:
  python -m sim run scenarios/flaky.yaml --seed 1 --trace one.trace.jsonl
  python -m sim run scenarios/flaky.yaml --seed 2 --trace two.trace.jsonl
  python -m sim diff one.trace.jsonl two.trace.jsonl"""
)
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@click.option(
    "--context",
    type=options.Whole(0, 1000),
    default=5,
    show_default=True,
    help="How many records to show before and after the difference.",
)
@options.as_json
@options.quiet
def command(left: str, right: str, context: int, as_json: bool, quiet: bool) -> int:
    """Show the first record in which the traces A and B differ, with what led to it on each side.

    Exit code 0: the stories are the same. 1: they differ. One of the two may be `-`.
    """
    from sim.trace import compare

    if left == right == inputs.STDIN:
        raise click.UsageError("Only one of the two traces can come from standard input.")
    comparison = compare(inputs.trace(left), inputs.trace(right), context)
    if as_json:
        terminal.say_json(summary(comparison))
    else:
        lines = list(report(comparison, left, right, terminal.width()))
        terminal.say(*(lines[:1] if quiet else lines))
    return exits.HELD if comparison.equal else exits.BROKEN
