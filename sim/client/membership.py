"""A client's membership of a session: its state, its connection, who else is known, its socket.

The base of :class:`~sim.client.session.Session`, which adds the calls of the API. This part is
what the socket, the inbound messages and the procedures of joining and ending work on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.client import ending, inbound
from sim.client.calls import Call, Completion
from sim.client.delivery import LOST, Answered
from sim.client.events import EventTarget
from sim.client.joining import Joining
from sim.client.loop import Action
from sim.client.peers import Connection, Stream
from sim.client.publisher import Publisher
from sim.client.socket import ReconnectingSocket
from sim.client.subscriber import Subscriber
from sim.protocol import reasons
from sim.protocol.errors import ApiError
from sim.protocol.frames import Message
from sim.protocol.names import SIGNAL, SOCKET, STREAM
from sim.protocol.roles import Capability
from sim.protocol.states import Machine

if TYPE_CHECKING:
    from sim.client.client import Client


class Membership(EventTarget):
    """State and collections of one Session; the owner of its socket."""

    kind = "Session"

    def __init__(self, client: Client, has_key: bool = True, has_id: bool = True) -> None:
        super().__init__(client, "session")
        self.has_key = has_key
        self.has_id = has_id
        self.connection: Connection | None = None
        """The own connection, while connected."""
        self.connections: dict[str, Connection] = {}
        self.streams: dict[str, Stream] = {}
        self.publishers: list[Publisher] = []
        """The Publishers attached to this session, in the order of their publishing."""
        self.subscribers: list[Subscriber] = []
        """The Subscribers that have not been destroyed, in the order of their making."""
        self.socket: ReconnectingSocket | None = None
        self.joining = Joining(self)
        self.waiting: dict[str, list[Message]] = {}
        """Messages about connections that are not known yet, by connection id."""
        self.mute_on_entry = False
        self.peer_to_peer = False
        """Whether media goes from person to person, or else over a media server."""
        self.failing: list[Call] = []
        """The ``connect`` calls that fail if connecting fails."""
        self.leaving: int | None = None
        """The record of the latest ``disconnect()`` that had something to end."""
        self.machine = Machine("session", self._moved)
        self._streams_made = 0
        self._signals_made = 0

    @property
    def state(self) -> str:
        """The state, as the real client names it."""
        return self.machine.state

    @property
    def capabilities(self) -> dict[str, int]:
        """The own permissions, 1 or 0; all 0 when not connected (section 5.1)."""
        return {str(capability): int(self.may(capability)) for capability in Capability}

    def is_connected(self) -> bool:
        """Whether the session is connected; also true while it is reconnecting."""
        return self.state in ("connected", "migrating")

    @property
    def is_reconnecting(self) -> bool:
        """Whether an outage of the socket lasts."""
        return self.socket is not None and self.socket.outage

    def may(self, capability: Capability) -> bool:
        """Whether the own connection has that permission."""
        return self.connection is not None and capability.wire in self.connection.permissions

    def publisher_of(self, stream_id: str) -> Publisher | None:
        """The attached Publisher of that stream."""
        return next((p for p in self.publishers if p.stream_id == stream_id), None)

    def subscribers_of(self, stream: Stream) -> list[Subscriber]:
        """The live Subscribers of that stream, in the order of their making."""
        return [s for s in self.subscribers if s.stream.id == stream.id]

    def forget_subscriber(self, subscriber: Subscriber) -> None:
        """It has been destroyed."""
        if subscriber in self.subscribers:
            self.subscribers.remove(subscriber)

    def next_stream(self) -> str:
        """The id of the next own stream."""
        self._streams_made += 1
        return STREAM.make(self.own or self.client.name, self._streams_made)

    def next_signal(self) -> str:
        """The id of the next own signal; before the first connect it names only the client."""
        self._signals_made += 1
        return SIGNAL.make(self.own or self.client.name, self._signals_made)

    def begin(self) -> None:
        """Take a new connection id and start to join."""
        self.own = self.client.next_connection()
        self._streams_made = self._signals_made = 0

    # -- requests ----------------------------------------------------------------------------

    def request(
        self,
        method: str,
        resource: str,
        content: dict[str, Any],
        answered: Answered = lambda _: None,
        retry: bool = True,
    ) -> int | None:
        """Send a request over the socket; without one it is answered as lost, and None returned."""
        if self.socket is None:
            answered(LOST)
            return None
        return self.socket.request(method, resource, content, answered, retry)

    def cancel(self, txn: int | None) -> None:
        """Do not send that request again."""
        if self.socket is not None and txn is not None:
            self.socket.cancel(txn)

    # -- the socket's owner --------------------------------------------------------------------

    def open_socket(self, particulars: dict[str, Any]) -> None:
        """The session info has come: dial."""
        self.peer_to_peer = bool(particulars.get("peer_to_peer", False))
        reconnects = bool(particulars.get("reconnection", False))
        name = SOCKET.make(self.own or self.client.name, self.client.next_attempt())
        self.socket = ReconnectingSocket(self.client, name, reconnects, self)
        self.socket.dial()

    def forget_socket(self) -> None:
        """Drop the socket without a word."""
        socket, self.socket = self.socket, None
        if socket is not None:
            socket.drop()

    def socket_opened(self) -> None:
        """The first socket is open: ask to join."""
        self.joining.socket_opened()

    def socket_failed(self, code: int) -> None:
        """The first socket could not be opened."""
        self.joining.socket_failed(code)

    def socket_reconnecting(self) -> None:
        """An outage has begun; what follows from it names this event as its cause."""
        if self.joining.active:  # no event before sessionConnected (section 3.5)
            return
        event = self.dispatch("sessionReconnecting")
        self.client.loop.cause = event.record

    def socket_reconnected(self) -> None:
        """An outage is over."""
        if self.joining.active:
            return
        event = self.dispatch("sessionReconnected")
        self.client.loop.cause = event.record
        for subscriber in self.subscribers:
            subscriber.restart_media()

    def socket_ended(self, reason: str) -> None:
        """The socket is gone for good."""
        if self.socket is None:  # connecting has failed: let go of already
            return
        self.socket = None
        if self.joining.active:
            self.joining.socket_failed(0)
        else:
            ending.ended(self, reason)

    def message(self, message: Message) -> None:
        """One message of the platform."""
        if self.joining.active and not self._announces_own(message):
            self.joining.hold(message)
        elif self.joining.active:
            self.joining.own_announced(message.content)
        else:
            inbound.handle(self, message)

    def _announces_own(self, message: Message) -> bool:
        created = (message.method, message.resource) == ("created", "connection")
        return created and message.content["id"] == self.own

    # -- joining and ending ----------------------------------------------------------------------

    def joined(self, state: dict[str, Any]) -> None:
        """The state of the session is known: one synchronous block of events (section 2.1)."""
        listed = state["connections"]
        own = next((c for c in listed if c["id"] == self.own), None)
        if own is not None:
            permissions = tuple(own.get("permissions", ()))
            self.connection = Connection(own["id"], own["client"], permissions)
        if state.get("mute"):
            self.mute_on_entry = True
            self.dispatch("muteForced", active=True)
        if not self.machine.to("connected"):  # a listener of that has disconnected
            return
        self.failing.clear()
        self.dispatch("sessionConnected")
        for content in listed:
            inbound.add_connection(self, content)
        for content in state["streams"]:
            inbound.add_stream(self, content)

    def connect_failed(self, problem: ApiError) -> None:
        """Connecting has failed for good."""
        self.forget_socket()
        self.machine.to("disconnected")
        failing, self.failing = self.failing, []
        for call in failing:
            call.finish(problem)

    def removed(self, reason: str) -> None:
        """The platform has deleted the own connection (section 2.4)."""
        socket, self.socket = self.socket, None
        if socket is not None:
            socket.say_goodbye()
            socket.drop(answer=True)
        ending.ended(self, reason)

    def cut_short(self) -> None:
        """The app connects again before it has disconnected: end the old connection now."""
        socket, self.socket = self.socket, None
        if socket is not None:
            loop = self.client.loop
            outer, loop.cause = loop.cause, self.leaving
            socket.say_goodbye()
            ending.ended(self, reasons.CLIENT_DISCONNECTED)
            socket.drop(answer=True)
            loop.cause = outer

    def unload(self) -> None:
        """The page is closing (section 2.3)."""
        ending.unload(self)

    def migrate(self) -> None:
        """The platform rotates its servers: migrating for 20 s, no event (section 2.12)."""
        own = self.own
        if self.machine.to("migrating"):
            self.client.loop.later(self.client.timers.migration, lambda: self._migrated(own))

    def _migrated(self, own: str | None) -> None:
        if self.state == "migrating" and self.own == own:
            self.machine.to("connected")

    # -- records -----------------------------------------------------------------------------

    def record(self, name: str, data: dict[str, Any], action: Action | None = None) -> int | None:
        """Write down a call that has no completion, and do it."""
        loop = self.client.loop
        record = self.client.journal("session", "call", name, data, loop.cause)
        if action is not None:
            outer, loop.cause = loop.cause, record
            action()
            loop.cause = outer
        return record

    def call(
        self,
        name: str,
        data: dict[str, Any],
        completion: Completion | None = None,
        by: str = "callback",
    ) -> Call:
        """Write down a call that ends in a completion."""
        return Call(self.client, name, self.record(name, data), completion, by)

    def _moved(self, before: str, after: str) -> None:
        self.client.journal("session", "state", after, {"from": before}, self.client.loop.cause)
