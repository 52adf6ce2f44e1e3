"""A stage for the client's tests: clients, their links, one clock, and all that is written down.

Every hop takes one millisecond each way, so that a story's times can be worked out by hand: a
client that connects at 0 asks for its session at once, has it at 2 ms, its socket is open at 4 ms,
and it has joined at 6 ms.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

from fake_platform import FakePlatform, Line
from telling import Record, in_order, in_words

from sim.client import Client
from sim.client.faces import Publisher, Subscriber
from sim.client.outputs import Dial, Fetch, Hangup, Output, Send, StopMedia
from sim.client.paths import Path
from sim.client.peers import Stream
from sim.protocol.frames import Frame, Message, Ping
from sim.protocol.quirks import profile as named_profile
from sim.protocol.units import MILLISECOND, parse_duration
from sim.trace.inspection import inspect

HOP = MILLISECOND


class Stage:
    """Clients and a fake platform in virtual time.

    ``links`` says by name what happens to a client's new sockets: ``up``, ``refused`` or
    ``hanging``; ``silent`` holds the names of those whose open sockets carry nothing any more.
    ``info`` holds the answers to the next session-info requests: a status, or None for none.
    """

    def __init__(self, *, reconnection: bool = True, peer_to_peer: bool = False) -> None:
        self.now = 0
        self.records: list[Record] = []
        self.clients: dict[str, Client] = {}
        self.links: dict[str, str] = {}
        self.silent: set[str] = set()
        self.info: list[int | None] = []
        self.particulars = {"reconnection": reconnection, "peer_to_peer": peer_to_peer}
        self.paths: dict[str, Path] = {}
        self.sent: list[tuple[int, str, Frame]] = []
        self.dials: list[tuple[int, Line]] = []
        self.hangups: list[tuple[int, str, int]] = []
        self.fetches: list[int] = []
        self.stopped: list[tuple[int, str]] = []
        self.lines: dict[tuple[str, int], Line] = {}
        self.platform = FakePlatform(self._to_client)
        self._queue: list[tuple[int, int, Callable[[], None]]] = []
        self._count = 0

    # -- who is here -------------------------------------------------------------------------

    def client(self, name: str = "alice", *, profile: str = "documented", **options: Any) -> Client:
        """Open a browser for somebody; ``options`` are those of Client, and ``quirks``."""
        switches = options.pop("quirks", None)
        options.setdefault("path", self._path)
        client = Client(name, self._journal, profile=named_profile(profile, switches), **options)
        self.clients[name] = client
        self.links[name] = "up"
        return client

    def joined(self, name: str = "alice", **options: Any) -> Client:
        """Somebody who has connected."""
        client = self.client(name, **options)
        self.act(client, client.session.connect)
        self.run("10ms")
        assert client.session.state == "connected"
        return client

    def publishing(self, client: Client) -> Publisher:
        """A Publisher of that client that has a stream."""
        made: list[Publisher] = []

        def publish() -> None:
            made.append(client.init_publisher())
            client.session.publish(made[0])

        self.act(client, publish)
        self.run("300ms")
        assert made[0].state == "Publishing"
        return made[0]

    def subscribing(self, client: Client, stream: str) -> Subscriber:
        """A Subscriber of that client whose media flows."""
        made = self.act(client, lambda: client.session.subscribe(client.session.streams[stream]))
        self.run("650ms")
        assert made.state == "Subscribing"
        return made

    # -- time ----------------------------------------------------------------------------------

    def act(self, client: Client, action: Callable[[], Any]) -> Any:
        """Let the app call the API now; returns what ``action`` returns."""
        results: list[Any] = []
        client.act(self.now, None, lambda: results.append(action()))
        self.flush()
        return results[0]

    def run(self, duration: str | int) -> None:
        """Let that much time pass."""
        span = parse_duration(duration) if isinstance(duration, str) else duration
        end = self.now + span
        while (at := self._next()) is not None and at <= end:
            self.now = max(at, self.now)
            self._step()
        self.now = end

    def later(self, delay: int, action: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._queue, (self.now + delay, self._count, action))

    def _next(self) -> int | None:
        times = [self._queue[0][0]] if self._queue else []
        times += [at for c in self.clients.values() if (at := self._deadline(c)) is not None]
        return min(times, default=None)

    def _deadline(self, client: Client) -> int | None:
        return client.next_deadline() if client.alive else None

    def _step(self) -> None:
        if self._queue and self._queue[0][0] <= self.now:
            heapq.heappop(self._queue)[2]()
        else:
            due = [c for c in self.clients.values() if (self._deadline(c) or 0) <= self.now]
            for client in due:
                if self._deadline(client) is not None:
                    client.silent(self.now, None)
                    client.wake(self.now)
        self.flush()

    # -- links ---------------------------------------------------------------------------------

    def blackhole(self, name: str = "alice") -> None:
        """Nothing gets through any more, and nobody is told."""
        self.silent.add(name)
        self.links[name] = "hanging"

    def kill(self, name: str = "alice", then: str = "refused") -> None:
        """The open socket is reset; new ones are ``refused``, ``hanging`` or ``up``."""
        self.links[name] = then
        self.close(name, 1006)

    def close(self, name: str, code: int) -> None:
        """The platform, or the network, closes the client's open socket with ``code``."""
        for line in self._open_lines(name):
            self._forget(line)
            self.clients[name].closed(line.attempt, code, self.now, None)
        self.flush()

    def restore(self, name: str = "alice") -> None:
        """The network is back; sockets that hang get through."""
        self.links[name] = "up"
        self.silent.discard(name)
        for line in self.lines.values():
            if line.client == name and not line.open and not line.gone:
                self._connect(line)

    def crash(self, name: str = "alice") -> None:
        """The client's machine loses its power."""
        self.clients[name].crash()
        for line in self._open_lines(name):
            self._forget(line)

    def media(self, person: str = "bob", *, near: bool = True, far: bool = True) -> None:
        """The media path from that person changes, for everybody."""
        self.paths[person] = Path(near, far)
        for client in self.clients.values():
            client.paths_changed(person, self.now, None)
        self.flush()

    def _path(self, stream: Stream) -> Path:
        path = self.paths.get(stream.connection.client, Path())
        sender = self.clients.get(stream.connection.client)
        return path if sender is None else path._replace(far=path.far and sender.sends(stream.id))

    def _open_lines(self, name: str) -> list[Line]:
        return [line for line in self.lines.values() if line.client == name and line.open]

    def _forget(self, line: Line) -> None:
        line.open, line.gone = False, True
        self.platform.closed(line)

    # -- what clients want done --------------------------------------------------------------------

    def flush(self) -> None:
        for client in self.clients.values():
            while client.outputs:
                outputs = list(client.outputs)
                client.outputs.clear()
                for output in outputs:
                    self._carry_out(client, output)

    def _carry_out(self, client: Client, output: Output) -> None:
        if isinstance(output, Fetch):
            self._fetch(client, output.request)
        elif isinstance(output, Dial):
            self._dial(client, output)
        elif isinstance(output, Send):
            self._send(client, output)
        elif isinstance(output, StopMedia):
            self._stop_media(output.stream)
        elif isinstance(output, Hangup):
            self.hangups.append((self.now, client.name, output.code))
            line = self.lines[client.name, output.attempt]
            if not line.gone:
                self._forget(line)

    def _stop_media(self, stream: str) -> None:
        self.stopped.append((self.now, stream))
        for client in [each for each in self.clients.values() if each.alive]:
            client.media_stopped(stream, self.now, None)

    def _fetch(self, client: Client, request: int) -> None:
        self.fetches.append(self.now)
        status = self.info.pop(0) if self.info else 200
        body = self.particulars if status == 200 else {}
        self.later(2 * HOP, lambda: client.informed(request, status, dict(body), self.now, None))

    def _dial(self, client: Client, output: Dial) -> None:
        line = Line(client.name, output.attempt, output.hello)
        self.lines[client.name, output.attempt] = line
        self.dials.append((self.now, line))
        if self.links[client.name] == "up":
            self._connect(line)
        elif self.links[client.name] == "refused":
            self.later(HOP, lambda: self._refuse(line))

    def _connect(self, line: Line) -> None:
        def opened() -> None:
            if not line.gone:
                line.open = True
                self.clients[line.client].opened(line.attempt, self.now, None)
                self._accept(line)

        self.later(2 * HOP, opened)

    def _accept(self, line: Line) -> None:
        """Hand a socket to the platform, which turns away strangers who say that they come back."""
        if line.hello.reconnect and line.hello.socket not in self.platform.peers:
            self.later(HOP, lambda: self._refuse(line))
        else:
            self.platform.opened(line)

    def _refuse(self, line: Line) -> None:
        if not line.gone:
            line.open, line.gone = False, True
            self.clients[line.client].closed(line.attempt, 1006, self.now, None)

    def _send(self, client: Client, output: Send) -> None:
        self.sent.append((self.now, client.name, output.frame))
        line = self.lines[client.name, output.attempt]

        def arrive() -> None:
            if client.name not in self.silent and line.hello.socket in self.platform.peers:
                self.platform.receive(line, output.frame)

        if line.open:
            self.later(HOP, arrive)

    def _to_client(self, line: Line, frame: Frame) -> None:
        def arrive() -> None:
            if line.open and line.client not in self.silent:
                self.clients[line.client].receive(line.attempt, frame, self.now, None)

        self.later(HOP, arrive)

    # -- what has been written down ------------------------------------------------------------

    def _journal(
        self,
        client: str,
        object: str,
        kind: str,
        name: str,
        data: dict[str, Any],
        cause: int | None,
        level: int = 0,
    ) -> int | None:
        inspect(object, kind, name, data, level)
        number = len(self.records) + 1 if level == 0 else 0
        self.records.append(
            Record(number, self.now, client, object, kind, name, data, cause, level)
        )
        return number if level == 0 else cause

    def told(self, name: str = "alice", since: int = 0) -> list[Record]:
        """The events and completions of a client, in order."""
        kinds = ("event", "callback")
        return [r for r in self.records if r.client == name and r.kind in kinds and r.time >= since]

    def story(self, name: str = "alice", since: int = 0) -> list[str]:
        """The same as words, such as ``sessionDisconnected clientDisconnected``."""
        return [in_words(record) for record in self.told(name, since)]

    def order(self, name: str = "alice", since: int = 0) -> list[str]:
        """The same as the specification's ``orders`` write it."""
        return [in_order(record) for record in self.told(name, since)]

    def when(self, words: str, name: str = "alice") -> list[int]:
        """The times at which something was told."""
        return [record.time for record in self.told(name) if in_words(record) == words]

    def requests(self, name: str = "alice", since: int = 0) -> list[str]:
        """The requests that a client sent, such as ``create stream alice#1.1``."""
        return [
            f"{frame.method} {frame.resource} {frame.content.get('id', '')}".strip()
            for at, who, frame in self.sent
            if isinstance(frame, Message) and who == name and at >= since
        ]

    def pings(self, name: str = "alice") -> list[int]:
        """When a client sent its heartbeats."""
        return [at for at, who, frame in self.sent if isinstance(frame, Ping) and who == name]
