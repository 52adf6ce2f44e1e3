"""silence-after-end: what has ended says nothing more."""

from __future__ import annotations

from typing import ClassVar

from sim.laws.law import NEVER, Handlers, Law, handlers, on
from sim.laws.watch import Watch
from sim.protocol.records import Trait
from sim.trace import Record


class SilenceAfterEnd:
    """Remembers, by client, the connection that has begun and not ended."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._live: dict[str, str] = {}
        self._begun: dict[str, str] = {}
        """By client: the connection of its last ``sessionConnected``; others have no end."""
        self._unsaid: dict[str, str] = {}
        """By client: the connection that it has left by connecting again, one turn before its
        ``sessionDisconnected``."""
        self._last = 0

    def _connect(self, record: Record) -> None:
        connection, client = record.data.get("connection"), record.client
        if connection and not record.data.get("ignored"):
            left = self._live.get(client)
            if left is not None and left == self._begun.get(client):
                self._unsaid[client] = left
            self._live[client] = connection

    def _connected(self, record: Record) -> None:
        own = self._begun[record.client] = record.data["own"]
        self._live.setdefault(record.client, own)

    def _ended(self, record: Record) -> None:
        client, own = record.client, record.data["own"]
        for open_ones in (self._live, self._unsaid):
            if open_ones.get(client) == own:
                del open_ones[client]
                self._watch.exercised += 1
                self._last = record.seq

    def _gone(self, record: Record) -> None:
        self._unsaid.pop(record.client, None)
        if self._live.pop(record.client, None) is not None:
            self._watch.exercised += 1

    def _event(self, record: Record) -> None:
        own = record.data.get("own")
        if own is None or self._live.get(record.client) == own or record.seq == self._last:
            return
        if self._belongs_to_connection(record):
            self._watch.breach(
                record, f"{own} had ended, but its {record.object} dispatched {record.name}"
            )

    @staticmethod
    def _belongs_to_connection(record: Record) -> bool:
        """Publishers and Subscribers that an app keeps may be cleaned up later."""
        if record.object.startswith("publisher"):
            return record.name == "streamCreated"
        if record.object.startswith("subscriber"):
            return record.name != "destroyed"
        return record.object == "session"

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("call", "connect"): _connect,
            ("event", "sessionConnected"): _connected,
            ("event", "sessionDisconnected"): _ended,
            **on(_gone, Trait.ENDS_PAGE),
            ("event", "*"): _event,
        }
    )


LAW = Law(
    name="silence-after-end",
    kind=NEVER,
    statement="after the end and its default actions, nothing more from that connection: no event"
    " of its Session, no new stream of its Publishers, nothing but `destroyed` of its Subscribers",
    source="fact sheet 0 (rules 3, 4) and 2.3",
    exercised="a connection that ends: `sessionDisconnected`, `closeBrowser` or a crash",
    checker=SilenceAfterEnd,
)
