"""What two recordings of one story have in common: only that is a fact about the client.

They agree when the comparison of ``python -m sim conform`` finds nothing between them but times,
and when the same was done in them: a busy machine can bring a call into another stage.
"""

from __future__ import annotations

from typing import Final

from attrs import evolve

from sim.conform import Case, Observed, compare
from sim.conform.case import CaseStep, Told

_OTHERS_DECIDE: Final = ("auto-subscribe",)
"""Calls that come when a stream is told of: among a client's other calls they have no place."""


def agree(first: Case, second: Case) -> bool:
    """Whether both recordings of a story say the same."""
    return disagreement(first, second) is None


def disagreement(first: Case, second: Case) -> str | None:
    """The first thing in which they differ, as a sentence; None if they agree."""
    for name in first.clients:
        if _done(first, name) != _done(second, name):
            return f"{name} did something else"
    for each in compare(first, observed(second, first)):
        if each.what != "time":
            return f"{each.client} ({each.phase}): {each.expected}; the second time: {each.got}"
    return None


def _done(case: Case, name: str) -> list[CaseStep]:
    """What a client did and what was done to it, in order, whenever that was."""
    return [
        evolve(step, at=0)
        for step in case.script
        if step.client == name and step.by not in _OTHERS_DECIDE
    ]


def observed(case: Case, like: Case) -> Observed:
    """A recording in the place of a re-enactment of another, whose set-up took its own time."""
    told = {
        name: tuple(_moved(each, case, like) for each in case.expect[name]) for name in case.expect
    }
    return Observed(
        expect=told,
        completions=case.completions,
        left=case.left,
        records=(),
        sources={name: (0,) * len(each) for name, each in told.items()},
        endings=(None,) * len(case.completions),
    )


def _moved(told: Told, case: Case, like: Case) -> Told:
    if told.at <= case.setup_ends:
        return evolve(told, at=min(told.at, like.setup_ends))
    return evolve(told, at=told.at - case.setup_ends + like.setup_ends)
