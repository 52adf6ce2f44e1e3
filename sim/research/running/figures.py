"""The figures of metrics, read from shards."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.imported import needed
from sim.research.metrics.figures import Figures
from sim.research.tables.arrow import file_of
from sim.research.tables.columns import DURATIONS, METRICS, Table

if TYPE_CHECKING:
    from sim.research.running.shards import Shard


def read(folder: Path, shards: Iterable[Shard], metrics: Iterable[str]) -> dict[str, Figures]:
    """By metric, its figures in shards of one point, in their order; they are in ``folder``."""
    parts: dict[str, list[Figures]] = {name: [] for name in metrics}
    for shard in shards:
        here = folder / shard.name
        ratios = _by_metric(here, METRICS, "numerator", "denominator", "replication")
        lasted = _by_metric(here, DURATIONS, "seconds", "ended", "replication")
        for name, found in parts.items():
            found.append(_figures(shard, ratios.get(name), lasted.get(name)))
    return {name: Figures.joined(each).checked(name) for name, each in parts.items()}


def _by_metric(folder: Path, table: Table, *columns: str) -> dict[str, list[Any]]:
    """By metric, these columns of a table of a shard."""
    parquet = needed("pyarrow.parquet", "a table", "research")
    found = parquet.read_table(folder / file_of(table.name), columns=["metric", *columns])
    names = np.asarray(found["metric"].to_pylist(), dtype=object)
    arrays = [found[each].to_numpy() for each in columns]
    return {
        name: [array[names == name] for array in arrays] for name in dict.fromkeys(names.tolist())
    }


def _figures(shard: Shard, ratios: list[Any] | None, lasted: list[Any] | None) -> Figures:
    """What the runs of a shard say of a metric: each a ratio, durations, or nothing."""
    above, below = np.zeros(shard.count), np.zeros(shard.count)
    if ratios is not None:
        numerators, denominators, replications = ratios
        places = replications - shard.first
        above[places], below[places] = numerators, denominators
    seconds, ended, replication = lasted or (np.empty(0), np.empty(0, bool), np.empty(0, int))
    return Figures(above, below, seconds, ended, replication - shard.first)
