"""``explain``: why something happened, back to its root."""

from __future__ import annotations

import click

from sim.cli import exits, options, terminal


@click.command(
    epilog="""\b
Example:
  python -m sim run scenarios/flaky.yaml --trace flaky.trace.jsonl
  python -m sim explain flaky.trace.jsonl 120"""
)
@click.argument("trace", metavar="TRACE")
@click.argument("record", metavar="RECORD", type=click.IntRange(min=1))
@options.as_json
def command(trace: str, record: int, as_json: bool) -> int:
    """Tell why the RECORD with that number is in the TRACE: the chain of its causes, root first.

    Record numbers are the first thing in each line of `diff` and of a broken law, and the second
    element of each line of the trace. `-` reads standard input.
    """
    from sim.cli import inputs
    from sim.cli.layout import numbered
    from sim.trace import chain

    try:
        causes = chain(inputs.trace(trace), record)
    except LookupError as problem:
        raise click.BadParameter(str(problem), param_hint="RECORD") from None
    if as_json:
        terminal.say_json([cause._asdict() for cause in causes])
        return exits.HELD
    for line in numbered(causes, terminal.width(), "", culprit=record):
        terminal.say(line)
    return exits.HELD
