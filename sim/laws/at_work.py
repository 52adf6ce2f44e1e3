"""Tracker: which quirk of a client may be behind what has broken a law."""

from __future__ import annotations

from collections import deque
from typing import ClassVar, Final

from sim.laws.law import Handlers, handlers
from sim.trace import Header, Record, causes

KEPT: Final = 10
"""So many of the latest records of quirks are kept of each client."""


class QuirksAtWork:
    """Remembers where each client did something else than its documentation says."""

    def __init__(self, header: Header) -> None:
        self._latest: dict[str, deque[Record]] = {}

    def behind(self, record: Record) -> tuple[str, str]:
        """What is to be said of the quirk behind a record, and its name; "" if there is none.

        It is one that has to do with the record. Of the latest of its client, which may have
        nothing to do with it, something is said, but it is not named.
        """
        latest = self._latest.get(record.client, ())
        about = {record.seq, record.data.get("call"), *causes(record)}
        for quirk in reversed(latest):
            if about.intersection((quirk.seq, *causes(quirk))):
                return f"quirk {quirk.name} was at work: #{quirk.seq}", quirk.name
        if not latest:
            return "", ""
        return f"quirk {latest[-1].name} of {record.client} had been at work: #{latest[-1].seq}", ""

    def _seen(self, record: Record) -> None:
        self._latest.setdefault(record.client, deque(maxlen=KEPT)).append(record)

    HANDLERS: ClassVar[Handlers] = handlers({("quirk", "*"): _seen})
