"""Who believes in a ghost.

A ghost is a connection of which an app was told and whose person has gone: its machine crashed,
its page was closed, its app called ``disconnect()`` or was told ``sessionDisconnected``, or the
platform let it go. It is seen until the app is told of its end, or is gone itself. Whoever sees it
has no excuse: one who is cut off looks at a frozen picture all the same.
"""

from __future__ import annotations

from typing import Final

from sim.expectations.cast import Cast
from sim.expectations.clauses import Ghost
from sim.expectations.lasting import Spells
from sim.expectations.sights import Finding
from sim.protocol.records import Trait, named
from sim.trace.records import Record

_CONNECT: Final = ("call", "connect")
_DISCONNECT: Final = ("call", "disconnect")
_ENDS: Final = named(Trait.ENDS_SESSION, Trait.ENDS_PAGE)
_JOINS: Final = named(Trait.BEGINS_CONNECTION)
_LEAVES: Final = named(Trait.ENDS_CONNECTION)
_TOLD: Final = {
    ("event", "connectionCreated"): ("connection", True),
    ("event", "connectionDestroyed"): ("connection", False),
    ("event", "streamCreated"): ("stream", True),
    ("event", "streamDestroyed"): ("stream", False),
}
"""Events of a Session: what they tell of, and whether it begins or ends."""


class GhostWatch:
    """Who believes in whom that has gone, for a :class:`Ghost`."""

    def __init__(self, clause: Ghost, cast: Cast) -> None:
        self._clause = clause
        self._cast = cast
        self._spells = Spells(clause.limit)
        self._beliefs: dict[str, dict[str, set[str]]] = {}
        """By person: the connections that its app was told of, each with what it was told of."""
        self._here: dict[str, dict[str, None]] = {}
        """By person: the connections that the platform let in and that have not gone."""
        self._gone: set[str] = set()
        self._over: set[str] = set()
        """People who have gone, even if the platform has not let them in yet."""

    def see(self, record: Record) -> None:
        """Take in a story record."""
        key = record.kind, record.name
        if key in _TOLD and record.object == "session":
            self._told(record, *_TOLD[key])
        elif key in _ENDS:
            self._forget(record)
            self._leaves(record)
        elif key == _DISCONNECT:
            self._leaves(record)
        elif key == _CONNECT:
            self._over.discard(record.client)
        elif key in _JOINS:
            self._joins(record)
        elif key in _LEAVES:
            self._goes(str(record.data.get("connection")), record)

    def _told(self, record: Record, thing: str, begins: bool) -> None:
        """An app is told of a connection or a stream that is not its own."""
        connection = str(record.data.get("connection"))
        if connection == record.data.get("own"):
            return
        beliefs = self._beliefs.setdefault(record.client, {})
        known = beliefs.setdefault(connection, set())
        if begins:
            known.add(thing)
        else:
            known.discard(thing)
        self._compare(record.client, connection, record)
        if not known:
            del beliefs[connection]

    def _joins(self, record: Record) -> None:
        connection = str(record.data.get("connection"))
        self._here.setdefault(record.client, {})[connection] = None
        if record.client in self._over:
            self._goes(connection, record)

    def _forget(self, record: Record) -> None:
        for connection in self._beliefs.pop(record.client, {}):
            self._compare(record.client, connection, record)

    def _leaves(self, record: Record) -> None:
        self._over.add(record.client)
        for connection in list(self._here.get(record.client, ())):
            self._goes(connection, record)

    def _goes(self, connection: str, record: Record) -> None:
        self._here.get(self._cast.person(connection), {}).pop(connection, None)
        self._gone.add(connection)
        for believer in list(self._beliefs):
            if connection in self._beliefs[believer]:
                self._compare(believer, connection, record)

    def _compare(self, believer: str, connection: str, record: Record) -> None:
        owner, of = self._cast.person(connection), self._clause.of
        if of is None or self._cast.means(of, owner):
            known = self._beliefs.get(believer, {}).get(connection)
            ghost = bool(known) and connection in self._gone
            self._spells.hold(believer, f"saw a ghost of {owner}", connection, ghost, record)

    def finding(self, person: str, ended: int) -> Finding:
        """Return whether this person saw a ghost for so long."""
        return self._spells.finding(self._clause, person, ended)
