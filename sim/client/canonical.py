"""What of a client's state matters to its future, for explorers that compare states.

Times are relative, causes and counters are left out, names are renumbered
(:class:`~sim.protocol.renaming.Renaming`). What an app's own functions do cannot be seen: only that
they are there, and where.
"""

from __future__ import annotations

from typing import Any

from sim.client.calls import CallSnapshot
from sim.client.delivery import Pending
from sim.client.loop import Timer
from sim.client.outputs import Dial, Fetch, Output, Send, StopMedia
from sim.client.page import Reply
from sim.protocol.renaming import Renaming, since

Form = tuple[Any, ...]

UP, DOWN = "up", "down"
"""The lanes of a logical socket: what the client numbers, and what the platform does."""


def canonical(person: str, snapshot: tuple[Any, ...], now: int, names: Renaming) -> Form:
    """The canonical form of a client's snapshot."""
    alive, page, memberships, publishers = snapshot
    return _Walk(person, page, now, names).client(alive, memberships, publishers)


class _Walk:
    """One walk over a snapshot, always in the same order."""

    def __init__(self, person: str, page: tuple[Any, ...], now: int, names: Renaming) -> None:
        _, _, _, self._elements, (_, timers), (_, calls), self._throttle, self._outputs = page
        self._person = person
        self._now = now
        self._since = since(now)
        self._names = names
        self._timers: list[Timer] = sorted(timers)
        self._places = {timer.number: place for place, timer in enumerate(self._timers)}
        self._calls: dict[int, CallSnapshot] = {call[0]: call for call in calls}
        self._met: dict[int, int] = {}
        self._sockets: dict[int, str] = {}
        """The logical socket of each attempt that is the present one."""

    def client(self, alive: bool, memberships: Form, publishers: Form) -> Form:
        sessions = tuple([self._membership(each) for each in memberships])
        made = tuple([self._publisher(each) for each in publishers])
        elements = tuple([(self._name(label), kind) for label, kind in self._elements])
        timers = tuple([self._timer(timer) for timer in self._timers])
        outputs = tuple([self._output(output) for output in self._outputs])
        calls = tuple([self._call_of(number) for number in self._met])
        waiting = timers, outputs, calls, self._throttle
        return self._person, alive, sessions, made, elements, *waiting

    # -- names, calls, timers ------------------------------------------------------------------

    def _name(self, old: str | None) -> int | None:
        """A name of this client's own making; ids of connections are everybody's."""
        return self._names.name(None if old is None else (self._person, old))

    def _attempt(self, number: int | None) -> int | None:
        return self._names.name(None if number is None else (self._person, "attempt", number))

    def _call(self, number: int | None) -> int | None:
        """The place of a call among those that somebody waits for."""
        if number is None or number not in self._calls:
            return None
        return self._met.setdefault(number, len(self._met))

    def _call_of(self, number: int) -> Form:
        _, name, _, completion, by, waiting = self._calls[number]
        return name, by, completion is not None, len(waiting)

    def _timer(self, timer: Timer) -> Form:
        about = timer.about
        if timer.kind == "migrated":
            about = self._names.name(about)
        elif timer.kind == "end":
            about = about[0], self._names.name(about[1])
        elif timer.kind == "give-up":
            about = self._name(about[0]), self._names.name(about[1])
        elif callable(about):
            about = "app"
        return timer.due - self._now, self._name(timer.owner), timer.kind, about

    def _place(self, timer: int | None) -> int | None:
        return None if timer is None else self._places.get(timer)

    def _listeners(self, saved: Form) -> Form:
        return tuple([(name, tuple([self._entry(*e) for e in entries])) for name, entries in saved])

    def _entry(self, listener: Any, once: bool) -> Form:
        if isinstance(listener, int):
            return "call", self._call(listener), once
        return "app", None, once

    # -- the session -----------------------------------------------------------------------------

    def _membership(self, saved: Form) -> Form:
        made, values, connections, streams, publishers, subscribers, socket, *rest = saved
        own, connection, mute, peer_to_peer, failing, _, telling, *_ = values
        loose, joining, waiting, listeners = rest
        name = self._names.name
        return (
            made,
            name(own),
            connection is not None,
            tuple([(name(c.id), c.client, c.permissions) for c in connections]),
            tuple([self._stream(stream) for stream in streams]),
            None if socket is None else self._socket(socket),
            tuple([self._socket(each) for each in loose]),
            self._joining(joining),
            tuple([(name(id), self._messages(messages)) for id, messages in waiting]),
            (mute, peer_to_peer, telling, tuple([self._call(number) for number in failing])),
            tuple([self._name(label) for label in publishers]),
            tuple([self._subscriber(subscriber) for subscriber in subscribers]),
            self._listeners(listeners),
        )

    def _messages(self, messages: Form) -> Form:
        return tuple([(m.method, m.resource, self._names.content(m.content)) for m in messages])

    def _stream(self, saved: Any) -> Any:
        """A stream as it is described, or named if the session knows it."""
        if saved is None or isinstance(saved, str):
            return self._names.name(saved)
        id, connection, label, audio, video = saved
        return self._names.name(id), self._names.name(connection.id), label != "", audio, video

    def _joining(self, saved: Form) -> Form:
        retry, tries, request, started, attempts, active, own, state, early, _ = saved
        if not active:
            return (False,)
        content = self._names.content
        return (
            self._place(retry),
            tries,
            self._attempt(request),
            self._since(started),
            attempts,
            content(own),
            content(state),
            self._messages(early),
        )

    def _socket(self, saved: Form) -> Form:
        (name, reconnects, state), values, redialling, (count, requests), (highest, times) = saved
        dialled_at, turned_away = redialling
        silence_at, ping_at, outage, closing, _, window, attempt, *rest = values
        opening, ping_waits, _, was_open, _, removed = rest
        up, down = (name, UP), (name, DOWN)
        if attempt is not None:
            self._sockets[attempt] = name
        self._names.number(up, count)
        return (
            (self._names.name(name), reconnects, state, outage, closing, was_open, removed),
            (self._since(silence_at), self._since(ping_at)),
            self._since(window),
            (self._attempt(attempt), self._place(opening), ping_waits),
            (self._since(dialled_at) if turned_away else None, turned_away),
            tuple([self._pending(each, up, down) for each in requests]),
            self._names.number(down, highest),
            tuple([(self._names.number(down, txn), self._since(at)) for txn, at in times]),
        )

    def _pending(self, pending: Pending, up: Form, down: Form) -> Form:
        message, retry, reply = pending
        return self._names.frame(message, up, down), retry, self._reply(reply)

    def _reply(self, reply: Reply | None) -> Form | None:
        if reply is None:
            return None
        about = reply.about
        if reply.kind == "call":
            about = self._call(about)
        elif reply.kind == "stream":
            about = self._names.name(about[0]), self._call(about[1])
        else:
            about = self._names.name(about)
        return self._name(reply.owner), reply.kind, about

    # -- publishers and subscribers ----------------------------------------------------------------

    def _publisher(self, saved: Form) -> Form:
        label, session, stream, (state, values), listeners = saved
        own, stream_id, audio, video, bound, call, request, timer, retold, sends = values
        name = self._names.name
        return (
            (self._name(label), session, state, self._stream(stream)),
            (name(own), name(stream_id), audio, video, sends),
            (self._call(call), request is not None, self._place(timer), bound, retold),
            self._listeners(listeners),
        )

    def _subscriber(self, saved: Form) -> Form:
        label, stream, (state, values), (ice, ice_values), listeners = saved
        own, call, told, timeout, connected_at, *_ = values
        peer_to_peer, path, closed, timer = ice_values
        return (
            (self._name(label), state, self._stream(stream), self._names.name(own)),
            (self._call(call), told, self._place(timeout), self._since(connected_at)),
            (ice, peer_to_peer, path.near, path.far, closed, self._place(timer)),
            self._listeners(listeners),
        )

    def _output(self, output: Output) -> Form:
        if isinstance(output, Fetch):
            return "fetch", self._attempt(output.request)
        if isinstance(output, Dial):
            hello = output.hello
            name = self._names.name(hello.socket)
            return "dial", self._attempt(output.attempt), name, hello.reconnect
        if isinstance(output, Send):
            socket = self._sockets.get(output.attempt)
            frame = self._names.frame(output.frame, (socket, UP), (socket, DOWN))
            return "send", self._attempt(output.attempt), frame
        if isinstance(output, StopMedia):
            return "stop media", self._names.name(output.stream)
        return "hangup", self._attempt(output.attempt), output.code
