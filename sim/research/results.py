"""The results of an experiment: what is in its folder, and what that says."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from attrs import define, field, frozen

from sim.research.experiments import Experiment, Point
from sim.research.experiments.reading import from_stored
from sim.research.metrics import Metric
from sim.research.metrics.estimate import interval, seen_as
from sim.research.metrics.figures import Figures
from sim.research.metrics.stopping import decided
from sim.research.running import figures
from sim.research.running.store import SHARDS, Store
from sim.research.showing.values import several
from sim.research.statistics.intervals import LEVEL, Array, Interval
from sim.research.tables import arrow, derived
from sim.research.tables.manifests import StoreError, check_form, manifest
from sim.research.tables.reading import Answer, Stored
from sim.wording import not_one_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame as PandasFrame
    from polars import DataFrame as PolarsFrame
    from pyarrow import Table as ArrowTable

    from sim.research.running.shards import Shard
    from sim.research.statistics.survival import Survival


_OVERVIEW: Final = "sim.overview"
"""By name: a page is made of results, and results are there without any."""


class Shown(Protocol):
    """What :meth:`Results.report` gives: a :class:`sim.overview.Overview`."""

    def html(self) -> str:
        """One HTML file, which fetches nothing."""
        ...

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write that file, and return its path."""
        ...


@frozen
class Estimate:
    """A metric at a design point, with its interval over the replications."""

    point: Point
    metric: Metric
    interval: Interval
    up_to: float | None = None
    """Of durations of which some went on: where they are cut, in seconds, the longest seen."""

    def to_data(self) -> dict[str, Any]:
        """A row of the table ``estimates``; what is not a number is None."""
        named = {"point": self.point.number, "metric": self.metric.name, "unit": self.metric.unit}
        return named | self.interval.to_data() | {"up_to": self.up_to}


