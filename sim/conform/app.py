"""What a recorded app holds on to: the objects that it has made, and those that it was told of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.client.faces import Publisher, Subscriber
from sim.client.session import Session

if TYPE_CHECKING:
    from sim.client import Client
    from sim.client.events import Event, EventTarget
    from sim.client.peers import Connection, Stream
    from sim.world.participant import Participant


class RecordedApp:
    """One client's app: whose page it is, and what the page's objects are.

    ``listen`` registers the recorded listeners on an object. :meth:`made` is what the client calls
    with each object that is made.
    """

    def __init__(
        self, who: Callable[[], Participant], listen: Callable[[EventTarget], object]
    ) -> None:
        self._who = who
        self._listen = listen
        self.subscribers: list[Subscriber] = []
        """Every Subscriber of the page, in the order of their making, destroyed or not."""
        self.publishers: list[Publisher] = []
        """Every Publisher of the page, likewise."""
        self.connections: dict[str, Connection] = {}
        """By person, the connection that the app was told of last."""
        self.streams: dict[str, Stream] = {}
        """By person, the stream that the app was told of last."""

    @property
    def participant(self) -> Participant:
        """The person whose app it is."""
        return self._who()

    @property
    def client(self) -> Client:
        """The person's client."""
        return self.participant.driver.core

    @property
    def session(self) -> Session:
        """The Session of the present page."""
        return self.participant.session

    def made(self, target: EventTarget) -> None:
        """An object has been made; a Session is that of a fresh page."""
        if isinstance(target, Session):
            self.publishers, self.subscribers = [], []
            self.connections, self.streams = {}, {}
            target.on("connectionCreated", self._met_connection)
            target.on("streamCreated", self._met_stream)
        elif isinstance(target, Subscriber):
            self.subscribers.append(target)
        elif isinstance(target, Publisher):
            self.publishers.append(target)
        self._listen(target)

    def _met_connection(self, event: Event) -> None:
        self.connections[event.connection.client] = event.connection

    def _met_stream(self, event: Event) -> None:
        self.streams[event.stream.connection.client] = event.stream
