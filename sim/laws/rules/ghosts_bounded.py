"""ghosts-bounded: the dead do not stay."""

from __future__ import annotations

from typing import ClassVar

from sim.laws.law import EVENTUALLY, Handlers, Law, on
from sim.laws.presence import Presence
from sim.laws.room import Room
from sim.laws.views import Views
from sim.laws.watch import Watch
from sim.protocol.promises import Promise
from sim.protocol.records import Trait
from sim.protocol.units import format_duration
from sim.trace import Record


class GhostsBounded:
    """Follows each death of a connection that the platform still has."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._presence = watch.track(Presence)
        self._room = watch.track(Room)
        self._views = watch.track(Views)
        bounds = watch.bounds
        self._delivery = bounds.delivery
        self._within = bounds.detection + bounds.grace + bounds.delivery

    def _died(self, record: Record) -> None:
        dead = record.data.get("own") or self._presence.of(record.client).connection
        if dead in self._room.connections:
            self._watch.exercised += 1
            due = record.time + self._within
            self._watch.after(due, self._overdue, record, dead, due)

    def _overdue(self, record: Record, dead: str, due: int) -> None:
        within = f"{format_duration(self._within)} after it had died"
        if dead in self._room.connections:
            self._watch.breach(record, f"the platform still had {dead} {within}")
            return
        for name, client in self._presence.attending.items():
            view = self._views.of(name)
            long_there = client.since is not None and client.since.time + self._delivery <= due
            if long_there and view is not None and dead in view.connections:
                self._watch.breach(record, f"{name} still showed {dead} {within}")

    HANDLERS: ClassVar[Handlers] = on(_died, Trait.ENDS_PAGE, Trait.ENDS_SESSION)


LAW = Law(
    name="ghosts-bounded",
    kind=EVENTUALLY,
    statement="a dead client's departure reaches every connected client within detection + grace +"
    " silence + margin (silence bounds how long a message takes to a client that is not"
    " reconnecting)",
    source="fact sheet 2.3, 2.11, 9; the platform's settings",
    exercised="a crash, `closeBrowser` or `sessionDisconnected` whose connection the platform still"
    " has",
    checker=GhostsBounded,
    relies_on=(Promise.REPLAY,),
)
