"""Tracker: the Subscribers of each page, their elements, and how its sessions end."""

from __future__ import annotations

from attrs import define, field

from sim.laws.law import Handlers
from sim.trace import Header, Record


@define(eq=False)
class Ending:
    """A ``sessionDisconnected`` and what it found: the Subscribers that were alive."""

    record: Record
    reason: str
    subscribers: tuple[str, ...]
    prevented: bool = False


@define(eq=False)
class Page:
    """One page, until it is closed or crashes."""

    subscribers: dict[str, None] = field(factory=dict)
    """Those not destroyed yet, in the order of their making."""
    elements: dict[str, None] = field(factory=dict)
    """Whose elements are in the page: labels of Publishers and Subscribers."""
    ending: Ending | None = None
    """The latest end of a session."""

    def remains(self, subscribers: tuple[str, ...]) -> list[str]:
        """Those of the Subscribers that are alive or in the page."""
        return [name for name in subscribers if name in self.subscribers or name in self.elements]


class Pages:
    """Follows every page."""

    def __init__(self, header: Header) -> None:
        self._pages: dict[str, Page] = {}

    def of(self, client: str) -> Page:
        """The page of that person's client."""
        page = self._pages.get(client)
        if page is None:
            page = self._pages[client] = Page()
        return page

    def handlers(self) -> Handlers:
        """What changes a page."""
        return {
            ("call", "subscribe"): self._subscribed,
            ("event", "destroyed"): self._destroyed,
            ("state", "inserted"): self._inserted,
            ("state", "removed"): self._removed,
            ("event", "sessionDisconnected"): self._ended,
            ("call", "preventDefault"): self._prevented,
            ("call", "closeBrowser"): self._gone,
            ("fault", "crash"): self._gone,
        }

    def _subscribed(self, record: Record) -> None:
        subscriber = record.data.get("subscriber")
        if subscriber:  # a call that fails at once makes none
            self.of(record.client).subscribers[subscriber] = None

    def _destroyed(self, record: Record) -> None:
        self.of(record.client).subscribers.pop(record.object, None)

    def _inserted(self, record: Record) -> None:
        self.of(record.client).elements[record.data["element"]] = None

    def _removed(self, record: Record) -> None:
        self.of(record.client).elements.pop(record.data["element"], None)

    def _ended(self, record: Record) -> None:
        page = self.of(record.client)
        page.ending = Ending(record, record.data.get("reason", ""), tuple(page.subscribers))

    def _prevented(self, record: Record) -> None:
        ending = self.of(record.client).ending
        if ending is not None and record.cause == ending.record.seq:
            ending.prevented = True

    def _gone(self, record: Record) -> None:
        self._pages.pop(record.client, None)
