"""Shards: some replications of one design point, run together by a pure function."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from math import ceil

from attrs import field, frozen

from sim.research.metrics import Metric
from sim.research.metrics.asking import ask
from sim.research.metrics.catalogue import catalogue
from sim.research.metrics.metric import Said
from sim.research.observing import Observed, observe
from sim.research.running.warming import after
from sim.research.tables import Figure, Tables
from sim.scenario import Scenario


@frozen(order=True)
class Shard:
    """The replications from ``first`` on, ``count`` of them, of one point."""

    first: int
    point: int
    count: int

    @property
    def name(self) -> str:
        """What it is called on disk.

        >>> Shard(first=20, point=3, count=10).name
        'point-3-from-20-to-29'
        """
        return f"point-{self.point}-from-{self.first}-to-{self.first + self.count - 1}"


@frozen
class Plan:
    """How replications of all points are cut into shards: the first ones of all points come first.

    Of a plan in ``of`` parts it may be the part ``number``, from 1: every so many-th shard. Nothing
    is listed, so that it may be as long as it likes.

    >>> [shard.name for shard in Plan(points=2, replications=5, size=3)]
    ... # doctest: +NORMALIZE_WHITESPACE
    ['point-0-from-0-to-2', 'point-1-from-0-to-2', 'point-0-from-3-to-4', 'point-1-from-3-to-4']
    """

    points: int
    replications: int
    size: int
    number: int = 1
    of: int = 1

    def __iter__(self) -> Iterator[Shard]:
        return map(self._at, self._places(ceil(self.replications / self.size)))

    def __contains__(self, shard: Shard) -> bool:
        place = shard.first // self.size * self.points + shard.point
        return place in self._places(ceil(self.replications / self.size)) and (
            self._at(place) == shard
        )

    @property
    def runs(self) -> int:
        """How many runs there are in it."""
        rounds, rest = divmod(self.replications, self.size)
        whole, all_ = len(self._places(rounds)), len(self._places(rounds + 1))
        return whole * self.size + (all_ - whole) * rest

    def _places(self, rounds: int) -> range:
        """Of the shards of so many rounds, which are in it."""
        return range(self.number - 1, rounds * self.points, self.of)

    def _at(self, place: int) -> Shard:
        done, point = divmod(place, self.points)
        first = done * self.size
        return Shard(first, point, min(self.size, self.replications - first))


# -- running ---------------------------------------------------------------------------------------


@frozen
class Task:
    """A shard with all that running it takes."""

    shard: Shard
    scenario: Scenario = field(repr=False)
    metrics: tuple[Metric | str, ...] = field(repr=False)
    """Shipped ones by name: they are everywhere, and the others are sent along."""
    warm_up: int = 0
    events: bool = True


@frozen
class Made:
    """A shard that has been run: its files by name, its digest, and what is told of it at once."""

    shard: Shard
    files: Mapping[str, bytes] = field(repr=False)
    digest: int
    failed: int
    """How many runs broke a law or an expectation that was not to break."""
    breaches: Mapping[str, int]
    """By law, how often it broke."""
    figures: Mapping[str, tuple[Said, ...]] = field(repr=False)
    """By metric, what each run says, in order."""


def make(task: Task) -> Made:
    """Run a shard. What comes out depends on the task and on the version, and on nothing else."""
    with libraries_left_alone():
        return gathered(task, _runs(task))


def watch(task: Task) -> tuple[Shard, tuple[Observed, ...]]:
    """Run a shard, and leave what is measured of it to another process, which has the metrics."""
    with libraries_left_alone():
        return task.shard, tuple(_runs(task))


@contextmanager
def libraries_left_alone() -> Iterator[None]:
    """Let Python's collector look only through what is made inside, and not at what was there.

    Each run leaves cycles behind, and libraries of research are large: to look through them again
    and again costs 8 % of a sweep of ten-minute runs (``benchmarks/research.py``). Who has frozen
    objects already keeps them so.
    """
    if gc.get_freeze_count():
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _runs(task: Task) -> Iterator[Observed]:
    shard = task.shard
    for number in range(shard.first, shard.first + shard.count):
        yield observe(task.scenario, replication=number, point=shard.point, events=task.events)


def gathered(task: Task, runs: Iterable[Observed]) -> Made:
    """What the runs of a shard say: their tables, and the metrics of them."""
    tables, failed, breaches = Tables(), 0, Counter[str]()
    figures: dict[str, list[Said]] = {}
    for seen in runs:
        measured = list(_measured(task, seen))
        tables.add(seen, measured)
        failed += seen.exit_code != 0
        breaches.update(seen.breaches)
        for each in measured:
            figures.setdefault(each.metric, []).append(each.said)
    return Made(
        shard=task.shard,
        files=tables.files(),
        digest=tables.digest,
        failed=failed,
        breaches=dict(breaches),
        figures={name: tuple(values) for name, values in figures.items()},
    )


def _measured(task: Task, seen: Observed) -> Iterator[Figure]:
    """The metrics of a run; if it has a warm-up, of what began after it."""
    judged = after(seen, task.warm_up)
    shipped = catalogue()
    for each in task.metrics:
        metric = shipped[each] if isinstance(each, str) else each
        yield Figure(metric.name, ask(metric, seen, judged))
