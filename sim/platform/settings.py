"""The platform's choices: what a client cannot see and the specification leaves open.

Sources: spec/opentok-js-2.35.2.md, sections 2.12, 3.3, 5.2 and 9. Durations are in microseconds;
code may also write one as a text, such as ``"45s"``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from attrs import Attribute, Converter, field, frozen
from attrs.validators import optional

from sim.protocol.reasons import CLIENT_DISCONNECTED, NETWORK_DISCONNECTED
from sim.protocol.units import HOUR, MINUTE, SECOND, parse_duration
from sim.wording import brief

ACK_ORDERS: Final = {
    "ack-first": "The sender's acknowledgement, then what everybody is told.",
    "ack-last": "What everybody is told, then the acknowledgement.",
}
LEAVE_ORDERS: Final = {
    "stream-first": "The ends of somebody's streams, then that of the connection.",
    "connection-first": "The end of somebody's connection, then those of the streams.",
    "connection-only": "The end of somebody's connection; of the streams nobody is told.",
}
WHEN_GONE: Final = {
    "tell": "On first contact, the end of one's own connection with its reason.",
    "close": "The socket is closed, at once.",
}
EXPIRED: Final = {
    **WHEN_GONE,
    "ignore": "Nothing: heartbeats are answered as if the connection were there.",
}
CLOSE_CODES: Final = (1000, 4999)
MOST: Final = 1_000_000
"""The highest limit of connections, streams or subscriptions."""

_Validator = Callable[[Any, "Attribute[Any]", Any], None]


def _one_of(allowed: Mapping[str, str]) -> _Validator:
    def check(_: Any, attribute: Attribute[Any], value: Any) -> None:
        if value not in allowed:
            *others, last = allowed
            words = f"{', '.join(others)} and {last}"
            raise ValueError(f"{attribute.name} is {brief(value)}; allowed are {words}")

    return check


def _whole(least: int, most: int | None = None) -> _Validator:
    def check(_: Any, attribute: Attribute[Any], value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"{attribute.name} is {brief(value)}; it must be a whole number")
        if value < least:
            raise ValueError(f"{attribute.name} is {brief(value)}; the least allowed is {least}")
        if most is not None and value > most:
            raise ValueError(f"{attribute.name} is {brief(value)}; the most allowed is {most}")

    return check


def _is_flag(_: Any, attribute: Attribute[Any], value: Any) -> None:
    if not isinstance(value, bool):
        raise ValueError(f"{attribute.name} is {brief(value)}; allowed are True and False")


def _read(value: int | str | None, attribute: Attribute[Any]) -> int | None:
    if not isinstance(value, str):
        return value
    try:
        return parse_duration(value)
    except ValueError as problem:
        raise ValueError(f"{attribute.name}: {problem}") from None


def _flag(default: bool) -> Any:
    return field(default=default, validator=_is_flag)


def _word(default: str, allowed: Mapping[str, str]) -> Any:
    return field(default=default, validator=_one_of(allowed))


def _code(default: int) -> Any:
    return field(default=default, validator=_whole(*CLOSE_CODES))


def _duration(default: int, validator: _Validator) -> Any:
    return field(default=default, converter=Converter(_read, takes_field=True), validator=validator)


def _limit() -> Any:
    return field(default=None, validator=optional(_whole(0, MOST)))


@frozen(kw_only=True)
class PlatformSettings:
    """Every choice of the platform. Raises ``ValueError`` with one sentence for a wrong value."""

    leave_order: str = _word("stream-first", LEAVE_ORDERS)
    """What is told first about a leaver: the end of its streams or of its connection; or that of
    its connection alone, when the others' Subscribers stay (recordings 02 and 03 know the way)."""
    leave_reason: str = CLIENT_DISCONNECTED
    """The reason told of one who said goodbye, and of a stream that its owner unpublished
    (L23835)."""
    lost_reason: str = NETWORK_DISCONNECTED
    """The reason told of one who was lost and did not come back in time."""
    announce_after: int = _duration(0, _whole(0))
    """How much later than their other messages the others are told of a newcomer: a platform whose
    presence takes a way of its own lets signals and streams overtake it (section 6; 2.14)."""
    unpublish_echo: bool = _flag(True)
    """Whether the owner is told, too, that its unpublished stream has ended."""

    force_ack: str = _word("ack-first", ACK_ORDERS)
    """Whether a moderator's command is acknowledged before or after everybody is told."""
    tell_victim_of_own_stream: bool = _flag(True)
    """Whether one who is sent away is told of the end of its own streams, too."""
    close_victims_socket: bool = _flag(False)
    """Whether the platform closes the socket of one whom it has sent away."""
    victim_close_code: int = _code(1000)
    """The close code of that."""

    signal_ack: str = _word("ack-first", ACK_ORDERS)
    """Whether a signal is acknowledged before or after it goes out."""
    signal_echo: bool = _flag(True)
    """Whether a signal for everybody comes back to its sender."""
    subscriber_may_signal: bool = _flag(True)
    """Whether the role subscriber may signal (recording 10: it may)."""
    publisheronly_may_signal: bool = _flag(True)
    """Whether the role publisheronly may signal (restricted, says the vendor's token guide,
    without saying how)."""
    session_id: str = "session"
    """The name of the session; a signal addressed to it goes to everybody (recording 08f)."""

    peer_to_peer: bool = _flag(False)
    """Whether media goes from person to person, or else over a media server (section 3.4)."""

    reconnection: bool = _flag(True)
    """Whether the session-info reply lets clients reconnect (06d: without, they end at once)."""
    detection: int = _duration(10 * SECOND, _whole(1))
    """Silence after which a socket is taken for dead. Our own choice: two of the client's
    silence periods (5.9 s), so that the client notices first."""
    grace: int = _duration(45 * SECOND, _whole(0))
    """How long a lost connection is kept, from when the loss is noticed (the recordings' value):
    longer than the client's window of 30 s and one last attempt of 15 s."""
    replay: bool = _flag(True)
    """Whether one who comes back is sent again what it has not acknowledged (05e)."""
    speaks_first_on_reconnect: bool = _flag(False)
    """Whether a resumed socket hears something at once even when nothing was missed; otherwise
    it hears the answer to its first PING, two seconds later."""
    when_gone: str = _word("tell", WHEN_GONE)
    """What one hears who comes back after its connection was removed: ``tell`` is the end of its
    own connection with the reason, on first contact; ``close`` is a closed socket, at once."""
    expired: str = _word("close", EXPIRED)
    """The same when it was removed because its grace had expired. ``ignore``: its socket is
    accepted and its heartbeats are answered, but the connection is not there any more and nobody
    says so (recordings 06e name the way that was chosen). One who says that it comes back and is
    not known at all is turned away, too, unless this is ``ignore`` (recording m4)."""
    abandon_code: int = _code(1006)
    """The close code of sockets that the platform gives up: dead, replaced, or of one who is
    gone. 1006 is what a browser reports of a socket that ends without a closing handshake."""
    remember_gone: int = _duration(10 * MINUTE, _whole(0))
    """How long the platform knows that a connection was removed. Our own choice: far longer than
    any client keeps trying (about 50 s). One who comes back later still is a stranger."""
    statuses_kept: int = _duration(40 * SECOND, _whole(0))
    """How long the answer to a request is kept for a repetition of the request. The client
    remembers numbers for 30 to 40 s (L18569)."""

    connection_limit: int | None = _limit()
    """Most connections in the session; more are refused as ``connectionLimitExceeded``."""
    stream_limit: int | None = _limit()
    """Most streams in the session; more are refused with 409 ``streamLimitExceeded``."""
    subscription_limit: int | None = _limit()
    """Most subscriptions of one connection; more are refused with 409 ``streamLimitExceeded``."""
    media_idle: int | None = _duration(4 * HOUR, optional(_whole(0)))
    """A connection that has neither published nor subscribed this long after joining is removed
    with ``mediaIdle`` (L77638); None: never."""
    mute_on_entry: bool = _flag(False)
    """Whether the session is muted from the start."""
    carries_out_mutes: bool = _flag(True)
    """Whether mute commands do anything; the recordings' server only acknowledged them."""
    mute_all_reaches_streams: bool = _flag(True)
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
