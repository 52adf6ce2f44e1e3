"""Ways to tell a story again that was saved, in a machine whose world is that story's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sim.result import Result
from sim.scenario import Scenario
from sim.testing.machine.settling import settle


def played(machine: Any, story: Scenario) -> Result:
    """To its end, judged as it runs.

    Raises :class:`sim.LawBroken`, or ``AssertionError`` for what the story expects and is not so.
    """
    __tracebackhide__ = True
    result: Result = machine.simulation.play(story.duration)
    return result


def looked_at(machine: Any, story: Scenario) -> Result:
    """The same, with a look at the machine's invariants after each step and in the end."""
    __tracebackhide__ = True
    simulation, looks = machine.simulation, _invariants(machine)
    steps = {step.at + 1 for step in story.script if step.at + 1 < story.duration}
    for moment in [*sorted(steps), story.duration]:
        simulation.advance(moment - simulation.now)
        for look in looks:
            look()
    result: Result = simulation.play(0)
    return result


def brought_to_rest(machine: Any, story: Scenario) -> None:
    """What would follow if its end were that of an example."""
    __tracebackhide__ = True
    simulation = machine.simulation
    simulation.advance(story.duration)
    settle(simulation)
    machine.at_rest()
    simulation.close()


def _invariants(machine: Any) -> tuple[Callable[[], None], ...]:
    """The invariants of a machine; each is called only where its preconditions hold."""

    def look(each: Any) -> None:
        if all(condition(machine) for condition in each.preconditions):
            each.function(machine)

    known = machine.invariants  # a list in newer versions of Hypothesis, a method in older ones
    return tuple(partial(look, each) for each in (known() if callable(known) else known))
