"""What a session knows: connections, streams, its Publishers and Subscribers, its own ids."""

from __future__ import annotations

from sim.client.page import Page
from sim.client.peers import Connection, Stream
from sim.client.publication import Publication
from sim.client.subscription import Subscription
from sim.protocol.frames import Message
from sim.protocol.names import SIGNAL, SOCKET, STREAM
from sim.protocol.roles import Capability


class Roster:
    """The collections of one Session."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.own: str | None = None
        """The id of the own connection, from ``connect()`` on, also after its end."""
        self.connection: Connection | None = None
        """The own connection, while connected."""
        self.connections: dict[str, Connection] = {}
        self.streams: dict[str, Stream] = {}
        self.publishers: list[Publication] = []
        """The Publishers attached to this session, in the order of their publishing."""
        self.subscribers: list[Subscription] = []
        """The Subscribers that have not been destroyed, in the order of their making."""
        self.waiting: dict[str, list[Message]] = {}
        """Messages about connections that are not known yet, by connection id."""
        self.mute_on_entry = False
        self.streams_made = 0
        self.signals_made = 0

    def may(self, capability: Capability) -> bool:
        """Whether the own connection has that permission."""
        return self.connection is not None and capability.wire in self.connection.permissions

    def publisher_of(self, stream_id: str) -> Publication | None:
        """The attached Publisher of that stream."""
        return next((p for p in self.publishers if p.stream_id == stream_id), None)

    def publisher_asking(self, call: int) -> Publication | None:
        """The Publisher of that call, also one that is kept over the end of the session."""
        mine = (p for p in self.page.publishers if p.session is self)
        return next((p for p in mine if p.call == call), None)

    def subscribers_of(self, stream: Stream) -> list[Subscription]:
        """The live Subscribers of that stream, in the order of their making."""
        return [s for s in self.subscribers if s.stream.id == stream.id]

    def forget(self, label: str) -> None:
        """The Publisher or Subscriber of that label is not attached any more."""
        self.publishers = [p for p in self.publishers if p.label != label]
        self.subscribers = [s for s in self.subscribers if s.label != label]

    def next_stream(self) -> str:
        """The id of the next own stream."""
        self.streams_made += 1
        return STREAM.make(self.own or self.page.name, self.streams_made)

    def next_signal(self) -> str:
        """The id of the next own signal; before the first connect it names only the client."""
        self.signals_made += 1
        return SIGNAL.make(self.own or self.page.name, self.signals_made)

    def next_socket(self) -> str:
        """The id of the next own socket; its number is that of the page's attempt."""
        return SOCKET.make(self.own or self.page.name, self.page.next_attempt())

    def forget_everybody(self) -> None:
        """Know nobody any more, and have no connection: no event tells of it."""
        self.connection = None
        self.connections.clear()
        self.streams.clear()
        self.waiting.clear()
        self.mute_on_entry = False
