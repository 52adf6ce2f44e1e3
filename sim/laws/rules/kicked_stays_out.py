"""kicked-stays-out: who was removed is gone, and knows why."""

from __future__ import annotations

from typing import ClassVar

from sim.laws.law import ALWAYS, Handlers, Law, handlers
from sim.laws.presence import Presence
from sim.laws.room import Room
from sim.laws.watch import Watch
from sim.protocol.promises import Promise
from sim.protocol.reasons import CLIENT_DISCONNECTED
from sim.protocol.units import format_duration
from sim.trace import Record


class KickedStaysOut:
    """Remembers removed connections until a client that was offline must have ended."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._presence = watch.track(Presence)
        self._room = watch.track(Room)
        self._removed: dict[str, bool] = {}
        """Removed connection → whether its own app had asked to disconnect."""
        self._leaving: dict[str, None] = {}
        """Connections whose own app has asked to disconnect and that have not left."""
        self._within = watch.bounds.delivery

    def _disconnect(self, record: Record) -> None:
        own = self._presence.of(record.client).connection
        if own in self._removed:
            self._removed[own] = True
        elif own:
            self._leaving[own] = None

    def _left(self, record: Record) -> None:
        self._leaving.pop(record.data["connection"], None)

    def _accepted(self, record: Record) -> None:
        if record.data["command"] != "forceDisconnect":
            return
        self._watch.exercised += 1
        target = record.data["target"]
        self._removed[target] = target in self._leaving
        joined = self._room.connections.get(target)
        client = self._presence.attending.get(joined.client) if joined else None
        if client is not None and client.connection == target:
            self._expect(record, target, client.name)
        until = record.time + self._watch.bounds.memory
        self._watch.after(until, self._removed.pop, target, None)

    def _returned(self, record: Record) -> None:
        connection = record.data["connection"]
        if connection in self._removed:
            self._watch.breach(
                record, f"{connection} was removed, but the platform says {record.name} of it"
            )

    def _reconnected(self, record: Record) -> None:
        own = record.data["own"]
        if own in self._removed:
            self._expect(record, own, record.client)

    def _expect(self, record: Record, own: str, person: str) -> None:
        due = record.time + self._within
        self._watch.after(due, self._look, record, own, person)

    def _look(self, record: Record, own: str, person: str) -> None:
        client = self._presence.of(person)
        knows = client.connection != own or client.started is None
        if not knows and client.reconnecting is None:
            self._watch.breach(
                record,
                f"{own} was removed, but its app was not told within"
                f" {format_duration(self._within)}, though it was not reconnecting",
            )

    def _ended(self, record: Record) -> None:
        own = record.data["own"]
        self._leaving.pop(own, None)
        asked = self._removed.get(own, True)
        if record.data.get("reason") == CLIENT_DISCONNECTED and not asked:
            self._watch.breach(
                record, f"{own} was removed by a command, but its app was told clientDisconnected"
            )

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("call", "disconnect"): _disconnect,
            ("decision", "accepted"): _accepted,
            ("state", "joined"): _returned,
            ("state", "back"): _returned,
            ("state", "published"): _returned,
            ("state", "left"): _left,
            ("event", "sessionReconnected"): _reconnected,
            ("event", "sessionDisconnected"): _ended,
        }
    )


LAW = Law(
    name="kicked-stays-out",
    kind=ALWAYS,
    statement="a removed connection never comes back; its app learns of it within silence + margin,"
    " or as soon as it is back if it was offline, and never as `clientDisconnected` unless it had"
    " called `disconnect()` itself",
    source="contract C5; fact sheet 2.4; recording 11c2",
    exercised="an accepted `forceDisconnect`",
    checker=KickedStaysOut,
    relies_on=(Promise.MEMORY,),
)
