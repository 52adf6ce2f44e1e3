"""The platform's choices: what a client cannot see and the specification leaves open.

Sources: spec/opentok-js-2.35.2.md, sections 2.12, 3.3, 5.2 and 9; the recordings' ``platform``
keys (conformance/README.md). Durations are in microseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from attrs import Attribute, field, frozen

from sim.protocol.reasons import CLIENT_DISCONNECTED, NETWORK_DISCONNECTED
from sim.protocol.units import HOUR, MILLISECOND, MINUTE, SECOND

_Validator = Callable[[Any, "Attribute[Any]", Any], None]


def _one_of(*allowed: str) -> _Validator:
    def check(_: Any, attribute: Attribute[Any], value: Any) -> None:
        if value not in allowed:
            raise ValueError(f"{attribute.name} is {value!r}; allowed are {' and '.join(allowed)}")

    return check


def _at_least(least: int) -> _Validator:
    def check(_: Any, attribute: Attribute[Any], value: Any) -> None:
        if value is not None and value < least:
            raise ValueError(f"{attribute.name} is {value}; the least allowed is {least}")

    return check


_ACK: Final = _one_of("ack-first", "ack-last")


@frozen(kw_only=True)
class PlatformSettings:
    """Every choice of the platform. Raises ``ValueError`` with one sentence for a wrong value."""

    leave_order: str = field(
        default="stream-first", validator=_one_of("stream-first", "connection-first")
    )
    """What is told first about a leaver: the end of its streams or of its connection."""
    leave_reason: str = CLIENT_DISCONNECTED
    """The reason told of one who said goodbye, and of a stream that its owner unpublished
    (L23835)."""
    lost_reason: str = NETWORK_DISCONNECTED
    """The reason told of one who was lost and did not come back in time."""
    announce_after: int = field(default=0, validator=_at_least(0))
    """How much later than their other messages the others are told of a newcomer: a platform whose
    presence takes a way of its own lets signals and streams overtake it (section 6; 2.14)."""
    unpublish_echo: bool = True
    """Whether the owner is told, too, that its unpublished stream has ended."""

    force_ack: str = field(default="ack-first", validator=_ACK)
    """Whether a moderator's command is acknowledged before or after everybody is told."""
    tell_victim_of_own_stream: bool = True
    """Whether one who is sent away is told of the end of its own streams, too."""
    close_victims_socket: bool = False
    """Whether the platform closes the socket of one whom it has sent away."""
    victim_close_code: int = 1000
    """The close code of that."""

    signal_ack: str = field(default="ack-first", validator=_ACK)
    """Whether a signal is acknowledged before or after it goes out."""
    signal_echo: bool = True
    """Whether a signal for everybody comes back to its sender."""
    subscriber_may_signal: bool = True
    """Whether the role subscriber may signal (recording 10: it may)."""
    publisheronly_may_signal: bool = True
    """Whether the role publisheronly may signal (restricted, says the vendor's token guide,
    without saying how)."""
    session_id: str = "session"
    """The name of the session; a signal addressed to it goes to everybody (recording 08f)."""

    peer_to_peer: bool = False
    """Whether media goes from person to person, or else over a media server (section 3.4)."""

    reconnection: bool = True
    """Whether the session-info reply lets clients reconnect (06d: without, they end at once)."""
    detection: int = field(default=10 * SECOND, validator=_at_least(1))
    """Silence after which a socket is taken for dead. Our own choice: two of the client's
    silence periods (5.9 s), so that the client notices first."""
    grace: int = field(default=45 * SECOND, validator=_at_least(0))
    """How long a lost connection is kept, from when the loss is noticed (the recordings' value):
    longer than the client's window of 30 s and one last attempt of 15 s."""
    replay: bool = True
    """Whether one who comes back is sent again what it has not acknowledged (05e)."""
    speaks_first_on_reconnect: bool = False
    """Whether a resumed socket hears something at once even when nothing was missed; otherwise
    it hears the answer to its first PING, two seconds later."""
    when_gone: str = field(default="tell", validator=_one_of("tell", "close"))
    """What one hears who comes back after its connection was removed: ``tell`` is the end of its
    own connection with the reason, on first contact; ``close`` is a closed socket, at once."""
    expired: str = field(default="close", validator=_one_of("close", "tell", "ignore"))
    """The same when it was removed because its grace had expired. ``ignore``: its socket is
    accepted and its heartbeats are answered, but the connection is not there any more and nobody
    says so (recordings 06e name the way that was chosen)."""
    abandon_code: int = 1006
    """The close code of sockets that the platform gives up: dead, replaced, or of one who is
    gone. 1006 is what a browser reports of a socket that ends without a closing handshake."""
    remember_gone: int = field(default=10 * MINUTE, validator=_at_least(0))
    """How long the platform knows that a connection was removed. Our own choice: far longer than
    any client keeps trying (about 50 s). One who comes back later still is a stranger."""
    statuses_kept: int = field(default=40 * SECOND, validator=_at_least(0))
    """How long the answer to a request is kept for a repetition of the request. The client
    remembers numbers for 30 to 40 s (L18569)."""

    connection_limit: int | None = field(default=None, validator=_at_least(0))
    """Most connections in the session; more are refused as ``connectionLimitExceeded``."""
    stream_limit: int | None = field(default=None, validator=_at_least(0))
    """Most streams in the session; more are refused with 409 ``streamLimitExceeded``."""
    subscription_limit: int | None = field(default=None, validator=_at_least(0))
    """Most subscriptions of one connection; more are refused with 409 ``streamLimitExceeded``."""
    media_idle: int | None = field(default=4 * HOUR, validator=_at_least(0))
    """A connection that has neither published nor subscribed this long after joining is removed
    with ``mediaIdle`` (L77638); None: never."""
    mute_on_entry: bool = False
    """Whether the session is muted from the start."""
    carries_out_mutes: bool = True
    """Whether mute commands do anything; the recordings' server only acknowledged them."""
    mute_all_reaches_streams: bool = True
    """Whether forceMuteAll also mutes each stream by a message to its owner; without it no
    Publisher is told (L38387, L38501)."""

    reject_connect: tuple[int, str] | None = None
    """Status and reason with which every attempt to join is refused; None: none is."""
    ack_status: int = 200
    """The status of every successful request but joining. One that is not 2xx refuses them all."""
    info_status: Mapping[str, int] = field(factory=dict)
    """HTTP status of the session-info reply by person, where it is not 200 (recording 10)."""

    def may_signal(self, role: str) -> bool:
        """Whether a client of this role may signal."""
        return {
            "subscriber": self.subscriber_may_signal,
            "publisheronly": self.publisheronly_may_signal,
        }.get(role, True)


