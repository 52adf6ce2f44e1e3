"""What a story may decide about the platform, about the client's timers and about its quirks."""

from __future__ import annotations

from typing import Any, Final

from sim.platform import settings
from sim.protocol.quirks import PROFILES, QUIRKS, Profile, profile
from sim.protocol.timers import Timers
from sim.scenario.compounds import Either, Named, Several
from sim.scenario.quantities import DURATION, FLAG, POSITIVE_DURATION, whole_number
from sim.scenario.shapes import Choice, Shape, Word, choice
from sim.scenario.tables import Key, Table, foreign_keys, given, table

# -- the platform -------------------------------------------------------------------------------

Platform = settings.PlatformSettings
"""What the client cannot see and its documentation leaves open: the platform's own settings."""

_LIMIT: Final = Choice("", (Word("none", None, "No limit."),), whole_number(0, settings.MOST))
_NEVER_OR_AFTER: Final = Choice("", (Word("never", None, "It is never removed."),), DURATION)
_CLOSE_CODE: Final = whole_number(*settings.CLOSE_CODES, "a close code")
_ACK_ORDER: Final = choice("an order", settings.ACK_ORDERS)
_LEAVE_ORDER: Final = choice("an order", settings.LEAVE_ORDERS)
_WHEN_GONE: Final = choice("a way to tell", settings.WHEN_GONE)

_CHOICES: Final[dict[str, tuple[Shape, str]]] = {
    "leave_order": (_LEAVE_ORDER, "What is told first about one who leaves."),
    "announce_after": (
        DURATION,
        "How long the news of a newcomer take, beside all other messages.",
    ),
    "unpublish_echo": (FLAG, "Whether the owner of an unpublished stream is told, too."),
    "force_ack": (_ACK_ORDER, "When a moderator's command is acknowledged."),
    "tell_victim_of_own_stream": (
        FLAG,
        "Whether one who is removed is told of the end of its own streams, too.",
    ),
    "close_victims_socket": (FLAG, "Whether the socket of one removed is closed."),
    "victim_close_code": (_CLOSE_CODE, "With which code that is."),
    "signal_ack": (_ACK_ORDER, "When a signal is acknowledged."),
    "signal_echo": (FLAG, "Whether a signal to everybody comes back to its sender."),
    "subscriber_may_signal": (FLAG, "Whether the role subscriber may signal."),
    "publisheronly_may_signal": (FLAG, "Whether the role publisheronly may signal."),
    "peer_to_peer": (
        FLAG,
        "Whether media goes from person to person, or else over a media server.",
    ),
    "reconnection": (FLAG, "Whether clients may reconnect."),
    "detection": (POSITIVE_DURATION, "Silence after which a socket is taken for dead."),
    "grace": (DURATION, "How long a lost connection is kept."),
    "replay": (FLAG, "Whether one who comes back hears what it has missed."),
    "speaks_first_on_reconnect": (
        FLAG,
        "Whether a resumed socket hears something at once, or the answer to its first ping.",
    ),
    "when_gone": (_WHEN_GONE, "What one hears who comes back after the grace is over."),
    "abandon_code": (_CLOSE_CODE, "The close code of sockets that the platform gives up."),
    "remember_gone": (DURATION, "How long the platform knows that a connection was removed."),
    "connection_limit": (_LIMIT, "Most connections in the session."),
    "stream_limit": (_LIMIT, "Most streams in the session."),
    "subscription_limit": (_LIMIT, "Most subscriptions of one connection."),
    "media_idle": (
        _NEVER_OR_AFTER,
        "When one is removed who has neither published nor subscribed since connecting.",
    ),
    "mute_on_entry": (FLAG, "Whether the session is muted from the start."),
    "mute_all_reaches_streams": (
        FLAG,
        "Whether force-mute-all also tells the owner of each stream.",
    ),
}


class _Sayable(Table):
    """The platform's settings, as far as a story can say them."""

    def holds(self, value: Any) -> bool:
        """Whether it is a platform whose other settings are as by default."""
        return super().holds(value) and set(given(value)) <= set(_CHOICES)


PLATFORM: Final = _Sayable(
    "platform",
    "a mapping such as {grace: 30s}",
    foreign_keys(Platform, _CHOICES),
    Platform,
    Platform,
    lambda value: {name: getattr(value, name) for name in given(value)},
)
"""The platform's choices; their sources are in :mod:`sim.platform.settings`."""

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
    "bind_ahead": "How long before connected media begin to be bound.",
    "bind_fails": "From connected until binding without media is given up.",
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
            "prepare_publishing": (DURATION, "From the bound camera until the request goes out."),
            "bind_media": (DURATION, "From a Subscriber's connected until subscribing ends."),
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
    return {"name": value.name, "switches": value.switches}


_SWITCHES: Final = Named(
    "a mapping from quirks to true or false",
    choice("a quirk", {name: quirk.sees for name, quirk in QUIRKS.items()}),
    FLAG,
)
_CHANGED: Final = Table(
    "profile",
    "a mapping such as {base: documented, quirks: {...: true}}",
    {
        "base": Key(
            choice("a profile", _NAMES),
            "The profile to begin with, whose quirks are then switched.",
            "",
            "name",
        ),
        "quirks": Key(_SWITCHES, "Which are switched on or off.", "", "switches", {}),
    },
    Profile,
    profile,
    _changed,
)
PROFILE: Final = Either(f"{_BARE.says}, or {_CHANGED.says}", _BARE, _CHANGED)
"""Which client it is; code may also make one with :func:`sim.protocol.quirks.profile`."""
