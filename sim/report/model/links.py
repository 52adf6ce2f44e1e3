"""Bands of somebody's link to the platform, and of the media that go over it.

The link is that of the machine: it is there from the person's first record to the end, also while
there is no page. What befalls it then awaits the next page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sim.protocol.records import incidents, states
from sim.protocol.units import SECOND
from sim.report.model.strips import Strip
from sim.report.model.timeline import LINK, MEDIA, Track
from sim.trace import Record

BURST: Final = 5 * SECOND
"""Losses by chance are one burst while no gap between them is longer: a lost packet is sent again
after 1 s, 2 s and 4 s."""

_DOWN: Final = incidents.NETWORK_DOWN.key
_UP: Final = incidents.NETWORK_UP.key
_LOSSES: Final = (incidents.LOSS.key, states.PACKET_LOST.key)
_MEDIA: Final = {incidents.MEDIA_CUT.key: "cut", incidents.MEDIA_RESTORED.key: None}


class Faults:
    """The faults that keep one link down, by the numbers of their records."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[str, bool]] = {}
        """Number → which way, and whether connections are refused."""

    def began(self, record: Record) -> None:
        """The record takes the link down."""
        way, mode = record.data.get("direction"), record.data.get("mode")
        self._open[record.seq] = way if way in ("up", "down") else "both", mode == "refused"

    def ended(self, record: Record) -> int | None:
        """The number of the fault that the record ends, which is its cause or else the oldest.

        What heals a link or changes it ends all of them, each with a record that it causes.
        """
        number = record.cause if record.cause in self._open else self._oldest(record)
        if number is not None:
            del self._open[number]
        return number

    def _oldest(self, record: Record) -> int | None:
        way = record.data.get("direction")
        return next((number for number, (each, _) in self._open.items() if each == way), None)

    @property
    def state(self) -> str:
        """What they make of the link together."""
        if any(refused for _, refused in self._open.values()):
            return "refused"
        ways = {way for way, _ in self._open.values()}
        if "both" in ways or len(ways) > 1:
            return "out"
        return {"up": "no way out", "down": "no way in"}[ways.pop()] if ways else "up"


class LinkBands:
    """One person's link: from the first record of the person on it is up, or else something."""

    def __init__(self) -> None:
        self._link = Strip(LINK, LINK)
        self._media = Strip(MEDIA, MEDIA)
        self._faults = Faults()
        self._burst: list[tuple[int, int]] = []
        """Time and row of its first and of its last loss."""

    def see(self, record: Record, row: int) -> None:
        """Take in the person's next record; of messages, those that say that one was lost."""
        key = record.kind, record.object, record.name
        if key == _DOWN:
            self._faults.began(record)
        elif key == _UP:
            self._faults.ended(record)
        elif key in _LOSSES and is_by_chance(record):
            self._lost(record.time, row)
        elif key in _MEDIA:
            self._media.be(_MEDIA[key], record.time, row)
        if key in (_DOWN, _UP) or self._link.state is None:
            self._settle()
            self._link.be(self._faults.state, record.time, row)

    def tracks(self, ended: int) -> Iterable[Track]:
        """The link, and the media if they were ever cut."""
        self._settle()
        media = self._media.track(ended)
        return [self._link.track(ended), *([media] if media.bands else [])]

    def _lost(self, time: int, row: int) -> None:
        if self._link.state not in ("up", None):
            return
        if self._burst and time - self._burst[-1][0] > BURST:
            self._settle()
        self._burst[1:] = [(time, row)]

    def _settle(self) -> None:
        """A burst is over: it lasted from its first loss to its last."""
        if self._burst:
            self._link.be("lossy", *self._burst[0])
            self._link.be("up", *self._burst[-1])
            self._burst.clear()


def is_by_chance(record: Record) -> bool:
    """Whether chance has lost a packet: the draw is named. Otherwise a fault has."""
    blame: Any = record.data.get("blame", "")
    return isinstance(blame, str)
