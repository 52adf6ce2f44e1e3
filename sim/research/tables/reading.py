"""Results on disk: read as tables, and asked in SQL."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from sim.imported import needed
from sim.research.tables import arrow
from sim.research.tables.columns import TABLES, Row
from sim.research.tables.derived import POINTS, points
from sim.research.tables.manifests import MANIFEST, StoreError, check_form, manifest
from sim.wording import listing, not_one_of

if TYPE_CHECKING:
    from pandas import DataFrame as PandasFrame
    from polars import DataFrame as PolarsFrame
    from pyarrow import Table as ArrowTable

SHARDS: Final = "shards"
"""The folder in that of an experiment in which each shard has a folder of its own."""

ALL: Final = (*TABLES, POINTS)
"""What can be asked for by name."""

_EXTRA: Final = "research"
_CHUNK: Final = 1_000
_CLASS: Final = re.compile(r"^[A-Z][A-Za-z ]* Error: ")
_UNKNOWN: Final = re.compile(r"^Catalog Error: Table with name (\S+) does not exist!")
_CLOSED: Final = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
"""A query sees the tables and nothing else: no files, no network."""


@frozen
class Answer:
    """What a query gives: the names of the columns, then rows as they come, and only once."""

    columns: tuple[str, ...]
    rows: Iterator[Row] = field(repr=False)

    def __iter__(self) -> Iterator[Row]:
        return self.rows

    def to_pandas(self) -> PandasFrame:
        """The rows that have not been taken yet as a pandas DataFrame."""
        pandas = needed("pandas", "to_pandas()", _EXTRA)
        frame: PandasFrame = pandas.DataFrame(list(self.rows), columns=list(self.columns))
        return frame

    def to_polars(self) -> PolarsFrame:
        """The rows that have not been taken yet as a polars DataFrame."""
        polars = needed("polars", "to_polars()", _EXTRA)
        frame: PolarsFrame = polars.DataFrame(
            list(self.rows), schema=list(self.columns), orient="row", infer_schema_length=None
        )
        return frame


@frozen
class Stored:
    """The tables of an experiment's folder. Raises ``ValueError`` if that has no results."""

    folder: Path = field(converter=Path)

    def __attrs_post_init__(self) -> None:
        if not (self.folder / SHARDS).is_dir():
            where = "there is no such folder" if not self.folder.is_dir() else "it has no results"
            raise ValueError(f"{self.folder}: {where}; `sim sweep … -o DIR` writes them")
        found = _manifest(self.folder)
        if found is not None:
            check_form(self.folder, found)

    def files(self, name: str) -> list[Path]:
        """The files of a table, one a shard that is done: points and replications in order."""
        shards = sorted((self.folder / SHARDS).iterdir(), key=_in_order)
        found = [shard / arrow.file_of(name) for shard in shards if shard.name[0] != "."]
        return [file for file in found if file.is_file()]

    def to_arrow(self, name: str) -> ArrowTable:
        """The table of that name as Arrow has it. Raises ``ValueError`` for another name."""
        if name not in ALL:
            raise ValueError(not_one_of(name, ALL, "a table"))
        table: ArrowTable = self._points() if name == POINTS else self._data(name).to_table()
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

        Raises ``ValueError`` with one sentence for a query that is wrong, and for several.
        """
        duckdb = needed("duckdb", "a query", _EXTRA)
        connection = duckdb.connect(config=_CLOSED)
        try:
            count = len(connection.extract_statements(sql))
        except duckdb.Error as failure:
            raise ValueError(_sentence(failure)) from None
        if count > 1:
            raise ValueError(f"there are {count} queries: ask one at a time")
        if not count:
            raise ValueError(f"there is no query; the tables to ask are {listing(ALL)}")
        for name in TABLES:
            connection.register(name, self._data(name))
        if any(word in sql.casefold() for word in (POINTS, "tables")):  # it costs time to make
            connection.register(POINTS, self._points())
        try:
            found = connection.execute(sql)
        except duckdb.Error as failure:
            raise ValueError(_sentence(failure)) from None
        columns = tuple([column[0] for column in found.description or ()])
        return Answer(columns, _rows(duckdb, found))

    def _points(self) -> Any:
        from sim.research.experiments import Point  # noqa: PLC0415 - it brings the language

        try:
            manifest = json.loads((self.folder / MANIFEST).read_bytes())
            return points([Point(each["point"], each["values"]) for each in manifest["points"]])
        except FileNotFoundError:
            raise ValueError(
                f"{self.folder}: without {MANIFEST} nobody knows what its points are;"
                " `sim sweep … -o DIR --resume` writes it"
            ) from None
        except (ValueError, KeyError, TypeError):
            file = self.folder / MANIFEST
            raise ValueError(f"{file} is not the manifest of an experiment") from None

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


def _manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest if there is one: who asks the tables alone needs none."""
    try:
        return manifest(folder)
    except StoreError:
        return None


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
    """What DuckDB says, on one line, without its drawing of where; of tables, those of ours."""
    unknown = _UNKNOWN.search(str(failure))
    if unknown:
        return not_one_of(unknown[1], ALL, "a table")
    lines = [line.strip() for line in str(failure).splitlines()]
    drawing = next((n for n, line in enumerate(lines) if line.startswith("LINE ")), len(lines))
    return _CLASS.sub("", " ".join(filter(None, lines[:drawing])))
