"""What the rules do things to: a world, and who can do what in it now."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from sim.scenario import Person
from sim.testing.machine.judging import Judged
from sim.testing.machine.moments import EDGES
from sim.testing.machine.situation import Situation


class Stage(RuleBasedStateMachine):
    """The base of the rules, which :class:`~sim.testing.SessionMachine` puts together."""

    simulation: Judged
    """The world. What is done to it is judged at once, whoever does it."""
    done: list[str]
    """The rules that were done, by name, in order."""
    chosen: str
    """Who does it, while it is drawn to whom."""

    @property
    @abstractmethod
    def situation(self) -> Situation:
        """Who can do what now."""

    @abstractmethod
    def let_in(self, name: str, person: Person) -> None:
        """Let somebody join, with the app that is for this name."""

    def do(self, who: str, **step: Any) -> None:
        """Do a step of the scenario language to somebody, now."""
        self.simulation.do(who, **step)

    def patience(self, bound: str) -> int:
        """How long that is in microseconds: one of :data:`~sim.testing.machine.moments.EDGES`."""
        bounds = self.simulation.bounds
        return sum(getattr(bounds, name) for name in EDGES[bound])
