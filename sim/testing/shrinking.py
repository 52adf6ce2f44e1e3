"""Making a scenario smaller while what is wrong in it stays wrong.

:func:`shrink` tries the table of :mod:`sim.testing.reduction.table` again and again: without
people, without faults, without steps, with settings as by default, with shorter and rounder times.
It ends when nothing of the table still breaks. There is no chance in it: the same scenario and the
same question give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final

from sim.scenario import Scenario, ScenarioError, from_data, scenario_hash, to_data
from sim.testing.reduction.pieces import Data
from sim.testing.reduction.sizes import size
from sim.testing.reduction.table import REDUCTIONS, Reduction
from sim.wording import brief

Breaks = Callable[[Scenario], bool]
"""Whether what is wrong is still wrong in a smaller scenario."""

Progress = Callable[[int, Scenario], object]
"""Is told after each try how many there were, and the smallest scenario so far."""

MOST_TRIES: Final = 5_000
"""Runs after which the smallest scenario so far is taken."""


def shrink(
    scenario: Scenario,
    breaks: Breaks,
    progress: Progress | None = None,
    *,
    tries: int = MOST_TRIES,
    only: Collection[str] = (),
) -> Scenario:
    """The smallest scenario that still breaks, as far as the table of reductions leads.

    ``breaks`` is asked of smaller scenarios, each of them once; ``tries`` is how often at most.
    ``only`` names the reductions that are tried, if not all of them are.
    Raises ``ValueError`` if it says no of the scenario itself.

    >>> story = Scenario(name="x", duration="9min", clients={"bob": {}, "eve": {"publish": True}})
    >>> shrink(story, lambda smaller: "eve" in smaller.clients)
    Scenario(name='x', duration='1s', clients={'eve': Person()})
    """
    if not breaks(scenario):
        raise ValueError(f"nothing is wrong in the scenario {brief(scenario.name)}")
    table = [each for each in REDUCTIONS if not only or each.name in only]
    return _Shrinking(scenario, breaks, progress, tries).run(table)


class _Shrinking:
    """One shrinking: the smallest scenario so far, and what was tried."""

    def __init__(
        self, scenario: Scenario, breaks: Breaks, progress: Progress | None, most: int
    ) -> None:
        self.smallest = scenario
        self._breaks = breaks
        self._progress = progress
        self._left = most
        self._most = most
        self._size = size(scenario)
        self._tried = {scenario_hash(scenario)}

    def run(self, table: Sequence[Reduction]) -> Scenario:
        """Try the table until nothing of it breaks."""
        going_on = True
        while going_on:
            before = self.smallest
            for reduction in table:
                self._reduce(reduction)
            going_on = self.smallest is not before and self._left > 0
        return self.smallest

    def _reduce(self, reduction: Reduction) -> None:
        trying = reduction.tries(to_data(self.smallest))
        answer: bool | None = None
        try:
            while self._left > 0:
                data = next(trying) if answer is None else trying.send(answer)
                answer = self._taken(data)
        except StopIteration:
            return

    def _taken(self, data: Data) -> bool:
        """Whether this is smaller and still breaks."""
        try:
            smaller = from_data(data)
        except ScenarioError:
            return False
        name = scenario_hash(smaller)
        its_size = size(smaller)
        if name in self._tried or its_size >= self._size:
            return False
        self._tried.add(name)
        self._left -= 1
        breaks = self._breaks(smaller)
        if breaks:
            self.smallest, self._size = smaller, its_size
        if self._progress is not None:
            self._progress(self._most - self._left, self.smallest)
        return breaks
