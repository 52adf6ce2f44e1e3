"""``fuzz``: vary a scenario in search of what breaks."""

from __future__ import annotations

import click

from sim.cli import extras, inputs, options
from sim.protocol.units import SECOND, parse_duration


def _seconds(ctx: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """Read a duration such as ``60s``."""
    if value is None:
        return None
    try:
        length = parse_duration(value)
    except ValueError as problem:
        raise click.BadParameter(f"{problem}.") from None
    if not length:
        raise click.BadParameter("it must be more than 0s.")
    return length / SECOND


@click.command(
    epilog="""\b
Examples:
  python -m sim fuzz scenarios/flaky.yaml
  python -m sim fuzz mine.yaml --profile opentok.js-2.35.2 --time 60s
  python -m sim fuzz mine.yaml --baseline known.json --update
  python -m sim fuzz mine.yaml --baseline known.json

\b
The last but one makes a baseline of what is found, or adds to it; the last
fails on new findings only, as in CI.

\b
A finding is known by what breaks, and by the quirks of the client without
which it does not break; where there are none, by the kind of the record that
breaks it. People, times and seeds do not matter. A baseline is JSON, an
object with
  findings    list of {identity, ...}
so what --json prints is one, too.

\b
The JSON object:
  scenario    the file, as it was given
  seed        the seed of the search
  runs        how many variations were run
  endless     how many of them were stories without end
  stopped     why it ended: the limit, the time, nothing new
  goals       name -> in how many variations it was reached
  findings    list of {identity, kind, name, quirks, sentence, times, new,
              file, scenario}
  exit_code   as below

\b
Exit codes: 0 nothing found, or nothing new; 1 new findings; 2 bad input;
3 the simulator itself failed in a variation, which is saved; 130 interrupted,
with what was found until then."""
)
@click.argument("scenario", metavar="SCENARIO")
@click.option(
    "--max-examples",
    type=options.Whole(1),
    metavar="N",
    help="Run so many variations at most: 1000 if neither this nor --time is said.",
)
@click.option(
    "--time",
    "seconds",
    callback=_seconds,
    metavar="60s",
    help="Stop after so long. How far a search comes in a time is another matter each time.",
)
@click.option(
    "--save",
    default=".sim",
    show_default=True,
    metavar="DIR",
    help="Save the smallest scenario of each finding there.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    help="Findings that are known, and no failure. See below.",
)
@click.option("--update", is_flag=True, help="Add what is found to the baseline; no failure.")
@click.option(
    "--seed",
    type=options.Whole(0),
    default=0,
    show_default=True,
    metavar="N",
    help="Seed of the search: the same one and the same limit find the same.",
)
@click.option(
    "--expect",
    is_flag=True,
    help="Judge what the scenario expects as well, in variations in which that may not come true.",
)
@options.profile
@options.as_json
@options.quiet
def command(
    scenario: str,
    *,
    max_examples: int | None,
    seconds: float | None,
    save: str,
    baseline: str | None,
    update: bool,
    seed: int,
    expect: bool,
    profile: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Vary the SCENARIO (a YAML file, or - for standard input) in search of what breaks.

    Its faults, times, order, actions, reactions of apps and networks vary, and laws are judged, but
    for those that the scenario expects to break. What breaks is made as small as it can be and
    saved as a scenario that `run` takes. The search ends at a limit, or when nothing new has been
    reached for 500 variations.
    """
    extras.need("fuzz", "hypothesis")
    if update and baseline is None:
        raise click.UsageError("--update is for a --baseline FILE, and there is none.")
    from sim.cli import searching

    task = searching.Task(
        scenario=inputs.scenario(scenario),
        file=scenario,
        examples=max_examples or (None if seconds else 1000),
        seconds=seconds,
        folder=save,
        baseline=baseline,
        update=update,
        seed=seed,
        expect=expect,
        profile=profile,
    )
    return searching.tell(task, as_json, quiet)
