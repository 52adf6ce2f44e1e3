"""``check``: judge a recorded trace by the laws and by what its scenario expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sim.cli import exits, options, terminal
from sim.telling.columns import wrap

if TYPE_CHECKING:
    from sim.judging import Judgement
    from sim.trace import Trace


@click.command(
    epilog="""\b
Examples:
  python -m sim check flaky.trace.jsonl
  python -m sim run scenarios/flaky.yaml --trace - | python -m sim check -"""
)
@click.argument("trace", metavar="TRACE")
@options.law
@options.as_json
@options.quiet
def command(trace: str, law: tuple[str, ...], as_json: bool, quiet: bool) -> int:
    """Judge the recorded TRACE by the laws, without running anything.

    A trace that holds its scenario is judged by what that expects, too; otherwise it is said why
    not. A trace without its footer was cut off: what it has is judged, and if nothing broke the
    answer is "inconclusive" (exit code 4), since laws may have broken later. `-` reads standard
    input.
    """
    from sim.cli import inputs
    from sim.judging import judge

    recorded = inputs.trace(trace)
    judgement = judge(recorded, law)
    if as_json:
        terminal.say_json(_summary(recorded, judgement))
    else:
        _report(recorded, judgement, quiet)
    return _code(recorded, judgement)


def _code(trace: Trace, judgement: Judgement) -> int:
    if judgement.is_broken:
        return exits.BROKEN
    if not trace.complete or trace.warnings:
        return exits.INCONCLUSIVE
    return exits.BROKEN if judgement.is_missed else exits.HELD


def _summary(trace: Trace, judgement: Judgement) -> dict[str, object]:
    from sim.cli.summaries import expectation

    verdicts, outcomes = judgement.verdicts, judgement.expectations
    return {
        "digest": trace.footer.digest if trace.footer else None,
        "seed": trace.header.seed,
        "complete": trace.complete,
        "warnings": trace.warnings,
        "laws": {name: verdict.outcome for name, verdict in verdicts.items()},
        "goals": judgement.goals,
        "breaches": [
            {
                "law": breach.law,
                "time": breach.time,
                "record": breach.record.seq,
                "why": breach.sentence,
            }
            for verdict in verdicts.values()
            for breach in verdict.breaches
        ],
        "expect": None if outcomes is None else [expectation(outcome) for outcome in outcomes],
        "not_judged": judgement.unjudged or None,
        "exit_code": _code(trace, judgement),
    }


def _report(trace: Trace, judgement: Judgement, quiet: bool) -> None:
    from sim.cli import verdicts as told

    width, verdicts, expected = terminal.width(), judgement.verdicts, judgement.expected
    terminal.remark(*(f"{trace.file}: {warning}" for warning in trace.warnings))
    if not quiet:
        outcomes = {name: verdict.outcome for name, verdict in verdicts.items()}
        terminal.say(
            *told.laws(outcomes, width, expected),
            *told.unkept(verdicts.values(), width),
            *told.goals(judgement.goals, width),
            *told.expectations(judgement.expectations or (), width),
            *told.breaches(verdicts.values(), width, expected),
        )
        if judgement.unjudged:
            terminal.say(*wrap(f"Expectations were not judged: {judgement.unjudged}.", width))
    terminal.say(f"{trace.header.name or trace.file}: {exits.VERDICT[_code(trace, judgement)]}")
