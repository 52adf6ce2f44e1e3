"""When a frame may reach its client: not before the event that it makes was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sim.client import Client
from sim.conform.case import Case, Told
from sim.conform.labels import name_of
from sim.protocol.frames import Frame, Message, Status
from sim.protocol.names import person_of
from sim.protocol.units import MILLISECOND, SECOND

LONGEST_HOP: Final = 10 * SECOND
"""A frame is never held longer: the slowest hop that was recorded took 4 s."""
USUAL_HOP: Final = 100 * MILLISECOND
"""How long a frame is held at most whose event was not recorded, if the client leaves by then."""
THROTTLE: Final = 3_500 * MILLISECOND
"""How much sooner than the recorded one a simulated socket may be open again."""


class Pace:
    """What a client was told, in order, and how far the frames have come that tell it."""

    def __init__(self, told: Sequence[Told], leaves: Sequence[int]) -> None:
        self._told = told
        self._leaves = leaves
        self._next = 0

    def due(self, client: Client, frame: Frame, now: int) -> int:
        """When the client may have the frame, in microseconds; ``now`` if at once."""
        news = _news(client, frame)
        if news is None:
            return now
        for number in range(self._next, len(self._told)):
            told = self._told[number]
            if news.is_in(told) and told.at <= now + LONGEST_HOP:
                self._next = number + 1
                return max(now, told.at - news.ahead)
        return next((at + 1 for at in self._leaves if now <= at <= now + USUAL_HOP), now)

    def back(self, now: int) -> int:
        """When a client that hears again may notice it."""
        times = (told.at for told in self._told if told.event == "sessionReconnected")
        return next((at for at in times if now <= at <= now + THROTTLE), now)


def leavings(case: Case, name: str) -> Iterator[int]:
    """When a client leaves something, or its network fails: what it has not heard it will not."""
    for step in case.script:
        fails = step.network is not None and step.network != "restored"
        if step.client == name and (fails or name_of(step.do or "") in _LEAVING):
            yield step.at


_LEAVING: Final = ("disconnect", "closeBrowser", "crash", "unpublish", "destroy", "unsubscribe")


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
    return _News("session", "connectionCreated", f"connection {_person(content['id'])}")


def _connection_deleted(client: Client, content: dict[str, Any]) -> _News:
    if content["id"] == client.membership.own:
        return _News("session", "sessionDisconnected", ahead=client.timers.turn)
    return _News("session", "connectionDestroyed", f"connection {_person(content['id'])}")


def _stream_created(client: Client, content: dict[str, Any]) -> _News:
    own = content["connection"] == client.membership.own
    person = _person(content["connection"])
    return _News("publisher" if own else "session", "streamCreated", f"stream of {person}")


def _stream_deleted(client: Client, content: dict[str, Any]) -> _News | None:
    about = f"stream of {_person(content['id'])}"
    if content["connection"] != client.membership.own:
        return _News("session", "streamDestroyed", about)
    attached = client.membership.publisher_of(content["id"]) is not None
    return _News("publisher", "streamDestroyed", about) if attached else None


def _signal(client: Client, content: dict[str, Any]) -> _News:
    return _News("session", "signal", data=content.get("data"))


def _person(id: str) -> str:
    return person_of(id) or id


_TOLD_BY: Final = {
    ("created", "connection"): _connection_created,
    ("deleted", "connection"): _connection_deleted,
    ("created", "stream"): _stream_created,
    ("deleted", "stream"): _stream_deleted,
    ("create", "signal"): _signal,
}
