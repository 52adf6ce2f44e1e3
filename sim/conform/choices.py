"""The platform's choices in a case: what may be written there, and the settings that it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from attrs import evolve

from sim.conform.problems import FLAG, NUMBER, OBJECT, TEXT, Kind, Problems
from sim.platform.settings import ACK_ORDERS, LEAVE_ORDERS, PlatformSettings
from sim.protocol.units import MILLISECOND
from sim.wording import listing

LONGEST_GRACE: Final = 86_400_000
"""In milliseconds: a day."""
STATUS: Final = re.compile(r"[1-9][0-9][0-9]")

Check = Callable[[Any], str | None]
"""What is wrong with a value that is of the right kind, or None."""


def _one_of(*allowed: str) -> Check:
    return lambda value: None if value in allowed else f"must be {listing(allowed, 'or')}"


def _any(_: Any) -> str | None:
    return None


def _grace(value: float) -> str | None:
    return None if 0 <= value <= LONGEST_GRACE else "must be from 0 to a day of milliseconds"


def status(value: Any) -> str | None:
    """What is wrong with a status, a number or the digits of one; None if nothing."""
    digits = isinstance(value, str | int) and not isinstance(value, bool) and str(value)
    fits = bool(digits) and STATUS.fullmatch(str(digits)) is not None
    return None if fits else "must be a status from 100 to 999"


def _rejection(value: Mapping[str, Any]) -> str | None:
    if not isinstance(value.get("reason"), str):
        return "must be {status, reason}, the reason a text"
    wrong = status(value.get("status"))
    return wrong and f"has a status that {wrong}"


def _as_said(value: Any) -> Any:
    return value


class Key(NamedTuple):
    """A key of a case's ``platform``: what it may say, which setting it decides, and how."""

    kind: Kind | None
    fits: Check
    setting: str
    read: Callable[[Any], Any] = _as_said


KEYS: Final[dict[str, Key]] = {
    "leave_order": Key(TEXT, _one_of(*LEAVE_ORDERS), "leave_order"),
    "leave_reason": Key(TEXT, _any, "leave_reason"),
    "lost_reason": Key(TEXT, _any, "lost_reason"),
    "unpublish_echo": Key(FLAG, _any, "unpublish_echo"),
    "force_ack": Key(TEXT, _one_of(*ACK_ORDERS), "force_ack"),
    "victim_told_of_own_stream": Key(FLAG, _any, "tell_victim_of_own_stream"),
    "platform_closes_victims_socket": Key(FLAG, _any, "close_victims_socket"),
    "signal_ack": Key(TEXT, _one_of(*ACK_ORDERS), "signal_ack"),
    "p2p": Key(TEXT, _any, "peer_to_peer", lambda value: value == "enabled"),
    "reconnection_enabled": Key(FLAG, _any, "reconnection"),
    "grace_ms": Key(NUMBER, _grace, "grace", lambda value: round(value * MILLISECOND)),
    "replays_what_was_missed": Key(FLAG, _any, "replay"),
    "speaks_first_on_reconnect": Key(FLAG, _any, "speaks_first_on_reconnect"),
    "reattach_when_gone": Key(
        TEXT, _any, "when_gone", lambda value: "close" if value == "close" else "tell"
    ),
    "mute_active": Key(FLAG, _any, "mute_on_entry"),
    "ack_status": Key(None, status, "ack_status", int),
    "reject_connect": Key(
        OBJECT,
        _rejection,
        "reject_connect",
        lambda value: (int(value["status"]), str(value["reason"])),
    ),
}
"""A key that is absent or null says nothing; others (``udpRelay``) decide nothing here."""


def check(platform: Mapping[str, Any], problems: Problems) -> None:
    """Note everything that a case's ``platform`` may not say."""
    for key, what in _complaints(platform):
        problems.add(f"case.platform.{key}", what)


def _complaints(platform: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, (kind, fits, _, _) in KEYS.items():
        value = platform.get(key)
        if value is None:
            continue
        if kind is not None and not kind.fits(value):
            yield key, f"must be {kind.name}"
        elif (wrong := fits(value)) is not None:
            yield key, wrong


def settings(platform: Mapping[str, Any]) -> PlatformSettings:
    """The settings that a checked ``platform`` means.

    >>> settings({"grace_ms": 20000, "p2p": "enabled"}).grace
    20000000
    """
    said = {key: platform[key] for key in KEYS if platform.get(key) is not None}
    chosen = PlatformSettings(**{KEYS[key].setting: KEYS[key].read(said[key]) for key in said})
    return evolve(chosen, expired=_expired(said.get("reattach_when_gone", "close")))


_EXPIRED: Final = {
    r"clos|refus|reject|drop": "close",
    r"tell|told|delet|destroy|notif|reason|end|disconnect": "tell",
    r"": "ignore",
}
"""How the word for what one hears who comes back too late is taken, the first that matches."""


def _expired(word: str) -> str:
    return next(way for words, way in _EXPIRED.items() if re.search(words, word, re.IGNORECASE))
