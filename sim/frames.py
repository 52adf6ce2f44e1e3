"""What a run has kept as a pandas DataFrame, one row a record or an event."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from sim.imported import needed
from sim.trace import Record

if TYPE_CHECKING:
    from pandas import DataFrame

Event = tuple[int, str, str, str, str | None]
"""What an app was told: time in microseconds, client, object, event, reason."""

_COLUMNS: Final = (
    "time_us",
    "time_s",
    "seq",
    "client",
    "object",
    "kind",
    "name",
    "reason",
    "cause",
    "data",
)


def of_records(records: Iterable[Record]) -> DataFrame:
    """A row a record, with its columns in order."""
    return _frame(map(_record, records))


def of_events(events: Iterable[Event]) -> DataFrame:
    """A row an event, in the columns of records: it has no number, no cause and no data."""
    frame = _frame(map(_event, events))
    return frame.astype({"seq": "Int64"}) if len(frame) else frame


def _frame(rows: Iterable[tuple[Any, ...]]) -> DataFrame:
    pandas = needed("pandas", "to_dataframe()", "frames")
    frame: DataFrame = pandas.DataFrame(list(rows), columns=list(_COLUMNS))
    return frame.astype({"cause": "Int64"})


def _record(record: Record) -> tuple[Any, ...]:
    time, seq, client, object, kind, name, data, cause = record
    return time, time / 1e6, seq, client, object, kind, name, data.get("reason"), cause, data


def _event(event: Event) -> tuple[Any, ...]:
    time, client, object, name, reason = event
    return time, time / 1e6, None, client, object, "event", name, reason, None, {}
