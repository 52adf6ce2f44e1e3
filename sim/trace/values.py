"""Whether a record that was read has the types of values that the table of records promises."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from sim.protocol.records import RECORDS, Field, find
from sim.trace.records import Record

_BY_KEY: Final = {
    key: tuple(dict.fromkeys(f for entry in RECORDS for f in entry.data if f.name == key))
    for key in dict.fromkeys(f.name for entry in RECORDS for f in entry.data)
}
"""Key → what it may have in one record or another."""


def flaw(record: Record) -> str | None:
    """What is wrong with the record's data, in one sentence; None if nothing is.

    >>> flaw(Record(0, 1, "bob", "platform", "state", "joined", {"connection": []}, None))
    "the record's connection must be a text, not a list"
    """
    fields = _fields(record.kind, record.object, record.name)
    for key, value in record.data.items():
        allowed = _BY_KEY.get(key, ()) if fields is None else fields.get(key, ())
        if allowed and not any(field.fits(value) for field in allowed):
            return f"the record's {key} must be {allowed[0].says}, not {_named(value)}"
    return None


@lru_cache(maxsize=4096)
def _fields(kind: str, object: str, name: str) -> dict[str, tuple[Field, ...]] | None:
    """By key, what a record of that kind may have; None for one that the table does not list.

    A later version may write such a record, but no key of it means something else there.
    """
    entry = find(kind, object, name)
    return None if entry is None else {field.name: (field,) for field in entry.data}


def _named(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return "null" if value is None else names.get(type(value), "a number")
