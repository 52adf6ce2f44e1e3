"""A platform for the client's tests: it answers in memory, says what a test tells it to say.

Unlike the real one it decides nothing: who is here, in which order a leaver's stream and connection
end and what a request is answered with are the test's choices.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import define, field

from sim.protocol.frames import PONG, Disconnect, Frame, Hello, Message, Ping, Status
from sim.protocol.roles import permissions


@define(eq=False)
class Line:
    """One real socket, from the moment it is dialled."""

    client: str
    attempt: int
    hello: Hello
    open: bool = False
    gone: bool = False


@define(eq=False)
class Member:
    """A connection of the session; a guest's has no client behind it and hears nothing."""

    id: str
    client: str
    permissions: list[str]
    suppressed: bool = False
    guest: bool = False

    def described(self) -> dict[str, Any]:
        return {"id": self.id, "client": self.client, "permissions": self.permissions}


@define(eq=False)
class Peer:
    """One logical socket: what was answered on it, and what it has not acknowledged yet."""

    line: Line | None = None
    member: Member | None = None
    number: int = 0
    unacknowledged: dict[int, Message] = field(factory=dict)
    answers: dict[int, Status | None] = field(factory=dict)


@define(eq=False)
class FakePlatform:
    """``deliver(line, frame)`` carries a frame to a client.

    ``answers`` holds, by ``"create stream"`` and the like, the statuses of the next requests of
    that kind (a status, or a status with its content); None leaves one without any answer. A
    request that is not answered with 200 is not carried out.
    """

    deliver: Callable[[Line, Frame], None]
    answers: dict[str, list[Any]] = field(factory=dict)
    members: dict[str, Member] = field(factory=dict)
    streams: dict[str, dict[str, Any]] = field(factory=dict)
    mute: bool = False
    stream_first: bool = True
    tell_victim_of_stream: bool = True
    lists_own: bool = True
    announces_own: bool = True
    requests: list[Message] = field(factory=list)
    goodbyes: list[Disconnect] = field(factory=list)
    peers: dict[str, Peer] = field(factory=dict)

    # -- sockets -----------------------------------------------------------------------------

    def opened(self, line: Line) -> None:
        peer = self.peers.setdefault(line.hello.socket, Peer())
        peer.line = line
        for message in list(peer.unacknowledged.values()):
            self.deliver(line, message)

    def closed(self, line: Line) -> None:
        for peer in self.peers.values():
            if peer.line is line:
                peer.line = None

    def receive(self, line: Line, frame: Frame) -> None:
        peer = self.peers[line.hello.socket]
        if isinstance(frame, Ping):
            self.deliver(line, PONG)
        elif isinstance(frame, Status):
            peer.unacknowledged.pop(frame.txn, None)
        elif isinstance(frame, Disconnect):
            self._goodbye(peer, frame)
        elif isinstance(frame, Message):
            self._take(peer, frame)

    def _goodbye(self, peer: Peer, frame: Disconnect) -> None:
        self.goodbyes.append(frame)
        if not frame.reconnect and peer.member is not None and peer.member.id in self.members:
            self.remove(peer.member.id, "clientDisconnected")

    def _take(self, peer: Peer, message: Message) -> None:
        if message.txn in peer.answers:
            self._answer(peer, peer.answers[message.txn])
            return
        self.requests.append(message)
        peer.answers[message.txn] = status = self._status(message)
        if status is not None and status.status == 200:
            self._carry_out(peer, message, status)
        else:
            self._answer(peer, status)

    def _status(self, message: Message) -> Status | None:
        planned = self.answers.get(f"{message.method} {message.resource}")
        choice = planned.pop(0) if planned else 200
        if choice is None:
            return None
        status, content = choice if isinstance(choice, tuple) else (choice, {})
        return Status(message.txn, status, content, message.cause)

    def _answer(self, peer: Peer, status: Status | None) -> None:
        if status is not None and peer.line is not None:
            self.deliver(peer.line, status)

    # -- what requests do --------------------------------------------------------------------

    def _carry_out(self, peer: Peer, message: Message, status: Status) -> None:
        asked, content = (message.method, message.resource), message.content
        if asked == ("create", "connection"):
            self._join(peer, content, status)
            return
        self._answer(peer, status)
        member = peer.member
        if member is None or member.id not in self.members:
            return
        if asked == ("create", "stream"):
            self.publish(member.id, content)
        elif asked == ("delete", "stream") and content["id"] in self.streams:
            own = self.streams[content["id"]]["connection"] == member.id
            self.unpublish(content["id"], "clientDisconnected" if own else "forceUnpublished")
        elif asked == ("delete", "connection") and content["id"] in self.members:
            self.remove(content["id"], "forceDisconnected", told=True)
        elif asked == ("create", "signal") and content.get("to") in (None, *self.members):
            self.signal(member.id, content)

    def _join(self, peer: Peer, content: dict[str, Any], status: Status) -> None:
        member = Member(
            content["id"], content["client"], permissions(content["role"]), content["suppressed"]
        )
        self.broadcast("created", "connection", member.described(), unless_suppressed=True)
        self.members[member.id] = peer.member = member
        listed = [m for m in self.members.values() if self.lists_own or m is not member]
        state = {
            "connections": [m.described() for m in listed],
            "streams": list(self.streams.values()),
            "mute": self.mute,
        }
        if self.announces_own:
            self.tell(member.id, "created", "connection", member.described())
        peer.answers[status.txn] = answer = status._replace(content=state)
        self._answer(peer, answer)

    # -- what a test says ----------------------------------------------------------------------

    def guest(self, name: str, *, stream: bool = False, announce: bool = True) -> str:
        """Somebody else is here, or comes; returns the connection's id."""
        number = sum(m.client == name for m in self.members.values()) + 1
        member = Member(f"{name}#{number}", name, permissions("publisher"), guest=True)
        if announce:
            self.broadcast("created", "connection", member.described(), unless_suppressed=True)
        self.members[member.id] = member
        if stream:
            self.publish(member.id, {"id": f"{member.id}.1"})
        return member.id

    def publish(self, connection: str, content: dict[str, Any]) -> None:
        self.streams[content["id"]] = {
            "id": content["id"],
            "connection": connection,
            "client": self.members[connection].client,
            "name": content.get("name", ""),
            "hasAudio": content.get("hasAudio", True),
            "hasVideo": content.get("hasVideo", True),
        }
        self.broadcast("created", "stream", self.streams[content["id"]])

    def unpublish(self, stream: str, reason: str | None) -> None:
        ended = self.streams.pop(stream)
        content = {"id": stream, "connection": ended["connection"], "reason": reason}
        self.broadcast("deleted", "stream", content)

    def remove(self, connection: str, reason: str | None, *, told: bool = False) -> None:
        """A connection ends, and its streams with it; ``told``: it hears so itself."""
        member = self.members[connection]
        if not (told and self.tell_victim_of_stream):
            del self.members[connection]
        content = {"id": connection, "reason": reason}
        streams = [s["id"] for s in self.streams.values() if s["connection"] == connection]

        def over() -> None:
            self.broadcast("deleted", "connection", content)
            if told and connection not in self.members:
                self.tell(connection, "deleted", "connection", content, member)

        steps: list[Callable[[], None]] = [lambda s=s: self.unpublish(s, reason) for s in streams]
        for step in [*steps, over] if self.stream_first else [over, *steps]:
            step()
        self.members.pop(connection, None)

    def signal(self, sender: str | None, content: dict[str, Any]) -> None:
        """Pass a signal on; ``content`` has its ``id`` and maybe ``type``, ``data`` and ``to``."""
        said = {key: value for key, value in content.items() if key != "to"} | {"from": sender}
        if sender is not None:
            said["client"] = self.members[sender].client
        if content.get("to") is not None:
            self.tell(content["to"], "create", "signal", said)
        else:
            self.broadcast("create", "signal", said)

    def broadcast(
        self,
        method: str,
        resource: str,
        content: dict[str, Any],
        *,
        unless_suppressed: bool = False,
    ) -> None:
        for member in list(self.members.values()):
            if not (unless_suppressed and member.suppressed):
                self.tell(member.id, method, resource, content)

    def tell(
        self,
        connection: str,
        method: str,
        resource: str,
        content: dict[str, Any],
        member: Member | None = None,
    ) -> None:
        """Send one message to the connection of that id; a guest hears nothing."""
        addressed = member or self.members[connection]
        for peer in self.peers.values():
            if peer.member is addressed:
                peer.number += 1
                message = Message(peer.number, method, resource, content, None)
                peer.unacknowledged[message.txn] = message
                if peer.line is not None:
                    self.deliver(peer.line, message)
