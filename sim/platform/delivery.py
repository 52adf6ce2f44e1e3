"""Delivery to and from clients over sockets that come and go.

A client's *logical socket* (:class:`Peer`) outlives the real ones. Towards the client every message
has a number and stays unacknowledged until the client's STATUS; what is unacknowledged when a new
socket comes is sent again, in order. From the client every request is processed at most once: its
numbers only rise, so one that is not above the highest seen is a repetition and gets the answer
that was given.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from attrs import define, field

from sim.platform.deadlines import Alarm, Deadlines
from sim.platform.outputs import Close, Output, Send
from sim.platform.settings import PlatformSettings
from sim.protocol.frames import PONG, Message, Status

if TYPE_CHECKING:
    from sim.platform.room import Member


NO_PONG: Final = Send(-1, PONG)


class Answer(NamedTuple):
    """A STATUS that was given, and when."""

    time: int
    status: Status


@define(eq=False)
class Peer:
    """The platform's end of one logical socket."""

    name: str
    socket: int | None = None
    """The real socket of the moment, by the driver's number."""
    heard: int = 0
    """When the client was last heard, on whichever socket; foreseen, it may be a time to come."""
    asked: int = 0
    """When it is asked next whether it is silent."""
    pong: Send = NO_PONG
    """The answer to a PING, ready to be sent."""

    sent: int = 0
    """The number of the last message to the client."""
    unacknowledged: dict[int, Message] = field(factory=dict)
    highest: int = 0
    """The highest request number seen."""
    answers: dict[int, Answer] = field(factory=dict)
    """The oldest first."""

    member: Member | None = None
    """The connection that lives on this logical socket."""
    gone: bool = False
    """Whether there was one that was removed."""
    remembered_until: int = 0
    farewell: Message | None = None
    """The end of that connection, as long as the client has not acknowledged it."""
    farewell_due: bool = False
    """Whether the client is to be told of it when it is heard next."""


