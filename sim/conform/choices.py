"""The platform's choices in a case: what may be written there, and the settings that it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from attrs import evolve

from sim.conform.problems import FLAG, NUMBER, OBJECT, TEXT, Kind, Problems
from sim.platform import PlatformSettings, from_conformance

LONGEST_GRACE: Final = 86_400_000
"""In milliseconds: a day."""
STATUS: Final = re.compile(r"[1-9]\d\d")

Check = Callable[[Any], str | None]
"""What is wrong with a value that is of the right kind, or None."""


def _one_of(*allowed: str) -> Check:
    return lambda value: None if value in allowed else f"must be {' or '.join(allowed)}"


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


_ORDER: Final = _one_of("ack-first", "ack-last")
KEYS: Final[dict[str, tuple[Kind | None, Check]]] = {
    "leave_order": (TEXT, _one_of("stream-first", "connection-first")),
    "leave_reason": (TEXT, _any),
    "lost_reason": (TEXT, _any),
    "unpublish_echo": (FLAG, _any),
    "force_ack": (TEXT, _ORDER),
    "victim_told_of_own_stream": (FLAG, _any),
    "platform_closes_victims_socket": (FLAG, _any),
    "signal_ack": (TEXT, _ORDER),
    "p2p": (TEXT, _any),
    "reconnection_enabled": (FLAG, _any),
    "grace_ms": (NUMBER, _grace),
    "replays_what_was_missed": (FLAG, _any),
    "speaks_first_on_reconnect": (FLAG, _any),
    "reattach_when_gone": (TEXT, _any),
    "mute_active": (FLAG, _any),
    "ack_status": (None, status),
    "reject_connect": (OBJECT, _rejection),
}
"""What each key may say; a key that is absent or null says nothing, others decide nothing here."""


def check(platform: Mapping[str, Any], problems: Problems) -> None:
    """Note everything that a case's ``platform`` may not say."""
    for key, what in _complaints(platform):
        problems.add(f"case.platform.{key}", what)


def _complaints(platform: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, (kind, fits) in KEYS.items():
        value = platform.get(key)
        if value is None:
            continue
        if kind is not None and not kind.fits(value):
            yield key, f"must be {kind.name}"
        elif (wrong := fits(value)) is not None:
            yield key, wrong


def settings(platform: Mapping[str, Any]) -> PlatformSettings:
    """The settings that a checked ``platform`` means."""
    said = {key: value for key, value in platform.items() if value is not None}
    return evolve(from_conformance(said), expired=_expired(said.get("reattach_when_gone", "close")))


_EXPIRED: Final = {
    r"clos|refus|reject|drop": "close",
    r"tell|told|delet|destroy|notif|reason|end|disconnect": "tell",
    r"": "ignore",
}
"""How the word for what one hears who comes back too late is taken, the first that matches."""


def _expired(word: str) -> str:
    return next(way for words, way in _EXPIRED.items() if re.search(words, word, re.IGNORECASE))
