"""What judges rely on in a record's data: the type of each value that they look at, by its key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sim.trace.records import Record


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_text_or_null(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _counts(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_whole, value.values()))


def _are_whole(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_whole, value))


_KINDS: Final[tuple[tuple[str, Callable[[Any], bool], str], ...]] = (
    ("a text", _is_text, "by command connection element event policy state stream target"),
    ("a text or null", _is_text_or_null, "address from own publisher reason role signal to"),
    ("a text or null", _is_text_or_null, "channel direction error mode subscriber type"),
    ("a whole number", _is_whole, "after call for missed"),
    ("true or false", _is_flag, "active cancelable ignored migrate ok"),
    ("an object of whole numbers", _counts, "page"),
    ("a list of whole numbers", _are_whole, "besides of"),
)
_RULES: Final = {key: (fits, says) for says, fits, keys in _KINDS for key in keys.split()}
_MAY_LACK: Final = frozenset({("call", "connection"), ("call", "stream"), ("call", "target")})
"""A call without an argument that it needs fails, and its record says so."""


def flaw(record: Record) -> str | None:
    """What is wrong with the record's data, in one sentence; None if nothing is.

    >>> flaw(Record(0, 1, "bob", "platform", "state", "joined", {"connection": []}, None))
    "the record's connection must be a text, not a list"
    """
    for key, value in record.data.items():
        rule = _RULES.get(key)
        if rule is None or rule[0](value):
            continue
        if value is not None or (record.kind, key) not in _MAY_LACK:
            return f"the record's {key} must be {rule[1]}, not {_named(value)}"
    return None


def _named(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return "null" if value is None else names.get(type(value), "a number")
