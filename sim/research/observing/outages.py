"""Stretches in which links are down, and whether the sessions that they meet go on."""

from __future__ import annotations

from typing import ClassVar

from attrs import define, field

from sim.laws.law import Handlers, handlers, on
from sim.protocol.records import Trait
from sim.research.observing.observed import Outage
from sim.research.observing.sessions import Attendance, Sessions
from sim.trace import Record


@define(eq=False)
class _Down:
    """A stretch in which somebody's link is down."""

    person: str
    began: int
    met: Attendance | None
    """The session that its app was in, or that the platform had for it."""
    ended: int | None = None
    noticed: int | None = None
    recovered: int | None = None
    entered: bool = False
    """Whether its app was told that it is in the session after it."""


@define(eq=False)
class _Link:
    faults: int = 0
    """How many keep it down."""
    down: list[_Down] = field(factory=list)
    """All stretches."""
    unrecovered: list[_Down] = field(factory=list)
    """Those that its app has noticed, and has not recovered from."""


class Outages:
    """Follows every link."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._links: dict[str, _Link] = {}
        self._by_fault: dict[int, _Down] = {}
        """By the number of a fault's record: the stretch that it belongs to."""
        self._all: list[_Down] = []

    def _cut(self, record: Record) -> None:
        link = self._links.setdefault(record.client, _Link())
        link.faults += 1
        if link.faults == 1:
            met = self._sessions.latest(record.client)
            down = _Down(record.client, record.time, met)
            self._all.append(down)
            link.down.append(down)
            if met is not None and met.on and met.reconnecting is not None:
                self._notice(link, down, record.time)
        self._by_fault[record.seq] = link.down[-1]

    def _notice(self, link: _Link, down: _Down, when: int) -> None:
        if down.noticed is None:
            down.noticed = when
            link.unrecovered.append(down)

    def _healed(self, record: Record) -> None:
        link = self._links.get(record.client)
        if link is not None and link.faults:
            link.faults -= 1
            if not link.faults:
                link.down[-1].ended = record.time

    def _lost(self, record: Record) -> None:
        """The platform closes what an outage has silenced: that, too, the app may notice."""
        down = self._by_fault.get(record.cause or 0)
        if down is not None:
            self._by_fault[record.seq] = down

    def _reconnecting(self, record: Record) -> None:
        """The app notices what the record is caused by, and whatever goes on just then."""
        link = self._links.get(record.client)
        if link is None:
            return
        now = link.down[-1] if link.faults else None
        met = self._sessions.present(record.client)  # who only connects has no session to lose
        for down in (self._by_fault.get(record.cause or 0), now):
            if down is not None and met is not None and down.met is met:
                self._notice(link, down, record.time)

    def _connected(self, record: Record) -> None:
        link = self._links.get(record.client)
        for down in () if link is None else link.down:
            if down.met is not None and down.met.connection == record.data.get("own"):
                down.entered = down.ended is not None

    def _reconnected(self, record: Record) -> None:
        """Of an outage that goes on this is no end: the answer was on its way before it."""
        link = self._links.get(record.client)
        if link is None:
            return
        for down in link.unrecovered:
            if down.ended is None:
                down.noticed = None
            elif down.met is not None and down.met.connection == record.data.get("own"):
                down.recovered = record.time
        link.unrecovered.clear()

    def finish(self, ended: int, silence: int) -> tuple[Outage, ...]:
        """The rows of a run that ended at ``ended``, in the order of their beginnings.

        ``silence`` is how long after its end an outage may still be noticed, at most.
        """
        return tuple([_outage(down, ended, silence) for down in self._all])

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            **on(_cut, Trait.CUTS_LINK),
            **on(_healed, Trait.HEALS_LINK),
            ("state", "lost"): _lost,
            ("event", "sessionConnected"): _connected,
            ("event", "sessionReconnecting"): _reconnecting,
            ("event", "sessionReconnected"): _reconnected,
        }
    )


def _outage(down: _Down, run_ended: int, silence: int) -> Outage:
    survived = _survived(down, run_ended, silence)
    over = None if down.met is None else down.met.ended
    return Outage(down.person, down.began, down.ended, survived, down.recovered, down.noticed, over)


def _survived(down: _Down, run_ended: int, silence: int) -> bool | None:
    met = down.met
    if met is None:
        return None
    if down.recovered is not None or down.entered:
        return True
    if down.noticed is None and down.ended is not None and met.connected:
        until = _lost_touch(met, down.ended, run_ended)
        if until is None or until - down.ended > silence:
            return True
    return False if met.cut_off else None


def _lost_touch(met: Attendance, since: int, run_ended: int) -> int | None:
    """When its app first lost touch after ``since``, or it ended; None if the app was back then."""
    for began, until in met.stretches:
        if since <= began:
            return began if until == met.ended else None
    if met.reconnecting is not None and since <= met.reconnecting:
        return met.reconnecting
    return run_ended if met.ended is None else met.ended
