"""Tracker: what the trace says about why connections and streams ended."""

from __future__ import annotations

from typing import ClassVar, Final

from sim.laws.law import Handlers, handlers, on
from sim.protocol.reasons import CLIENT_DISCONNECTED, MEDIA_STOPPED, RESET, UNPUBLISHED
from sim.protocol.records import RECORDS, Trait
from sim.protocol.records.deviations import DEVIATION_RECORDS
from sim.protocol.records.incidents import REASONS_OF_COMMANDS
from sim.trace import Header, Record

_EXPLAINED: Final = {(each.kind, each.name): each.explains for each in RECORDS if each.explains}
"""Kind and name of records → the reasons that they explain."""
_QUIRKS: Final = [(each.kind, each.name) for each in DEVIATION_RECORDS]
_EVERYBODY: Final = ""
"""The client of faults and decisions that concern no single link."""


class Explanations:
    """Collects causes as they are recorded, under the reason that each of them explains."""

    def __init__(self, header: Header) -> None:
        self._reasons: dict[str, dict[str, None]] = {}
        """Connection or stream → the reasons for its end that have a cause."""
        self._owners: dict[str, str] = {}
        """Stream → the connection that published it."""
        self._latest: dict[str, str] = {}
        """Person → latest connection."""
        self._broken: dict[str, dict[str, int]] = {}
        """Person → directions of the link that are down, and how often."""
        self._trouble: dict[str, int] = {}
        """Person → number of the last record of trouble with its network."""
        self._abandoned: dict[str, dict[int, None]] = {}
        """Person → numbers of the record with which the platform last gave its socket up, and of
        the outages that followed from that."""
        self._connects: dict[str, int] = {}
        """Person → number of the latest ``connect``."""
        self._outages: dict[str, int] = {}
        """Person whose client is reconnecting → number of the record that says so."""
        self._good: dict[str, int] = {}
        """Person → number of the last record that shows its network to work."""

    def explains(self, name: str, reason: str) -> bool:
        """Whether there is a cause for that connection or stream to have ended so."""
        return reason in self._reasons.get(name, ())

    def explains_stream(self, stream: str, reason: str) -> bool:
        """The same for a stream: its own end, its connection's, or its owner's unpublishing."""
        connection = self._owners.get(stream, "")
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
        self._owners.pop(name, None)
        self._reasons.pop(name, None)

    def _explain(self, name: str, reason: str) -> None:
        if name:
            self._reasons.setdefault(name, {})[reason] = None

    def _connect(self, record: Record) -> None:
        if record.data.get("connection") and not record.data.get("ignored"):
            self._latest[record.client] = record.data["connection"]
            self._connects[record.client] = record.seq

    def _works(self, record: Record) -> None:
        self._good[record.client] = record.seq
        self._outages.pop(record.client, None)
        self._latest.setdefault(record.client, record.data["own"])

    def _explained(self, record: Record) -> None:
        """What a record explains is the end of what it is about, or else of its own client."""
        data, own = record.data, self._latest.get(record.client, "")
        about = data.get("target") or data.get("connection") or own
        reasons = _EXPLAINED[record.kind, record.name]
        if "command" in data:  # which decides between the reasons, and may be about no end at all
            commanded = REASONS_OF_COMMANDS.get(data["command"])
            reasons = (commanded,) if commanded else ()
        for reason in reasons:
            self._explain(about, reason)

    def _forced_to_unpublish(self, record: Record) -> None:
        """On the wire, a command about one's own stream is the wish to unpublish it."""
        own = self._latest.get(record.client)
        if own is not None and own == self._owners.get(record.data.get("stream") or ""):
            self._explain(own, UNPUBLISHED)

    def _published(self, record: Record) -> None:
        self._owners[record.data["stream"]] = record.data["connection"]

    def _publisher_stopped(self, record: Record) -> None:
        """A Publisher that is destroyed or whose media stop unpublishes without a call."""
        if record.object != "session" and record.data.get("reason") in (RESET, MEDIA_STOPPED):
            self._explain(record.data.get("own") or "", UNPUBLISHED)

    def _lost(self, record: Record) -> None:
        """No trouble where a client that is reconnecting has changed its socket by itself, unless
        an outage follows from that.
        """
        self._explained(record)
        client = record.client
        self._abandoned[client] = {record.seq: None}
        own = self._connects.get(client), self._outages.get(client)
        if client not in self._outages or record.cause not in own:
            self._disturbed(record)

    def _noticed(self, record: Record) -> None:
        """The close of a socket may come behind news that were sent before it, and a client that
        comes back too late is turned away again. A quirk may stand between.
        """
        if record.kind == "event":
            self._outages[record.client] = record.seq
        abandoned = self._abandoned.get(record.client, {})
        if record.cause in abandoned:
            abandoned[record.seq] = None
            self._disturbed(record)

    def _down(self, record: Record) -> None:
        """A link that has changed for the worse may stay bad without another record, too."""
        broken = self._broken.setdefault(record.client, {})
        direction = record.data.get("direction", "both")
        broken[direction] = broken.get(direction, 0) + 1
        self._disturbed(record)

    def _up(self, record: Record) -> None:
        broken = self._broken.get(record.client, {})
        direction = record.data.get("direction", "both")
        broken[direction] = max(0, broken.get(direction, 0) - 1)

    def _disturbed(self, record: Record) -> None:
        self._trouble[record.client] = record.seq

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            **dict.fromkeys(_EXPLAINED, _explained),
            **on(_disturbed, Trait.DISTURBS),
            **on(_down, Trait.CUTS_LINK, Trait.WORSENS_LINK),
            **on(_up, Trait.HEALS_LINK),
            **on(_works, Trait.BEGINS_SESSION, Trait.ENDS_OUTAGE),
            **on(_noticed, Trait.BEGINS_OUTAGE),
            **dict.fromkeys(_QUIRKS, _noticed),
            **on(_lost, Trait.LOSES_CONNECTION),
            ("call", "connect"): _connect,
            ("call", "forceUnpublish"): _forced_to_unpublish,
            ("event", "streamDestroyed"): _publisher_stopped,
            ("state", "published"): _published,
        }
    )
