"""A stage for the platform's tests: clients in a few lines, a journal, a network that can fail."""

from __future__ import annotations

from collections import Counter
from typing import Any

from attrs import define, field

from sim.platform import Close, Platform, PlatformSettings, Send
from sim.protocol.frames import PING, Disconnect, Frame, Hello, Message, Pong, Status
from sim.protocol.units import SECOND
from sim.trace.inspection import inspect

Record = tuple[int, str, str, str, str, dict[str, Any], int | None]


@define(eq=False)
class Person:
    """A client as far as the platform can tell: numbers its requests, acknowledges, remembers."""

    name: str
    connection: str
    role: str
    suppressed: bool = False
    socket: int | None = None
    hears: bool = True
    speaks: bool = True
    acknowledges: bool = True
    number: int = 0
    unanswered: dict[int, Message] = field(factory=dict)
    statuses: dict[int, Status] = field(factory=dict)
    messages: dict[int, Message] = field(factory=dict)
    heard: list[Frame] = field(factory=list)
    acknowledged: set[int] = field(factory=set)
    connections: set[str] = field(factory=set)
    streams: set[str] = field(factory=set)
    ended: str | None = None
    closed_with: int | None = None
    left: bool = False

    def told(self, method: str, resource: str) -> list[dict[str, Any]]:
        """The contents of the notices of one kind, in the order of their arrival."""
        return [
            frame.content
            for frame in self.heard
            if isinstance(frame, Message) and (frame.method, frame.resource) == (method, resource)
        ]

    def story(self) -> list[str]:
        """What arrived, briefly, in order: ``deleted connection bob#1``, ``200``, ``pong``."""
        return [_brief(frame) for frame in self.heard]

    def take(self, frame: Frame) -> None:
        self.heard.append(frame)
        if isinstance(frame, Status):
            self._take_status(frame)
        elif isinstance(frame, Message) and frame.txn not in self.messages:
            self.messages[frame.txn] = frame
            self._take_message(frame)

    def _take_status(self, frame: Status) -> None:
        self.statuses[frame.txn] = frame
        self.unanswered.pop(frame.txn, None)
        for connection in frame.content.get("connections", ()):
            self.connections.add(connection["id"])
        for stream in frame.content.get("streams", ()):
            self.streams.add(stream["id"])

    def _take_message(self, frame: Message) -> None:
        what = self.connections if frame.resource == "connection" else self.streams
        if frame.method == "created":
            what.add(frame.content["id"])
        elif frame.method == "deleted":
            what.discard(frame.content["id"])
            if frame.content["id"] == self.connection:
                self.ended = frame.content["reason"]


def _brief(frame: Frame) -> str:
    if isinstance(frame, Message):
        name = frame.content.get("id", frame.content.get("stream", ""))
        return f"{frame.method} {frame.resource} {name}".strip()
    return str(frame.status) if isinstance(frame, Status) else type(frame).__name__.lower()


