"""``run``: run a scenario and tell its story."""

from __future__ import annotations

import click

from sim.cli import exits, inputs, options
from sim.cli.runs import STDOUT, Run
from sim.cli.view import View, options_of_view


@click.command(
    epilog="""\b
Examples:
  python -m sim run scenarios/flaky.yaml
  python -m sim run scenarios/flaky.yaml --person bob --around 2:07
  python -m sim run scenarios/flaky.yaml --seed 3 --trace flaky.trace.jsonl
  python -m sim run scenarios/flaky.yaml --report flaky.html
  python -m sim run scenarios/flaky.yaml --replications 200 --quiet
  python -m sim run - --json < scenarios/flaky.yaml

\b
The JSON object:
  digest      of the story, 32 hexadecimal digits
  seed        the seed that was used
  events      how many events the apps were told, over all clients
  laws        name -> "held", "broken" or "not exercised"
  goals       name of each quirk of the profile -> how often it was at work
  expect      list of {text, held, why}
  clients     name -> {events: [[time_us, object, event, reason], ...],
              left: {elements, subscribers, publishers}}
  exit_code   as below
  replay      the line that runs it again

\b
With --replications the first three and clients are those of replication 0,
laws, expect and exit_code are over all, goals says in how many replications
a quirk was at work, and `replications` lists each with its digest, events,
what broke, its goals, its exit code and the line that replays it. `sessions`
says how many there were, how many were going on at the end, by end reason
the share of those that ended, and how long they last (median_s, mean_s, which
is up to mean_up_to_s), each as {estimate, low, high, level, n, method};
it is null if scipy is not installed.

\b
Exit codes: 0 all held, 1 something broke, 2 bad input, 3 not deterministic."""
)
@click.argument("scenario", metavar="SCENARIO")
@options.seed
@click.option(
    "--replications",
    type=options.Whole(1),
    default=1,
    show_default=True,
    metavar="N",
    help="Run N times, each with draws of its own, and sum up.",
)
@options.jobs
@options.profile
@options.trace
@options.report
@options_of_view
@click.option(
    "--check-determinism",
    is_flag=True,
    help="Run again, here and in a fresh interpreter; show the first record that differs.",
)
@options.permute_ties
@options.max_events
@options.law
def command(
    scenario: str,
    *,
    replications: int,
    jobs: int | None,
    view: View,
    check_determinism: bool,
    law: tuple[str, ...],
    seed: int | None,
    profile: str | None,
    trace: str | None,
    trace_level: str,
    report: str | None,
    force: bool,
    permute_ties: bool,
    max_events: int | None,
) -> int:
    """Run the SCENARIO (a YAML file, or - for standard input) and tell its story.

    Prints what every client's app is told, one line each, with what broke on the way; then which
    laws and expectations held, where the trace is, and the line that shows the same run again.
    """
    run = Run(
        scenario=inputs.scenario(scenario),
        file=scenario,
        read=(scenario,),
        laws=law,
        seed=seed,
        profile=profile,
        trace=trace,
        trace_level=trace_level,
        report=report,
        force=force,
        permute_ties=permute_ties,
        max_events=max_events,
    )
    run.claim()
    view.check(run.scenario, law, _without_story(replications, trace))
    if jobs is not None and replications == 1:
        raise click.UsageError("--jobs is for --replications: one run is one process.")
    if replications > 1:
        if check_determinism:
            raise click.UsageError("--check-determinism is for one run, not for --replications.")
        return _many(run, replications, jobs, view)
    return _one(run, view, check_determinism)


def _without_story(replications: int, trace: str | None) -> str:
    """The option for which no story is told, if one is given."""
    if replications > 1:
        return "--replications"
    return "--trace -" if trace == STDOUT else ""


def _one(run: Run, view: View, check_determinism: bool) -> int:
    from sim.cli import determinism, progress, single

    with progress.shown(run.scenario.duration) as told:
        result = run.result(keep=view.as_json or check_determinism or not view.quiet, progress=told)
    parted = determinism.difference(run, result) if check_determinism else None
    if parted:
        determinism.tell(parted)
        return exits.INTERNAL
    run.save_report()
    single.tell(run, result, view)
    return result.exit_code


def _many(run: Run, replications: int, jobs: int | None, view: View) -> int:
    from sim.cli import ensemble

    return ensemble.tell(run, replications, view.as_json, view.quiet, jobs)
