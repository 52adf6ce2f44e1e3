"""``replay``: run again what a trace or a token names, and compare."""

from __future__ import annotations

import os

import click
from attrs import evolve

from sim.cli import exits, inputs, options
from sim.cli.runs import STDOUT
from sim.cli.view import View, options_of_view


@click.command(
    epilog="""\b
Examples:
  python -m sim replay flaky.trace.jsonl
  python -m sim replay sim1-… --scenario scenarios/flaky.yaml
  python -m sim replay sim1-… --scenario results/grace"""
)
@click.argument("what", metavar="TRACE_OR_TOKEN")
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="FILE|DIR",
    help="Where to look for a token's scenario: in a file, or in the results of a sweep; without "
    "it, in the directory scenarios.",
)
@options.permute_ties
@options.trace
@options.report
@options_of_view
def command(
    what: str,
    scenarios: tuple[str, ...],
    permute_ties: bool,
    trace: str | None,
    trace_level: str,
    report: str | None,
    force: bool,
    view: View,
) -> int:
    """Run again what TRACE_OR_TOKEN names, and tell it as `run` does.

    A trace holds its scenario, so a scenario file that was changed since does not matter. What is
    run is compared with the trace, and if it is not the same the first record that differs is
    shown (exit code 3; 2 if the trace was changed since it was written). A token (sim1-...)
    names a scenario by its hash, which is looked for among files. `-` reads a trace from standard
    input; `--scenario -`, a token's scenario.

    Traces and tokens say whether ties were permuted; --permute-ties does so now.
    """
    from sim.cli import progress, replaying, single

    recorded = None if _is_token(what) else inputs.trace(what)
    if recorded is None:
        run = replaying.of_token(what, scenarios)
    else:
        run = replaying.of_trace(what, recorded)
    ties = permute_ties or run.permute_ties
    run = evolve(run, permute_ties=ties, trace=trace, trace_level=trace_level)
    run = evolve(run, report=report, force=force)
    run.claim()
    view.check(run.scenario, (), "--trace -" if trace == STDOUT else "")
    with progress.shown(run.scenario.duration) as told:
        result = run.result(keep=view.as_json or not view.quiet, progress=told)
    code = replaying.judged(recorded, run, result) if recorded else result.exit_code
    if code in {exits.HELD, exits.BROKEN}:
        run.save_report()
        single.tell(run, result, view)
    return code


def _is_token(what: str) -> bool:
    return what.lower().startswith("sim") and "-" in what and not os.path.lexists(what)