class Stage:
    """One platform, its journal and its clients."""

    def __init__(self, explain: Any = None, **settings: Any) -> None:
        """``explain`` names the record that explains somebody's silence."""
        self.records: list[Record] = []
        self.now = 0
        self.sockets = 0
        self.people: dict[str, Person] = {}
        self.by_socket: dict[int, Person] = {}
        self.closes: list[Close] = []
        self.platform = Platform(self.journal, PlatformSettings(**settings))
        self.explain = explain or (lambda client: None)
        self.processed: Counter[tuple[str, int]] = Counter()

    def journal(
        self,
        client: str,
        object: str,
        kind: str,
        name: str,
        data: dict[str, Any],
        cause: int | None,
        level: int = 0,
    ) -> int:
        inspect(object, kind, name, data, level)
        assert object == "platform"
        self.records.append((len(self.records) + 1, client, object, kind, name, dict(data), cause))
        return len(self.records)

    def names(self, *kinds: str) -> list[tuple[str, str, dict[str, Any]]]:
        """The records' client, name and data; of some kinds only if given."""
        return [
            (client, name, data)
            for _, client, _, kind, name, data, _ in self.records
            if not kinds or kind in kinds
        ]

    def record(self, name: str) -> Record:
        """The last record of that name."""
        return [record for record in self.records if record[4] == name][-1]

    # ------------------------------------------------------------------------------- people

    def join(
        self, name: str, role: str = "publisher", *, suppressed: bool = False, generation: int = 1
    ) -> Person:
        """A person connects and everything arrives."""
        person = self.enter(name, role, suppressed=suppressed, generation=generation)
        content = {
            "id": person.connection,
            "client": name,
            "role": role,
            "suppressed": suppressed,
        }
        self.ask(person, "create", "connection", **content)
        return person

    def enter(
        self, name: str, role: str = "publisher", *, suppressed: bool = False, generation: int = 1
    ) -> Person:
        """A person's socket opens; nothing is asked yet."""
        person = Person(name, f"{name}#{generation}", role, suppressed)
        self.people[person.connection] = person
        self.open(person, reconnect=False)
        return person

    def open(self, person: Person, *, reconnect: bool = True, cause: int | None = None) -> int:
        self.sockets += 1
        person.socket, person.hears, person.speaks = self.sockets, True, True
        person.closed_with = None
        self.by_socket[self.sockets] = person
        hello = Hello(person.connection, reconnect, person.name)
        self.platform.opened(self.sockets, hello, self.now, cause)
        self.pump()
        return self.sockets

    def ask(
        self, person: Person, method: str, resource: str, cause: int | None = None, **content: Any
    ) -> int:
        """Send a request (or keep it until there is a socket again); return its number."""
        person.number += 1
        message = Message(person.number, method, resource, content, cause)
        person.unanswered[person.number] = message
        self.deliver(person, message)
        return message.txn

    def deliver(self, person: Person, frame: Frame) -> None:
        """One frame goes up, if the network lets it; a request is answered exactly once."""
        if person.socket is None or not person.speaks:
            return
        before = len(self.platform.outputs)
        socket = person.socket
        self.platform.receive(socket, frame, self.now)
        if isinstance(frame, Message) and socket in self.platform._by_socket:
            self.check_answered(frame, socket, self.platform.outputs[before:])
        self.pump()

    @staticmethod
    def check_answered(request: Message, socket: int, outputs: list[Any]) -> None:
        answers = [
            output
            for output in outputs
            if isinstance(output, Send)
            and output.socket == socket
            and isinstance(output.frame, Status)
        ]
        assert [answer.frame.txn for answer in answers] == [request.txn]

    def pump(self) -> None:
        """Carry out the platform's outputs, in order; acknowledge what is heard."""
        while self.platform.outputs:
            output = self.platform.outputs.pop(0)
            person = self.by_socket.get(output.socket)
            if isinstance(output, Close):
                self.closes.append(output)
                if person is not None and person.socket == output.socket:
                    person.socket, person.closed_with = None, output.code
            elif person is not None and person.socket == output.socket and person.hears:
                self.hear(person, output.frame)

    def hear(self, person: Person, frame: Frame) -> None:
        if isinstance(frame, Message):
            assert frame.txn not in person.acknowledged, "an acknowledged message came again"
            known = person.messages.get(frame.txn, frame)
            assert known == frame._replace(cause=known.cause), "a number was used twice"
        assert isinstance(frame, Message | Status | Pong)
        person.take(frame)
        there = person.socket in self.platform._by_socket  # not closed behind this very message
        if isinstance(frame, Message) and person.acknowledges and person.speaks and there:
            person.acknowledged.add(frame.txn)
            self.platform.receive(person.socket, Status(frame.txn, 200, {}, None), self.now)

    # ------------------------------------------------------------------- what happens to them

    def ping(self, person: Person) -> None:
        self.deliver(person, PING)

    def cut(self, person: Person, cause: int | None = None) -> None:
        """The socket is reset and the platform sees it."""
        socket, person.socket = person.socket, None
        if socket is not None:
            self.platform.closed(socket, self.now, cause)
            self.pump()

    def leave(self, person: Person, cause: int | None = None) -> None:
        self.deliver(person, Disconnect(False, cause))
        person.left = True
        self.cut(person)

    def resume(self, person: Person, cause: int | None = None) -> None:
        """A new socket for the same connection; unanswered requests are repeated, in order."""
        self.open(person, cause=cause)
        for message in list(person.unanswered.values()):
            self.deliver(person, message)

    def wait(self, duration: int = SECOND) -> None:
        """Let time pass, waking the platform whenever it wants to be woken."""
        end = self.now + duration
        while (deadline := self.platform.next_deadline()) is not None and deadline <= end:
            self.now = max(self.now, deadline)
            for socket, client in self.platform.silences(self.now):
                self.platform.silent(socket, self.now, self.explain(client))
            self.platform.wake(self.now)
            self.pump()
        self.now = end

    def wait_alive(self, duration: int, *people: Person, step: int = 2 * SECOND) -> None:
        """Let time pass while these people send heartbeats."""
        end = self.now + duration
        while self.now < end:
            self.wait(min(step, end - self.now))
            for person in people:
                self.ping(person)

    # ---------------------------------------------------------------------------- shorthands

    def publish(self, person: Person, number: int = 1, **content: Any) -> str:
        stream = f"{person.connection}.{number}"
        self.ask(person, "create", "stream", id=stream, **content)
        return stream

    def signal(self, person: Person, name: str, **content: Any) -> int:
        return self.ask(person, "create", "signal", id=name, **content)

    def kick(self, person: Person, target: str, cause: int | None = None) -> int:
        return self.ask(person, "delete", "connection", cause, id=target)

    def status(self, person: Person, number: int) -> int:
        return person.statuses[number].status

    def forget_talk(self) -> None:
        """From here on ``heard`` starts empty."""
        for person in self.people.values():
            person.heard.clear()
