"""Clients and a platform in a plain loop without SimPy, whose whole state can be copied.

Every hop takes one millisecond. What is on its way is data, as everything in the cores is; apps act
through ``event.target`` alone, so that their listeners serve a copy as well as the original.
"""

from sim.client import Client
from sim.client.outputs import Dial, Fetch, Hangup, Send, StopMedia
from sim.client.paths import Path
from sim.platform import Platform
from sim.platform.outputs import Close
from sim.protocol.quirks import profile as profile_named
from sim.protocol.units import MILLISECOND

HOP = MILLISECOND


def subscribe_to_everyone(event):
    event.target.subscribe(event.stream)


class BareLoop:
    """``down`` are those through whose link nothing gets; they are told nothing of it."""

    def __init__(self, names, settings, profile="documented"):
        self.made = names, settings, profile
        self.now, self.records, self.down, self.flying = 0, [], set(), []
        self.sockets = {}
        self.platform = Platform(self.journal, settings)
        chosen = profile_named(profile)
        self.clients = {
            name: Client(name, self.journal, role="moderator", profile=chosen, path=self.path)
            for name in names
        }
        for client in self.clients.values():
            client.session.on("streamCreated", subscribe_to_everyone)

    def journal(self, client, object, kind, name, data, cause, level=0):
        self.records.append((self.now, client, object, kind, name, data, cause, level))
        return len(self.records)

    def path(self, stream):
        """Media get through whatever happens to links, but only from the Publisher."""
        sender = self.clients[stream.connection.client]
        return Path(far=sender.alive and sender.sends(stream.id))

    # -- copies ----------------------------------------------------------------------------------

    def snapshot(self):
        clients = tuple((name, client.snapshot()) for name, client in self.clients.items())
        flying, sockets = tuple(self.flying), tuple(self.sockets.items())
        own = self.now, tuple(self.records), frozenset(self.down), flying, sockets
        return own, clients, self.platform.snapshot()

    def restore(self, snapshot):
        (self.now, records, down, flying, sockets), clients, platform = snapshot
        self.records, self.down = list(records), set(down)
        self.flying, self.sockets = list(flying), dict(sockets)
        for name, saved in clients:
            self.clients[name].restore(saved)
        self.platform.restore(platform)

    def fork(self):
        twin = type(self)(*self.made)
        twin.restore(self.snapshot())
        return twin

    def cut(self, name, cut):
        """Let nothing get through somebody's link, or everything again."""
        (self.down.add if cut else self.down.discard)(name)

    # -- time ------------------------------------------------------------------------------------

    def act(self, name, action):
        """Let somebody's app do something with its client now."""
        client = self.clients[name]
        if client.alive:
            client.act(self.now, None, lambda: action(client))
        self.flush()

    def run(self, duration):
        """Let that much time pass."""
        end = self.now + duration
        while (at := self.next_time()) is not None and at <= end:
            self.now = max(at, self.now)
            self.step()
        self.now = end

    def next_time(self):
        alive = [client for client in self.clients.values() if client.alive]
        deadlines = [core.next_deadline() for core in (*alive, self.platform)]
        times = [at for at in deadlines if at is not None]
        return min([*times, *(due for due, *_ in self.flying[:1])], default=None)

    def step(self):
        if self.flying and self.flying[0][0] <= self.now:
            _, arrived, *what = self.flying.pop(0)
            ARRIVALS[arrived](self, *what)
        else:
            self.platform.wake(self.now)
            for client in self.clients.values():
                if client.alive:
                    client.wake(self.now)
        self.flush()

    # -- what the cores want done ----------------------------------------------------------------

    def fly(self, hops, arrived, name, attempt, *what):
        self.flying.append((self.now + hops * HOP, arrived, name, attempt, *what))
        self.flying.sort(key=lambda each: each[0])

    def flush(self):
        for name, client in self.clients.items():
            outputs = list(client.outputs)
            client.outputs.clear()
            for output in outputs:
                self.carry_out(name, output)
        for output in list(self.platform.outputs):
            name, attempt = self.sockets[output.socket]
            if isinstance(output, Close):
                self.fly(1, "close", name, attempt, output.code)
            else:
                self.fly(1, "frame down", name, attempt, output.frame)
        self.platform.outputs.clear()

    def carry_out(self, name, output):
        if isinstance(output, Fetch):
            self.fly(2, "info", name, output.request)
        elif isinstance(output, Dial):
            self.fly(2, "open", name, output.attempt, output.hello)
        elif isinstance(output, Send):
            self.fly(1, "frame up", name, output.attempt, output.frame)
        elif isinstance(output, Hangup):
            self.fly(1, "hangup", name, output.attempt)
        elif isinstance(output, StopMedia):
            for client in [each for each in self.clients.values() if each.alive]:
                client.media_stopped(output.stream, self.now, None)

    def number(self, name, attempt):
        return attempt * 100 + list(self.clients).index(name)

    # -- what arrives ----------------------------------------------------------------------------

    def info(self, name, request):
        answer = (None, {}) if name in self.down else self.platform.session_info(name)
        self.clients[name].informed(request, *answer, self.now, None)

    def open(self, name, attempt, hello):
        if name not in self.down:
            number = self.number(name, attempt)
            self.sockets[number] = name, attempt
            self.platform.opened(number, hello, self.now, None)
            self.clients[name].opened(attempt, self.now, None)

    def up(self, name, attempt, frame):
        if name not in self.down:
            self.platform.receive(self.number(name, attempt), frame, self.now)

    def hangup(self, name, attempt):
        self.platform.closed(self.number(name, attempt), self.now, None)

    def frame(self, name, attempt, frame):
        if name not in self.down:
            self.clients[name].receive(attempt, frame, self.now, getattr(frame, "cause", None))

    def closed(self, name, attempt, code):
        self.clients[name].closed(attempt, code, self.now, None)


ARRIVALS = {
    "info": BareLoop.info,
    "open": BareLoop.open,
    "frame up": BareLoop.up,
    "frame down": BareLoop.frame,
    "hangup": BareLoop.hangup,
    "close": BareLoop.closed,
}
