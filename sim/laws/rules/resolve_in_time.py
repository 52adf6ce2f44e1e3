"""resolve-in-time: an outage ends, one way or the other."""

from __future__ import annotations

from typing import ClassVar

from sim.laws.law import EVENTUALLY, Handlers, Law, handlers, on
from sim.laws.watch import Watch
from sim.protocol.records import Trait
from sim.protocol.units import format_duration
from sim.trace import Record


class ResolveInTime:
    """Remembers, by client, the ``sessionReconnecting`` without an answer."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._outages: dict[str, Record] = {}
        bounds = watch.bounds
        self._within = bounds.window + bounds.connect + bounds.silence + bounds.margin

    def _reconnecting(self, record: Record) -> None:
        self._watch.exercised += 1
        self._outages[record.client] = record
        self._watch.after(record.time + self._within, self._overdue, record)

    def _resolved(self, record: Record) -> None:
        self._outages.pop(record.client, None)

    def _overdue(self, record: Record) -> None:
        if self._outages.get(record.client) is record:
            self._watch.breach(
                record,
                f"{record.data['own']} has been reconnecting for more than"
                f" {format_duration(self._within)}",
            )

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("event", "sessionReconnecting"): _reconnecting,
            ("event", "sessionReconnected"): _resolved,
            ("event", "sessionDisconnected"): _resolved,
            **on(_resolved, Trait.ENDS_PAGE),
        }
    )


LAW = Law(
    name="resolve-in-time",
    kind=EVENTUALLY,
    statement="every `sessionReconnecting` ends in one of two ways, `sessionReconnected` or"
    " `sessionDisconnected`, within window + connect timeout + silence + margin (silence, because a"
    " socket that opens at the last moment may stay silent)",
    source="contract C7, C12; fact sheet 3.1, 3.2",
    exercised="a `sessionReconnecting`",
    checker=ResolveInTime,
)
