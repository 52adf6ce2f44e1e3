"""Values of records in words: whose connection, whose stream, which reason, how long."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from sim.protocol import names, records
from sim.protocol.records import Field, Type
from sim.protocol.records.entry import CONNECTION, DURATION, RECORD_NUMBERS, STREAM
from sim.protocol.units import MILLISECOND, MINUTE, SECOND, format_duration
from sim.telling.cast import Cast
from sim.trace import Record

GLOSSES: Final[dict[str, str]] = {
    "clientDisconnected": "left",
    "forceDisconnected": "kicked by a moderator",
    "networkDisconnected": "could not come back",
    "mediaIdle": "no media for too long",
    "serverRotation": "its server was taken down",
}
"""Plain words for the reasons of ``sessionDisconnected``."""


def gloss(reason: str) -> str:
    """A reason as the vendor spells it, with plain words for those who do not know it.

    >>> gloss("forceDisconnected")
    'forceDisconnected (kicked by a moderator)'
    """
    return f"{reason} ({GLOSSES[reason]})" if reason in GLOSSES else reason


def duration(value: Any) -> str:
    """A duration of the data, in microseconds, as exact as a person wants it.

    >>> duration(9_000_000), duration(46_147_252), duration(1_234)
    ('9s', '46.1s', '1ms')
    """
    if not isinstance(value, int):
        return str(value)
    step = next((step for least, step in _STEPS if value >= least), 1)
    return format_duration((value + step // 2) // step * step)


_STEPS: Final = (
    (MINUTE, SECOND),
    (SECOND, SECOND // 10),
    (MILLISECOND, MILLISECOND),
)
"""From which length on a duration is rounded to what."""


def ordinal(number: int) -> str:
    """A number as one counts.

    >>> [ordinal(number) for number in (1, 2, 3, 4, 11, 21)]
    ['1st', '2nd', '3rd', '4th', '11th', '21st']
    """
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else _ENDINGS.get(number % 10, 'th')}"


_ENDINGS: Final = {1: "st", 2: "nd", 3: "rd"}


def given(value: Any) -> str:
    """What an app gave where a text is due; "" for what is none, which a trace shows as ``<…>``.

    >>> given("chat"), given("<NoneType>"), given(7)
    ('chat', '', '')
    """
    text = value if isinstance(value, str) else ""
    return "" if text.startswith("<") and text.endswith(">") else text


def said(value: Any) -> str:
    """A value that is no text as scenarios and traces spell it.

    >>> said(True), said({"width": 640}), said(0.5)
    ('true', '{"width": 640}', '0.5')
    """
    try:
        return _spelled(value)
    except (TypeError, ValueError, RecursionError):
        return str(value)


_spelled: Final = json.JSONEncoder(ensure_ascii=False).encode


READABLE: Final[dict[Type, Callable[[Any, Cast], str]]] = {
    CONNECTION: lambda value, cast: cast.person(str(value)),
    DURATION: lambda value, cast: duration(value),
    RECORD_NUMBERS: lambda value, cast: ", ".join(f"#{number}" for number in value),
    STREAM: lambda value, cast: cast.picture(str(value)),
}
"""By type of a value, how it is written; anything else as it is."""

NOBODY: Final = {
    "connection": "nobody",
    "stream": "no stream",
    "subscriber": "no Subscriber",
    "subject": "somebody",
    "event": "an event",
    "command": "a command",
}
"""What is said where a value is missing that a sentence needs; a dash otherwise."""


class Fields(dict[str, str]):
    """The data of a record for a template."""

    def __missing__(self, key: str) -> str:
        return NOBODY.get(key, "–")


def fields(record: Record, cast: Cast) -> Fields:
    """The data of ``record`` made readable, by the types that the table of records gives.

    ``subject`` is whom a Subscriber is of, ``gloss`` the reason with plain words, ``which`` says
    of a page's later Publishers which it is.
    """
    readable = data(record, cast)
    readable["gloss"] = gloss(readable["reason"])
    subject = cast.subject(record.client, record.object)
    if subject:
        readable["subject"] = subject
    label = names.label(record.object)
    later = label is not None and not label.subject and label.number > 0
    readable["which"] = f" ({ordinal(label.number + 1)} {label.role})" if later and label else ""
    return readable


def data(record: Record, cast: Cast) -> Fields:
    """The data of ``record`` alone, made readable; of what is null only a reason is there."""
    entry = records.find(record.kind, record.object, record.name)
    known = entry.fields if entry else {}
    readable = Fields(
        (key, _readable(value, known.get(key), cast) or NOBODY.get(key, "–"))
        for key, value in record.data.items()
        if value is not None
    )
    readable.setdefault("reason", "no reason given")
    return readable


def _readable(value: Any, field: Field | None, cast: Cast) -> str:
    write = READABLE.get(field.type) if field else None
    if write is not None and field is not None and field.type.fits(value):
        return write(value, cast)
    return given(value) if isinstance(value, str) else said(value)
