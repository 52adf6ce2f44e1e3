"""A record as one line of plain text, in the trace's own terms."""

from __future__ import annotations

from typing import Any

from sim.protocol.units import format_clock
from sim.trace.records import Record

_LEFT_OUT = frozenset({"page", "state", "own", "cancelable"})
"""Data of events that are not what the event is about."""


def describe(record: Record) -> str:
    """The record as a line: number, time, who, what, data, cause.

    >>> describe(Record(65_500_000, 12, "bob", "session", "event", "sessionReconnecting", {}, 11))
    '#12 1:05.500 bob session event sessionReconnecting <- #11'
    """
    number = f"#{record.seq}" if record.seq else "-"
    parts = [number, format_clock(record.time), record.client, record.object, record.kind]
    parts.append(record.name)
    parts.extend(
        f"{key}={_brief(value)}" for key, value in record.data.items() if key not in _LEFT_OUT
    )
    if record.cause is not None:
        parts.append(f"<- #{record.cause}")
    return " ".join(part for part in parts if part)


def _brief(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."
