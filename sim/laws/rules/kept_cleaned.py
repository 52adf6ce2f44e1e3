"""kept-cleaned: app code that keeps what an end would have taken cleans it up itself."""

from __future__ import annotations

from typing import ClassVar

from sim.laws.law import EVENTUALLY, Handlers, Law, handlers, on
from sim.laws.names import listed
from sim.laws.pages import Ending, Pages
from sim.laws.watch import Watch
from sim.protocol.records import Trait
from sim.protocol.units import format_duration
from sim.trace import Record

END = "sessionDisconnected"


class KeptCleaned:
    """Remembers, by client, the latest end whose default app code has prevented.

    An app of a scenario prevents what the header says, and promises to clean up or does not: that
    is for ``cleanup-prevented``.
    """

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._pages = watch.track(Pages)
        self._kept: dict[str, Ending] = {}
        bounds = watch.bounds
        self._within = bounds.subscribe + bounds.margin

    def _prevented(self, record: Record) -> None:
        client = record.client
        ending = self._pages.of(client).endings.get(record.cause or 0)
        person = self._watch.header.person(client)
        by_code = person is not None and END not in person.prevents
        if by_code and ending and ending.subscribers and ending.record.name == END:
            self._kept[client] = ending

    def _connected(self, record: Record) -> None:
        kept = self._kept.get(record.client)
        if kept is not None:
            self._watch.exercised += 1
            due = record.time + self._within
            self._watch.after(due, self._look, record.client, kept)

    def _look(self, client: str, kept: Ending) -> None:
        if self._kept.get(client) is not kept:
            return
        del self._kept[client]
        remains = self._pages.of(client).remains(kept.subscribers)
        if remains:
            self._watch.breach(
                kept.record,
                f"the app of {client} had prevented the default of {END}, but {listed(remains)}"
                f" remained {format_duration(self._within)} after it was connected again",
            )

    def _over(self, record: Record) -> None:
        self._kept.pop(record.client, None)

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("call", "preventDefault"): _prevented,
            ("event", "sessionConnected"): _connected,
            ("event", END): _over,
            **on(_over, Trait.ENDS_PAGE),
        }
    )


LAW = Law(
    name="kept-cleaned",
    kind=EVENTUALLY,
    statement="Subscribers that app code has kept, by preventing the default of"
    " `sessionDisconnected`, it has cleaned up within subscribe + margin of being connected again:"
    " by then those that take their places show, or have failed",
    source="contract C10",
    exercised="an app from Python that prevents the default of `sessionDisconnected` while it has"
    " Subscribers, and is connected again",
    checker=KeptCleaned,
)
