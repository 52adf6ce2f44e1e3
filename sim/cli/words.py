"""Values of records in words: whose connection, whose stream, which reason, how long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sim.protocol.names import CONNECTION, connection_of, label
from sim.protocol.units import MILLISECOND, MINUTE, SECOND, format_duration
from sim.trace import Record

GLOSSES: Final[dict[str, str]] = {
    "clientDisconnected": "left",
    "forceDisconnected": "kicked by a moderator",
    "networkDisconnected": "could not come back",
    "mediaIdle": "no media for too long",
    "serverRotation": "its server was taken down",
}
"""Plain words for the reasons of ``sessionDisconnected``."""


def person(connection: str) -> str:
    """Whose connection ``bob#1`` is; a later connection keeps its number.

    >>> person("bob#1"), person("bob#2")
    ('bob', 'bob (connection 2)')
    """
    parsed = CONNECTION.parse(connection)
    if parsed is None:
        return connection
    name, number = parsed
    return name if number == 1 else f"{name} (connection {number})"


def picture(stream: str) -> str:
    """Whose stream ``bob#1.1`` is.

    >>> picture("bob#1.1")
    "bob's stream"
    """
    connection = connection_of(stream)
    return f"{person(connection)}'s stream" if connection else stream


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


READABLE: Final[dict[str, Callable[[Any], str]]] = {
    "after": duration,
    "connection": lambda value: person(str(value)),
    "from": lambda value: person(str(value)),
    "stream": lambda value: picture(str(value)),
    "target": lambda value: picture(str(value)) if connection_of(value) else person(str(value)),
}
"""By key of a record's data, how its value is written; anything else as it is."""


class Fields(dict[str, str]):
    """The data of a record for a template; empty where there is none."""

    def __missing__(self, key: str) -> str:
        return ""


def fields(record: Record) -> Fields:
    """The data of ``record`` made readable; ``subject`` is whom a Subscriber is of,
    ``gloss`` the reason with plain words.
    """
    readable = Fields(
        (key, READABLE.get(key, str)(value))
        for key, value in record.data.items()
        if value is not None
    )
    readable.setdefault("reason", "no reason given")
    readable["gloss"] = gloss(readable["reason"])
    parsed = label(record.object)
    readable["subject"] = parsed.subject if parsed else ""
    return readable
