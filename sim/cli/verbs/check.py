"""``check``: judge a recorded trace by the laws."""

from __future__ import annotations

import click

from sim.cli import exits, options, terminal
from sim.laws import Verdict
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

    A trace without its footer was cut off: what it has is judged, and if nothing broke the answer
    is "inconclusive" (exit code 4), since laws may have broken later. `-` reads standard input.
    """
    from sim.cli import inputs
    from sim.laws import check

    recorded = inputs.trace(trace)
    verdicts = check(recorded, law or None)
    code = _code(recorded, verdicts)
    if as_json:
        terminal.say_json(_summary(recorded, verdicts, code))
    else:
        _report(recorded, verdicts, code, quiet)
    return code


def _code(trace: Trace, verdicts: dict[str, Verdict]) -> int:
    if any(verdict.broken for verdict in verdicts.values()):
        return exits.BROKEN
    return exits.HELD if trace.complete and not trace.warnings else exits.INCONCLUSIVE


def _summary(trace: Trace, verdicts: dict[str, Verdict], code: int) -> dict[str, object]:
    return {
        "digest": trace.footer.digest if trace.footer else None,
        "seed": trace.header.seed,
        "complete": trace.complete,
        "warnings": trace.warnings,
        "laws": {name: verdict.outcome for name, verdict in verdicts.items()},
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
        "exit_code": code,
    }


def _report(trace: Trace, verdicts: dict[str, Verdict], code: int, quiet: bool) -> None:
    from sim.cli import verdicts as told

    width = terminal.width()
    for warning in trace.warnings:
        terminal.remark(f"{trace.file}: {warning}")
    outcomes = {name: verdict.outcome for name, verdict in verdicts.items()}
    if not quiet:
        for line in (*told.laws(outcomes, width), *told.breaches(verdicts.values(), width)):
            terminal.say(line)
    terminal.say(f"{trace.header.name or trace.file}: {exits.VERDICT[code]}")
