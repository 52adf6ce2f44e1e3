"""Faults in a lane, from their beginning to their end."""

from __future__ import annotations

from typing import Final

from attrs import define

from sim.protocol.records import Trait, incidents, named
from sim.report.model.links import Faults
from sim.report.model.timeline import Shade
from sim.trace import Record

_DOWN: Final = incidents.NETWORK_DOWN.key
_UP: Final = incidents.NETWORK_UP.key
_MOMENTS: Final = frozenset(key for key in named(Trait.DISTURBS) if key[0] == "fault") - frozenset(
    named(Trait.CUTS_LINK)
)
"""Kind and name of what is over as soon as it has happened."""
_OUTAGE: Final = incidents.OUTAGE.key
_CRASH: Final = incidents.CRASH.key
_CUT: Final = incidents.MEDIA_CUT.key
_RESTORED: Final = incidents.MEDIA_RESTORED.key
_WAYS: Final = {"up": "no way out", "down": "no way in"}
_RETURNS: Final = frozenset(named(Trait.SCRIPTED)) & {("call", "connect")}
"""After a crash somebody is back when the next page connects."""


@define
class _Open:
    began: int
    label: str
    row: int


class Shades:
    """What is wrong with one person's link, media or machine."""

    def __init__(self, lane: int) -> None:
        self._lane = lane
        self._faults = Faults()
        self._links: dict[int, _Open] = {}
        self._others: dict[str, _Open] = {}
        self._chance: set[int] = set()
        self._done: list[Shade] = []

    def see(self, record: Record, row: int) -> None:
        """Take in the person's next record; messages are of no interest."""
        key = record.kind, record.object, record.name
        time = record.time
        if key == _OUTAGE:
            self._chance.add(record.seq)
        elif key == _DOWN:
            self._faults.began(record)
            self._links[record.seq] = _Open(time, self._label(record), row)
        elif key == _UP:
            number = self._faults.ended(record)
            self._close(self._links.pop(number, None) if number is not None else None, time)
        elif (record.kind, record.name) in _MOMENTS:
            self._close(_Open(time, f"{record.object} {record.name}", row), time)
        elif key in (_CRASH, _CUT):
            label = "crash" if key == _CRASH else "media cut"
            self._others.setdefault(label, _Open(time, label, row))
        elif key == _RESTORED:
            self._close(self._others.pop("media cut", None), time)
        elif (record.kind, record.name) in _RETURNS:
            self._close(self._others.pop("crash", None), time)

    def shades(self, ended: int) -> list[Shade]:
        """All of them in the order of their beginnings."""
        for each in (*self._links.values(), *self._others.values()):
            self._close(each, max(ended, each.began))
        self._links.clear()
        self._others.clear()
        return sorted(self._done, key=lambda shade: (shade.began, shade.row))

    def _label(self, record: Record) -> str:
        if record.cause in self._chance:
            return "outage"
        if record.data.get("mode") == "refused":
            return "network down, connections are refused"
        way = _WAYS.get(str(record.data.get("direction")))
        return f"network down, {way}" if way else "network down"

    def _close(self, each: _Open | None, time: int) -> None:
        if each is not None:
            self._done.append(Shade(self._lane, each.began, time, each.label, each.row))
