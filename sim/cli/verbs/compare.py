"""``compare``: two scenarios, profiles or settings under the same luck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import click

from sim.cli import exits, inputs, options, terminal
from sim.cli.extras import need

if TYPE_CHECKING:
    from sim.research.comparing import Comparison, Side

_JOBS = "How many processes share the work: all cores if not said. The result is the same."


def _side(letter: str, other: str = "") -> Callable[[Any], Any]:
    """``--profile-x NAME`` and ``--set-x PATH=VALUE`` of one side."""

    def add(command: Any) -> Any:
        profile = click.option(
            f"--profile-{letter}",
            callback=options.known_profile,
            metavar="NAME",
            help=f"Which client is modelled in {letter.upper()}{other}.",
        )
        settings = click.option(
            f"--set-{letter}",
            multiple=True,
            metavar="PATH=VALUE",
            help=f"Something else that {letter.upper()} says, as its file would; several times.",
        )
        return profile(settings(command))

    return add


@click.command(
    epilog="""\b
Examples:
  python -m sim compare scenarios/rejoin-at-once.yaml \\
      scenarios/rejoin-with-backoff.yaml --metric presence
  python -m sim compare scenarios/flaky.yaml --set-b platform.grace=15s
  python -m sim compare scenarios/flaky.yaml --profile-b opentok.js-2.35.2
  python -m sim compare scenarios/flaky.yaml \\
      --set-b "clients.guests.rejoin={backoff: {first: 1s, max: 1min}}"

\b
Both are run with the same seed and the same replications. So both meet the
same losses, outages and arrivals wherever they are alike, and most of the
chance cancels out in the difference.

\b
The table has, by metric (`python -m sim metrics` says what each is):
  A, B     over all replications
  B - A    the difference, and half of its interval
  p        how often chance alone makes as large a difference, by a sign-flip
           test; corrected by Holm where several metrics are tested
  saved    how many times as many runs with draws of their own would be needed
           for the same interval

\b
The JSON object:
  a, b          what was compared
  seed, replications, level
                of both sides and of the intervals
  metrics       [{metric, unit, a, b, difference: {estimate, low, high, level,
                n, method}, p, p_corrected, variance_saved, alike, up_to},
                ...]; null stands for what there is not, up_to is where
                durations are cut, in seconds, if some went on at the end
  differing     the metrics whose p_corrected is at most 1 - level

\b
Exit codes: 0 compared, 2 bad input."""
)
@click.argument("first", metavar="A")
@click.argument("second", metavar="[B]", required=False)
@_side("a")
@_side("b", ", where it is not the same as in A")
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="NAME",
    help="A metric to compare, all if not said; several times.",
)
@click.option(
    "--replications",
    type=options.Whole(2, 1_000_000),
    default=100,
    show_default=True,
    metavar="N",
    help="How many pairs of runs.",
)
@click.option(
    "--level",
    type=click.FloatRange(0.0, 1.0, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    metavar="SHARE",
    help="How sure the intervals are.",
)
@options.seed
@click.option("--jobs", type=options.Whole(1, 1024), metavar="N", help=_JOBS)
@options.as_json
@options.quiet
def command(
    first: str,
    second: str | None,
    *,
    profile_a: str | None,
    set_a: tuple[str, ...],
    profile_b: str | None,
    set_b: tuple[str, ...],
    metrics: tuple[str, ...],
    replications: int,
    level: float,
    seed: int | None,
    jobs: int | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Compare two scenarios under the same luck: by how much B differs from A.

    A and B are YAML files; one of them may be `-`. Without B it is the story of A, with what
    --profile-b and --set-b say.
    """
    need("compare", "scipy", extra="research")
    from sim.cli.comparisons import check_metrics, report, settings, verdict

    if second is None and not (profile_b or set_b):
        raise click.UsageError(
            "There is nothing to compare with: name a second scenario, or say with --profile-b or"
            " --set-b PATH=VALUE what is different in it."
        )
    if first == second == inputs.STDIN:
        raise click.UsageError("Only one of the two scenarios can come from standard input.")
    check_metrics(metrics)
    one = _named(first)
    other = one if second is None else _named(second)
    sides = _told_apart([one, other], [first, second])
    sides = [
        settings(side, "ab"[number], profile, written)
        for number, (side, profile, written) in enumerate(
            [(sides[0], profile_a, set_a), (sides[1], profile_b, set_b)]
        )
    ]
    comparison = _compared(sides, metrics, replications, level, seed, jobs)
    if as_json:
        terminal.say_json(comparison.to_data())
    elif quiet:
        terminal.say(*verdict(comparison, terminal.width()))
    else:
        terminal.say(*report(comparison, terminal.width()))
    return exits.HELD


def _named(name: str) -> Side:
    from sim.research.comparing import Side

    return Side.of(inputs.scenario(name))


def _told_apart(sides: Sequence[Side], files: Sequence[str | None]) -> list[Side]:
    """Scenarios that are called alike, by the names of their files."""
    from attrs import evolve

    one, other = sides
    if files[1] is None or one.label != other.label:
        return list(sides)
    names = [PurePath(str(file)).name for file in files]
    shown = files if names[0] == names[1] else names
    return [evolve(side, label=str(name)) for side, name in zip(sides, shown, strict=True)]


def _compared(
    sides: Sequence[Side],
    metrics: tuple[str, ...],
    replications: int,
    level: float,
    seed: int | None,
    jobs: int | None,
) -> Comparison:
    from sim.cli import progress
    from sim.research.comparing import compare
    from sim.research.running.pool import cores

    if sides[0].same_story(sides[1]):
        raise click.UsageError(
            f"There is nothing to compare: {sides[0].label} and {sides[1].label} are the same"
            " story."
        )
    with progress.counted(2 * replications, "runs", steady=True) as tell:
        return compare(
            *sides,
            metric=metrics or None,
            replications=replications,
            seed=seed,
            level=level,
            jobs=min(jobs or cores(), replications),
            progress=None if tell is None else lambda done: tell(done, ""),
        )
