"""Tables in Arrow's form, and as Parquet files.

The bytes of a file are the same wherever the same version of pyarrow writes them; what results are
is said by the digest of their rows.
"""

from __future__ import annotations

from typing import Any, Final

from sim.imported import needed
from sim.research.tables.columns import TABLES, Column, Kind, Row, Table
from sim.wording import not_one_of

_EXTRA: Final = "research"
_WRITER: Final = {
    "version": "2.6",
    "data_page_version": "1.0",
    "compression": "zstd",
    "compression_level": 3,
}


def named(name: str) -> Table:
    """The table of that name. Raises ``ValueError`` with one sentence for another name."""
    if name not in TABLES:
        raise ValueError(not_one_of(name, TABLES, "a table"))
    return TABLES[name]


def file_of(name: str) -> str:
    """What the file of a table is called."""
    return f"{name}.parquet"


def schema(table: Table) -> Any:
    """Arrow's schema of a table: each column says its meaning and unit in its metadata."""
    pyarrow = needed("pyarrow", "a table", _EXTRA)
    return pyarrow.schema([_field(pyarrow, column) for column in table.columns])


def _field(pyarrow: Any, column: Column) -> Any:
    said = {"meaning": column.meaning} | ({"unit": column.unit} if column.unit else {})
    kind = pyarrow.type_for_alias(str(column.kind))
    return pyarrow.field(column.name, kind, nullable=column.empty, metadata=said)


def table(table: Table, rows: list[Row]) -> Any:
    """An Arrow table of these rows."""
    pyarrow = needed("pyarrow", "a table", _EXTRA)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(table.columns)
    shape = schema(table)
    arrays = [pyarrow.array(values, each.type) for values, each in zip(columns, shape, strict=True)]
    return pyarrow.Table.from_arrays(arrays, schema=shape)


def parquet(table: Any) -> bytes:
    """An Arrow table as a Parquet file."""
    pyarrow = needed("pyarrow", "a table", _EXTRA)
    sink = pyarrow.BufferOutputStream()
    needed("pyarrow.parquet", "a table", _EXTRA).write_table(table, sink, **_WRITER)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def to_pandas(table: Any) -> Any:
    """An Arrow table as a pandas DataFrame; whole numbers that may be missing stay whole."""
    pandas = needed("pandas", "to_pandas()", _EXTRA)
    whole = [each.name for each in table.schema if each.nullable and str(each.type) == Kind.WHOLE]
    frame = table.to_pandas(integer_object_nulls=True)
    return frame.astype(dict.fromkeys(whole, pandas.Int64Dtype()))


def to_polars(table: Any) -> Any:
    """An Arrow table as a polars DataFrame."""
    return needed("polars", "to_polars()", _EXTRA).from_arrow(table)
