"""``shrink``: make a failing scenario smaller while the same breaks."""

from __future__ import annotations

import click

from sim.cli import inputs, options


@click.command(
    epilog="""\b
Examples:
  python -m sim shrink broken.yaml -o small.yaml
  python -m sim shrink broken.yaml --law one-end | python -m sim run -
  python -m sim shrink - < broken.yaml > small.yaml

\b
Exit codes: 0 made smaller, or as small as it can be; 2 bad input, or nothing
breaks; 130 interrupted, after the smallest so far has been written."""
)
@click.argument("scenario", metavar="SCENARIO")
@click.option(
    "--law",
    callback=options.known_law,
    metavar="NAME",
    help="The law that must still break; if not said, what broke first. See the verb laws.",
)
@click.option(
    "--expect",
    metavar="SENTENCE",
    help="The expectation that must still fail, as it stands in the file.",
)
@options.seed
@options.profile
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    default="-",
    help="Write the smaller scenario there; - or nothing is standard output.",
)
@options.quiet
def command(
    scenario: str,
    *,
    law: str | None,
    expect: str | None,
    seed: int | None,
    profile: str | None,
    output: str,
    quiet: bool,
) -> int:
    """Make the SCENARIO (a YAML file, or - for standard input) smaller while the same breaks.

    It is run again and again: without people, faults, steps and settings, with shorter and rounder
    times, until nothing more can go. The same scenario gives the same result. --seed and --profile
    are for a scenario that breaks with those, and stand in the result.
    """
    from sim.cli import smaller

    story = inputs.scenario(scenario)
    smaller.claim(output, scenario)
    task = smaller.Task(
        scenario=story, file=scenario, law=law, expect=expect, seed=seed, profile=profile
    )
    return smaller.tell(task, output, quiet)
