"""Tracker: each call of ``publish``, with its Publisher, the stream that comes of it, its end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from attrs import define

from sim.laws.law import Handlers, handlers, on
from sim.protocol.records import Trait
from sim.trace import Header, Record


@define(eq=False)
class Publishing:
    """One call of ``publish``; ``call`` is its number."""

    call: int
    client: str
    connection: str
    publisher: str
    stream: str = ""
    """What has come of it, once the platform has that."""
    ended: Record | None = None
    """Its failure, an event of its Publisher, or the end of its page or its session."""
    died: Record | None = None
    """The end of its page or its session."""


class Publishings:
    """Follows the publishings of every connection for as long as the platform may have that."""

    def __init__(self, header: Header) -> None:
        self.ended: tuple[Publishing, ...] = ()
        """Those that the present record has ended, if it is one that may."""
        self._connections: dict[str, str] = {}
        """By client, its latest connection."""
        self._calls: dict[int, Publishing] = {}
        self._streams: dict[str, Publishing] = {}
        self._clients: dict[str, list[Publishing]] = {}
        self._present: dict[tuple[str, str], Publishing] = {}
        """By client and label, what each Publisher publishes now."""

    def of(self, stream: str) -> Publishing | None:
        """What a stream has come of, while the platform may have its connection."""
        return self._streams.get(stream)

    def _connect(self, record: Record) -> None:
        connection = record.data.get("connection")
        if connection and not record.data.get("ignored"):
            self._connections[record.client] = connection

    def _publish(self, record: Record) -> None:
        client, publisher = record.client, record.data.get("publisher")
        if publisher:
            connection = self._connections.get(client, "")
            publishing = Publishing(record.seq, client, connection, publisher)
            self._calls[record.seq] = publishing
            self._clients.setdefault(client, []).append(publishing)
            self._present.setdefault((client, publisher), publishing)

    def _answered(self, record: Record) -> None:
        failed = None if record.data["ok"] else self._calls.get(record.data["call"])
        self._end(record, () if failed is None else (failed,))

    def _published(self, record: Record) -> None:
        publishing = self._calls.get(record.cause or 0)
        if publishing is not None:
            publishing.stream = record.data["stream"]
            self._streams[publishing.stream] = publishing

    def _over(self, record: Record) -> None:
        """A Publisher, or what it has published, is over; a session or a Subscriber has none."""
        publishing = self._present.get((record.client, record.object))
        self._end(record, () if publishing is None else (publishing,))

    def _gone(self, record: Record) -> None:
        """A page is over, or a session: one of before may be told late."""
        own = record.data.get("own")
        theirs = [p for p in self._clients.get(record.client, ()) if own in (None, p.connection)]
        for publishing in theirs:
            publishing.died = publishing.died or record
        self._end(record, theirs)

    def _end(self, record: Record, publishings: Iterable[Publishing]) -> None:
        self.ended = tuple([p for p in publishings if p.ended is None])
        for publishing in self.ended:
            publishing.ended = record
            place = publishing.client, publishing.publisher
            if self._present.get(place) is publishing:
                del self._present[place]

    def _left(self, record: Record) -> None:
        theirs, connection = self._clients.get(record.client, []), record.data["connection"]
        for publishing in [p for p in theirs if p.connection == connection]:
            theirs.remove(publishing)
            del self._calls[publishing.call]
            self._streams.pop(publishing.stream, None)

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("call", "connect"): _connect,
            ("call", "publish"): _publish,
            ("callback", "publish"): _answered,
            ("state", "published"): _published,
            ("state", "left"): _left,
            ("event", "streamDestroyed"): _over,
            ("event", "destroyed"): _over,
            **on(_gone, Trait.ENDS_PAGE, Trait.ENDS_SESSION),
        }
    )
