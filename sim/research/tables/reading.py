"""Results on disk: read as tables, and asked in SQL."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from sim.imported import needed
from sim.research.tables import arrow
from sim.research.tables.columns import TABLES, Row

if TYPE_CHECKING:
    from pandas import DataFrame as PandasFrame
    from polars import DataFrame as PolarsFrame
    from pyarrow import Table as ArrowTable

SHARDS: Final = "shards"
"""The folder in that of an experiment in which each shard has a folder of its own."""

_EXTRA: Final = "research"
_CHUNK: Final = 1_000
_CLASS: Final = re.compile(r"^[A-Z][A-Za-z ]* Error: ")
_CLOSED: Final = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
"""A query sees the tables and nothing else: no files, no network."""


@frozen
class Answer:
    """What a query gives: the names of the columns, then rows as they come."""

    columns: tuple[str, ...]
    rows: Iterator[Row] = field(repr=False)


@frozen
class Stored:
    """The tables of an experiment's folder. Raises ``ValueError`` if that has no results."""

    folder: Path = field(converter=Path)

    def __attrs_post_init__(self) -> None:
        if not (self.folder / SHARDS).is_dir():
            where = "there is no such folder" if not self.folder.is_dir() else "it has no results"
            raise ValueError(f"{self.folder}: {where}; `sim sweep … -o DIR` writes them")

    def files(self, name: str) -> list[Path]:
        """The files of a table, one a shard that is done: points and replications in order."""
        shards = sorted((self.folder / SHARDS).iterdir(), key=_in_order)
        found = [shard / arrow.file_of(name) for shard in shards if shard.name[0] != "."]
        return [file for file in found if file.is_file()]

    def to_arrow(self, name: str) -> ArrowTable:
        """The table of that name as Arrow has it. Raises ``ValueError`` for another name."""
        table: ArrowTable = self._data(name).to_table()
        return table

    def to_pandas(self, name: str) -> PandasFrame:
        """The table of that name as a pandas DataFrame."""
        frame: PandasFrame = arrow.to_pandas(self.to_arrow(name))
        return frame

    def to_polars(self, name: str) -> PolarsFrame:
        """The table of that name as a polars DataFrame."""
        frame: PolarsFrame = arrow.to_polars(self.to_arrow(name))
        return frame

    def query(self, sql: str) -> Answer:
        """Ask DuckDB; the tables are there by their names.

        Raises ``ValueError`` with one sentence for a query that is wrong.
        """
        duckdb = needed("duckdb", "a query", _EXTRA)
        connection = duckdb.connect(config=_CLOSED)
        for name in TABLES:
            connection.register(name, self._data(name))
        try:
            found = connection.execute(sql)
        except duckdb.Error as failure:
            raise ValueError(_sentence(failure)) from None
        if found is None:
            raise ValueError(
                "there is no query: write SELECT … FROM sessions, events, runs or metrics"
            )
        columns = tuple([column[0] for column in found.description or ()])
        return Answer(columns, _rows(duckdb, found))

    def _data(self, name: str) -> Any:
        schema = arrow.schema(arrow.named(name))
        dataset = needed("pyarrow.dataset", "a table", _EXTRA)
        files = [os.fspath(file) for file in self.files(name)]
        return dataset.dataset(files, schema=schema, format="parquet")


def read(folder: str | os.PathLike[str]) -> Stored:
    """The tables that a sweep has written into a folder.

    Raises ``ValueError`` with one sentence if it has none.
    """
    return Stored(folder)


def _in_order(shard: Path) -> list[tuple[int, str]]:
    """Names in the order of the numbers in them."""
    parts = re.findall(r"[0-9]+|[^0-9]+", shard.name)
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def _rows(duckdb: Any, found: Any) -> Iterator[Row]:
    try:
        while rows := found.fetchmany(_CHUNK):
            yield from rows
    except duckdb.Error as failure:
        raise ValueError(_sentence(failure)) from None


def _sentence(failure: Exception) -> str:
    """What DuckDB says, on one line, without its drawing of where."""
    lines = [line.strip() for line in str(failure).splitlines()]
    drawing = next((n for n, line in enumerate(lines) if line.startswith("LINE ")), len(lines))
    return _CLASS.sub("", " ".join(filter(None, lines[:drawing])))
