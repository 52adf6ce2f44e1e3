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

    def behind(self, record: Record) -> tuple[str, str | None]:
        """What is to be said of the quirk behind a record, and its name.

        It is one that has to do with the record, or else the latest; none ("", None) if none of
        the record's client was at work.
        """
        latest = self._latest.get(record.client, ())
        about = {record.seq, record.data.get("call"), *causes(record)}
        for quirk in reversed(latest):
            if about.intersection((quirk.seq, *causes(quirk))):
                return f"quirk {quirk.name} was at work: #{quirk.seq}", quirk.name
        if not latest:
            return "", None
        last = latest[-1]
        return f"quirk {last.name} of {record.client} had been at work: #{last.seq}", last.name

    def _seen(self, record: Record) -> None:
        self._latest.setdefault(record.client, deque(maxlen=KEPT)).append(record)

    HANDLERS: ClassVar[Handlers] = handlers({("quirk", "*"): _seen})
