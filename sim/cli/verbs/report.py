"""``report``: a run explained at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.cli import inputs, options, terminal
from sim.cli.runs import STDOUT
from sim.wording import not_one_of

if TYPE_CHECKING:
    from sim.report import Report


def _format(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from sim.cli.reports import NAMES

    if value is not None and value not in NAMES:
        raise click.BadParameter(not_one_of(value, NAMES, "a format"))
    return value


@click.command(
    epilog="""\b
Examples:
  python -m sim report scenarios/flaky.yaml --open
  python -m sim report flaky.trace.jsonl -o flaky.html
  python -m sim report before.trace.jsonl --against after.trace.jsonl
  python -m sim report scenarios/fatal-close.yaml --format mermaid
  python -m sim report flaky.trace.jsonl -o flaky.xml
  python -m sim report scenarios/flaky.yaml --format events --person bob

\b
Formats, and the suffixes that -o knows them by:
  html      .html             the page: one file, which opens offline
  text      .txt              a timeline for terminals
  svg       .svg              a still for papers
  mermaid   .mmd              a sequence diagram, to paste into an issue
  perfetto  .perfetto.json    a Chrome trace for ui.perfetto.dev
  junit     .xml              laws and expectations as tests, for a build
  events    .events.json      what one person's app was told, for your app

\b
Exit codes: 0 all held, 1 something broke, 2 bad input, 4 inconclusive, such
as a trace that was cut off. The report is written all the same."""
)
@click.argument("source", metavar="TRACE|SCENARIO")
@click.option(
    "--format",
    "format_name",
    callback=_format,
    metavar="FORMAT",
    help="html unless the suffix of FILE says another.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write it there; - is standard output. Without it the page goes to a file that is named "
    "like the source, any other format to standard output.",
)
@click.option("--open", "is_opened", is_flag=True, help="Open the file in the browser.")
@click.option("--person", metavar="NAME", help="With events: whose app was told.")
@click.option(
    "--against",
    metavar="TRACE|SCENARIO",
    help="With html: another run, to show where the two part.",
)
@options.seed
@options.profile
@click.option(
    "--force", is_flag=True, help="Replace a file that is no report; never one that is read."
)
def command(
    source: str,
    format_name: str | None,
    output: str | None,
    is_opened: bool,
    person: str | None,
    against: str | None,
    seed: int | None,
    profile: str | None,
    force: bool,
) -> int:
    """Explain a run at a glance: what everybody's session was like, what broke, and why.

    A TRACE is shown as it was recorded; a SCENARIO is run, with its messages. `-` reads either from
    standard input.
    """
    from sim.cli import reports

    name = reports.format_for(format_name, output)
    wanted = _options(name, person, against, source)
    first = reports.source(source)
    other = None if against is None else reports.source(against)
    file = output or (f"{first.stem}.html" if name == "html" else STDOUT)
    if file == STDOUT and is_opened:
        raise click.UsageError("--open is for a file, and this goes to standard output: name -o.")
    if file != STDOUT:
        read = [0 if each == inputs.STDIN else each for each in (source, against) if each]
        reports.claim_file(file, read, force=force)
    shown = first.report(seed=seed, profile=profile)
    if other is not None:
        wanted["against"] = other.report()
    _give(shown, name, wanted, file)
    if file != STDOUT:
        terminal.say(file)
    if is_opened:
        reports.show(file)
    return first.code(shown)


def _options(format: str, person: str | None, against: str | None, source: str) -> dict[str, Any]:
    """What the format is given. Raises :class:`click.UsageError` for what is not for it."""
    if person is not None and format != "events":
        raise click.UsageError(f"--person is for the format events, and this is {format}.")
    if person is None and format == "events":
        raise click.UsageError("The format events is of one app: name its --person.")
    if against is not None and format != "html":
        raise click.UsageError(f"--against is for the format html, and this is {format}.")
    if against == source == inputs.STDIN:
        raise click.UsageError("Only one of the two runs can come from standard input.")
    if format == "text":
        return {"width": max(terminal.width(), 40)}
    return {} if person is None else {"person": person}


def _give(shown: Report, format: str, wanted: dict[str, Any], file: str) -> None:
    from sim.cli import reports

    styled = format == "text" and file == STDOUT
    try:
        written = shown.to(format, **wanted, **({"styled": True} if styled else {}))
    except ValueError as problem:
        raise click.BadParameter(f"{problem}.", param_hint="'--person'") from None
    if file != STDOUT:
        reports.write(file, written)
    elif styled:
        terminal.say(*str(written).splitlines())
    else:
        reports.give(written)
