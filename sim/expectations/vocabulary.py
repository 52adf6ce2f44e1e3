"""The events that apps are told of, by the name of their object and their own.

``publisher.streamDestroyed`` is the Publisher's, ``streamDestroyed`` the Session's.
"""

from __future__ import annotations

import re
from typing import Final

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
