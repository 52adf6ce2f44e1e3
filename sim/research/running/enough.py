"""When a stopping rule has seen enough of every point.

It looks at whole rounds, of the same replications of all points, in their order: so what it says
does not depend on which shards happen to be ready first. All points go on until the last of them
has been replicated enough, so that they remain comparable pair by pair.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define, field

from sim.research.experiments import Until
from sim.research.metrics.figures import Figures
from sim.research.metrics.metric import Said
from sim.research.metrics.stopping import decided


@define
class Enough:
    """Told of shards in any order; :attr:`replications` says how many of each point are enough."""

    until: Until
    points: int
    _rounds: dict[int, dict[int, Figures]] = field(factory=dict)
    _figures: list[Figures] = field(init=False)
    _looked: list[dict[int, bool]] = field(init=False)
    """By point, after how many replications its interval was looked at, and was narrow or not."""
    _needed: dict[int, int] = field(factory=dict)
    _count: int = 0

    def __attrs_post_init__(self) -> None:
        self._figures = [Figures.of(()) for _ in range(self.points)]
        self._looked = [{} for _ in range(self.points)]

    @property
    def replications(self) -> int | None:
        """How many replications of each point had to be run; None while that is not known."""
        return max(self._needed.values()) if len(self._needed) == self.points else None

    def take(self, first: int, point: int, said: Iterable[Said]) -> None:
        """Take what the runs of a shard say of the metric, in order."""
        self._rounds.setdefault(first, {})[point] = Figures.of(said)
        while len(self._rounds.get(self._count, ())) == self.points:
            self._look(self._rounds.pop(self._count))

    def _look(self, complete: dict[int, Figures]) -> None:
        self._count += len(complete[0])
        for point, figures in complete.items():
            if point not in self._needed:
                both = Figures.joined([self._figures[point], figures])
                self._figures[point] = both.checked(self.until.metric.name)
                looked = self._looked[point]
                decision = decided(self.until.rule, self._figures[point], looked)
                if decision.done:
                    self._needed[point] = decision.run
