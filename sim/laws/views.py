"""Tracker: who and what each client has been told is in the session."""

from __future__ import annotations

from typing import ClassVar, Final

from attrs import define, field

from sim.laws.law import Handlers, handlers, on
from sim.protocol.names import CONNECTION, STREAM, Kind
from sim.protocol.records import Trait
from sim.trace import Header, Record

FINE: Final = ""
AGAIN: Final = "again"
UNKNOWN: Final = "it was never told of"
ENDED: Final = "which had ended for it before"
EARLIER: Final = "on behalf of an earlier connection of its own"
OUTSIDE: Final = "while it had no session"


@define(eq=False)
class View:
    """What one connection of a client has been told, and not told the end of."""

    own: str
    connections: dict[str, None] = field(factory=dict)
    streams: dict[str, None] = field(factory=dict)
    connections_mark: int = 0
    streams_mark: int = 0
    newest: dict[str, int] = field(factory=dict)
    """Person → number of the newest connection told; connection → number of its newest stream."""

    ended: dict[str, None] = field(factory=dict)
    """What it has been told the end of, of names that have no number."""

    def old(self, name: str, kind: Kind) -> bool:
        """Whether it has been told of this one, or of a later one of the same origin."""
        parsed = kind.parse(name)
        if parsed is None:
            return name in self.ended
        return parsed.number <= self.newest.get(parsed.origin, 0)

    def end(self, name: str, kind: Kind) -> None:
        """It has been told the end of it."""
        if kind.parse(name) is None:
            self.ended[name] = None

    def past(self, stream: str, connection: str) -> bool:
        """Whether a stream that it does not show, or its connection, has ended for it."""
        ended = connection not in self.connections and self.old(connection, CONNECTION)
        return ended or self.old(stream, STREAM)


class Views:
    """Follows the Session's four events about others; ``problem`` is what is wrong with the last.

    A view begins with ``sessionConnected`` and ends, quietly, with the session.
    """

    def __init__(self, header: Header) -> None:
        self._views: dict[str, View] = {}
        self.problem = FINE
        """Of the event that is being looked at: one of the sentences' ends above, or ``FINE``."""

    def of(self, client: str) -> View | None:
        """The view of that person's client, while it has a session."""
        return self._views.get(client)

    def _begun(self, record: Record) -> None:
        self._views[record.client] = View(record.data.get("own") or "")

    def _over(self, record: Record) -> None:
        view = self._views.get(record.client)
        if view is not None and view.own == record.data.get("own"):
            del self._views[record.client]

    def _reset(self, record: Record) -> None:
        if record.object == "session":
            self._views.pop(record.client, None)

    def _gone(self, record: Record) -> None:
        self._views.pop(record.client, None)

    def _connection_created(self, record: Record) -> None:
        view, name = self._view(record), record.data["connection"]
        if view is None:
            return
        if name in view.connections:
            self.problem = AGAIN
        elif view.old(name, CONNECTION):
            self.problem = ENDED
        else:
            view.connections[name] = None
            view.connections_mark ^= hash(name)
            self._newest(view, CONNECTION, name)

    def _connection_destroyed(self, record: Record) -> None:
        view, name = self._view(record), record.data["connection"]
        if view is None:
            return
        if name in view.connections:
            del view.connections[name]
            view.connections_mark ^= hash(name)
            view.newest.pop(name, None)
            view.end(name, CONNECTION)
        else:
            self.problem = AGAIN if view.old(name, CONNECTION) else UNKNOWN

    def _stream_created(self, record: Record) -> None:
        if record.object != "session":
            return
        view, name = self._view(record), record.data["stream"]
        if view is None:
            return
        if name in view.streams:
            self.problem = AGAIN
        elif view.past(name, record.data["connection"]):
            self.problem = ENDED
        else:
            view.streams[name] = None
            view.streams_mark ^= hash(name)
            self._newest(view, STREAM, name)

    def _stream_destroyed(self, record: Record) -> None:
        if record.object != "session":
            return
        view, name = self._view(record), record.data["stream"]
        if view is None:
            return
        if name in view.streams:
            del view.streams[name]
            view.streams_mark ^= hash(name)
            view.end(name, STREAM)
        else:
            self.problem = AGAIN if view.past(name, record.data["connection"]) else UNKNOWN

    def _newest(self, view: View, kind: Kind, name: str) -> None:
        parsed = kind.parse(name)
        if parsed is not None:
            view.newest[parsed.origin] = parsed.number

    def _view(self, record: Record) -> View | None:
        view = self._views.get(record.client)
        if view is None:
            self.problem = OUTSIDE
        elif view.own != record.data.get("own"):
            self.problem = EARLIER
        else:
            self.problem = FINE
            return view
        return None

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("event", "sessionConnected"): _begun,
            ("event", "sessionDisconnected"): _over,
            ("state", "disconnected"): _reset,
            **on(_gone, Trait.ENDS_PAGE),
            ("event", "connectionCreated"): _connection_created,
            ("event", "connectionDestroyed"): _connection_destroyed,
            ("event", "streamCreated"): _stream_created,
            ("event", "streamDestroyed"): _stream_destroyed,
        }
    )
