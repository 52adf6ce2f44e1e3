"""``fit``: a network from recorded losses, delays and outages."""

from __future__ import annotations

from typing import Any

import click

from sim.cli import exits, extras, inputs, options, terminal
from sim.cli.fitted import report


def _duration(ctx: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    if value is None:
        return None
    from sim.protocol.units import MILLISECOND, parse_duration

    try:
        duration = parse_duration(value)
    except ValueError as problem:
        raise click.BadParameter(str(problem)) from None
    if duration < MILLISECOND:
        raise click.BadParameter(f"it must be at least 1ms, not {value}")
    return duration


def _name(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    from sim.scenario.quantities import NAME

    try:
        return str(NAME.parse(value))
    except ValueError as problem:
        raise click.BadParameter(str(problem)) from None


@click.command(
    epilog="""\b
Examples:
  python -m sim fit packets.csv
  python -m sim fit packets.csv outages.csv --name cafe
  python -m sim fit --gap 2s train.mahimahi
  python -m sim fit -q packets.csv >> scenario.yaml

\b
The columns of a CSV file, found by their names; others are left alone:
  lost              1 if the packet was lost, 0 if it arrived
  sent, received    when it was sent, when it arrived; empty if it was lost
  delay             how long it took, one way; empty if it was lost
  began, ended      when an outage began and ended
  every, last       time in service before an outage, and how long that lasted

\b
Times are in seconds, unless the name says: sent_ms, delay_us."""
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--name",
    default="fitted",
    show_default=True,
    callback=_name,
    help="What the network is called.",
)
@click.option(
    "--spacing",
    metavar="DURATION",
    callback=_duration,
    help="Time from packet to packet, if no file says when they were sent.",
)
@click.option(
    "--gap",
    metavar="DURATION",
    default="1s",
    show_default=True,
    callback=_duration,
    help="A mahimahi trace that delivers nothing for so long has an outage.",
)
@options.as_json
@click.option("--quiet", "-q", is_flag=True, help="Print only the network.")
def command(
    files: tuple[str, ...], name: str, spacing: int | None, gap: int, as_json: bool, quiet: bool
) -> int:
    """Fit a network to recordings; print it as YAML, to paste into a scenario.

    A FILE is a CSV file with a header or a trace of mahimahi's mm-link; each may say another part
    of the network. Every model that a scenario may name is fitted, and the one of the least AIC is
    taken. What was found is in comments, with how well each model fits. `-` reads standard input.

    Where it is known when packets were sent, losses in bursts move in time, as they did when they
    were recorded, and not with each packet of the simulation.
    """
    extras.need("fit", "scipy", extra="research")
    from sim.research.fitting import RecordingError, fit_recordings

    if files.count(inputs.STDIN) > 1:
        raise click.UsageError("Only one of the files can come from standard input.")
    try:
        fit = fit_recordings(*(_recording(file, gap) for file in files), spacing=spacing)
    except RecordingError as problem:
        raise click.ClickException(str(problem)) from None
    if as_json:
        terminal.say_json(fit.to_data(), indent=2)
    else:
        comments = (
            [] if quiet else [f"# {line}".rstrip() for line in report(fit, terminal.width() - 2)]
        )
        terminal.say(*comments, *fit.block(name).splitlines())
    return exits.HELD


def _recording(file: str, gap: int) -> Any:
    from sim.research.fitting.recordings import read, reads

    if file == inputs.STDIN:
        return reads(inputs.standard_input().read(), "<stdin>", gap)
    return read(file, gap)
