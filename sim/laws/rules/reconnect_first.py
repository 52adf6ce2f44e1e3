"""reconnect-first: the network is not given up before somebody has tried to come back."""

from __future__ import annotations

from typing import ClassVar

from sim.laws.law import ALWAYS, Handlers, Law, handlers
from sim.laws.watch import Watch
from sim.protocol.reasons import NETWORK_DISCONNECTED
from sim.trace import Record


class ReconnectFirst:
    """Remembers, by client, the connection that is reconnecting."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._outages: dict[str, str] = {}

    def _reconnecting(self, record: Record) -> None:
        self._outages[record.client] = record.data["own"]

    def _reconnected(self, record: Record) -> None:
        self._outages.pop(record.client, None)

    def _ended(self, record: Record) -> None:
        own = record.data["own"]
        announced = self._outages.pop(record.client, None) == own
        if record.data.get("reason") != NETWORK_DISCONNECTED:
            return
        self._watch.exercised += 1
        if not announced:
            self._watch.breach(
                record,
                f"{own} ended as networkDisconnected, but no sessionReconnecting had come since it"
                " was last connected",
            )

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("event", "sessionReconnecting"): _reconnecting,
            ("event", "sessionReconnected"): _reconnected,
            ("event", "sessionDisconnected"): _ended,
        }
    )


LAW = Law(
    name="reconnect-first",
    kind=ALWAYS,
    statement="`networkDisconnected` comes only after a `sessionReconnecting` that no"
    " `sessionReconnected` has answered",
    source="contract C7",
    exercised="a `sessionDisconnected` with reason `networkDisconnected`",
    checker=ReconnectFirst,
)
