"""A client that takes from the recording what is no part of the simulator's subject: how long the
recorder's machine and network took.

Order between clients depends on the network, and calls and short hops vary by hundreds of
milliseconds, so a frame reaches its client no earlier than the event that it makes was recorded.
Media connects when it did, cameras and peer connections take as long as they did. Nothing that the
client decides is taken over: which events there are, in which order, with which words, and every
time that one of its timers decides.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, NamedTuple

from sim.client import Client
from sim.client.events import Event, EventTarget
from sim.client.media import CONNECTING, LOSING
from sim.client.peers import Connection, Stream
from sim.client.publisher import Publisher
from sim.client.subscriber import Subscriber
from sim.conform.case import Case, CaseStep, Completion
from sim.conform.labels import name_of
from sim.conform.pace import Pace, leavings
from sim.protocol.frames import Frame, Pong
from sim.protocol.units import DAY, MILLISECOND, SECOND

RESET: Final = 1006
"""A socket that was reset ends at once, whatever has not been read yet; a close comes behind it."""
SLOWEST_MEDIA: Final = 12 * SECOND
"""Media are lost or back within this time; in the recordings it is 6.9 s at most."""
AT_ONCE: Final = MILLISECOND
NEVER: Final = 300 * DAY


class RecordedClient(Client):
    """One client of a case; :func:`of` makes the class for the case."""

    case: ClassVar[Case]

    def __init__(self, name: str, *arguments: Any, **options: Any) -> None:
        self._pace = Pace(self.case.expect.get(name, ()), list(leavings(self.case, name)))
        self.made: Callable[[EventTarget], object] = lambda _: None
        """Called with every new Publisher and Subscriber."""
        super().__init__(name, *arguments, **options)

    def _load(self) -> None:
        self.subscribers: list[Subscriber] = []
        """Every Subscriber of the page, in the order of their making, destroyed or not."""
        self.connections: dict[str, Connection] = {}
        """By person, the connection that the app was told of last."""
        self.streams: dict[str, Stream] = {}
        """By person, the stream that the app was told of last."""
        self._held: deque[_Held] = deque()
        super()._load()
        self.session.on("connectionCreated", self._met_connection)
        self.session.on("streamCreated", self._met_stream)

    def _met_connection(self, event: Event) -> None:
        self.connections[event.connection.client] = event.connection

    def _met_stream(self, event: Event) -> None:
        self.streams[event.stream.connection.client] = event.stream

    # -- frames --------------------------------------------------------------------------------

    def receive(self, attempt: int, frame: Frame, now: int, cause: int | None) -> bool:
        """A frame came in; it may have to wait until what it tells was recorded."""
        socket = self.session.socket
        away = socket is not None and socket.outage
        if isinstance(frame, Pong) and not away:
            return super().receive(attempt, frame, now, cause)
        back = self._pace.back(now) if away else now
        due = max(back, self._pace.due(self, frame, now))
        if due <= now and not self._held:
            return super().receive(attempt, frame, now, cause)
        if socket is None or not socket.hears(attempt, now):
            return False
        self._hold(_Held(due, attempt, frame, 0, cause), now)
        return True

    def closed(self, attempt: int, code: int, now: int, cause: int | None) -> None:
        """A socket ended; a close waits behind the frames that came before it."""
        if self._held and code != RESET:
            self._hold(_Held(now, attempt, None, code, cause), now)
        else:
            self._held.clear()
            super().closed(attempt, code, now, cause)

    def _hold(self, held: _Held, now: int) -> None:
        due = max(held.due, self._held[-1].due) if self._held else held.due
        self._held.append(held._replace(due=due))
        self.loop.now = now
        self.loop.later(due - now, self._release)

    def _release(self) -> None:
        now = self.loop.now
        while self._held and self._held[0].due <= now:
            _, attempt, frame, code, cause = self._held.popleft()
            if frame is None:
                super().closed(attempt, code, now, cause)
            else:
                super().receive(attempt, frame, now, cause)

    # -- what took the recorder's machine its time -----------------------------------------------

    def media_takes(self, subscriber: Subscriber, what: str) -> int | None:
        """Media connects, is lost and recovers when it did.

        A Subscriber that was never connected stays in its checks.
        """
        now, event = self.loop.now, "disconnected" if what == LOSING else "connected"
        times = [
            told.at
            for told in self.case.expect.get(self.name, ())
            if told.object == subscriber.label and told.event == event
        ]
        if what == CONNECTING:
            return max(times[0] - now, self.timers.turn) if times else None
        recorded = next((at - now for at in times if now < at <= now + SLOWEST_MEDIA), None)
        return super().media_takes(subscriber, what) if recorded is None else recorded

    def preparing(self, subscriber: Subscriber) -> int:
        """A request that was never answered because the session ended is made at its end."""
        self.subscribers.append(subscriber)
        self.made(subscriber)
        now = self.loop.now
        ended = self._completed((f"subscribe {subscriber.label}",), now)
        if ended is not None and ended.fields.get("error") == "OT_UNABLE_TO_SUBSCRIBE":
            ends = (s.at for s in self.case.script if self._disconnects(s))
            leaves = next((at for at in ends if now <= at <= ended.at), None)
            if leaves is not None:
                return leaves - now + AT_ONCE
        return self.timers.prepare_subscription

    def _disconnects(self, step: CaseStep) -> bool:
        return step.client == self.name and name_of(step.do or "") == "disconnect"

    def acquiring(self, publisher: Publisher) -> int:
        """A camera that was not there when its Publisher was given up takes longer than that."""
        self.made(publisher)
        now = self.loop.now
        calls = [c.call for c in self.case.completions if name_of(c.call) == "publish"]
        ended = self._completed(calls, now)
        error = None if ended is None else ended.fields.get("error")
        if ended is not None and error == "OT_CANCEL":
            return ended.at - now + AT_ONCE
        created = self.name not in self.case.expect or any(
            told.object == publisher.label and told.event == "streamCreated"
            for told in self.case.expect[self.name]
        )
        return self.timers.acquire_media if created or error in _ASKED else NEVER

    def _completed(self, calls: Sequence[str], since: int) -> Completion | None:
        """The first completion of one of these calls of this client from then on."""
        ended = (c for c in self.case.completions if c.client == self.name and c.at >= since)
        return next((c for c in ended if c.call in calls), None)


_ASKED: Final = ("OT_TIMEOUT", "OT_STREAM_CREATE_FAILED", "OT_UNEXPECTED_SERVER_RESPONSE")
"""Errors of ``publish`` after its request had gone out."""


class _Held(NamedTuple):
    """A frame that waits, or without one the close of its socket."""

    due: int
    attempt: int
    frame: Frame | None
    code: int
    cause: int | None


def of(case: Case) -> type[RecordedClient]:
    """The clients of a case."""
    return type("RecordedClient", (RecordedClient,), {"case": case})
