"""What a story may decide about the platform, about the client's timers and about its quirks."""

from __future__ import annotations

from typing import Any, Final

from attrs import field, frozen

from sim.protocol.quirks import PROFILES, QUIRKS, Profile, profile
from sim.protocol.timers import Timers
from sim.protocol.units import HOUR, MINUTE, SECOND
from sim.scenario.compounds import Either, Named, Several
from sim.scenario.quantities import DURATION, FLAG, POSITIVE_DURATION, whole_number
from sim.scenario.shapes import Choice, Word, choice
from sim.scenario.tables import Key, Table, foreign_keys, key, said, spoken, table

# -- the platform -------------------------------------------------------------------------------

_ACK: Final = choice(
    "an order",
    {
        "ack-first": "The sender's acknowledgement, then what everybody is told.",
        "ack-last": "What everybody is told, then the acknowledgement.",
    },
)
_LEAVE_ORDER: Final = choice(
    "an order",
    {
        "stream-first": "The ends of somebody's streams, then that of the connection.",
        "connection-first": "The end of somebody's connection, then those of the streams.",
    },
)
_WHEN_GONE: Final = choice(
    "a way to tell",
    {
        "tell": "On first contact, the end of one's own connection with its reason.",
        "close": "The socket is closed, at once.",
    },
)
_LIMIT: Final = Choice("", (Word("none", None, "No limit."),), whole_number(0, 1_000_000))
_NEVER_OR_AFTER: Final = Choice("", (Word("never", None, "It is never removed."),), DURATION)
_CLOSE_CODE: Final = whole_number(1000, 4999, "a close code")


def _flag(default: bool, about: str) -> Any:
    return field(default=default, metadata=key(FLAG, about))


@frozen(kw_only=True, field_transformer=spoken)
class Platform:
    """What the client cannot see and its documentation leaves open.

    Names, defaults and meanings are those of ``sim.platform.settings.PlatformSettings``, where
    the sources stand; durations are microseconds.
    """

    leave_order: str = field(
        default="stream-first",
        metadata=key(_LEAVE_ORDER, "What is told first about one who leaves."),
    )
    announce_after: int = field(
        default=0,
        converter=said,
        metadata=key(DURATION, "How long the news of a newcomer take, beside all other messages."),
    )
    unpublish_echo: bool = _flag(True, "Whether the owner of an unpublished stream is told, too.")
    force_ack: str = field(
        default="ack-first", metadata=key(_ACK, "When a moderator's command is acknowledged.")
    )
    tell_victim_of_own_stream: bool = _flag(
        True, "Whether one who is removed is told of the end of its own streams, too."
    )
    close_victims_socket: bool = _flag(False, "Whether the socket of one removed is closed.")
    victim_close_code: int = field(
        default=1000, metadata=key(_CLOSE_CODE, "With which code that is.")
    )
    signal_ack: str = field(
        default="ack-first", metadata=key(_ACK, "When a signal is acknowledged.")
    )
    signal_echo: bool = _flag(True, "Whether a signal to everybody comes back to its sender.")
    subscriber_may_signal: bool = _flag(True, "Whether the role subscriber may signal.")
    publisheronly_may_signal: bool = _flag(True, "Whether the role publisheronly may signal.")
    peer_to_peer: bool = _flag(
        False, "Whether media goes from person to person, or else over a media server."
    )
    reconnection: bool = _flag(True, "Whether clients may reconnect.")
    detection: int = field(
        default=10 * SECOND,
        converter=said,
        metadata=key(POSITIVE_DURATION, "Silence after which a socket is taken for dead."),
    )
    grace: int = field(
        default=45 * SECOND,
        converter=said,
        metadata=key(DURATION, "How long a lost connection is kept."),
    )
    replay: bool = _flag(True, "Whether one who comes back hears what it has missed.")
    speaks_first_on_reconnect: bool = _flag(
        False, "Whether a resumed socket hears something at once, or the answer to its first ping."
    )
    when_gone: str = field(
        default="tell",
        metadata=key(_WHEN_GONE, "What one hears who comes back after the grace is over."),
    )
    abandon_code: int = field(
        default=1006,
        metadata=key(_CLOSE_CODE, "The close code of sockets that the platform gives up."),
    )
    remember_gone: int = field(
        default=10 * MINUTE,
        converter=said,
        metadata=key(DURATION, "How long the platform knows that a connection was removed."),
    )
    connection_limit: int | None = field(
        default=None, converter=said, metadata=key(_LIMIT, "Most connections in the session.")
    )
    stream_limit: int | None = field(
        default=None, converter=said, metadata=key(_LIMIT, "Most streams in the session.")
    )
    subscription_limit: int | None = field(
        default=None, converter=said, metadata=key(_LIMIT, "Most subscriptions of one connection.")
    )
    media_idle: int | None = field(
        default=4 * HOUR,
        converter=said,
        metadata=key(
            _NEVER_OR_AFTER,
            "When one is removed who has neither published nor subscribed since connecting.",
        ),
    )
    mute_on_entry: bool = _flag(False, "Whether the session is muted from the start.")
    mute_all_reaches_streams: bool = _flag(
        True, "Whether force-mute-all also tells the owner of each stream."
    )


