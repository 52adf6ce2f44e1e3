"""Tracker: what the trace says about why connections and streams ended."""

from __future__ import annotations

from typing import Final

from sim.laws.law import Handlers
from sim.protocol.names import connection_of
from sim.protocol.reasons import (
    CLIENT_DISCONNECTED,
    FORCE_DISCONNECTED,
    FORCE_UNPUBLISHED,
    MEDIA_IDLE,
    MEDIA_STOPPED,
    NETWORK_DISCONNECTED,
    RESET,
    SERVER_ROTATION,
    UNPUBLISHED,
)
from sim.trace import Header, Record

_COMMANDS: Final = {"forceDisconnect": FORCE_DISCONNECTED, "forceUnpublish": FORCE_UNPUBLISHED}
_EVERYBODY: Final = ""
"""The client of faults and decisions that concern no single link."""


class Explanations:
    """Collects causes as they are recorded, under the reason that each of them explains."""

    def __init__(self, header: Header) -> None:
        self._reasons: dict[str, dict[str, None]] = {}
        """Connection or stream → the reasons for its end that have a cause."""
        self._latest: dict[str, str] = {}
        """Person → latest connection."""
        self._broken: dict[str, dict[str, int]] = {}
        """Person → directions of the link that are down, and how often."""
        self._trouble: dict[str, int] = {}
        """Person → number of the last record of trouble with its network."""
        self._abandoned: dict[str, int] = {}
        """Person → number of the record with which the platform last gave its socket up."""
        self._good: dict[str, int] = {}
        """Person → number of the last record that shows its network to work."""

    def handlers(self) -> Handlers:
        """What explains an end."""
        return {
            ("call", "connect"): self._connect,
            ("event", "sessionConnected"): self._works,
            ("event", "sessionReconnected"): self._works,
            ("event", "sessionReconnecting"): self._noticed,
            ("call", "disconnect"): self._left_by_itself,
            ("call", "closeBrowser"): self._left_by_itself,
            ("call", "unpublish"): self._unpublished,
            ("call", "forceUnpublish"): self._forced_to_unpublish,
            ("event", "streamDestroyed"): self._publisher_stopped,
            ("decision", "accepted"): self._accepted,
            ("decision", MEDIA_IDLE): self._decided,
            ("decision", SERVER_ROTATION): self._decided,
            ("state", "lost"): self._lost,
            ("fault", "down"): self._down,
            ("fault", "up"): self._up,
            ("fault", "reset"): self._disturbed,
            ("fault", "change"): self._changed,
            ("decision", "*"): self._drawn,
        }

    def explains(self, name: str, reason: str) -> bool:
        """Whether there is a cause for that connection or stream to have ended so."""
        return reason in self._reasons.get(name, ())

    def explains_stream(self, stream: str, reason: str) -> bool:
        """The same for a stream: its own end, its connection's, or its owner's unpublishing."""
        connection = connection_of(stream) or ""
        if self.explains(stream, reason) or self.explains(connection, reason):
            return True
        return reason == CLIENT_DISCONNECTED and self.explains(connection, UNPUBLISHED)

    def explains_outage(self, client: str) -> bool:
        """Whether the client's network has been in trouble since it last worked."""
        good = self._good.get(client, 0)
        return any(
            self._trouble.get(who, 0) > good or any(self._broken.get(who, {}).values())
            for who in (client, _EVERYBODY)
        )

    def forget(self, name: str) -> None:
        """Drop what is known about a connection or stream."""
        self._reasons.pop(name, None)

    def _explain(self, name: str, reason: str) -> None:
        if name:
            self._reasons.setdefault(name, {})[reason] = None

    def _connect(self, record: Record) -> None:
        if record.data.get("connection") and not record.data.get("ignored"):
            self._latest[record.client] = record.data["connection"]

    def _works(self, record: Record) -> None:
        self._good[record.client] = record.seq
        self._latest.setdefault(record.client, record.data["own"])

    def _left_by_itself(self, record: Record) -> None:
        self._explain(self._latest.get(record.client, ""), CLIENT_DISCONNECTED)

    def _unpublished(self, record: Record) -> None:
        self._explain(self._latest.get(record.client, ""), UNPUBLISHED)

    def _forced_to_unpublish(self, record: Record) -> None:
        """On the wire, a command about one's own stream is the wish to unpublish it."""
        if (connection_of(record.data.get("stream")) or "") == self._latest.get(record.client):
            self._unpublished(record)

    def _publisher_stopped(self, record: Record) -> None:
        """A Publisher that is destroyed or whose media stop unpublishes without a call."""
        if record.object != "session" and record.data.get("reason") in (RESET, MEDIA_STOPPED):
            self._explain(record.data.get("own") or "", UNPUBLISHED)

    def _accepted(self, record: Record) -> None:
        reason = _COMMANDS.get(record.data["command"])
        if reason is not None:
            self._explain(record.data["target"], reason)

    def _decided(self, record: Record) -> None:
        self._explain(record.data["connection"], record.name)

    def _lost(self, record: Record) -> None:
        self._explain(record.data["connection"], NETWORK_DISCONNECTED)
        self._abandoned[record.client] = record.seq
        self._disturbed(record)

    def _noticed(self, record: Record) -> None:
        """The close of a socket may come behind news that were sent before it."""
        if record.cause is not None and record.cause == self._abandoned.get(record.client):
            self._disturbed(record)

    def _down(self, record: Record) -> None:
        broken = self._broken.setdefault(record.client, {})
        direction = record.data.get("direction", "both")
        broken[direction] = broken.get(direction, 0) + 1
        self._disturbed(record)

    def _up(self, record: Record) -> None:
        broken = self._broken.get(record.client, {})
        direction = record.data.get("direction", "both")
        broken[direction] = max(0, broken.get(direction, 0) - 1)

    def _changed(self, record: Record) -> None:
        """A link that has changed for the worse may stay bad without another record."""
        self._down(record)

    def _disturbed(self, record: Record) -> None:
        self._trouble[record.client] = record.seq

    def _drawn(self, record: Record) -> None:
        if record.object == "network":
            self._trouble[record.client] = record.seq
