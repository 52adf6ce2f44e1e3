"""When a frame may reach its client: not before the event that it makes was recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from sim.client import Client
from sim.conform.answers import Answers
from sim.conform.case import Told
from sim.conform.labels import owner_of
from sim.conform.leavings import Leavings
from sim.conform.machine import THROTTLE
from sim.conform.networks import TROUBLES
from sim.protocol.frames import Frame, Message, Status
from sim.protocol.units import MILLISECOND, SECOND

NOTICED: Final = 100 * MILLISECOND
"""How much later than in the re-enactment the recorded page noticed an outage."""
BUSY: Final = 300 * MILLISECOND
"""How long a page may be busy with frames that have come before a reset."""
LONGEST_HOP: Final = 10 * SECOND
"""A frame is never held longer: the slowest hop that was recorded took 4 s."""


class Pace:
    """What a client was told, in order, and how far the frames have come that tell it."""

    def __init__(self, told: Sequence[Told], answers: Answers, leaves: Leavings) -> None:
        self._told = told
        self._answers = answers
        self._leaves = leaves
        self._next = 0

    def due(self, client: Client, frame: Frame, now: int) -> int | None:
        """When the client may have the frame, in microseconds; None as soon as it is its turn."""
        answer = self._answers.due(client, frame, now)
        if answer is not None:
            return answer
        news = _news(client, frame)
        if news is None:
            return None
        for number in range(self._next, len(self._told)):
            told = self._told[number]
            if news.is_in(told) and told.at <= now + LONGEST_HOP:
                self._next = number + 1
                return told.at - news.ahead
        return self._leaves.after(now)

    def back(self, now: int) -> int:
        """When a client that hears again may notice it: when that outage was over."""
        over: int | None = None
        for told in self._told:
            if told.event == "sessionReconnecting" and told.at <= now + NOTICED:
                over = None
            elif told.event == "sessionReconnected" and over is None:
                over = told.at
        return now if over is None or over > now + THROTTLE else max(over, now)

    def noticed(self, now: int, away: bool) -> int:
        """When a page that has frames to read notices a reset: when it was told, if it was soon.

        One that is ``away`` has none, unless it was back by then, and told anew that it is away.
        """
        events = TROUBLES[:1] if away else TROUBLES
        told = (each.at for each in self._told if each.event in events)
        return next((at for at in told if now <= at <= now + BUSY), now)


class _News(NamedTuple):
    """What a frame makes an app be told; None for what the recording need not say."""

    object: str
    event: str
    about: str | None = None
    data: Any = None
    ahead: int = 0
    """How long before the event the frame is there."""

    def is_in(self, told: Told) -> bool:
        fields = told.fields
        return (
            told.object.startswith(self.object)
            and told.event == self.event
            and self.about in (None, fields.get("about"))
            and self.data in (None, fields.get("data"))
        )


def _news(client: Client, frame: Frame) -> _News | None:
    if isinstance(frame, Status):
        return _News("session", "sessionConnected") if "connections" in frame.content else None
    if not isinstance(frame, Message):
        return None
    tell = _TOLD_BY.get((frame.method, frame.resource))
    return None if tell is None else tell(client, frame.content)


def _connection_created(client: Client, content: dict[str, Any]) -> _News | None:
    if content["id"] == client.membership.own or client.page.suppressed:
        return None  # the answer to the request to join, right behind it, is what counts
    return _News("session", "connectionCreated", f"connection {owner_of(content['id'])}")


def _connection_deleted(client: Client, content: dict[str, Any]) -> _News:
    if content["id"] == client.membership.own:
        return _News("session", "sessionDisconnected", ahead=client.timers.turn)
    return _News("session", "connectionDestroyed", f"connection {owner_of(content['id'])}")


def _stream_created(client: Client, content: dict[str, Any]) -> _News:
    own = content["connection"] == client.membership.own
    person = owner_of(content["connection"])
    return _News("publisher" if own else "session", "streamCreated", f"stream of {person}")


def _stream_deleted(client: Client, content: dict[str, Any]) -> _News | None:
    about = f"stream of {owner_of(content['id'])}"
    if content["connection"] != client.membership.own:
        return _News("session", "streamDestroyed", about)
    attached = client.membership.publisher_of(content["id"]) is not None
    return _News("publisher", "streamDestroyed", about) if attached else None


def _signal(client: Client, content: dict[str, Any]) -> _News:
    return _News("session", "signal", data=content.get("data"))


def _muted(client: Client, content: dict[str, Any]) -> _News:
    return _News("session", "muteForced")


_TOLD_BY: Final[dict[tuple[str, str], Callable[[Client, dict[str, Any]], _News | None]]] = {
    ("created", "connection"): _connection_created,
    ("deleted", "connection"): _connection_deleted,
    ("created", "stream"): _stream_created,
    ("deleted", "stream"): _stream_deleted,
    ("create", "signal"): _signal,
    ("update", "session"): _muted,
}