PLATFORM: Final = table(Platform, "platform", "a mapping such as {grace: 30s}")

# -- the client's timers ------------------------------------------------------------------------

_DURATIONS: Final = {
    "ping": "Idle time since the last frame sent, after which a ping goes out.",
    "silence": "No inbound frame for so long is a lost network.",
    "silence_without_reconnection": "The same where the platform does not allow reconnecting.",
    "connect_timeout": "How long one socket may take to open.",
    "window": "From the first disconnect of an outage; a failure later than this is final.",
    "connect_spacing": "From the start of one connect to the next, at least.",
    "drain_poll": "Between two looks at the unsent bytes of a socket that is to be closed.",
    "turn": "How long a setTimeout(0) takes.",
    "refused_throttle": "The browser's first pause before it dials a refusing host again.",
    "refused_throttle_max": "The longest of those pauses, which double.",
    "redial_spacing": "Least time between the attempts of one who is let in and turned away.",
    "publish_timeout": "How long a stream may take to be created.",
    "subscribe_timeout": "How long a Subscriber may take to have media.",
    "acquire_media": "From publishing until camera and microphone are there.",
    "dedup": "How long the number of a received message is remembered.",
    "ice_checking": "From the answer to a subscription until media flows.",
    "ice_consent": "Media silence after which ICE is disconnected.",
    "ice_failed": "From ICE disconnected to failed.",
    "subscriber_failed": "From ICE failed until the Subscriber destroys itself.",
    "migration": "How long a client takes to move when a node rotates.",
}
_PAUSES: Final = Several("a list of durations", POSITIVE_DURATION)

TIMERS: Final = table(
    Timers,
    "timers",
    "a mapping such as {window: 60s}",
    foreign_keys(
        Timers,
        {
            **{name: (POSITIVE_DURATION, about) for name, about in _DURATIONS.items()},
            "prepare_subscription": (DURATION, "From subscribing until the request goes out."),
            "connect_attempts": (whole_number(1, 100), "Tries before connecting fails."),
            "info_retries": (_PAUSES, "Pauses between the tries to get the session's data."),
        },
    ),
)
"""The client's timers; the sources of the defaults are in :mod:`sim.protocol.timers`."""

# -- the client's quirks ------------------------------------------------------------------------

_ABOUT: Final = {
    "documented": "The client that the vendor's documentation promises.",
    "opentok.js-2.35.2": "The client as it was shipped, with its quirks.",
}
_NAMES: Final = {name: _ABOUT.get(name, "") for name in PROFILES}
_BARE: Final = Choice(
    "a profile", tuple(Word(name, profile(name), about) for name, about in _NAMES.items())
)


def _changed(value: Profile) -> dict[str, Any]:
    usual = PROFILES[value.name]
    changed = [name for name in QUIRKS if value.has(name) != (name in usual)]
    return {"name": value.name, "switches": {name: value.has(name) for name in changed}}


_SWITCHES: Final = Named(
    "a mapping from quirks to true or false",
    choice("a quirk", {name: quirk.sees for name, quirk in QUIRKS.items()}),
    FLAG,
)
_CHANGED: Final = Table(
    "profile",
    "a mapping such as {base: documented, quirks: {...: true}}",
    {
        "base": Key(choice("a profile", _NAMES), "Where the quirks are as usual.", "", "name"),
        "quirks": Key(_SWITCHES, "Which are switched on or off.", "", "switches", {}),
    },
    Profile,
    profile,
    _changed,
)
PROFILE: Final = Either(f"{_BARE.says}, or {_CHANGED.says}", _BARE, _CHANGED)
"""Which client it is; code may also make one with :func:`sim.protocol.quirks.profile`."""
