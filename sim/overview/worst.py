"""Which runs of a sweep are the worst: those that broke something, then the most extreme ones.

Of those that broke something each design point has its worst first, that with the most breaks of
laws, then each its second, and so on. Then come the highest and the lowest value of each metric
over all runs, the ones first that are farthest from the mean, in standard deviations. A value that
more than a tenth of the runs of its point have is no extreme: points share their luck, so where
they do not differ, they have it together. One run may be there for several reasons.

Shards are read one after the other, so that memory does not grow with the number of runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from math import nan, sqrt
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from attrs import define, evolve, field, frozen

from sim.imported import needed
from sim.research.metrics import Metric
from sim.research.running import figures
from sim.research.running.shards import Shard
from sim.research.showing.values import figure
from sim.research.statistics.intervals import Array
from sim.research.tables.arrow import file_of

COMMON: Final = 0.1
"""A value that a larger share of the runs of its point have is no extreme."""
Places = npt.NDArray[np.intp]

_RUNS: Final = file_of("runs")
_COLUMNS: Final = ["law_breaks", "exit_code", "digest"]


@frozen
class Chosen:
    """A run that is worth a look, and why."""

    point: int
    replication: int
    digest: str = field(repr=False)
    """Of its story, as the sweep saw it."""
    reasons: tuple[str, ...] = ()
    breaks: int = 0
    """How often laws broke in it; of a run in which all held that was to hold it is not counted."""
    is_broken: bool = False

    @property
    def order(self) -> tuple[int, int]:
        """Of two that are alike, the less is taken."""
        return self.replication, self.point


@define
class _Spread:
    """Mean and standard deviation of a metric's values, as far as shards have been read."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0
    counts: Counter[int] = field(factory=Counter)
    """By point, how many values there are."""

    def see(self, point: int, values: Array) -> None:
        """Take in the values of a shard."""
        self.count += len(values)
        self.counts[point] += len(values)
        self.total += float(values.sum())
        self.squares += float((values**2).sum())

    def distance(self, value: float) -> float:
        """How many standard deviations from the mean; 0 where all values are the same."""
        if not self.count:
            return 0.0
        mean = self.total / self.count
        deviation = sqrt(max(self.squares / self.count - mean**2, 0.0))
        return abs(value - mean) / deviation if deviation else 0.0


@define
class _Extreme:
    """The farthest value of a metric in one direction, as far as shards have been read."""

    metric: Metric
    spread: _Spread
    sign: int
    value: float = nan
    run: Chosen | None = None
    alike: Counter[int] = field(factory=Counter)
    """By point, how many runs have it."""

    def see(self, runs: _Runs, places: Places, values: Array) -> None:
        """Take in the values of a shard, and at which of its places they are."""
        best = float(values.max() if self.sign > 0 else values.min())
        is_new = self.run is None or (best - self.value) * self.sign > 0
        if not is_new and best != self.value:
            return
        alike = np.flatnonzero(values == best)
        first = runs.run(int(places[int(alike[0])]))
        if is_new:
            self.value, self.run = best, first
            self.alike.clear()
        elif self.run is not None and first.order < self.run.order:
            self.run = first
        self.alike[first.point] += len(alike)

    @property
    def distance(self) -> float:
        """How extreme it is; 0 if it is not, as too many runs have it."""
        if self.run is None:
            return 0.0
        point = self.run.point
        is_rare = self.alike[point] <= max(1.0, COMMON * self.spread.counts[point])
        return self.spread.distance(self.value) if is_rare else 0.0

    @property
    def reason(self) -> str:
        """What is so extreme, in words."""
        unit = self.metric.unit
        said = "highest" if self.sign > 0 else "lowest"
        amount = f"{figure(self.value)}{_UNITS.get(unit, f' {unit}')}"
        side = "above" if self.sign > 0 else "below"
        distance = f"{self.distance:.1f} standard deviations {side} the mean"
        return f"{said} {self.metric.name}: {amount}, {distance}"


_UNITS: Final = {"1": "", "1/h": " per hour"}


@frozen
class _Runs:
    """The runs of a shard: columns of their table."""

    shard: Shard
    breaks: Sequence[int]
    codes: Sequence[int]
    digests: Any

    @classmethod
    def read(cls, folder: Path, shard: Shard) -> _Runs:
        """The columns that matter of the shard in that folder."""
        parquet = needed("pyarrow.parquet", "a table", "research")
        breaks, codes, digests = parquet.read_table(folder / _RUNS, columns=_COLUMNS).columns
        return cls(shard, breaks.to_pylist(), codes.to_pylist(), digests)

    def run(self, place: int) -> Chosen:
        """The run at a place of the shard."""
        return Chosen(self.shard.point, self.shard.first + place, self.digests[place].as_py())

    def broken(self) -> Iterator[Chosen]:
        """Those that broke what was not to break."""
        for place, code in enumerate(self.codes):
            if code:
                yield evolve(self.run(place), breaks=self.breaks[place], is_broken=True)


def worst(
    folder: Path, shards: Iterable[Shard], metrics: Sequence[Metric], most: int
) -> list[Chosen]:
    """The worst runs in the shards of a folder, ``most`` of them at most, the worst first."""
    broken: dict[int, list[Chosen]] = {}
    spreads = {metric.name: _Spread() for metric in metrics}
    extremes = [_Extreme(metric, spreads[metric.name], s) for metric in metrics for s in (1, -1)]
    for shard in sorted(shards):
        here = folder / shard.name
        runs = _Runs.read(here, shard)
        kept = broken.get(shard.point, [])
        broken[shard.point] = nsmallest(most, [*kept, *runs.broken()], key=_badness)
        for name, found in figures.read(folder, [shard], spreads).items():
            places, values = found.values()
            if len(places):
                spreads[name].see(shard.point, values)
                for extreme in extremes:
                    if extreme.metric.name == name:
                        extreme.see(runs, places, values)
    return _most(_in_turn(broken.values(), most), extremes, most)


def _most(broken: Iterable[Chosen], extremes: Iterable[_Extreme], most: int) -> list[Chosen]:
    """Those that broke something and then the most extreme ones, each with all its reasons."""
    found = {each.order: each for each in broken}
    for extreme in sorted(extremes, key=lambda each: -each.distance):
        if extreme.run is None or not extreme.distance:
            continue
        run = found.get(extreme.run.order, extreme.run)
        if run.order in found or len(found) < most:
            found[run.order] = evolve(run, reasons=(*run.reasons, extreme.reason))
    return list(found.values())


def _badness(run: Chosen) -> tuple[int, int]:
    return -run.breaks, run.replication


def _in_turn(broken: Iterable[Sequence[Chosen]], most: int) -> list[Chosen]:
    """Of each point the worst, then of each the second."""
    ranked = [(rank, _badness(run), run) for runs in broken for rank, run in enumerate(runs)]
    ordered = sorted(ranked, key=lambda each: (each[0], each[1], each[2].point))
    return [run for _, _, run in ordered[:most]]
