"""The loop: shards of an experiment, run by whatever there is, into a folder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import closing, suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import define, evolve, field, frozen

from sim.research.experiments import Experiment, load
from sim.research.metrics import Metric
from sim.research.metrics.figures import Figures, MixedError
from sim.research.metrics.metric import Said
from sim.research.running import cluster, pool
from sim.research.running.enough import Enough
from sim.research.running.progress import Progress
from sim.research.running.sending import can_be_sent, sent
from sim.research.running.shards import Made, Plan, Shard, Task, gathered, make, watch
from sim.research.running.sizes import size
from sim.research.running.store import Done, Store
from sim.scenario import Scenario

if TYPE_CHECKING:
    from distributed import Client

    from sim.research.results import Results

_now: Final = time.monotonic  # noqa: TID251 - the time of who waits, not that of the story

_CACHED: Final = 256
"""So many scenarios of points are kept."""

Spread = Callable[[Callable[[Task], Any], Iterable[Task]], Generator[Any, None, None]]
Told = Callable[[Progress], object]


@frozen
class Part:
    """One of ``of`` parts of all shards, from 1: what one job of a batch system does."""

    number: int
    of: int

    def __attrs_post_init__(self) -> None:
        if not 1 <= self.number <= self.of:
            raise ValueError(f"there is no part {self.number} of {self.of}: they count from 1")

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def sweep(
    experiment: Experiment | str | os.PathLike[str],
    folder: str | os.PathLike[str] | None = None,
    *,
    jobs: int | None = None,
    client: Client | None = None,
    part: tuple[int, int] | None = None,
    resume: bool = False,
    progress: Told | None = None,
) -> Results:
    """Run an experiment, or the file of one, and return its results.

    They are kept in ``folder``, or else in a temporary one that goes with them. ``jobs`` processes
    run it, one for each core if not said; or the workers of a dask cluster, whose ``client`` is
    given. ``part`` ``(2, 8)`` runs the second eighth of it alone. With ``resume`` the folder may
    have what was done before of the same experiment: the rest is run. ``progress`` is told a
    :class:`~sim.research.running.progress.Progress` after each shard.

    The results are the same whatever runs them. Raises :class:`~sim.scenario.ScenarioError` for a
    bad experiment, ``ValueError`` for a folder or a part that cannot be, ``OSError`` where the disk
    is full; what is done by then stays there.
    """
    from sim.research.results import Results  # noqa: PLC0415 - it reads what this writes

    found = experiment if isinstance(experiment, Experiment) else load(experiment)
    chosen = None if part is None else Part(*part)
    count = pool.processes(jobs)
    if chosen is not None and found.until is not None:
        raise ValueError(
            "a stopping rule looks at all shards, and a part is some of them: say how many "
            "replications there are to be"
        )
    results = Results.within(folder, found)
    if client is not None:
        spread: Spread = partial(cluster.spread, client=client)
    else:
        spread = partial(pool.spread, jobs=count)
    sendable = can_be_sent(found.measured, cluster=client is not None)
    store = Store(results.folder, found)
    store.begin(resume=resume, shared=chosen is not None)
    _Sweep(store, spread, progress, chosen, sendable).run()
    return results


def replicate(
    scenario: Scenario | str | os.PathLike[str],
    n: int,
    *,
    jobs: int | None = None,
    metrics: Iterable[Any] | Metric | str = (),
) -> Results:
    """Run ``n`` replications of a scenario, or of the file of one, on all cores.

    ``jobs`` and ``metrics`` are those of :func:`sweep` and of an experiment; errors likewise.

    >>> import sim
    >>> runs = sim.replicate("scenarios/clean-goodbye.yaml", 4)
    >>> runs.runs
    4
    """
    named = scenario.name if isinstance(scenario, Scenario) else Path(scenario).stem
    name = "".join(each if each.isascii() and each.isalnum() else "-" for each in named)
    experiment = Experiment(
        name=f"replications of {name}"[:80],
        scenario=scenario,
        replications=n,
        metrics=(metrics,)
        if isinstance(metrics, str | Metric) or callable(metrics)
        else tuple(metrics),
    )
    return sweep(experiment, jobs=jobs)


@define
class _Sweep:
    """One sweep under way."""

    store: Store
    spread: Spread
    told: Told | None
    part: Part | None
    sendable: bool
    """Whether whoever runs a shard can be given the metrics. If not, they are measured here."""
    _size: int = field(init=False)
    _enough: Enough | None = field(init=False)
    _finished: set[Shard] = field(factory=set)
    _breaches: int = 0
    _kinds: dict[str, type[Said]] = field(factory=dict)
    """By metric, what it has turned out to be: a ratio, or durations."""
    _scenario: Callable[[int], Scenario] = field(init=False)

    def __attrs_post_init__(self) -> None:
        experiment = self.store.experiment
        until, points = experiment.until, experiment.points
        self._size = size(experiment.scenario)
        self._enough = None if until is None else Enough(until, len(points))
        # Shards of one point may follow each other, or those of the same replications.
        self._scenario = lru_cache(_CACHED)(lambda number: experiment.at(points[number]))

    def run(self) -> None:
        """Do what is not done yet, then say in the manifest what there is."""
        if self.store.complete:
            return
        for done in self.store.done():
            self._take(done)
        most = self.store.experiment.most
        try:
            if not self._known():
                self._work(most, until=self._known)
            self._work(self._needed() or most)
        except BaseException:
            with suppress(OSError):  # the disk may be full, and what is done is there all the same
                self.store.interrupt()
            raise
        self.store.finish(self._plan(self._needed() or most))

    def _needed(self) -> int | None:
        """How many replications of each point the stopping rule wants, once that is known."""
        return None if self._enough is None else self._enough.replications

    def _known(self) -> bool:
        """Whether it is known how many replications of each point there are to be."""
        return self._enough is None or self._enough.replications is not None

    def _work(self, most: int, until: Callable[[], bool] = lambda: False) -> None:
        """Run what is missing of so many replications, or until that is so."""
        with closing(self._made(most)) as shards:
            for _ in shards:
                if until():
                    return

    def _made(self, most: int) -> Generator[None, None, None]:
        """Run what is missing of so many replications, and save each shard as it comes."""
        mine = self._plan(most, self.part)
        runs = before = sum(shard.count for shard in self._finished if shard in mine)
        missing = (shard for shard in mine if shard not in self._finished)
        began = _now()
        with closing(self._run(missing)) as shards:
            for made in shards:
                self._agree(made)
                done = Done.of(made, self._kept())
                self.store.save(made, done)
                self._take(done)
                runs += made.shard.count
                if self.told is not None:
                    self.told(
                        Progress(
                            runs=runs,
                            total=mine.runs,
                            seconds=_now() - began,
                            breaches=self._breaches,
                            before=before,
                            at_most=not self._known(),
                        )
                    )
                yield

    def _agree(self, made: Made) -> None:
        """Raise ``ValueError`` if a metric is of durations in some runs, and a number in others."""
        for name, said in made.figures.items():
            kind = Figures.of(said).checked(name).said
            if kind is not None and self._kinds.setdefault(name, kind) is not kind:
                raise MixedError.of(name)

    def _run(self, shards: Iterable[Shard]) -> Generator[Made, None, None]:
        """Run these, as they are ready."""
        tasks = map(self._task, shards)
        if self.sendable:
            yield from self.spread(make, tasks)
            return
        with closing(self.spread(watch, (evolve(task, metrics=()) for task in tasks))) as watched:
            for shard, runs in watched:
                yield gathered(self._task(shard), runs)

    def _plan(self, most: int, part: Part | None = None) -> Plan:
        """All shards, or those of a part."""
        number, of = (1, 1) if part is None else (part.number, part.of)
        return Plan(len(self.store.experiment.points), most, self._size, number, of)

    def _task(self, shard: Shard) -> Task:
        experiment = self.store.experiment
        return Task(
            shard, self._scenario(shard.point), sent(experiment.measured), experiment.warm_up
        )

    def _kept(self) -> tuple[str, ...]:
        """The metric whose figures are needed to stop."""
        until = self.store.experiment.until
        return () if until is None else (until.metric.name,)

    def _take(self, done: Done) -> None:
        shard = done.shard
        self._finished.add(shard)
        self._breaches += sum(done.breaches.values())
        whole = min(self._size, self.store.experiment.most - shard.first)
        if self._enough is not None and shard.count == whole:  # else it was cut to what is enough
            [name] = self._kept()
            self._enough.take(shard.first, shard.point, done.figures[name])
