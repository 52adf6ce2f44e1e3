"""What the metrics of an experiment are in each run: a table beside the three of what happened.

=============  ==========================================================================
point          number of the design point
replication    number of the replication
metric         name of the metric
numerator      in the metric's unit; over many runs a metric is the sum of these
denominator    over the sum of these; 0 where a run has nothing to say
=============  ==========================================================================
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

FILE: Final = "metrics.parquet"
"""What the table is called in a shard."""

Array = npt.NDArray[np.float64]


class Figure(NamedTuple):
    """One metric of one run."""

    point: int
    replication: int
    metric: str
    numerator: float
    denominator: float

    @property
    def canonical(self) -> str:
        """The row as text, the same on every machine."""
        return "\t".join(
            [
                str(self.point),
                str(self.replication),
                self.metric,
                float(self.numerator).hex(),
                float(self.denominator).hex(),
            ]
        )


def written(figures: Iterable[Figure]) -> bytes:
    """A Parquet file of them."""
    import pyarrow as pa  # noqa: PLC0415 - a tenth of a second, for those who write or read
    from pyarrow import parquet  # noqa: PLC0415

    schema = pa.schema(
        [
            ("point", pa.int32()),
            ("replication", pa.int64()),
            ("metric", pa.string()),
            ("numerator", pa.float64()),
            ("denominator", pa.float64()),
        ]
    )
    rows = list(figures)
    columns = [[row[column] for row in rows] for column in range(len(schema))]
    file = io.BytesIO()
    parquet.write_table(pa.table(columns, schema=schema), file)
    return file.getvalue()


def read(folders: Iterable[Path], metrics: Iterable[str]) -> dict[str, tuple[Array, Array]]:
    """By metric, the numerators and denominators in some shards, in their order."""
    parts: dict[str, list[tuple[Array, Array]]] = {name: [] for name in metrics}
    for folder in folders:
        for name, figures in _columns(folder / FILE):
            if name in parts:
                parts[name].append(figures)
    return {name: _joined(each) for name, each in parts.items()}


def _columns(file: Path) -> Iterator[tuple[str, tuple[Array, Array]]]:
    from pyarrow import parquet  # noqa: PLC0415

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