class Delivery:
    """All logical sockets, and the only place that fills the outputs."""

    def __init__(self, settings: PlatformSettings) -> None:
        self.outputs: list[Output] = []
        self.by_socket: dict[int, Peer] = {}
        self.by_name: dict[str, Peer] = {}
        self.removed: deque[tuple[int, str]] = deque()
        """The names of those without a connection, and until when they are remembered."""
        self.silences = Deadlines()
        """When to ask who has been silent; one who is heard is asked again later."""
        self._settings = settings

    # -------------------------------------------------------------------------------- sockets

    def find(self, name: str, now: int) -> Peer | None:
        """The logical socket of that name, if it is known."""
        while self.removed and self.removed[0][0] <= now:
            removed = self.by_name.get(self.removed.popleft()[1])
            if removed is not None and removed.socket is None:
                self._forget(removed, now)
        return self.by_name.get(name)

    def peer(self, name: str, now: int) -> Peer:
        """The logical socket of that name, a new one if there is none."""
        found = self.find(name, now)
        if found is None:
            found = self.by_name[name] = Peer(name)
        return found

    def attach(self, peer: Peer, socket: int, now: int, cause: int | None) -> None:
        """Let a new real socket carry ``peer``; the old one, if any, is closed."""
        if peer.socket is not None:
            self.outputs.append(Close(peer.socket, self._settings.abandon_code, cause))
            self._release(peer)
        peer.socket, peer.heard, peer.pong = socket, now, Send(socket, PONG)
        self.by_socket[socket] = peer
        self._ask(peer)

    def will_hear(self, peer: Peer, until: int) -> None:
        """It will be heard until then: it need not be asked before."""
        peer.heard = until
        self._ask(peer)

    def heard_until(self, peer: Peer, heard: int) -> None:
        """It was heard for the last time then, earlier than was foreseen."""
        peer.heard = heard
        if peer.asked > heard + self._settings.detection:
            self._ask(peer)

    def _ask(self, peer: Peer) -> None:
        peer.asked = peer.heard + self._settings.detection
        self.silences.set(peer.asked, Alarm.SILENCE, peer.name)

    def detach(self, peer: Peer, now: int) -> None:
        """The real socket of ``peer`` has ended; one that has not joined yet may come back, too."""
        self._release(peer)
        if peer.member is None and not peer.gone:
            self._remember(peer, now)
        self._forget(peer, now)

    def hang_up(self, peer: Peer, code: int, now: int, cause: int | None) -> None:
        """Close the real socket of ``peer``, if it has one."""
        if peer.socket is not None:
            self.outputs.append(Close(peer.socket, code, cause))
            self.detach(peer, now)

    def silent(self, now: int) -> list[Peer]:
        """The peers that have been silent for too long, the longest silence first."""
        silences, detection, silent = self.silences, self._settings.detection, []
        while (deadline := silences.due(now)) is not None:
            peer = self.by_name[deadline.name]
            if peer.heard + detection > now:
                self._ask(peer)
            else:
                silent.append(peer)
        for peer in silent:  # until somebody says that they are
            self._ask(peer)
        return sorted(silent, key=lambda peer: (peer.heard, peer.socket)) if silent else silent

    def is_silent(self, peer: Peer, now: int) -> bool:
        """Whether nothing was heard of it for so long that its socket is taken for dead."""
        return peer.heard + self._settings.detection <= now

    def _release(self, peer: Peer) -> None:
        assert peer.socket is not None
        del self.by_socket[peer.socket]
        self.silences.cancel(Alarm.SILENCE, peer.name)
        peer.socket = None

    def _remember(self, peer: Peer, now: int) -> None:
        """Know ``peer`` for a while though it has no connection."""
        peer.remembered_until = now + self._settings.remember_gone
        self.removed.append((peer.remembered_until, peer.name))

    def _forget(self, peer: Peer, now: int) -> None:
        """Drop a peer that nobody can miss: without a connection, or one removed long ago."""
        if peer.member is None and peer.remembered_until <= now:
            self.by_name.pop(peer.name, None)

    # --------------------------------------------------------------------------- to the client

    def send(
        self, peer: Peer, method: str, resource: str, content: dict[str, Any], cause: int | None
    ) -> Message:
        """Send a message now, or when the client is back; receivers must not change ``content``."""
        peer.sent = number = peer.sent + 1
        message = Message(number, method, resource, content, cause)
        peer.unacknowledged[number] = message
        if peer.socket is not None:
            self.outputs.append(Send(peer.socket, message))
        return message

    def acknowledged(self, peer: Peer, number: int) -> None:
        """The client has message ``number``."""
        peer.unacknowledged.pop(number, None)
        if peer.farewell is not None and peer.farewell.txn == number:
            peer.farewell = None

    def missed(self, peer: Peer) -> list[Message]:
        """What one who comes back is to be sent again: nothing, if that is the platform's way."""
        if not self._settings.replay:
            peer.unacknowledged.clear()
        return list(peer.unacknowledged.values())

    def replay(self, peer: Peer, cause: int | None) -> None:
        """Send again what is unacknowledged; ``cause`` is the record of that."""
        assert peer.socket is not None
        for message in peer.unacknowledged.values():
            self.outputs.append(Send(peer.socket, message._replace(cause=cause)))

    # ------------------------------------------------------------------------- from the client

    def answer(
        self,
        peer: Peer,
        number: int,
        status: int,
        content: dict[str, Any],
        cause: int | None,
        now: int,
    ) -> None:
        """Answer request ``number``, and keep the answer in case the request is repeated."""
        frame = Status(number, status, content, cause)
        peer.answers[number] = Answer(now, frame)
        self.answer_again(peer, frame)

    def answer_again(self, peer: Peer, status: Status) -> None:
        """Send an answer without keeping it."""
        assert peer.socket is not None, "a request comes over a socket, which outlives its answer"
        self.outputs.append(Send(peer.socket, status))

    def is_new(self, peer: Peer, number: int, now: int) -> bool:
        """Take note of a request's number; False if it has been seen.

        Old answers are dropped only when a new request comes: a client repeats its requests in
        their order before it makes new ones, so none that it may still repeat is dropped.
        """
        if number <= peer.highest:
            return False
        peer.highest = number
        answers, oldest = peer.answers, now - self._settings.statuses_kept
        while answers and answers[next(iter(answers))].time < oldest:
            del answers[next(iter(answers))]
        return True

    # ----------------------------------------------------------------------------- the departed

    def part(
        self, peer: Peer, own: dict[str, Any], cause: int | None, now: int, *, told: bool
    ) -> None:
        """The connection of ``peer`` is removed: say so if ``told``, and remember it for a while.

        ``own`` is the content of the notice of its end.
        """
        peer.member, peer.gone = None, True
        self._remember(peer, now)
        if told:
            peer.farewell = self.send(peer, "deleted", "connection", own, cause)
        else:
            peer.sent += 1
            peer.farewell = Message(peer.sent, "deleted", "connection", own, cause)
        if peer.socket is None:
            peer.unacknowledged.clear()

    def tell(self, peer: Peer) -> None:
        """Tell a client that has come back how its connection ended."""
        assert peer.farewell is not None
        assert peer.socket is not None
        peer.farewell_due = False
        self.outputs.append(Send(peer.socket, peer.farewell))
