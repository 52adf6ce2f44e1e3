"""one-end: a connection ends once, and is told so."""

from __future__ import annotations

from typing import ClassVar

from sim.laws.law import ALWAYS, Handlers, Law, handlers, on
from sim.laws.watch import Watch
from sim.protocol.promises import Promise
from sim.protocol.records import Trait
from sim.protocol.units import format_duration
from sim.trace import Record


class OneEnd:
    """Remembers, by client, the connection that is open and the one that ended last."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._open: dict[str, str] = {}
        self._ended: dict[str, str] = {}
        self._missed: dict[str, str] = {}

    def _connected(self, record: Record) -> None:
        client, own = record.client, record.data["own"]
        if own in (self._open.get(client), self._ended.get(client)):
            self._watch.breach(record, f"{own} got a second sessionConnected")
            return
        unended = self._open.get(client)
        if unended is not None and self._missed.get(client) != unended:
            self._watch.exercised += 1
            self._watch.breach(record, f"{unended} got no sessionDisconnected before it")
        self._open[client] = own

    def _disconnected(self, record: Record) -> None:
        client, own = record.client, record.data["own"]
        self._watch.exercised += 1
        if self._open.get(client) == own:
            del self._open[client]
            self._ended[client] = own
        elif self._ended.get(client) == own:
            self._watch.breach(record, f"{own} got a second sessionDisconnected")
        else:
            self._watch.breach(record, f"{own} got sessionDisconnected without being connected")

    def _disconnect(self, record: Record) -> None:
        own = self._open.get(record.client)
        if own is not None and record.object == "session":
            self._expect(record, own, self._watch.bounds.delivery)

    def _left(self, record: Record) -> None:
        own = self._open.get(record.client)
        if own is not None and own == record.data["connection"]:
            self._expect(record, own, self._watch.bounds.outage)

    def _expect(self, record: Record, own: str, within: int) -> None:
        self._watch.after(record.time + within, self._overdue, record, own, within)

    def _overdue(self, record: Record, own: str, within: int) -> None:
        client = record.client
        if self._open.get(client) == own and self._missed.get(client) != own:
            self._missed[client] = own
            self._watch.exercised += 1
            self._watch.breach(
                record,
                f"{own} has ended, but no sessionDisconnected came within"
                f" {format_duration(within)}",
            )

    def _gone(self, record: Record) -> None:
        self._open.pop(record.client, None)

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("event", "sessionConnected"): _connected,
            ("event", "sessionDisconnected"): _disconnected,
            ("call", "disconnect"): _disconnect,
            ("state", "disconnected"): _disconnect,
            ("state", "left"): _left,
            **on(_gone, Trait.ENDS_PAGE),
        }
    )


LAW = Law(
    name="one-end",
    kind=ALWAYS,
    statement="per connection: at most one `sessionConnected` and one `sessionDisconnected`, the"
    " second only after the first; exactly one `sessionDisconnected` if the client ended other than"
    " by crash or unload: before it is connected again, within silence + margin of its own"
    " `disconnect()`, within the longest outage of the platform's `left`",
    source="contract C1; fact sheet 2.2, 2.3, 2.11",
    exercised="a `sessionDisconnected`, or one that is overdue",
    checker=OneEnd,
    relies_on=(Promise.MEMORY,),
)
