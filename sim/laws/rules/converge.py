"""converge: when things are quiet, everybody agrees on who is here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from sim.laws.law import EVENTUALLY, Handlers, Law, on
from sim.laws.names import listed
from sim.laws.presence import Client, Presence
from sim.laws.room import Room
from sim.laws.views import View, Views
from sim.laws.watch import Watch
from sim.protocol.promises import Promise
from sim.protocol.records import Trait
from sim.protocol.units import format_duration
from sim.trace import Record


class Converge:
    """Compares views whenever nothing has changed for silence + margin."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._presence = watch.track(Presence)
        self._room = watch.track(Room)
        self._views = watch.track(Views)
        self._within = watch.bounds.delivery
        self._last: Record | None = None
        self._waiting = False

    def _changed(self, record: Record) -> None:
        self._last = record
        if not self._waiting:
            self._wait(record)

    def _wait(self, record: Record) -> None:
        self._waiting = True
        due = record.time + self._within
        self._watch.after(due, self._quiet, due)

    def _quiet(self, now: int) -> None:
        """One deadline serves for any number of changes: it moves on until nothing has changed."""
        self._waiting = False
        last = self._last
        if last is not None and last.time + self._within > now:
            self._wait(last)
        elif last is not None:
            self._last = None
            self._compare(last)

    def _compare(self, last: Record) -> None:
        for client in self._presence.attending.values():
            view = self._views.of(client.name)
            if view is not None:
                self._watch.exercised += 1
                if not self._agrees(client, view):
                    self._disagree(last, client, view)

    def _agrees(self, client: Client, view: View) -> bool:
        room = self._room
        others = room.streams_mark ^ room.own_marks.get(client.connection, 0)
        connections = view.connections_mark == room.connections_mark
        return view.streams_mark == others and (connections or self._suppressed(client.name))

    def _disagree(self, last: Record, client: Client, view: View) -> None:
        published, own = self._room.streams, client.connection
        shown = [*view.streams]
        here = [s for s, record in published.items() if record.data["connection"] != own]
        if not self._suppressed(client.name):
            shown[:0], here[:0] = view.connections, self._room.connections
        differences = [
            f"{verb} {listed(names)}"
            for verb, names in (
                ("misses", _without(here, shown)),
                ("still shows", _without(shown, here)),
            )
            if names
        ]
        self._watch.breach(
            last,
            f"{format_duration(self._within)} after the last change {client.name} disagrees with"
            f" the platform about who is here: it {' and '.join(differences)}",
        )

    def _suppressed(self, client: str) -> bool:
        person = self._watch.header.person(client)
        return person is not None and person.suppressed

    HANDLERS: ClassVar[Handlers] = on(_changed, Trait.UNSETTLES)


def _without(names: Iterable[str], others: Iterable[str]) -> list[str]:
    known = dict.fromkeys(others)
    return [name for name in names if name not in known]


LAW = Law(
    name="converge",
    kind=EVENTUALLY,
    statement="within silence + margin after the last fault, return, arrival or departure, every"
    " connected client's view of who is here equals the platform's",
    source="contract C12; fact sheet 2.10 (what was missed is sent again), 9",
    exercised="a quiet time of silence + margin with a connected client",
    checker=Converge,
    relies_on=(Promise.REPLAY, Promise.MEMORY, Promise.ENDS, Promise.PRESENCE),
)
