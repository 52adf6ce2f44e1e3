"""Rows of runs are gathered in memory until there are enough for a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.research.observing.observed import Observed
from sim.research.tables import arrow
from sim.research.tables.columns import TABLES, Figure, Row
from sim.research.tables.digest import of_run, of_runs

if TYPE_CHECKING:
    from pandas import DataFrame as PandasFrame
    from polars import DataFrame as PolarsFrame
    from pyarrow import Table as ArrowTable


class Tables:
    """The tables of some runs, by the names of :data:`~sim.research.tables.columns.TABLES`.

    >>> tables = Tables()
    >>> tables.digest, len(tables)
    (0, 0)
    """

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {name: [] for name in TABLES}
        self._digest = 0

    def add(self, observed: Observed, figures: Iterable[Figure] = ()) -> None:
        """Add a run, with what it says of metrics."""
        figures = tuple(figures)
        rows = {name: table.rows(observed, figures) for name, table in TABLES.items()}
        for name, each in rows.items():
            self._rows[name] += each
        self._digest = of_runs((self._digest, of_run(rows)))

    def __len__(self) -> int:
        """How many runs there are."""
        return len(self._rows["runs"])

    @property
    def digest(self) -> int:
        """The digest of the rows, below 2¹²⁸: the sum of those of parts is that of the whole."""
        return self._digest

    def to_arrow(self, name: str) -> ArrowTable:
        """The table of that name as Arrow has it. Raises ``ValueError`` for another name."""
        table = arrow.named(name)
        made: ArrowTable = arrow.table(table, self._rows[name])
        return made

    def to_pandas(self, name: str) -> PandasFrame:
        """The table of that name as a pandas DataFrame."""
        frame: PandasFrame = arrow.to_pandas(self.to_arrow(name))
        return frame

    def to_polars(self, name: str) -> PolarsFrame:
        """The table of that name as a polars DataFrame."""
        frame: PolarsFrame = arrow.to_polars(self.to_arrow(name))
        return frame

    def files(self) -> dict[str, bytes]:
        """Each table as a Parquet file, by the file's name."""
        return {arrow.file_of(name): arrow.parquet(self.to_arrow(name)) for name in TABLES}
