"""A recorded trace judged: by the laws, and by what its scenario expects."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from attrs import frozen

from sim import Scenario
from sim.cli import exits
from sim.cli.replaying import consistent_scenario
from sim.expectations import Checker, Outcome, expected_breaches
from sim.laws import Goals, Verdict, check
from sim.trace import Trace

BY_LAW: Final = "only the laws named by --law judge"
CUT_OFF: Final = "the trace was cut off, and what they say of may have come later"


@frozen
class Judgement:
    """What became of the laws, the goals and the expectations, and what that makes together."""

    verdicts: dict[str, Verdict]
    goals: dict[str, int]
    """The quirks that the profile has, and how often each was at work."""
    expectations: tuple[Outcome, ...] | None
    """None when they were not judged."""
    unjudged: str
    """Why they were not judged."""
    expected: Collection[str]
    """The laws that are expected to break."""
    code: int


def judge(trace: Trace, names: Collection[str] = ()) -> Judgement:
    """Judge a trace by the laws of these names, or else by those that its scenario chooses.

    Raises :class:`~sim.trace.TraceError` when it cannot be read.
    """
    story, unjudged = _scenario(trace)
    if names:
        unjudged = BY_LAW
    chosen = names or _laws(story)
    checker = Checker(story.expect, trace.header.people) if story and not names else None
    goals = Goals(trace.header)
    verdicts = check(trace, chosen, [goals] if checker is None else [goals, checker])
    outcomes = None
    if checker is not None and trace.footer is None:
        unjudged = CUT_OFF
    elif checker is not None and trace.footer is not None:
        where = {name: verdict.broke for name, verdict in verdicts.items()}
        outcomes = tuple(checker.finish(trace.footer.ended, where))
    expected = expected_breaches(story.expect) if story else ()
    code = _code(trace, verdicts, outcomes, expected)
    why_not = "" if outcomes is not None else unjudged
    return Judgement(verdicts, goals.reached, outcomes, why_not, expected, code)


def _scenario(trace: Trace) -> tuple[Scenario | None, str]:
    """The scenario that a trace holds, or why it cannot be asked."""
    try:
        return consistent_scenario(trace.header), ""
    except ValueError as problem:
        return None, str(problem)


def _laws(story: Scenario | None) -> Collection[str] | None:
    return None if story is None or isinstance(story.laws, str) else story.laws


def _code(
    trace: Trace,
    verdicts: dict[str, Verdict],
    outcomes: tuple[Outcome, ...] | None,
    expected: Collection[str],
) -> int:
    if any(verdict.broken and name not in expected for name, verdict in verdicts.items()):
        return exits.BROKEN
    if not trace.complete or trace.warnings:
        return exits.INCONCLUSIVE
    missed = any(not outcome.held for outcome in outcomes or ())
    return exits.BROKEN if missed else exits.HELD
