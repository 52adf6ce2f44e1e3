"""When a stopping rule has seen enough of every point.

It looks at whole rounds, of the same replications of all points, in their order: so what it says
does not depend on which shards happen to be ready first. All points go on until the last of them
has been replicated enough, so that they remain comparable pair by pair.
"""

from __future__ import annotations

from typing import Any

from attrs import define, field

from sim.research.experiments import Until
from sim.research.statistics.stopping import decide


@define
class Enough:
    """Told of shards in any order; :attr:`replications` says how many of each point are enough."""

    until: Until
    points: int
    _rounds: dict[int, dict[int, Any]] = field(factory=dict)
    _figures: list[list[list[float]]] = field(init=False)
    _needed: dict[int, int] = field(factory=dict)
    _count: int = 0

    def __attrs_post_init__(self) -> None:
        self._figures = [[] for _ in range(self.points)]

    @property
    def replications(self) -> int | None:
        """How many replications of each point had to be run; None while that is not known."""
        return max(self._needed.values()) if len(self._needed) == self.points else None

    def take(self, first: int, point: int, figures: list[list[float]]) -> None:
        """Take a shard's figures: numerator and denominator of each of its runs."""
        self._rounds.setdefault(first, {})[point] = figures
        while len(self._rounds.get(self._count, ())) == self.points:
            self._look(self._rounds.pop(self._count))

    def _look(self, complete: dict[int, list[list[float]]]) -> None:
        self._count += len(complete[0])
        for point, figures in complete.items():
            self._figures[point] += figures
            if point not in self._needed:
                above, below = zip(*self._figures[point], strict=True)
                decision = decide(self.until.rule, above, below)
                if decision.done:
                    self._needed[point] = decision.run
