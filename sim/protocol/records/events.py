"""Records of what apps are told: one entry for each event of the catalogue that is dispatched."""

from __future__ import annotations

from typing import Final

from sim.protocol.events import EVENTS, EventSpec
from sim.protocol.records.entry import (
    ANYTHING,
    CONNECTION,
    FLAG,
    PAGE,
    REASON,
    RECORD_NUMBERS,
    SIGNAL,
    STREAM,
    TEXT,
    WORD,
    Entry,
    Field,
    Trait,
)

EVENT: Final = "event"
"""The kind; an event's name is that of the catalogue, as its object dispatches it."""

OF_EVERY_EVENT: Final = (
    Field("cancelable", FLAG),
    Field("page", PAGE),
    Field("state", WORD),
    Field("own", CONNECTION, empty=True),
)
"""What every event says: what the page holds, the Session's state, and the own connection."""

_FIELDS: Final[dict[str, tuple[Field, ...]]] = {
    "active": (Field("active", FLAG),),
    "changedProperty": (Field("changedProperty", WORD),),
    "connection": (Field("connection", CONNECTION),),
    "data": (Field("data", ANYTHING, optional=True),),
    "from": (Field("from", CONNECTION, empty=True), Field("signal", SIGNAL, optional=True)),
    "newValue": (Field("newValue", ANYTHING),),
    "oldValue": (Field("oldValue", ANYTHING),),
    "reason": (Field("reason", REASON),),
    "stream": (Field("stream", STREAM), Field("connection", CONNECTION)),
    "type": (Field("type", TEXT, optional=True),),
}
"""A field of the vendor's event object → what the record says of it; lists of all are left out."""

_SOMETIMES: Final = frozenset(
    (
        # Nothing of a stream that never was, and a quirk's event without a reason.
        ("Publisher", "streamDestroyed", "stream"),
        ("Subscriber", "destroyed", "reason"),
    )
)

_BESIDES: Final = Field("besides", RECORD_NUMBERS, optional=True)
_FURTHER: Final = {
    ("Session", "sessionDisconnected"): (_BESIDES,),
    # What one who joins is told at once, late after an outage.
    ("Session", "muteForced"): (_BESIDES,),
    ("Session", "sessionConnected"): (_BESIDES,),
    ("Session", "connectionCreated"): (_BESIDES,),
    ("Session", "streamCreated"): (_BESIDES,),
}
"""What the trace alone says of some events: ``besides`` is what explains it besides its cause."""

_TRAITS: Final[dict[str, tuple[Trait, ...]]] = {
    "sessionConnected": (Trait.BEGINS_SESSION, Trait.UNSETTLES),
    "sessionReconnecting": (Trait.BEGINS_OUTAGE, Trait.UNSETTLES),
    "sessionReconnected": (Trait.ENDS_OUTAGE, Trait.UNSETTLES),
    "sessionDisconnected": (Trait.ENDS_SESSION,),
}


def _fields(event: EventSpec, name: str) -> tuple[Field, ...]:
    if name == "reason" and not event.reasons and event.event_class in _EMPTY:
        return ()  # the vendor's object has the field, with nothing in it
    optional = (event.object, event.name, name) in _SOMETIMES
    fields = _FIELDS.get(name, ())
    return tuple(Field(f.name, f.type, f.optional or optional, f.empty) for f in fields)


_EMPTY: Final = ("ConnectionEvent", "StreamEvent", "DestroyedEvent")
"""Classes of events whose reason is that of an end, and has nothing to say without one."""


def _entry(event: EventSpec) -> Entry:
    special = tuple(field for name in event.fields for field in _fields(event, name))
    return Entry(
        event.object.lower(),
        EVENT,
        event.name,
        (*special, *_FURTHER.get((event.object, event.name), ()), *OF_EVERY_EVENT),
        _TRAITS.get(event.name, ()),
        told="<" not in event.name,  # a signal is told once, as the signal of any type
    )


EVENT_RECORDS: Final = tuple(_entry(event) for event in EVENTS if event.in_scope)
"""``signal:<type>`` stands for an event of any type of signal."""
