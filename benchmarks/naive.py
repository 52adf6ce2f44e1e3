"""The plainest SimPy model of the same work: the baseline that the product is measured against.

Written as a textbook would: one process per timer and per direction of a socket, a ``Store`` for
every mailbox, one scalar draw of numpy's generator at a time, a frozen attrs class for every
message. Three people on the network of ``scenarios/flaky.yaml``: pings every 2 s, Gilbert-Elliott
bursts of loss and lognormal delays each way, retransmissions, outages, detection of silence on both
sides, new sockets while reconnecting, the end of a session, cleanup at the others, coming back.

It is neither crippled nor stripped: nothing is done twice or by a detour, and nothing that the list
above names is left out. It has no trace, no laws, no API, no moderation and no causes: those are on
the product's side of the comparison.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from attrs import frozen

PING, SILENCE, WINDOW, ATTEMPT = 2.0, 5.9, 30.0, 15.0
DETECTION, GRACE, REJOIN = 10.0, 45.0, 3.0
RTO, RTO_MAX = 1.0, 60.0
GOOD, BAD = 0.8, 0.04
DELAY_MEDIAN, DELAY_SIGMA = 0.040, 0.4
OUTAGE_EVERY, OUTAGE_MEDIAN, OUTAGE_SIGMA = 90.0, 8.0, 1.0

Process = Generator[simpy.Event, Any, None]


@frozen
class Message:
    kind: str
    sender: str
    about: str = ""


class Fading:
    """One direction of a link: good and bad in turn, for exponential times."""

    def __init__(self, env: simpy.Environment, rng: np.random.Generator) -> None:
        self.env, self.rng = env, rng
        self.bad = False
        env.process(self.fade())

    def fade(self) -> Process:
        while True:
            yield self.env.timeout(self.rng.exponential(GOOD))
            self.bad = True
            yield self.env.timeout(self.rng.exponential(BAD))
            self.bad = False


class Link:
    """Somebody's way to the platform, which fails now and then."""

    def __init__(self, env: simpy.Environment, rng: np.random.Generator) -> None:
        self.env, self.rng = env, rng
        self.up, self.down = Fading(env, rng), Fading(env, rng)
        self.failed = False
        self.outages = 0
        env.process(self.fail())

    def fail(self) -> Process:
        while True:
            yield self.env.timeout(self.rng.exponential(OUTAGE_EVERY))
            self.failed = True
            self.outages += 1
            yield self.env.timeout(self.rng.lognormal(np.log(OUTAGE_MEDIAN), OUTAGE_SIGMA))
            self.failed = False


class Channel:
    """One direction of a socket: a Store, and a process that carries what is put into it."""

    def __init__(self, link: Link, fading: Fading, target: simpy.Store) -> None:
        self.link, self.fading, self.target = link, fading, target
        self.env, self.rng = link.env, link.rng
        self.inbox = simpy.Store(link.env)
        self.closed = False
        self.carried = 0
        self.env.process(self.carry())

    def carry(self) -> Process:
        while not self.closed:
            message = yield self.inbox.get()
            timeout = RTO
            while self.link.failed or self.fading.bad:
                yield self.env.timeout(timeout)
                timeout = min(2 * timeout, RTO_MAX)
            yield self.env.timeout(self.rng.lognormal(np.log(DELAY_MEDIAN), DELAY_SIGMA))
            if not self.closed:
                self.carried += 1
                yield self.target.put(message)


