"""Records of what people and apps do, and of how their calls end."""

from __future__ import annotations

from typing import Final

from sim.protocol.errors import ERRORS
from sim.protocol.reasons import CLIENT_DISCONNECTED, UNPUBLISHED
from sim.protocol.records.entry import (
    ANYTHING,
    CONNECTION,
    FLAG,
    LABEL,
    NUMBER,
    RECORD,
    SIGNAL,
    STREAM,
    STREAMS,
    TEXT,
    WORD,
    Entry,
    Field,
    Trait,
)
from sim.protocol.roles import Capability

_BY: Final = Field("by", WORD)
"""Who calls: the script, the app, or a policy."""
_ROOT: Final = (Trait.ROOT, Trait.SCRIPTED)


def _call(
    name: str,
    *data: Field,
    needs: Capability | None = None,
    explains: tuple[str, ...] = (),
) -> Entry:
    return Entry("session", "call", name, (*data, _BY), _ROOT, explains=explains, needs=needs)


_SIGNALLED: Final = (
    Field("signal", SIGNAL),
    Field("type", ANYTHING, optional=True),
    Field("data", ANYTHING, optional=True),
    Field("to", ANYTHING, optional=True),
    Field("retry", FLAG),
)
"""Of a call that is refused, its options may be anything."""
_PUBLISHER: Final = Field("publisher", LABEL, empty=True)
_SUBSCRIBER: Final = Field("subscriber", LABEL, empty=True)
_STREAM: Final = Field("stream", STREAM, empty=True)
_SPARED: Final = Field("exclusion", STREAMS)

CONNECT: Final = _call(
    "connect", Field("connection", CONNECTION), Field("ignored", FLAG, optional=True)
)
DISCONNECT: Final = _call("disconnect", explains=(CLIENT_DISCONNECTED,))
PUBLISH: Final = _call("publish", _PUBLISHER, needs=Capability.PUBLISH)
UNPUBLISH: Final = _call("unpublish", _PUBLISHER, explains=(UNPUBLISHED,))
SUBSCRIBE: Final = _call("subscribe", _SUBSCRIBER, _STREAM, needs=Capability.SUBSCRIBE)
UNSUBSCRIBE: Final = _call("unsubscribe", _SUBSCRIBER)
SIGNALLING: Final = _call("signal", *_SIGNALLED)
FORCE_DISCONNECT: Final = _call(
    "forceDisconnect",
    Field("connection", CONNECTION, empty=True),
    needs=Capability.FORCE_DISCONNECT,
)
FORCE_UNPUBLISH: Final = _call("forceUnpublish", _STREAM, needs=Capability.FORCE_UNPUBLISH)
FORCE_MUTE_STREAM: Final = _call("forceMuteStream", _STREAM, needs=Capability.FORCE_MUTE)
FORCE_MUTE_ALL: Final = _call("forceMuteAll", _SPARED, needs=Capability.FORCE_MUTE)
DISABLE_FORCE_MUTE: Final = _call("disableForceMute", _SPARED, needs=Capability.FORCE_MUTE)

SESSION_CALLS: Final = (
    CONNECT,
    DISCONNECT,
    PUBLISH,
    UNPUBLISH,
    SUBSCRIBE,
    UNSUBSCRIBE,
    SIGNALLING,
    FORCE_DISCONNECT,
    FORCE_UNPUBLISH,
    FORCE_MUTE_STREAM,
    FORCE_MUTE_ALL,
    DISABLE_FORCE_MUTE,
)

_PREVENTED: Final = (Field("event", WORD),)
PREVENT_DEFAULT: Final = {
    role: Entry(role, "call", "preventDefault", _PREVENTED) for role in ("session", "publisher")
}
"""By whose event it was."""
SWITCH: Final = Entry(
    "publisher",
    "call",
    "switch",
    (Field("publisher", LABEL), Field("channel", WORD), Field("active", FLAG)),
    _ROOT,
)
DESTROY: Final = Entry("publisher", "call", "destroy", (Field("publisher", LABEL),), _ROOT)
CLOSE_BROWSER: Final = Entry(
    "browser",
    "call",
    "closeBrowser",
    (_BY,),
    (*_ROOT, Trait.ENDS_PAGE),
    explains=(CLIENT_DISCONNECTED,),
)

_COMPLETION: Final = (
    Field("call", RECORD),
    Field("ok", FLAG),
    Field("by", WORD),
    Field("error", TEXT, optional=True),
    Field("code", NUMBER, optional=True, empty=True),
    Field("parameter", WORD, optional=True),
)
COMPLETIONS: Final = {
    call.name: Entry("session", "callback", call.name, _COMPLETION)
    for call in SESSION_CALLS
    if call.name in ERRORS and call is not UNSUBSCRIBE  # which throws
}
"""By the call's name. ``by`` says how it ends: a callback inside the task, a promise after it."""

LISTENER_THREW: Final = {
    role: Entry(role, "callback", "listenerThrew", (Field("event", TEXT), Field("error", TEXT)))
    for role in ("session", "publisher", "subscriber")
}
"""By whose listener it was. Besides an event, ``event`` is what else of an app has thrown: a
``timeout``, the ``load`` of a later page, ``callback of publish``, ``then of disconnect``."""
ENDS_OF_CALLS: Final = ("callback of ", "then of ")
"""How ``event`` begins for what an app has handed over for the end of a call."""

CALL_RECORDS: Final = (
    *SESSION_CALLS,
    *PREVENT_DEFAULT.values(),
    SWITCH,
    DESTROY,
    CLOSE_BROWSER,
    *COMPLETIONS.values(),
    *LISTENER_THREW.values(),
)
