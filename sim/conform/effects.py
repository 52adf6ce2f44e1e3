"""When the first client was told of what a request did: by then the platform had carried it out.

A request is known by what it makes apps be told. One server saw all requests, and told everybody
of each as it came: so the first who heard of it says when it was there at the latest. Whoever was
away himself says nothing about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from sim.conform.case import Case, Told
from sim.conform.labels import owner_of
from sim.conform.networks import Networks
from sim.protocol.frames import Disconnect, Frame, Message
from sim.protocol.reasons import FORCE_DISCONNECTED, FORCE_UNPUBLISHED, NETWORK_DISCONNECTED
from sim.protocol.units import MILLISECOND, SECOND

LONGEST: Final = 2 * SECOND
"""No request takes longer to the platform: what is told later was slow on its way back."""
EARLY: Final = SECOND
"""How much sooner than its request in the re-enactment something may have been told."""

Shows = Callable[[str, Told], bool]
"""Given a client and an event that it was told: whether it shows that the request was there."""


class Effects:
    """What everybody was told, as far as it has not been put down to a request yet."""

    def __init__(self, case: Case, networks: Networks) -> None:
        self._expect = case.expect
        self._networks = networks
        self._used = {id(told) for each in case.expect.values() for told in _listed(each)}

    def of(self, who: str, frame: Frame, now: int) -> int | None:
        """When the first was told of what this request of ``who`` did; None if nobody was.

        ``now`` is when the request may be there at the earliest. What shows it is used up.
        """
        shows = shown_by(who, frame)
        if shows is None:
            return None
        first = self._first(shows, now)
        if first is not None:
            self._use(shows, now, first)
        return first

    def _first(self, shows: Shows, now: int) -> int | None:
        times = (
            told.at
            for name in self._expect
            if (told := self._next(name, shows, now)) is not None
            and self._networks.is_whole(name, min(now, told.at), told.at)
        )
        return min(times, default=None)

    def _use(self, shows: Shows, now: int, first: int) -> None:
        for name in self._expect:
            told = self._next(name, shows, now)
            away = told is not None and not self._networks.is_whole(name, now, told.at)
            if told is not None and (away or told.at <= first + LONGEST):
                self._used.add(id(told))

    def _next(self, name: str, shows: Shows, now: int) -> Told | None:
        news = (t for t in self._expect[name] if t.at >= now - EARLY and id(t) not in self._used)
        told = next((t for t in news if shows(name, t)), None)
        return told if told is not None and told.at <= now + LONGEST else None


def shown_by(who: str, frame: Frame) -> Shows | None:
    """What shows that a request was carried out; None for one of which nobody is told."""
    if isinstance(frame, Disconnect):
        return None if frame.reconnect else _left(who)
    if not isinstance(frame, Message):
        return None
    make = _SHOWN.get((frame.method, frame.resource))
    return None if make is None else make(who, frame.content)


def _left(who: str) -> Shows:
    about = f"connection {who}"
    return lambda teller, told: (
        told.event == "connectionDestroyed"
        and told.fields.get("about") == about
        and told.fields.get("reason") not in (FORCE_DISCONNECTED, NETWORK_DISCONNECTED)
    )


def _joined(who: str, _: dict[str, Any]) -> Shows:
    about = f"connection {who}"
    return lambda teller, told: (
        told.event == "sessionConnected"
        if teller == who
        else told.event == "connectionCreated" and told.fields.get("about") == about
    )


def _published(who: str, content: dict[str, Any]) -> Shows:
    return publishing(who, content["name"])


def publishing(who: str, publisher: str) -> Shows:
    """What shows that this Publisher's stream was there."""
    about = f"stream of {who}"
    return lambda teller, told: (
        told.event == "streamCreated"
        and told.fields.get("about", about) == about
        and told.object == (publisher if teller == who else "session")
    )


def _stream_deleted(who: str, content: dict[str, Any]) -> Shows:
    owner = owner_of(content["id"])
    about = f"stream of {owner}"

    def shows(teller: str, told: Told) -> bool:
        if told.event != "streamDestroyed" or told.fields.get("about") != about:
            return False
        forced = told.fields.get("reason") == FORCE_UNPUBLISHED
        return forced if teller == owner else forced == (who != owner)

    return shows


def _signalled(who: str, content: dict[str, Any]) -> Shows:
    data = content.get("data")
    return lambda _, told: (
        told.event == "signal"
        and told.fields.get("from") in (None, who)
        and told.fields.get("data") in (None, data)
    )


def _removed(who: str, content: dict[str, Any]) -> Shows:
    victim = owner_of(content["id"])
    about = f"connection {victim}"
    return lambda teller, told: (
        told.fields.get("reason") == FORCE_DISCONNECTED
        and (
            told.event == "sessionDisconnected"
            if teller == victim
            else told.event == "connectionDestroyed" and told.fields.get("about") == about
        )
    )


def _muted(_: str, __: dict[str, Any]) -> Shows:
    return lambda _, told: told.event == "muteForced" and told.object == "session"


def _stream_muted(_: str, content: dict[str, Any]) -> Shows:
    owner = owner_of(content["id"])
    return lambda teller, told: (
        teller == owner and told.event == "muteForced" and told.object.startswith("publisher")
    )


_SHOWN: Final[dict[tuple[str, str], Callable[[str, dict[str, Any]], Shows]]] = {
    ("create", "connection"): _joined,
    ("create", "stream"): _published,
    ("delete", "stream"): _stream_deleted,
    ("create", "signal"): _signalled,
    ("delete", "connection"): _removed,
    ("update", "session"): _muted,
    ("update", "stream"): _stream_muted,
}


def news(told: Sequence[Told]) -> Iterator[Told]:
    """What a client was told, without what had been there before it joined."""
    listed = {id(each) for each in _listed(told)}
    return (each for each in told if id(each) not in listed)


def _listed(told: Sequence[Told]) -> Iterator[Told]:
    """What a client was told of in the block in which it joined: what had been there before."""
    last: int | None = None
    for each in told:
        if each.event == "sessionConnected":
            last = each.at
        elif last is not None and each.event in ("connectionCreated", "streamCreated"):
            last = each.at if each.at <= last + _BLOCK else None
            if last is not None:
                yield each


_BLOCK: Final = 100 * MILLISECOND
"""The longest pause within such a block: an app subscribes meanwhile."""
