"""Records of what breaks and of what is decided: by chance, by apps and by the platform."""

from __future__ import annotations

from typing import Final

from sim.protocol.reasons import (
    FORCE_DISCONNECTED,
    FORCE_UNPUBLISHED,
    MEDIA_IDLE,
    SERVER_ROTATION,
)
from sim.protocol.records.entry import (
    ADDRESS,
    ANYTHING,
    CONNECTION,
    DURATION,
    FLAG,
    NUMBER,
    PERSON,
    RECORD_NUMBERS,
    SIGNAL,
    STREAM,
    TEXT,
    WORD,
    Entry,
    Field,
    Trait,
)

# -- what breaks -----------------------------------------------------------------------------------


def _fault(
    role: str, name: str, *traits: Trait, data: tuple[Field, ...] = (), says: str = ""
) -> Entry:
    scripted = () if role == "media" else (Trait.SCRIPTED,)
    return Entry(role, "fault", name, data, (Trait.ROOT, *scripted, *traits), says=says)


_DIRECTION: Final = Field("direction", WORD)

NETWORK_DOWN: Final = _fault(
    "network",
    "down",
    Trait.CUTS_LINK,
    Trait.DISTURBS,
    Trait.UNSETTLES,
    data=(
        Field("direction", WORD, optional=True),
        Field("mode", WORD),
        Field("for", DURATION, optional=True),
    ),
)
NETWORK_UP: Final = _fault(
    "network",
    "up",
    Trait.HEALS_LINK,
    Trait.UNSETTLES,
    data=(_DIRECTION,),
    says="the network is there again",
)
NETWORK_HEAL: Final = _fault(
    "network", "heal", Trait.UNSETTLES, says="whatever was wrong with it ends"
)
NETWORK_RESET: Final = _fault(
    "network", "reset", Trait.DISTURBS, Trait.UNSETTLES, says="open connections are cut"
)
NETWORK_CHANGE: Final = _fault(
    "network",
    "change",
    Trait.WORSENS_LINK,
    Trait.DISTURBS,
    Trait.UNSETTLES,
    data=(Field("to", TEXT, optional=True),),
)
MEDIA_CUT: Final = _fault("media", "cut", says="sound and picture are cut off")
MEDIA_RESTORED: Final = _fault("media", "restored", says="sound and picture get through")
CRASH: Final = _fault(
    "browser", "crash", Trait.ENDS_PAGE, Trait.UNSETTLES, says="without a goodbye"
)

# -- what chance decides ---------------------------------------------------------------------------

_DRAWN: Final = (Trait.ROOT, Trait.DISTURBS)
_ADDRESS: Final = Field("address", ADDRESS)

LOSS: Final = Entry("network", "decision", "loss", (_ADDRESS,), _DRAWN)
OUTAGE: Final = Entry(
    "network",
    "decision",
    "outage",
    (_ADDRESS, Field("for", DURATION), Field("length", ADDRESS)),
    _DRAWN,
    told=False,
)
"""``length`` is the draw of how long; the fault that follows is told."""

# -- what apps decide ------------------------------------------------------------------------------

_AFTER: Final = Field("after", DURATION)

REJOIN: Final = Entry("app", "decision", "rejoin", (_AFTER,))
STAY: Final = Entry("app", "decision", "stay", (Field("for", DURATION),), told=False)
CLEAN_UP: Final = Entry("app", "decision", "clean-up", (_AFTER, Field("event", WORD)))
POLICY: Final = Entry(
    "app",
    "decision",
    "policy",
    (Field("policy", WORD), Field("target", PERSON), Field("address", ADDRESS, optional=True)),
    (Trait.ROOT,),
)

# -- what the client decides by itself ------------------------------------------------------------

WITHDRAWAL: Final = Entry(
    "publisher",
    "decision",
    "withdrawal",
    (Field("stream", STREAM), Field("besides", RECORD_NUMBERS, optional=True)),
)
"""Publishing has failed: the client asks the platform to end the stream, if it has come about.
``besides`` is the call, where that is not the cause."""

# -- what the platform decides ---------------------------------------------------------------------

_BY: Final = Field("by", TEXT)
"""A connection, the server or the script."""
_CONNECTION: Final = Field("connection", CONNECTION)
_ROOT: Final = (Trait.ROOT,)
_STEP: Final = (Trait.ROOT, Trait.SCRIPTED)

REASONS_OF_COMMANDS: Final = {
    "forceDisconnect": FORCE_DISCONNECTED,
    "forceUnpublish": FORCE_UNPUBLISHED,
}
"""A moderator's command → the reason of the end that it brings."""

ACCEPTED: Final = Entry(
    "platform",
    "decision",
    "accepted",
    (Field("command", WORD), Field("target", TEXT), _BY),
    _ROOT,
    explains=tuple(REASONS_OF_COMMANDS.values()),
)
REFUSED: Final = Entry(
    "platform", "decision", "refused", (Field("command", WORD), Field("status", NUMBER), _BY)
)
IDLE: Final = Entry("platform", "decision", MEDIA_IDLE, (_CONNECTION,), explains=(MEDIA_IDLE,))
ROTATION: Final = Entry(
    "platform",
    "decision",
    SERVER_ROTATION,
    (_CONNECTION, Field("migrate", FLAG)),
    _STEP,
    explains=(SERVER_ROTATION,),
    word="rotate",
)
_SCRIPTED: Final = Field("by", WORD)
_CODE: Final = Field("code", NUMBER, optional=True)
CLOSE_SOCKET: Final = Entry("platform", "decision", "close-socket", (_SCRIPTED, _CODE), _STEP)
EXPIRE_GRACE: Final = Entry("platform", "decision", "expire-grace", (_SCRIPTED, _CODE), _STEP)
SERVER_SIGNAL: Final = Entry(
    "platform",
    "decision",
    "signal",
    (
        Field("signal", SIGNAL),
        Field("type", TEXT, empty=True),
        Field("data", ANYTHING),
    ),
    _STEP,
)

INCIDENT_RECORDS: Final = (
    NETWORK_DOWN,
    NETWORK_HEAL,
    NETWORK_UP,
    NETWORK_RESET,
    NETWORK_CHANGE,
    MEDIA_CUT,
    MEDIA_RESTORED,
    CRASH,
    LOSS,
    OUTAGE,
    REJOIN,
    STAY,
    CLEAN_UP,
    POLICY,
    WITHDRAWAL,
    ACCEPTED,
    REFUSED,
    IDLE,
    ROTATION,
    CLOSE_SOCKET,
    EXPIRE_GRACE,
    SERVER_SIGNAL,
)
