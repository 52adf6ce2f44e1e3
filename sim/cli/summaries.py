"""Outcomes of laws and expectations, of one run and over many, in plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sim import Result
from sim.expectations import Outcome
from sim.laws import BROKEN, HELD, NOT_EXERCISED
from sim.protocol.quirks import Profile
from sim.trace.token import switched

WORST_FIRST: Final = (BROKEN, HELD, NOT_EXERCISED)


def outcomes(result: Result) -> dict[str, str]:
    """The outcome of every law by its name."""
    return {name: verdict.outcome for name, verdict in result.laws.items()}


def worst(all_outcomes: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """By law, ``broken`` if it broke in any run, ``held`` if it was exercised in any."""
    seen: dict[str, str] = {}
    for each in all_outcomes:
        for name, outcome in each.items():
            seen[name] = min(seen.get(name, outcome), outcome, key=WORST_FIRST.index)
    return seen


def client(result: Result) -> str:
    """Which client it was: its profile, and the quirks that are switched of it."""
    profile = Profile(result.profile, frozenset(result.header.quirks))
    return " ".join([profile.name, *switched(profile)])


def reached(runs: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """By goal, in how many runs it was reached."""
    seen: dict[str, int] = {}
    for goals in runs:
        for name, times in goals.items():
            seen[name] = seen.get(name, 0) + (times > 0)
    return seen


def expectation(outcome: Outcome) -> dict[str, Any]:
    """One expectation as JSON can say it."""
    return {"text": outcome.text, "held": outcome.held, "why": outcome.why}