def _rejection(value: Any) -> tuple[int, str] | None:
    return None if value is None else (int(value["status"]), str(value["reason"]))


def _as_given(value: Any) -> Any:
    return value


_CONFORMANCE: Final[dict[str, tuple[str, Callable[[Any], Any]]]] = {
    "leave_order": ("leave_order", _as_given),
    "leave_reason": ("leave_reason", _as_given),
    "lost_reason": ("lost_reason", _as_given),
    "unpublish_echo": ("unpublish_echo", _as_given),
    "force_ack": ("force_ack", _as_given),
    "victim_told_of_own_stream": ("tell_victim_of_own_stream", _as_given),
    "platform_closes_victims_socket": ("close_victims_socket", _as_given),
    "signal_ack": ("signal_ack", _as_given),
    "p2p": ("peer_to_peer", lambda value: value == "enabled"),
    "reconnection_enabled": ("reconnection", _as_given),
    "grace_ms": ("grace", lambda value: round(value * MILLISECOND)),
    "replays_what_was_missed": ("replay", _as_given),
    "speaks_first_on_reconnect": ("speaks_first_on_reconnect", _as_given),
    "reattach_when_gone": ("when_gone", lambda value: "close" if value == "close" else "tell"),
    "mute_active": ("mute_on_entry", _as_given),
    "ack_status": ("ack_status", int),
    "reject_connect": ("reject_connect", _rejection),
}
"""A recording's key: the setting that it decides and how its value is read."""


def from_conformance(platform: Mapping[str, Any]) -> PlatformSettings:
    """The settings that a recording's ``platform`` key describes.

    Keys that decide nothing here (``udpRelay``) are passed over.

    >>> from_conformance({"grace_ms": 20000, "p2p": "enabled"}).grace
    20000000
    """
    chosen = {
        name: read(platform[key]) for key, (name, read) in _CONFORMANCE.items() if key in platform
    }
    return PlatformSettings(**chosen)