class Client:
    """Pinger, receiver and watchdog: a process each."""

    def __init__(self, room: Room, name: str) -> None:
        self.room, self.env, self.name = room, room.env, name
        self.link = Link(room.env, room.rng)
        self.mailbox = simpy.Store(room.env)
        self.channels: list[Channel] = []
        self.subscribers: dict[str, None] = {}
        self.log: list[tuple[float, str]] = []
        self.connect()
        self.watchdog = self.env.process(self.watch())
        self.env.process(self.ping())
        self.env.process(self.receive())

    def connect(self) -> None:
        self.dial()
        self.state = "connected"
        self.up.inbox.put(Message("join", self.name))

    def dial(self) -> None:
        """Open a new socket; what is still on its way in the old one goes nowhere."""
        for channel in self.channels[-2:]:
            channel.closed = True
        self.up = Channel(self.link, self.link.up, self.room.mailbox)
        self.down = Channel(self.link, self.link.down, self.mailbox)
        self.channels += self.up, self.down

    def ping(self) -> Process:
        while True:
            yield self.env.timeout(PING)
            if self.state == "connected":
                yield self.up.inbox.put(Message("ping", self.name))

    def receive(self) -> Process:
        while True:
            message = yield self.mailbox.get()
            self.watchdog.interrupt()
            if message.kind == "joined":
                self.subscribers[message.about] = None
            elif message.kind == "left" and message.about in self.subscribers:
                del self.subscribers[message.about]
                self.log.append((self.env.now, f"destroyed {message.about}"))

    def watch(self) -> Process:
        while True:
            try:
                yield self.env.timeout(SILENCE)
            except simpy.Interrupt:
                continue
            self.state = "reconnecting"
            self.log.append((self.env.now, "sessionReconnecting"))
            yield from self.reconnect()

    def reconnect(self) -> Process:
        deadline = self.env.now + WINDOW
        while self.env.now < deadline:
            self.dial()
            self.up.inbox.put(Message("hello", self.name))
            try:
                yield self.env.timeout(ATTEMPT)
            except simpy.Interrupt:
                self.state = "connected"
                self.log.append((self.env.now, "sessionReconnected"))
                return
        yield from self.end()

    def end(self) -> Process:
        self.state = "ended"
        self.up.closed = self.down.closed = True
        self.log.append((self.env.now, "sessionDisconnected"))
        for name in self.subscribers:
            self.log.append((self.env.now, f"destroyed {name}"))
        self.subscribers.clear()
        yield self.env.timeout(REJOIN)
        self.connect()


class Room:
    """The platform: answers pings, notices silence, tells the others."""

    def __init__(self, env: simpy.Environment, seed: int, names: list[str]) -> None:
        self.env, self.rng = env, np.random.default_rng(seed)
        self.mailbox = simpy.Store(env)
        self.watchdogs: dict[str, simpy.Process] = {}
        self.clients = {name: Client(self, name) for name in names}
        env.process(self.serve())

    def tell(self, kind: str, about: str) -> None:
        for name in self.watchdogs:
            if name != about:
                self.clients[name].down.inbox.put(Message(kind, "platform", about))

    def serve(self) -> Process:
        while True:
            message = yield self.mailbox.get()
            name = message.sender
            if message.kind == "join":
                self.join(name)
            elif name in self.watchdogs:
                self.watchdogs[name].interrupt()
            yield self.clients[name].down.inbox.put(Message("pong", "platform"))

    def join(self, name: str) -> None:
        if name in self.watchdogs:
            self.tell("left", name)
            self.watchdogs[name].interrupt("gone")
        self.watchdogs[name] = self.env.process(self.watch(name))
        self.tell("joined", name)
        for other in self.watchdogs:
            if other != name:
                self.clients[name].down.inbox.put(Message("joined", "platform", other))

    def watch(self, name: str) -> Process:
        while True:
            try:
                yield self.env.timeout(DETECTION + GRACE)
            except simpy.Interrupt as interrupt:
                if interrupt.cause == "gone":
                    return
                continue
            del self.watchdogs[name]
            self.tell("left", name)
            return


def simulate(duration: float, seed: int = 7) -> Room:
    """Run three people for ``duration`` seconds."""
    env = simpy.Environment()
    room = Room(env, seed, ["alice", "bob", "carol"])
    env.run(until=duration)
    return room
