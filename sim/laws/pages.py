"""Tracker: the Subscribers of each page, their elements, and the ends that concern them."""

from __future__ import annotations

from typing import ClassVar

from attrs import define, field

from sim.laws.law import Handlers, handlers, on
from sim.protocol.records import Trait
from sim.trace import Header, Record


@define(eq=False)
class Ending:
    """An event whose default action destroys Subscribers, and those that it found alive.

    That is ``sessionDisconnected``, or the Session's ``streamDestroyed``.
    """

    record: Record
    reason: str
    subscribers: tuple[str, ...]
    prevented: bool = False


@define(eq=False)
class Page:
    """One page, until it is closed or crashes."""

    subscribers: dict[str, str] = field(factory=dict)
    """Those not destroyed yet, in the order of their making → their streams."""
    of_stream: dict[str, dict[str, None]] = field(factory=dict)
    """Stream → those of them that are its Subscribers."""
    elements: dict[str, None] = field(factory=dict)
    """Whose elements are in the page: labels of Publishers and Subscribers."""
    endings: dict[int, Ending] = field(factory=dict)
    """Ends of this very instant, by their records' numbers: later, nothing can be prevented."""

    def remains(self, subscribers: tuple[str, ...]) -> list[str]:
        """Those of the Subscribers that are alive or in the page."""
        return [name for name in subscribers if name in self.subscribers or name in self.elements]


class Pages:
    """Follows every page."""

    def __init__(self, header: Header) -> None:
        self._pages: dict[str, Page] = {}
        self._closed: set[str] = set()
        """Those whose page is being closed, or is: what it still does leaves nothing behind."""

    def of(self, client: str) -> Page:
        """The page of that person's client."""
        page = self._pages.get(client)
        if page is None:
            page = self._pages[client] = Page()
        return page

    def _subscribed(self, record: Record) -> None:
        subscriber = record.data.get("subscriber")
        # A call that fails at once makes none.
        if subscriber and record.client not in self._closed:
            page, stream = self.of(record.client), record.data["stream"]
            page.subscribers[subscriber] = stream
            page.of_stream.setdefault(stream, {})[subscriber] = None

    def _destroyed(self, record: Record) -> None:
        page = self.of(record.client)
        stream = page.subscribers.pop(record.object, None)
        if stream is not None:
            del page.of_stream[stream][record.object]
            if not page.of_stream[stream]:
                del page.of_stream[stream]

    def _inserted(self, record: Record) -> None:
        self.of(record.client).elements[record.data["element"]] = None

    def _removed(self, record: Record) -> None:
        self.of(record.client).elements.pop(record.data["element"], None)

    def _session_ended(self, record: Record) -> None:
        self._end(record, tuple(self.of(record.client).subscribers))

    def _stream_ended(self, record: Record) -> None:
        if record.object == "session":
            alive = self.of(record.client).of_stream.get(record.data["stream"], ())
            self._end(record, tuple(alive))

    def _end(self, record: Record, subscribers: tuple[str, ...]) -> None:
        endings = self.of(record.client).endings
        for number in [n for n, each in endings.items() if each.record.time < record.time]:
            del endings[number]
        endings[record.seq] = Ending(record, record.data.get("reason", ""), subscribers)

    def _prevented(self, record: Record) -> None:
        ending = self.of(record.client).endings.get(record.cause or 0)
        if ending is not None:
            ending.prevented = True

    def _gone(self, record: Record) -> None:
        self._pages.pop(record.client, None)
        self._closed.add(record.client)

    def _connect(self, record: Record) -> None:
        self._closed.discard(record.client)

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("call", "connect"): _connect,
            ("call", "subscribe"): _subscribed,
            ("event", "destroyed"): _destroyed,
            ("state", "inserted"): _inserted,
            ("state", "removed"): _removed,
            ("event", "sessionDisconnected"): _session_ended,
            ("event", "streamDestroyed"): _stream_ended,
            ("call", "preventDefault"): _prevented,
            **on(_gone, Trait.ENDS_PAGE),
        }
    )
