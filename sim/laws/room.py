"""Tracker: who and what is in the session, as the platform says."""

from __future__ import annotations

from typing import ClassVar

from sim.laws.law import Handlers, handlers
from sim.trace import Header, Record


class Room:
    """The connections and streams of the session, in the platform's order.

    ``mark`` values are sums (exclusive or) of hashes: two sets of names that have the same mark are
    the same, up to one chance in 2**61, so that views can be compared without walking them.
    """

    def __init__(self, header: Header) -> None:
        self.connections: dict[str, Record] = {}
        """Connection → its ``joined``."""
        self.streams: dict[str, Record] = {}
        """Stream → its ``published``."""
        self.connections_mark = 0
        self.streams_mark = 0
        self.own_marks: dict[str, int] = {}
        """Connection → the mark of its own streams."""

    def _joined(self, record: Record) -> None:
        connection = record.data["connection"]
        if connection not in self.connections:
            self.connections[connection] = record
            self.connections_mark ^= hash(connection)

    def _left(self, record: Record) -> None:
        connection = record.data["connection"]
        if self.connections.pop(connection, None):
            self.connections_mark ^= hash(connection)
            self.own_marks.pop(connection, None)

    def _published(self, record: Record) -> None:
        stream = record.data["stream"]
        if stream not in self.streams:
            self.streams[stream] = record
            self._mark(stream, record.data["connection"])

    def _unpublished(self, record: Record) -> None:
        stream = record.data["stream"]
        published = self.streams.pop(stream, None)
        if published is not None:
            self._mark(stream, published.data["connection"])

    def _mark(self, stream: str, owner: str) -> None:
        mark = hash(stream)
        self.streams_mark ^= mark
        self.own_marks[owner] = self.own_marks.get(owner, 0) ^ mark

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("state", "joined"): _joined,
            ("state", "left"): _left,
            ("state", "published"): _published,
            ("state", "unpublished"): _unpublished,
        }
    )
