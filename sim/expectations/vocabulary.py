"""The words that sentences may use: events that apps are told of, and what happens to people.

``publisher.streamDestroyed`` is the Publisher's event, ``streamDestroyed`` the Session's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from attrs import field, frozen

from sim.protocol.events import EVENTS, EventSpec

_PREFIXES: Final = {"Session": "", "Publisher": "publisher.", "Subscriber": "subscriber."}

HEARD: Final[dict[str, EventSpec]] = {
    _PREFIXES[event.object] + event.name: event
    for event in EVENTS
    if event.in_scope and event.object in _PREFIXES
}
"""The events of the simulated objects. Signals with a type stand here as ``signal:<type>``."""

TYPED_SIGNAL: Final = "signal:<type>"
TYPED_SIGNAL_PATTERN: Final = r"signal:[A-Za-z0-9._~-]{1,128}"


def heard(name: str) -> EventSpec | None:
    """Return what is known of an event, or None if there is none of that name.

    >>> heard("signal:chat").fields
    ('type', 'data', 'from')
    """
    if re.fullmatch(TYPED_SIGNAL_PATTERN, name):
        return HEARD[TYPED_SIGNAL]
    return HEARD.get(name) if name != TYPED_SIGNAL else None


@frozen
class Deed:
    """How a record of something done by or to somebody is known.

    ``told`` is what its data say besides.
    """

    kind: str
    object: str
    name: str
    told: Mapping[str, Any] = field(factory=dict)


def _switch(channel: str, active: bool) -> Deed:
    return Deed("call", "publisher", "switch", {"channel": channel, "active": active})


DEEDS: Final[dict[str, Deed]] = {
    **{
        word: Deed("call", "session", re.sub("-([a-z])", lambda found: found[1].upper(), word))
        for word in (
            "connect",
            "disconnect",
            "publish",
            "unpublish",
            "subscribe",
            "unsubscribe",
            "signal",
            "force-disconnect",
            "force-unpublish",
            "force-mute-stream",
            "force-mute-all",
            "disable-force-mute",
        )
    },
    "mute-audio": _switch("audio1", False),
    "unmute-audio": _switch("audio1", True),
    "mute-video": _switch("video1", False),
    "unmute-video": _switch("video1", True),
    "close-browser": Deed("call", "browser", "closeBrowser"),
    "crash": Deed("fault", "browser", "crash"),
    "network down": Deed("fault", "network", "down"),
    "network up": Deed("fault", "network", "up"),
    "network reset": Deed("fault", "network", "reset"),
    "network heal": Deed("fault", "network", "heal"),
    "network change": Deed("fault", "network", "change"),
    "platform close-socket": Deed("decision", "platform", "close-socket"),
    "platform rotate": Deed("decision", "platform", "serverRotation"),
    "platform expire-grace": Deed("decision", "platform", "expire-grace"),
    "platform signal": Deed("decision", "platform", "signal"),
}
"""What somebody does or what is done to somebody, in the words of the script.

By whom does not matter: an outage that chance brings is a ``network down`` as one of the script is.
"""
