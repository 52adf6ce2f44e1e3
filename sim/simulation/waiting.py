"""What is said when something that was waited for has not come."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.expectations.thrown import thrown
from sim.simulation.performance import Performance
from sim.wording import brief, listing


def unmet(condition: Callable[..., Any], run: Performance) -> str:
    """Say that a predicate is not true, how it is with everybody then, and what apps threw."""
    people = run.world.participants
    states = [f"{name} is {who.session.state}" for name, who in people.items()]
    errors = thrown(run.records, people)
    return "; ".join(
        [f"{_called(condition)} is not true", listing(states) or "nobody is here", *errors]
    )


def _called(condition: Callable[..., Any]) -> str:
    """What a predicate is called, or where it stands if it has no name of its own."""
    name: str = getattr(condition, "__qualname__", "") or brief(condition)
    code = getattr(condition, "__code__", None)
    if code is None or not name.endswith("<lambda>"):
        return name
    return f"the lambda of {Path(code.co_filename).name}, line {code.co_firstlineno},"
