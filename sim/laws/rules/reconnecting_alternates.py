"""reconnecting-alternates: an outage begins before it ends, and once."""

from __future__ import annotations

from typing import ClassVar

from sim.laws.law import ALWAYS, Handlers, Law, handlers, on
from sim.laws.watch import Watch
from sim.protocol.records import Trait
from sim.trace import Record


class ReconnectingAlternates:
    """Remembers, by client, the connection that is reconnecting."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._outages: dict[str, str] = {}

    def _reconnecting(self, record: Record) -> None:
        own = record.data["own"]
        self._watch.exercised += 1
        if self._outages.get(record.client) == own:
            self._watch.breach(
                record, f"{own} got sessionReconnecting while it was reconnecting already"
            )
        self._outages[record.client] = own

    def _reconnected(self, record: Record) -> None:
        own = record.data["own"]
        self._watch.exercised += 1
        if self._outages.pop(record.client, None) != own:
            self._watch.breach(
                record, f"{own} got sessionReconnected without a sessionReconnecting before it"
            )

    def _over(self, record: Record) -> None:
        self._outages.pop(record.client, None)

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("event", "sessionReconnecting"): _reconnecting,
            ("event", "sessionReconnected"): _reconnected,
            ("event", "sessionDisconnected"): _over,
            **on(_over, Trait.ENDS_PAGE),
        }
    )


LAW = Law(
    name="reconnecting-alternates",
    kind=ALWAYS,
    statement="`sessionReconnecting` and `sessionReconnected` alternate",
    source="contract C12; fact sheet 0 (rule 9)",
    exercised="a `sessionReconnecting` or `sessionReconnected`",
    checker=ReconnectingAlternates,
)
