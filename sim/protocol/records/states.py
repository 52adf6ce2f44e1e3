"""Records of states: of the platform, the page and its objects; and of messages on their way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sim.protocol.journal import ALL, STORY, WIRE
from sim.protocol.reasons import NETWORK_DISCONNECTED
from sim.protocol.records.entry import (
    ANYTHING,
    CONNECTION,
    FRAME,
    LABEL,
    NUMBER,
    REASON,
    RECORD_NUMBERS,
    STREAM,
    TEXT,
    WORD,
    Entry,
    Field,
    Trait,
)
from sim.protocol.states import ICE, PUBLISHER, SESSION, SOCKET, SUBSCRIBER

# -- what the platform knows -----------------------------------------------------------------------

_CONNECTION: Final = Field("connection", CONNECTION)
_STREAM: Final = Field("stream", STREAM)
_REASON: Final = Field("reason", REASON)


def _known(name: str, *data: Field, traits: Iterable[Trait] = (), told: bool = False) -> Entry:
    traits = (*traits, Trait.UNSETTLES)
    return Entry("platform", "state", name, (_CONNECTION, *data), traits, told=told)


JOINED: Final = _known("joined", Field("role", WORD), traits=(Trait.BEGINS_CONNECTION,))
LOST: Final = Entry(
    "platform",
    "state",
    "lost",
    (_CONNECTION,),
    (Trait.LOSES_CONNECTION, Trait.DISTURBS, Trait.UNSETTLES),
    explains=(NETWORK_DISCONNECTED,),
)
BACK: Final = _known("back", Field("missed", NUMBER), traits=(Trait.RESUMES_CONNECTION,), told=True)
REPLAYED: Final = Entry(
    "platform",
    "state",
    "replayed",
    (_CONNECTION, Field("messages", NUMBER), Field("of", RECORD_NUMBERS)),
    told=False,
)
"""``of`` what happened meanwhile it is; its cause is the return."""
LEFT: Final = _known("left", _REASON, traits=(Trait.ENDS_CONNECTION,))
PUBLISHED: Final = _known("published", _STREAM)
UNPUBLISHED: Final = _known("unpublished", _STREAM, _REASON)

# -- what the page shows ---------------------------------------------------------------------------

_ELEMENT: Final = (Field("element", LABEL),)
INSERTED: Final = Entry("page", "state", "inserted", _ELEMENT, told=False)
REMOVED: Final = Entry("page", "state", "removed", _ELEMENT, told=False)

# -- where the state machines are ------------------------------------------------------------------

_FROM: Final = (Field("from", WORD),)


def _machine(role: str, states: Iterable[str], level: int) -> dict[str, Entry]:
    return {
        state: Entry(role, "state", state, _FROM, levels=(level,), told=False) for state in states
    }


SESSION_STATES: Final = _machine("session", SESSION, STORY)
SOCKET_STATES: Final = _machine("socket", SOCKET, WIRE)
PUBLISHER_STATES: Final = _machine("publisher", PUBLISHER, WIRE)
SUBSCRIBER_STATES: Final = _machine("subscriber", SUBSCRIBER, WIRE)
ICE_STATES: Final = _machine("subscriber", (f"ice {state}" for state in ICE), WIRE)
"""By their names, like those before: ``ice checking``."""

# -- messages --------------------------------------------------------------------------------------

_MESSAGE: Final = (Field("end", TEXT), Field("socket", NUMBER), Field("frame", FRAME))
"""``end`` is the platform or a person: who sends, or who gets it."""
SENT: Final = Entry("socket", "message", "sent", _MESSAGE, levels=(WIRE, ALL), told=False)
DELIVERED: Final = Entry("socket", "message", "delivered", _MESSAGE, levels=(WIRE, ALL), told=False)
PACKET_LOST: Final = Entry(
    "network", "message", "lost", (Field("blame", ANYTHING),), levels=(WIRE,), told=False
)
"""``blame`` is the number of the fault's record, or the address of the draw."""

STATE_RECORDS: Final = (
    JOINED,
    LOST,
    BACK,
    REPLAYED,
    LEFT,
    PUBLISHED,
    UNPUBLISHED,
    INSERTED,
    REMOVED,
    *SESSION_STATES.values(),
    *SOCKET_STATES.values(),
    *PUBLISHER_STATES.values(),
    *SUBSCRIBER_STATES.values(),
    *ICE_STATES.values(),
    SENT,
    DELIVERED,
    PACKET_LOST,
)
