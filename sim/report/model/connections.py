"""Bands of connections, as the platform has them."""

from __future__ import annotations

from typing import Final

from sim.protocol.records import states
from sim.report.model.strips import Strip
from sim.report.model.timeline import CONNECTION, Track
from sim.trace import Record

_STATES: Final = {
    states.JOINED.key: "joined",
    states.LOST.key: "lost",
    states.BACK.key: "joined",
    states.LEFT.key: None,
}


class Connections:
    """What the platform knows of who is here."""

    def __init__(self) -> None:
        self._strips: dict[str, Strip] = {}

    def see(self, record: Record, row: int) -> None:
        """Take in the next record."""
        key = record.kind, record.object, record.name
        if key in _STATES:
            name = str(record.data.get("connection"))
            strip = self._strips.setdefault(name, Strip(CONNECTION, name))
            strip.be(_STATES[key], record.time, row)

    def tracks(self, ended: int) -> list[Track]:
        """One for each connection that has joined, in that order."""
        tracks = [strip.track(ended) for strip in self._strips.values()]
        return [track for track in tracks if track.bands]
