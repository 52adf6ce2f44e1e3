"""``sweep``: run an experiment."""

from __future__ import annotations

import re
from typing import Any

import click

from sim.cli import inputs, options, terminal

_PART = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")


def _part(
    ctx: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[int, int] | None:
    if value is None:
        return None
    found = _PART.fullmatch(value)
    if found is None or not 1 <= int(found.group(1)) <= int(found.group(2)):
        raise click.BadParameter(f"{value!r} is not a part such as 2/8, the second of eight.")
    return int(found.group(1)), int(found.group(2))


@click.command(
    epilog="""\b
An experiment in a file:
  name: grace
  scenario: ../scenarios/flaky.yaml
  design:
    grid:
      platform.grace: [15s, 45s]
      clients.bob.network: [wifi, cellular]
  replications: 200
  metrics: [outages-survived, ghost-time]

\b
Examples:
  python -m sim sweep experiments/grace.yaml -o results/grace
  python -m sim sweep experiments/grace.yaml -o results/grace --resume
  python -m sim sweep experiments/grace.yaml -o results/grace --shard 2/8
  python -m sim sweep experiments/grace.yaml -o results/grace \\
      --scheduler tcp://10.0.0.7:8786

\b
Before and after it:
  python -m sim validate experiments/grace.yaml
  python -m sim metrics                     # what can be measured
  python -m sim query results/grace "SELECT end_told, count(*) FROM sessions
      GROUP BY end_told"

\b
What is in DIR:
  manifest.json   the experiment, its version and seed, what is done, and
                  under digest what stands for all rows, whatever runs them
  shards/         the tables in Parquet: sessions, events, runs, metrics,
                  durations

\b
The JSON object:
  name, folder, complete, digest, runs, replications, failed, breaches
  narrow      whether until was met at every point; null without one
  points      list of {point, values, metrics: name -> {estimate, low, high,
              level, n, method, unit, up_to}}; up_to is where durations
              are cut, in seconds, if some went on at the end, else null
  exit_code   as below

\b
Exit codes: 0 all held, 1 something broke in a run, 2 bad input or a full
disk, 130 interrupted. What is done stays in DIR: --resume goes on."""
)
@click.argument("experiment", metavar="EXPERIMENT")
@click.option(
    "-o", "--output", "folder", required=True, metavar="DIR", help="Keep the results there."
)
@click.option("--resume", is_flag=True, help="Go on with what is done in DIR.")
@options.jobs
@click.option(
    "--shard",
    "part",
    callback=_part,
    metavar="I/N",
    help="Run the I-th of N parts alone, for batch systems; all may write to one DIR.",
)
@click.option("--scheduler", metavar="ADDRESS", help="Run it on the dask cluster there.")
@options.as_json
@options.quiet
def command(
    experiment: str,
    folder: str,
    *,
    resume: bool,
    jobs: int | None,
    part: tuple[int, int] | None,
    scheduler: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Run the EXPERIMENT (a YAML file, or - for standard input): a scenario in many variants.

    Every variant runs as often as the experiment says, on all cores, and all with the same luck.
    Prints each metric at each point with its 95% interval. A dash is what no run could tell, such
    as how long ghosts last where there was none.
    """
    from sim.cli.extras import need

    need("sweep", "pyarrow", "scipy", extra="research")
    from sim.cli import sweeps

    if scheduler is not None:
        need("sweep --scheduler", "distributed", extra="cluster")
        if jobs is not None:
            raise click.UsageError(
                "--jobs is for this machine, --scheduler for a cluster: keep one."
            )
    found = inputs.experiment(experiment)
    arguments: dict[str, Any] = {"resume": resume, "jobs": jobs, "part": part}
    results = sweeps.run(found, folder, scheduler, quiet, arguments, as_json=as_json)
    code = sweeps.code(results)
    if as_json:
        terminal.say_json(sweeps.summary(results, code))
    else:
        lines = list(sweeps.report(results, part, terminal.width()))
        terminal.say(*(lines[-1:] if quiet else lines))
    return code
