"""What one person's app was told, as JSON in the vendor's spelling, to be told to another app.

The shape (``format`` 1)::

    {
        "format": 1,
        "person": "bob",
        "scenario": "kick",
        "seed": "1",
        "replication": 0,
        "profile": "documented",
        "version": "0.1.0",
        "digest": "…",
        "replay": "…",
        "events": [
            {
                "time_us": 20008000,
                "time_ms": 20008.0,
                "target": "session",
                "on": "streamDestroyed",
                "class": "StreamEvent",
                "type": "streamDestroyed",
                "cancelable": true,
                "reason": "forceDisconnected",
                "stream": {"streamId": "bob#1.1", "connection": {"connectionId": "bob#1"}},
            }
        ],
    }

``target`` is the object of the page, ``session``, ``publisher`` or ``subscriber(alice)``, with a
number from the second of a name on. ``on`` is what the listeners listen for, ``type`` what the
event says itself: they differ for a signal with a type, which goes to ``signal`` and to
``signal:TYPE`` and says the latter both times. What an event does not have (a reason, a stream) is
not there. A seed is a text: it may be larger than JavaScript counts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from sim.protocol.events import CATALOGUE
from sim.protocol.records import role_of
from sim.protocol.units import MILLISECOND
from sim.report.model.timeline import Timeline
from sim.trace import Record, decode, encode
from sim.wording import not_one_of

FORMAT: Final = 1
"""Of the document; another one is another shape."""


def write(timeline: Timeline, person: str | None = None) -> str:
    """What the app of ``person`` was told, in its order.

    Raises ``ValueError`` with one sentence when nobody of that name is there, or no name is given.
    """
    people = [lane.name for lane in timeline.lanes if not lane.is_platform]
    if person is None:
        raise ValueError(not_one_of(None, people, "the person whose app is asked for"))
    if person not in people:
        raise ValueError(not_one_of(person, people, "somebody here"))
    head = {
        "format": FORMAT,
        "person": person,
        "scenario": timeline.title,
        **timeline.facts,
    }
    lines = [f"  {_plain(key)}: {_plain(value)}," for key, value in head.items()]
    if timeline.warnings:
        lines.append(f'  "warnings": {_plain(timeline.warnings)},')
    told = [
        f"    {_plain(event(record))}"
        for record in timeline.records
        if record.seq and record.kind == "event" and record.client == person
    ]
    listed = "[\n" + ",\n".join(told) + "\n  ]" if told else "[]"
    return "\n".join(["{", *lines, f'  "events": {listed}', "}", ""])


def event(record: Record) -> dict[str, Any]:
    """One event as its record tells it."""
    plain, _ = decode(encode(record))  # an app may have sent anything as a signal
    kind, data = role_of(record.object).capitalize(), plain.data
    spec = CATALOGUE.get((kind, _general(record.name)))
    told: dict[str, Any] = {
        "time_us": record.time,
        "time_ms": record.time / MILLISECOND,
        "target": record.object,
        "on": record.name,
        "class": spec.event_class if spec else "Event",
        "type": _type(record.name, data),
        "cancelable": bool(data.get("cancelable", False)),
    }
    for key, spell in _SPELLED.items():
        if key in data:
            told[key] = spell(data)
    if "stream" not in told and "connection" in data:
        told["connection"] = _connection(data["connection"])
    return told


def _type(name: str, data: Mapping[str, Any]) -> str:
    """Source: spec/opentok-js-2.35.2.md, section 1: a signal has the prefixed form for both."""
    return f"signal:{data['type']}" if name == "signal" and data.get("type") else name


def _general(name: str) -> str:
    return "signal:<type>" if name.startswith("signal:") else name


def _connection(connection: Any) -> dict[str, Any] | None:
    return None if connection is None else {"connectionId": connection}


def _stream(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"streamId": data["stream"], "connection": _connection(data.get("connection"))}


def _same(key: str) -> Callable[[Mapping[str, Any]], Any]:
    return lambda data: data[key]


_SPELLED: Final[dict[str, Callable[[Mapping[str, Any]], Any]]] = {
    "reason": _same("reason"),
    "stream": _stream,
    "changedProperty": _same("changedProperty"),
    "oldValue": _same("oldValue"),
    "newValue": _same("newValue"),
    "active": _same("active"),
    "from": lambda data: _connection(data["from"]),
    "data": _same("data"),
}
"""Fields of an event's record → what they are for an app."""


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False)
