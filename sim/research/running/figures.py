"""The figures of metrics, read from shards: numerator and denominator of each run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.imported import needed
from sim.research.tables.arrow import file_of

FILE: Final = file_of("metrics")
"""The file of a shard in which they are."""

Array = npt.NDArray[np.float64]


def read(folders: Iterable[Path], metrics: Iterable[str]) -> dict[str, tuple[Array, Array]]:
    """By metric, the numerators and denominators in some shards, in their order."""
    parts: dict[str, list[tuple[Array, Array]]] = {name: [] for name in metrics}
    for folder in folders:
        for name, figures in _columns(folder / FILE):
            if name in parts:
                parts[name].append(figures)
    return {name: _joined(each) for name, each in parts.items()}


def _columns(file: Path) -> Iterator[tuple[str, tuple[Array, Array]]]:
    parquet = needed("pyarrow.parquet", "a table", "research")
    table: Any = parquet.read_table(file, columns=["metric", "numerator", "denominator"])
    names = np.asarray(table["metric"].to_pylist(), dtype=object)
    above, below = (table[each].to_numpy() for each in ("numerator", "denominator"))
    for name in dict.fromkeys(names.tolist()):
        chosen = names == name
        yield name, (above[chosen], below[chosen])


def _joined(parts: list[tuple[Array, Array]]) -> tuple[Array, Array]:
    if not parts:
        return np.empty(0), np.empty(0)
    above, below = zip(*parts, strict=True)
    return np.concatenate(above), np.concatenate(below)
