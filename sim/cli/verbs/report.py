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
  python -m sim report results/grace -o grace.html
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
as a trace that was cut off or a sweep that is not complete. The report is
written all the same."""
)
@click.argument("source", metavar="TRACE|SCENARIO|DIR")
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
@click.option(
    "--worst",
    type=options.Whole(0, 100),
    metavar="N",
    help="With a DIR: so many of the worst runs are in the page; 8 if not said.",
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
    worst: int | None,
    seed: int | None,
    profile: str | None,
    force: bool,
) -> int:
    """Explain a run at a glance: what everybody's session was like, what broke, and why.

    A TRACE is shown as it was recorded; a SCENARIO is run, with its messages. `-` reads either from
    standard input. A DIR has the results of a sweep: its page has the design points with what was
    measured, and the worst runs.
    """
    from sim.cli import reports

    name = reports.format_for(format_name, output)
    if inputs.is_sweep(source):
        of_run = {"person": person, "against": against, "seed": seed, "profile": profile}
        return _sweep(source, name, output, of_run, worst, is_opened=is_opened, force=force)
    if worst is not None:
        raise click.UsageError("--worst is for the results of a sweep, and this is one run.")
    if against is not None and inputs.is_sweep(against):
        raise click.UsageError("--against is for another run, and this is a folder.")
    wanted = _options(name, person, against, source)
    first = reports.source(source)
    other = None if against is None else reports.source(against)
    file = output or (f"{first.stem}.html" if name == "html" else STDOUT)
    _check_open(file, is_opened)
    if file != STDOUT:
        read = [0 if each == inputs.STDIN else each for each in (source, against) if each]
        reports.claim_file(file, read, force=force)
    shown = first.report(seed=seed, profile=profile)
    if other is not None:
        wanted["against"] = other.report()
    _give(shown, name, wanted, file)
    _shown(file, is_opened)
    return first.code(shown)


def _sweep(
    folder: str,
    format: str,
    output: str | None,
    of_run: dict[str, Any],
    worst: int | None,
    *,
    is_opened: bool,
    force: bool,
) -> int:
    """The page of a sweep; ``of_run`` are options that are for one run."""
    from sim.cli import reports

    for name, value in of_run.items():
        if value is not None:
            raise click.UsageError(f"--{name} is for one run, and this is a sweep.")
    results = reports.Sweep(folder, inputs.results(folder))
    results.check(format)
    file = output or f"{results.stem}.html"
    _check_open(file, is_opened)
    if file != STDOUT:
        reports.claim_file(file, [], force=force)
    shown = results.overview(worst)
    if file == STDOUT:
        reports.give(shown.html())
    else:
        reports.write(file, shown.html())
    _shown(file, is_opened)
    return results.code()


def _check_open(file: str, is_opened: bool) -> None:
    if file == STDOUT and is_opened:
        raise click.UsageError("--open is for a file, and this goes to standard output: name -o.")


def _shown(file: str, is_opened: bool) -> None:
    """Say where the report is, and open it if that is wished."""
    from sim.cli import reports

    if file != STDOUT:
        terminal.say(file)
    if is_opened:
        reports.show(file)


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
