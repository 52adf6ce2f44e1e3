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
from sim.trace.records import Record

_TOLD: Final = {
    "connectionCreated": ("connection", True),
    "connectionDestroyed": ("connection", False),
    "streamCreated": ("stream", True),
    "streamDestroyed": ("stream", False),
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
        kind, object, name = record.kind, record.object, record.name
        if kind == "event" and object == "session":
            self._told(record)
        elif kind == "state" and object == "platform":
            self._platform(record)
        elif object == "browser" and name in ("crash", "closeBrowser"):
            self._forget(record)
            self._leaves(record)
        elif kind == "call" and name == "disconnect":
            self._leaves(record)
        elif kind == "call" and name == "connect":
            self._over.discard(record.client)

    def _told(self, record: Record) -> None:
        if record.name == "sessionDisconnected":
            self._forget(record)
            self._leaves(record)
        elif record.name in _TOLD:
            connection = str(record.data.get("connection"))
            if connection != record.data.get("own"):
                self._learn(record, connection, *_TOLD[record.name])

    def _platform(self, record: Record) -> None:
        connection = str(record.data.get("connection"))
        if record.name == "joined":
            self._here.setdefault(record.client, {})[connection] = None
            if record.client in self._over:
                self._goes(connection, record)
        elif record.name == "left":
            self._goes(connection, record)

    def _learn(self, record: Record, connection: str, thing: str, begins: bool) -> None:
        beliefs = self._beliefs.setdefault(record.client, {})
        known = beliefs.setdefault(connection, set())
        if begins:
            known.add(thing)
        else:
            known.discard(thing)
        self._compare(record.client, connection, record)
        if not known:
            del beliefs[connection]

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
