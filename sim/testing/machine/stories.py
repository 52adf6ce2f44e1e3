"""A story that was saved, told again as the machine that found it tells it."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from sim.result import Result
from sim.scenario import Scenario, load


def found(story: str | os.PathLike[str] | Scenario, asking: dict[str, Any]) -> Scenario:
    """The story itself, or that of a file, relative to the module with these globals.

    What is typed in has no file: there it is relative to where we are. Raises
    :class:`sim.ScenarioError` for what is none, ``OSError`` for a file that is not there.
    """
    if isinstance(story, Scenario):
        return story
    file = asking.get("__file__")
    return load((Path(file).parent if file else Path.cwd()).absolute() / story)


def told(machine: Any) -> Result:
    """Let a story happen to its end, judged as it runs, with a look at it after each step.

    Raises :class:`sim.LawBroken`, or ``AssertionError`` for what the story expects and is not so.
    """
    __tracebackhide__ = True
    simulation = machine.simulation
    for moment in simulation.moments if machine.looking else [simulation.end]:
        simulation.advance(moment - simulation.now)
        for look in machine.looking:
            look()
    result: Result = simulation.close()
    missed = [outcome for outcome in result.expectations if not outcome.held]
    assert not missed, "\n".join(map(str, missed))
    return result


def invariants_of(machine: Any) -> tuple[Callable[[], None], ...]:
    """The invariants of a machine; each is called only where its preconditions hold."""

    def look(each: Any) -> None:
        if all(condition(machine) for condition in each.preconditions):
            each.function(machine)

    known = machine.invariants  # a list in newer versions of Hypothesis, a method in older ones
    return tuple(partial(look, each) for each in (known() if callable(known) else known))
