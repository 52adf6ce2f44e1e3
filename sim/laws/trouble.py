"""Tracker: since when each person's network is well, as far as the trace tells."""

from __future__ import annotations

from typing import ClassVar

from sim.laws.law import Handlers, handlers, on
from sim.protocol.records import Trait
from sim.trace import Header, Record


class Trouble:
    """Follows what happens to links."""

    def __init__(self, header: Header) -> None:
        self._last: dict[str, int] = {}
        """Person → when something last happened to their link."""
        self._cut: dict[str, int] = {}
        """Person → how many faults keep their link down."""

    def over(self, client: str, now: int) -> int:
        """When the last trouble of that person's network was over; ``now`` if it is not."""
        return now if self._cut.get(client) else self._last.get(client, 0)

    def _disturbed(self, record: Record) -> None:
        self._last[record.client] = record.time

    def _cuts(self, record: Record) -> None:
        self._cut[record.client] = self._cut.get(record.client, 0) + 1
        self._disturbed(record)

    def _heals(self, record: Record) -> None:
        self._cut[record.client] = max(0, self._cut.get(record.client, 0) - 1)
        self._disturbed(record)

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            **on(_disturbed, Trait.DISTURBS, Trait.WORSENS_LINK),
            **on(_cuts, Trait.CUTS_LINK),
            **on(_heals, Trait.HEALS_LINK),
        }
    )
