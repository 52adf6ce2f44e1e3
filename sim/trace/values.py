"""Whether a record that was read has the types of values that the table of records promises."""

from __future__ import annotations

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
    entry = find(record.kind, record.object, record.name)
    for key, value in record.data.items():
        if entry is None:
            wrong = _misread(key, value)
        else:
            field = entry.fields.get(key)
            wrong = None if field is None or field.fits(value) else field
        if wrong is not None:
            return f"the record's {key} must be {wrong.says}, not {_named(value)}"
    return None


def _misread(key: str, value: Any) -> Field | None:
    """What a key may have, in a record that the table does not list, if it has something else.

    A later version may write a record of another kind, but no key of it means something else.
    """
    allowed = _BY_KEY.get(key, ())
    return allowed[0] if allowed and not any(each.fits(value) for each in allowed) else None


def _named(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return "null" if value is None else names.get(type(value), "a number")
