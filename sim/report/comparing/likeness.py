"""When records of two runs tell of the same thing, and when they say the same of it."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Final

from sim.protocol.records import RECORD_NUMBERS, find
from sim.protocol.records.entry import CONNECTION, FLAG, LABEL, REASON, RECORD, STREAM, WORD
from sim.protocol.records.events import OF_EVERY_EVENT
from sim.trace import Record

_TELLING: Final = (CONNECTION, FLAG, LABEL, REASON, STREAM, WORD)
"""Types of values that say what a record is about."""
_NUMBERS: Final = (RECORD, RECORD_NUMBERS)
"""Types of values that are other in another run though it tells the same."""
_PASSING: Final = frozenset(field.name for field in OF_EVERY_EVENT)
"""What an event says of the moment, not of itself."""


def thing(record: Record) -> Hashable:
    """What a record tells of, without when that was and how long it takes."""
    data = record.data
    said = tuple(repr(data.get(name)) for name in _about(record.kind, record.object, record.name))
    return record.object, record.kind, record.name, said


def alike(one: Record, other: Record) -> bool:
    """Whether two records of the same thing say the same: all but their numbers."""
    if one.time != other.time or one.client != other.client:
        return False
    if one.data == other.data:
        return True
    numbers = _numbers(one.kind, one.object, one.name)
    return _without(one, numbers) == _without(other, numbers)


def _without(record: Record, names: frozenset[str]) -> dict[str, object]:
    return {name: value for name, value in record.data.items() if name not in names}


@lru_cache(maxsize=4096)
def _about(kind: str, object: str, name: str) -> tuple[str, ...]:
    entry = find(kind, object, name)
    fields = entry.data if entry else ()
    return tuple(f.name for f in fields if f.type in _TELLING and f.name not in _PASSING)


@lru_cache(maxsize=4096)
def _numbers(kind: str, object: str, name: str) -> frozenset[str]:
    entry = find(kind, object, name)
    fields = entry.data if entry else ()
    return frozenset(f.name for f in fields if f.type in _NUMBERS)
