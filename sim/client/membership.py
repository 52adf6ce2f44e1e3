"""A client's membership of a session: its state, its connection, who else is known, its socket.

What apps call is the :class:`~sim.client.session.Session` over it. This is what the socket, the
inbound messages and the procedures of joining and ending work on, and what drivers may look at.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sim.client import ending, inbound
from sim.client.calls import OWNER as CALLS
from sim.client.calls import Call, Completion
from sim.client.delivery import LOST
from sim.client.events import Event, Listeners
from sim.client.joining import Joining
from sim.client.page import Page, Reply, Table
from sim.client.peers import Connection, Stream
from sim.client.roster import Roster
from sim.client.socket import ReconnectingSocket
from sim.client.sockets import Sockets
from sim.client.subscription import GIVE_UP, Subscription, given_up
from sim.protocol import quirks
from sim.protocol.errors import ApiError, error
from sim.protocol.frames import Message, Status
from sim.protocol.records import Entry, states
from sim.protocol.states import Machine


class Membership(Roster):
    """State and collections of one Session, and its sockets.

    ``key`` is what its page calls it. Without an API key or a session id it cannot be connected.
    """

    def __init__(self, page: Page, key: str, has_key: bool = True, has_id: bool = True) -> None:
        super().__init__(page)
        self.key = key
        self.has_key = has_key
        self.has_id = has_id
        self.events = Listeners(page, "Session", "session")
        """Who listens to the Session."""
        self.sockets = Sockets(self)
        self.joining = Joining(self)
        self.peer_to_peer = False
        """Whether media goes from person to person, or else over a media server."""
        self.failing: tuple[int, ...] = ()
        """The ``connect`` calls that fail if connecting fails, by number."""
        self.unconnected: int | None = None
        """The record that explains why it is not connected: of ``connect()`` while that is under
        way, of ``disconnect()``, of the end; None if it has never been connected."""
        self.besides: int | None = None
        """A record that explains, besides its cause, the end that is told in the next turn."""
        self.outage: int | None = None
        """The record of the latest ``sessionReconnecting`` of this connection."""
        self.back_at = 0
        """When that outage was over, if it is over."""
        self.telling = False
        """Whether the end of the last session is to be told in the next turn."""
        self.machine = Machine("session", self._moved)
        page.own(key, self)

    @property
    def state(self) -> str:
        """The state, as the real client names it."""
        return self.machine.state

    def is_connected(self) -> bool:
        """Whether the session is connected; also true while it is reconnecting."""
        return self.state in ("connected", "migrating")

    @property
    def is_reconnecting(self) -> bool:
        """Whether an outage of the socket lasts, or nobody was told that it is gone for good."""
        return self.socket is not None and (self.socket.outage or not self.socket.exists)

    @property
    def is_without_connection(self) -> bool:
        """Whether there is nothing that could be ended: neither a socket nor a connection."""
        return self.socket is None and self.connection is None

    @property
    def cut_off_by(self) -> int | None:
        """The record of what keeps requests from the platform: an outage, or what has ended, or not
        begun, the session.
        """
        return self.outage if self.is_connected() else self.unconnected

    def follow(self, stream: Stream, label: str, call: Call) -> Subscription:
        """Subscribe to a stream; ``call`` ends when media flows or cannot."""
        subscriber = Subscription(self.page, self, stream, label)
        self.subscribers.append(subscriber)
        with self.page.loop.because(call.record):
            subscriber.start(call)
        return subscriber

    def begin(self) -> None:
        """Take a new connection id and start to join."""
        self.own = self.page.next_connection()
        self.streams_made = self.signals_made = 0
        self.outage = None
        self.forget_everybody()

    def away(self) -> int | None:
        """An outage has begun that the app is told of; return the record of that."""
        self.outage = self.dispatch("sessionReconnecting").record
        return self.outage

    def back(self) -> None:
        """It is over, and the app is told so."""
        self.back_at = self.page.loop.now
        event = self.dispatch("sessionReconnected")
        with self.page.loop.because(event.record):
            for subscriber in self.subscribers:
                subscriber.restart_media()

    def over(self, reason: str, outage: int | None) -> None:
        """The socket in use is gone for good, in that outage but for another cause."""
        ending.ended(self, reason, outage)

    def removed(self, reason: str, besides: int | None) -> None:
        """The connection has ended though its socket is there; that record explains it, too."""
        ending.removed(self, reason, besides)

    def outage_since(self, time: int) -> int | None:
        """The record of an outage that has lasted beyond ``time``, if there is one."""
        return self.outage if self.is_reconnecting or self.back_at > time else None

    def dispatch(
        self, name: str, after: Any = None, besides: int | None = None, **fields: Any
    ) -> Event:
        """Dispatch an event of the Session; see :meth:`sim.client.events.Listeners.dispatch`."""
        return self.events.dispatch(self.own, name, after, fields, besides)

    # -- requests ----------------------------------------------------------------------------

    def request(
        self,
        method: str,
        resource: str,
        content: dict[str, Any],
        reply: Reply | None = None,
        retry: bool = True,
    ) -> int | None:
        """Send a request over the socket; return its number.

        Without one, or if it is closing or closed, the request is answered as lost, because of what
        has cut the session off, and None is returned.
        """
        if self.socket is not None and self.socket.exists:
            return self.socket.request(method, resource, content, reply, retry)
        with self.page.loop.because(self.cut_off_by or self.page.loop.cause):
            self.page.answer(reply, LOST)
        return None

    def cancel(self, txn: int | None) -> None:
        """Do not send that request again."""
        if self.socket is not None and txn is not None:
            self.socket.cancel(txn)

    # -- the socket --------------------------------------------------------------------------------

    @property
    def socket(self) -> ReconnectingSocket | None:
        """The socket in use."""
        return self.sockets.current

    def open_socket(self, particulars: dict[str, Any]) -> None:
        """The session info has come: dial."""
        self.peer_to_peer = bool(particulars.get("peer_to_peer", False))
        self.sockets.dial(bool(particulars.get("reconnection", False)))

    def give_up_socket(self) -> None:
        """Connecting has failed: do not use the socket any more."""
        socket = self.socket
        lives = socket is not None and not socket.is_over
        if lives and self.page.deviate(quirks.LIVES_ON, self.unconnected):
            self.sockets.let_go()
        elif (socket := self.sockets.take()) is not None:
            socket.drop()

    # -- joining and ending ----------------------------------------------------------------------

    def joined(self, state: dict[str, Any], outage: int | None) -> None:
        """The state of the session is known: one synchronous block of events (section 2.1).

        All of them are late because of ``outage``, if that is the number of a record. What is left
        of it is about nobody when a listener has ended the session and begun another.
        """
        listed = state["connections"]
        own = next((c for c in listed if c["id"] == self.own), None)
        if self.socket is None:
            self._half_joined(listed)
            return
        if own is not None:
            permissions = tuple(own.get("permissions", ()))
            self.connection = Connection(own["id"], own["client"], permissions)
        if state.get("mute"):
            self.mute_on_entry = True
            self.dispatch("muteForced", besides=outage, active=True)
        if not self.machine.to("connected"):  # a listener of that has disconnected
            return
        self.failing = ()
        own_id = self.own
        self.dispatch("sessionConnected", besides=outage)
        news = [(inbound.add_connection, content) for content in listed]
        news += [(inbound.add_stream, content) for content in state["streams"]]
        for add, content in news:
            if self.own == own_id:
                add(self, content, outage)

    def _half_joined(self, listed: list[dict[str, Any]]) -> None:
        """The shipped client has lost sight of the socket that has joined: it is connected, but an
        error of its own keeps it from saying so (L67084).
        """
        self.connections = {c["id"]: Connection(c["id"], c["client"], ()) for c in listed}
        self.machine.to("connected")

    def connect_failed(self, problem: ApiError) -> None:
        """Connecting has failed for good; or an attempt has that nobody waits for any more."""
        self.give_up_socket()
        self.machine.to("disconnected")
        self.unconnected = self.page.loop.cause
        self.fail_connects(problem)

    def said_early(self, message: Message) -> None:
        """A message that has come before the state of the session, which is known now."""
        if self.is_connected():
            self.message(message)

    def message(self, message: Message) -> None:
        """A message of the platform about a session whose state is known."""
        inbound.handle(self, message)

    def lost_track(self) -> None:
        """Another attempt to connect begins though one has succeeded: the shipped client says that
        it is disconnected, and stumbles over what it has cleared away already (L67048).
        """
        self.machine.to("disconnected")

    def fail_connects(self, problem: ApiError) -> None:
        """The calls of ``connect`` that are under way have failed."""
        failing, self.failing = self.failing, ()
        for call in failing:
            self.page.calls.finish(call, problem)

    def migrate(self) -> None:
        """The platform rotates its servers: migrating for 20 s, no event (section 2.12)."""
        if self.machine.to("migrating"):
            self.page.loop.later(self.page.timers.migration, self.key, "migrated", self.own)

    def _migrated(self, own: str | None) -> None:
        if self.state == "migrating" and self.own == own:
            self.machine.to("connected")

    # -- what comes due --------------------------------------------------------------------------

    def _answered(self, number: int, status: Status) -> None:
        call = self.page.calls.get(number)
        if call is not None:
            call.finish(None if status.ok else error(call.name, f"status {status.status}"))

    def _stream_answered(self, about: tuple[str, int], status: Status) -> bool:
        """Of the Publisher that has asked for a stream; a bad answer may make the client throw.

        While the end of the session is to be told that comes first, and Publishers end with it.
        """
        id, call = about
        publication = self.publisher_of(id) or self.publisher_asking(call)
        if publication is None:
            self._answered_too_late(call, status)
        elif status is not LOST or not self.telling:
            publication.answered(status)
        return not status.ok

    def _answered_too_late(self, number: int, status: Status) -> None:
        """The Publisher has been destroyed meanwhile, and its stream was left (a quirk)."""
        call, deviate = self.page.calls.get(number), self.page.deviate
        if call and (status.ok or not deviate(quirks.UNANSWERED_PUBLISH, call.record)):
            self.page.loop.soon(CALLS, "fail", (number, error("publish", "destroyed")))

    DUE: ClassVar[Table] = {
        "migrated": _migrated,
        GIVE_UP: lambda mine, about: given_up(mine.page, mine, mine.subscribers, *about),
        "end": lambda mine, about: ending.tell(mine, *about),
        "join": lambda mine, what: mine.joining.go_on(what),
    }
    ANSWERS: ClassVar[Table] = {
        "join": lambda mine, _, status: mine.joining.answered(status),
        "call": _answered,
        "stream": _stream_answered,
    }

    # -- records -----------------------------------------------------------------------------

    def record(self, entry: Entry, data: dict[str, Any]) -> int | None:
        """Write down a call that has no completion."""
        return self.page.journal(*entry.head, data, self.page.loop.cause)

    def call(
        self,
        entry: Entry,
        data: dict[str, Any],
        completion: Completion | None = None,
        by: str = "callback",
    ) -> Call:
        """Write down a call that ends in a completion."""
        return self.page.calls.begin(entry.name, self.record(entry, data), completion, by)

    def _moved(self, before: str, after: str) -> None:
        entry = states.SESSION_STATES[after]
        self.page.journal(*entry.head, {"from": before}, self.page.loop.cause)
