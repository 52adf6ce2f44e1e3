"""A record of the trace and its canonical line.

A story record is the JSON array ``[time, seq, client, object, kind, name, data, cause]``; a record
of a finer level has ``seq`` 0 and a ninth element, the level's name. The line is compact ASCII with
sorted keys, so that the same record is the same bytes everywhere.
"""

from __future__ import annotations

import json
import math
from typing import Any, Final, NamedTuple, NoReturn

from sim.protocol.journal import LEVELS, STORY

NAMES: Final = {level: name for name, level in LEVELS.items()}
"""Level → its name on the line."""

LATEST: Final = 2**63 - 1
"""The last microsecond that a trace can tell of: the largest whole number of many programs."""

_DEEPEST: Final = 20


class Record(NamedTuple):
    """One thing that happened. ``time`` is in microseconds; ``cause`` the number of a record.

    ``seq`` counts story records from 1; it is 0 in finer records, whose ``cause`` is the story
    record that led to them. ``client`` is a person's name, or "" when it concerns nobody.
    """

    time: int
    seq: int
    client: str
    object: str
    kind: str
    name: str
    data: dict[str, Any]
    cause: int | None

    @property
    def reason(self) -> Any:
        """The reason in its data; None where it gives none."""
        return self.data.get("reason")


_FORM: Final = {"ensure_ascii": True, "sort_keys": True, "separators": (",", ":")}
_dumps: Final = json.JSONEncoder(**_FORM, check_circular=False, allow_nan=False).encode  # type: ignore[arg-type]


def encode(record: Record, level: int = STORY) -> str:
    """The canonical line of a record, without a line feed."""
    try:
        return _dumps(record if level == STORY else (*record, NAMES[level]))
    except (TypeError, ValueError, RecursionError):
        # An app may pass anything as the data of a signal; the trace shows what it was.
        plain = record._replace(data=_plain(record.data))
        return _dumps(plain if level == STORY else (*plain, NAMES[level]))


def _plain(value: Any, depth: int = 0) -> Any:
    """The nearest thing that JSON can say, the same on every machine."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if value.bit_length() <= 64 else hex(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict) and depth < _DEEPEST:
        return {str(key): _plain(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list | tuple) and depth < _DEEPEST:
        return [_plain(each, depth + 1) for each in value]
    return f"<{type(value).__name__}>"


_SHAPE: Final = (
    ("time", int, "a whole number of microseconds"),
    ("seq", int, "a whole number"),
    ("client", str, "a text"),
    ("object", str, "a text"),
    ("kind", str, "a text"),
    ("name", str, "a text"),
    ("data", dict, "an object"),
    ("cause", int | None, "a record's number or null"),
)
_TYPES: Final = frozenset(
    (int, int, str, str, str, str, dict, cause) for cause in (int, type(None))
)
"""Of the values of a record whose shape is right, as JSON is read."""


def decode(line: str) -> tuple[Record, int]:
    """Read a line; return the record and its level.

    Raises ``ValueError`` with one sentence when the line is no record.
    """
    return from_json(load(line))


def load(line: str) -> Any:
    """Read a line's JSON. Raises ``ValueError`` with one sentence."""
    try:
        return _loads(line)
    except RecursionError:
        raise ValueError("the line is nested too deeply to be a record") from None
    except json.JSONDecodeError as problem:
        raise ValueError(f"the line is not JSON ({problem})") from None
    except ValueError:
        raise ValueError("the line has a number with thousands of digits") from None


def _no_number(word: str) -> NoReturn:
    raise json.JSONDecodeError(f"{word} is no number", word, 0)


_loads: Final = json.JSONDecoder(parse_constant=_no_number).decode


def canonical(record: Record) -> str:
    """The canonical line of a record that was read, however its line was written.

    Raises ``ValueError`` with one sentence for a number that is too large for a float.
    """
    try:
        return _dumps(record)
    except (ValueError, RecursionError):
        raise ValueError("the record has too large a number in it, or is nested too deep") from None


def from_json(values: Any) -> tuple[Record, int]:
    """The record that a line's JSON describes, and its level."""
    if not isinstance(values, list) or len(values) not in (8, 9):
        raise ValueError("a record is an array of 8 elements, or of 9 below the story level")
    if tuple(map(type, values[: len(_SHAPE)])) not in _TYPES:
        _check_shape(values)
    if not 0 <= values[0] <= LATEST:
        raise ValueError(f"the record's time must be from 0 to {LATEST} microseconds")
    level = STORY if len(values) == 8 else _level(values.pop())
    return Record._make(values), level


def _check_shape(values: list[Any]) -> None:
    for value, (name, kind, said) in zip(values, _SHAPE, strict=False):
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ValueError(f"the record's {name} must be {said}, not {json.dumps(value)[:40]}")


def _level(name: Any) -> int:
    level = LEVELS.get(name) if isinstance(name, str) else None
    if level is None or level == STORY:
        raise ValueError("a ninth element is the level's name, wire or all")
    return level
