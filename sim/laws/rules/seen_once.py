"""seen-once: everybody who is there sees everybody leave, once."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from sim.laws.law import ALWAYS, Handlers, Law, handlers
from sim.laws.presence import Client, Presence, throughout, witnesses
from sim.laws.room import Room
from sim.laws.views import AGAIN, FINE, View, Views
from sim.laws.watch import Watch
from sim.protocol.promises import Promise
from sim.protocol.units import format_duration
from sim.trace import Record


@frozen(eq=False)
class Departure:
    """The platform's record of an end, and who was there and has not been told yet."""

    name: str
    record: Record
    witnesses: dict[str, Client]

    @property
    def event(self) -> str:
        """What clients are told."""
        return "connectionDestroyed" if self.record.name == "left" else "streamDestroyed"


class SeenOnce:
    """Remembers departures until the last client that may return must have heard of them."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._presence = watch.track(Presence)
        self._room = watch.track(Room)
        self._views = watch.track(Views)
        self._departures: dict[str, Departure] = {}
        self._order: dict[str, list[str]] = {}
        """By leaving connection: what ended with it or before it, in the platform's order."""
        self._within = watch.bounds.delivery

    def _left(self, record: Record) -> None:
        connection = record.data["connection"]
        told = {
            name: client
            for name, client in witnesses(self._presence, connection).items()
            if not self._suppressed(name)
        }
        self._depart(connection, connection, record, told)

    def _unpublished(self, record: Record) -> None:
        connection = record.data["connection"]
        told = witnesses(self._presence, connection)
        self._depart(record.data["stream"], connection, record, told)

    def _depart(self, name: str, leaver: str, record: Record, told: dict[str, Client]) -> None:
        departure = Departure(name, record, told)
        self._departures[name] = departure
        self._order.setdefault(leaver, []).append(name)
        self._watch.after(record.time + self._within, self._overdue, departure)
        self._watch.after(
            record.time + self._watch.bounds.memory, lambda: self._forget(name, leaver)
        )

    def _connection_ended(self, record: Record) -> None:
        if not self._suppressed(record.client):
            name = record.data["connection"]
            self._told(record, name, name, name in self._room.connections)

    def _stream_ended(self, record: Record) -> None:
        if record.object == "session":
            name = record.data["stream"]
            self._told(record, name, record.data["connection"], name in self._room.streams)

    def _told(self, record: Record, name: str, leaver: str, here: bool) -> None:
        self._watch.exercised += 1
        client = record.client
        departure = self._departures.get(name)
        if departure is not None:
            departure.witnesses.pop(client, None)
        if self._views.problem == AGAIN:
            self._watch.breach(record, f"{client} was told twice that {name} ended")
        elif here:
            self._watch.breach(
                record, f"{client} was told that {name} ended, but the platform still has it"
            )
        elif departure is not None and self._views.problem == FINE:
            self._compare(record, departure, leaver)

    def _compare(self, record: Record, departure: Departure, leaver: str) -> None:
        name, said = departure.name, record.data.get("reason")
        reason = departure.record.data.get("reason")
        if said != reason:
            self._watch.breach(
                record,
                f"{record.client} was told that {name} ended with reason {said}, but the platform"
                f" had ended it with {reason}",
            )
        view = self._views.of(record.client)
        for earlier in self._order.get(leaver, ()):
            if earlier == name:
                break
            if view is not None and _shows(view, earlier):
                self._watch.breach(
                    record,
                    f"{record.client} was told of the end of {name} before that of {earlier},"
                    " which had ended first",
                )

    def _overdue(self, departure: Departure) -> None:
        for name, client in departure.witnesses.items():
            if throughout(client, departure.record):
                self._watch.exercised += 1
                self._watch.breach(
                    departure.record,
                    f"{name}, connected throughout, got no {departure.event} of {departure.name}"
                    f" within {format_duration(self._within)}",
                )
        departure.witnesses.clear()

    def _forget(self, name: str, leaver: str) -> None:
        self._departures.pop(name, None)
        self._order.pop(leaver, None)

    def _suppressed(self, client: str) -> bool:
        person = self._watch.header.person(client)
        return person is not None and person.suppressed

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("state", "left"): _left,
            ("state", "unpublished"): _unpublished,
            ("event", "connectionDestroyed"): _connection_ended,
            ("event", "streamDestroyed"): _stream_ended,
        }
    )


def _shows(view: View, name: str) -> bool:
    return name in view.streams or name in view.connections


LAW = Law(
    name="seen-once",
    kind=ALWAYS,
    statement="every client connected throughout sees each leaver's streams and connection end"
    " exactly once, in the platform's order, with one reason: the platform's; within silence +"
    " margin",
    source="fact sheet 0 (rule 6), 2.2; contract C13",
    exercised="a `streamDestroyed` or `connectionDestroyed` of a Session, or one that is overdue",
    checker=SeenOnce,
    relies_on=(Promise.REPLAY, Promise.MEMORY, Promise.ENDS),
)