@define(repr=False)
class Results:
    """The results of an experiment, or of the part of it that is done.

    Nothing is in memory: tables and figures are read from :attr:`folder` when they are asked for.
    A folder that :func:`~sim.research.sweep` was not given goes when the results go.
    """

    folder: Path
    experiment: Experiment = field(repr=False)
    temporary: bool = field(default=False, repr=False)
    """Whether the folder goes with the results."""

    @classmethod
    def within(cls, folder: str | os.PathLike[str] | None, experiment: Experiment) -> Results:
        """Results that are kept in a folder, or in a temporary one."""
        if folder is not None:
            return cls(Path(folder), experiment)
        results = cls(Path(tempfile.mkdtemp(prefix="session-sim-")), experiment, temporary=True)
        weakref.finalize(results, shutil.rmtree, results.folder, ignore_errors=True)
        return results

    def __repr__(self) -> str:
        name, points = self.experiment.name, several(len(self.points), "point")
        return f"<results of {name}: {points}, {self._done()}, in {self.folder}>"

    def _done(self) -> str:
        if manifest(self.folder) is None:
            return "nothing done"
        found = self.manifest
        return several(found["runs"], "run") + ("" if found["complete"] else ", not complete")

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What ``manifest.json`` says. Raises ``ValueError`` if there is none.

        While it is not complete it says what is there by now: it may be written once more only
        when all is done, and never if the program was killed.
        """
        found = manifest(self.folder)
        if found is None:
            raise StoreError(f"{self.folder} has no results: no manifest.json")
        return found if found["complete"] else Store(self.folder, self.experiment).so_far()

    @property
    def runs(self) -> int:
        """How many runs are done, over all points."""
        return int(self.manifest["runs"])

    @property
    def replications(self) -> int:
        """How many runs of each point there are."""
        return int(self.manifest["replications"])

    @property
    def complete(self) -> bool:
        """Whether all that was asked for is done."""
        return bool(self.manifest["complete"])

    @property
    def digest(self) -> str | None:
        """32 hexadecimal digits that stand for all rows; None while it is not complete."""
        found: str | None = self.manifest["digest"]
        return found

    @property
    def breaches(self) -> Mapping[str, int]:
        """By law, how often it broke, of those that did."""
        found: Mapping[str, int] = self.manifest["breaches"]
        return found

    @property
    def held(self) -> bool:
        """Whether in every run all held that was to hold."""
        return int(self.manifest["failed"]) == 0

    @property
    def narrow(self) -> bool | None:
        """Whether the stopping rule was met at every point; None if there is none.

        If not, all the replications that it allows were not enough.
        """
        until = self.experiment.until
        if until is None:
            return None
        read = (self._read([until.metric.name], point.number) for point in self.points)
        figures = (found[until.metric.name] for found in read)
        return all(decided(until.rule, each).enough is not None for each in figures)

    @property
    def points(self) -> tuple[Point, ...]:
        """The design points."""
        return self.experiment.points

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """What was measured."""
        return self.experiment.measured

    def figures(self, metric: str, point: int = 0) -> tuple[Array, Array]:
        """Numerators and denominators of a metric in the runs of a point, in their order.

        Of a metric of durations they are the sums and numbers of their pseudo-values: see
        :meth:`~sim.research.statistics.survival.Survival.pseudo`.

        Raises ``ValueError`` for a metric that was not measured, or a point that there is not.
        """
        names = [each.name for each in self.metrics]
        if metric not in names:
            raise ValueError(not_one_of(metric, names, "a metric of these results"))
        self._check(point)
        return self._read([metric], point)[metric].pairs()

    def _check(self, point: int) -> None:
        if not 0 <= point < len(self.points):
            raise ValueError(f"there is no point {point}: there are {len(self.points)}, from 0")

    def _read(self, metrics: Iterable[str], point: int) -> dict[str, Figures]:
        return figures.read(self.folder / SHARDS, self._shards().get(point, ()), metrics)

    def estimates(self, level: float = LEVEL) -> Iterator[Estimate]:
        """Every metric at every point."""
        names, shards = [each.name for each in self.metrics], self._shards()
        for point in self.points:
            here = shards.get(point.number, ())
            found = figures.read(self.folder / SHARDS, here, names)
            for metric in self.metrics:
                of = found[metric.name]
                up_to = of.horizon if of.horizon < inf else None
                yield Estimate(point, seen_as(metric, of), interval(metric, of, level), up_to)

    def survival(self, metric: str = "session-duration", point: int = 0) -> Survival:
        """The curve of Kaplan and Meier of a metric of durations, in seconds.

        What went on at the end of its run is censored. How long sessions last, and their ghosts, is
        in the tables anyway; anything else has to have been measured. Raises ``ValueError`` for
        what is no such metric.
        """
        from sim.research.lasting import survival  # noqa: PLC0415 - it asks the tables

        self._check(point)
        for each in self.metrics:
            if each.name == metric:
                found = self._read([metric], point)[metric]
                if found.lasting or each.lasting:
                    return found.curve
        others = [each.name for each in self.metrics if each.lasting]
        return survival(self.tables, metric, point, self.experiment.warm_up, others)

    def plot(
        self, metric: str | None = None, on: Axes | None = None, *, level: float = LEVEL
    ) -> Axes:
        """Draw a metric over the design points with its intervals; all of them if none is named.

        ``on`` are axes of matplotlib, new ones if not given; they are returned. Raises
        ``ValueError`` for a metric that there is not, ``ModuleNotFoundError`` with the remedy where
        matplotlib is not installed.
        """
        from sim.research.showing.experiments import plot  # noqa: PLC0415 - when it is used

        return plot(self, metric, on, level)

    def report(self, runs: int | None = None) -> Shown:
        """The results at a glance, with the worst runs: ``results.report().save("sweep.html")``.

        So many ``runs`` are shown, or a few. Raises ``ValueError`` if no run is done yet.
        """
        said = {} if runs is None else {"runs": runs}
        shown: Shown = import_module(_OVERVIEW).overview(self, **said)
        return shown

    def _repr_html_(self) -> str:
        from sim.research.showing.experiments import html  # noqa: PLC0415 - when it is used

        return html(self)

    # -- tables ------------------------------------------------------------------------------------

    @property
    def tables(self) -> Stored:
        """``sessions``, ``events``, ``runs``, ``metrics``, ``durations`` and ``points``."""
        return Stored(self.folder)

    def to_arrow(self, table: str = "sessions") -> ArrowTable:
        """A table as Arrow has it: one of :attr:`tables`, or ``estimates``.

        Raises ``ValueError`` for a table that there is not.
        """
        found: ArrowTable
        if table == derived.ESTIMATES:
            found = derived.estimates(each.to_data() for each in self.estimates())
        else:
            found = self.tables.to_arrow(table)
        return found

    def to_pandas(self, table: str = "sessions") -> PandasFrame:
        """A table as a pandas DataFrame; errors as for :meth:`to_arrow`."""
        frame: PandasFrame = arrow.to_pandas(self.to_arrow(table))
        return frame

    def to_polars(self, table: str = "sessions") -> PolarsFrame:
        """A table as a polars DataFrame; errors as for :meth:`to_arrow`."""
        frame: PolarsFrame = arrow.to_polars(self.to_arrow(table))
        return frame

    def query(self, sql: str) -> Answer:
        """Ask DuckDB about the tables. Raises ``ValueError`` for a query that is wrong."""
        return self.tables.query(sql)

    def _shards(self) -> dict[int, list[Shard]]:
        """By point, its shards, in order."""
        from sim.research.running.shards import Shard  # noqa: PLC0415 - it brings the simulator

        found: dict[int, list[Shard]] = {}
        for each in self.manifest["shards"]:
            shard = Shard(each["first"], each["point"], each["count"])
            found.setdefault(shard.point, []).append(shard)
        return found


def read(folder: str | os.PathLike[str]) -> Results:
    """The results in a folder that ``sweep`` has written.

    Of metrics that were functions of the caller's there are the figures, under their names. Raises
    ``ValueError`` if there are no results, or none that this version reads.
    """
    found = manifest(Path(folder))
    if found is None:
        raise StoreError(f"{os.fspath(folder)} has no results: no manifest.json")
    check_form(folder, found)
    return Results(Path(folder), from_stored(found["experiment"], found["metrics"]))
