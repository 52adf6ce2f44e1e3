"""Bands of what is in somebody's page: the session, its Publishers and its Subscribers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sim.protocol.records import Trait, named, role_of
from sim.report.model.strips import Strip
from sim.report.model.timeline import PUBLISHER, SESSION, SUBSCRIBER, Track
from sim.trace import Record

Key = tuple[str, str]
"""Kind and name of a record."""

_ENDS_PAGE: Final = frozenset(named(Trait.ENDS_PAGE))
_RETURNS: Final = (("state", "connecting"), ("state", "inserted"))
"""With one of these the next page shows that it is there."""

_SESSION: Final[Mapping[str, str]] = {
    "connecting": "connecting",
    "connected": "connected",
    "migrating": "migrating",
    "disconnecting": "disconnecting",
    "disconnected": "ended",
}
"""A state of the Session → that of its band."""
_IN_TOUCH: Final = ("connected", "migrating")
"""In these states of its band the app may have lost touch."""
_LOSES_TOUCH: Final = frozenset(named(Trait.BEGINS_OUTAGE))
_REGAINS_TOUCH: Final = frozenset(named(Trait.ENDS_OUTAGE))
_LEAVES: Final = frozenset(named(Trait.ENDS_SESSION))

_RULES: Final[Mapping[str, Mapping[Key, str | None]]] = {
    PUBLISHER: {
        ("state", "inserted"): "starting",
        ("call", "publish"): "starting",
        ("event", "streamCreated"): "publishing",
        ("event", "streamDestroyed"): "ended",
        ("callback", "publish"): "ended",
        ("event", "destroyed"): None,
        ("state", "removed"): None,
        ("state", "GetUserMedia"): "starting",
        ("state", "BindingMedia"): "starting",
        ("state", "PublishingToSession"): "starting",
        ("state", "Publishing"): "publishing",
        ("state", "NotPublishing"): "ended",
        ("state", "Failed"): "ended",
        ("state", "Destroyed"): None,
    },
    SUBSCRIBER: {
        ("state", "inserted"): "starting",
        ("call", "subscribe"): "starting",
        ("event", "connected"): "showing",
        ("event", "disconnected"): "frozen",
        ("callback", "subscribe"): "ended",
        ("event", "destroyed"): None,
        ("state", "removed"): None,
        ("state", "Init"): "starting",
        ("state", "Connecting"): "starting",
        ("state", "Subscribing"): "showing",
        ("state", "NotSubscribing"): "ended",
        ("state", "Failed"): "ended",
        ("state", "Destroyed"): None,
    },
}
"""What a record about a Publisher or a Subscriber says of its band; of others it says nothing.

The state machines of both are recorded in a trace of the wire; its story goes by what is in the
page, calls and events. A call that fails (``callback``) ends what has not begun.
"""
_OBJECTS: Final[Mapping[Key, str]] = {
    ("state", "inserted"): "element",
    ("state", "removed"): "element",
    ("call", "publish"): "publisher",
    ("call", "subscribe"): "subscriber",
}
"""Records that are about another object than their own → the key of their data that names it."""
_ICE: Final[Mapping[Key, str]] = {
    ("state", "ice connected"): "showing",
    ("state", "ice disconnected"): "frozen",
    ("state", "ice failed"): "frozen",
}
"""What the peer connection of a Subscriber says, once it shows something."""
_BOUND: Final = ("state", "MediaBound")
"""A Publisher's camera is there, or else the Publisher is back at that."""
_CALLS: Final = (("call", "publish"), ("call", "subscribe"))
_ENDINGS: Final = (("callback", "publish"), ("callback", "subscribe"))


class Page:
    """One person's page after the other: what is open in them."""

    def __init__(self) -> None:
        self._session = Strip(SESSION, SESSION)
        self._state: str | None = None
        """Of the Session, as a band, without whether it has lost touch."""
        self._touch = True
        self._objects: dict[str, Strip] = {}
        self._asked: dict[int, str] = {}
        """Number of a call → what it is to publish or to show."""
        self._is_there = False

    def see(self, record: Record, row: int) -> None:
        """Take in the person's next record; messages are of no interest."""
        key = record.kind, record.name
        if key in _ENDS_PAGE:
            self._end(record.time, row)
            return
        self._is_there = self._is_there or key in _RETURNS
        if not self._is_there:
            return
        if record.object == SESSION:
            self._see_session(record, key, row)
        self._see_object(record, key, row)

    def tracks(self, ended: int) -> list[Track]:
        """The session, then its Publishers, then its Subscribers, each in order of appearance."""
        objects = [
            strip for kind in _RULES for strip in self._objects.values() if strip.kind == kind
        ]
        return [strip.track(ended) for strip in (self._session, *objects)]

    def _end(self, time: int, row: int) -> None:
        self._is_there, self._state, self._touch = False, None, True
        for strip in (self._session, *self._objects.values()):
            strip.be(None, time, row)

    def _see_session(self, record: Record, key: Key, row: int) -> None:
        if record.kind == "state":
            self._state = _SESSION.get(record.name, self._state)
        if key in _LOSES_TOUCH:
            self._touch = False
        elif key in _REGAINS_TOUCH or key in _LEAVES or self._state not in _IN_TOUCH:
            self._touch = True
        lost = self._state in _IN_TOUCH and not self._touch
        self._session.be("reconnecting" if lost else self._state, record.time, row)

    def _see_object(self, record: Record, key: Key, row: int) -> None:
        label = self._label(record, key)
        role = role_of(label)
        rules = _RULES.get(role)
        if rules is None or (key in _ENDINGS and record.data.get("ok", True)):
            return
        strip = self._objects.get(label)
        before = strip.state if strip else None
        after = _after(rules, key, before, record.data.get("from"))
        if after != before:
            strip = strip or self._objects.setdefault(label, Strip(role, label))
            strip.be(after, record.time, row)

    def _label(self, record: Record, key: Key) -> str:
        """Which object a record is about."""
        if key in _ENDINGS:
            call = record.data.get("call")
            return self._asked.get(call, "") if isinstance(call, int) else ""
        label = _text(record.data.get(_OBJECTS[key])) if key in _OBJECTS else record.object
        if key in _CALLS:
            self._asked[record.seq] = label
        return label


def _after(rules: Mapping[Key, str | None], key: Key, before: str | None, moved: Any) -> str | None:
    """The state of a Publisher's or Subscriber's band after a record."""
    after = rules.get(key, before)
    if key in _ICE:
        after = before and _ICE[key]
    elif key == _BOUND and moved != "BindingMedia":
        after = "ended"
    return after if _can_follow(before, after, key) else before


def _can_follow(before: str | None, after: str | None, key: Key) -> bool:
    """A call begins anew what has ended; a camera that is there too late for a call does not."""
    if after == "starting":
        return before is None or (before == "ended" and key in _CALLS)
    if after == "ended":
        return before is not None and (key not in _ENDINGS or before == "starting")
    if after == "frozen":
        return before == "showing"
    return key not in _ICE or before == "frozen"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
