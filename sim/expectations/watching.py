"""The watches of clauses about what people see: one for each person, fed with what concerns it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from sim.expectations.cast import Cast
from sim.expectations.clauses import Counts, Follows, Sees, Subject, items_in
from sim.expectations.following import FollowWatch, place_of
from sim.expectations.sightings import NO_PAST, Past, Sightings
from sim.expectations.sights import CountWatch, Finding, SequenceWatch
from sim.trace.records import Record

SEEN = (Sees, Counts, Follows)
"""The clauses about what people see."""


class Watch(Protocol):
    """Looks at what one person sees."""

    @property
    def met(self) -> bool:
        """Whether the clause has come true, so that nothing can change that."""

    def see(self, record: Record) -> None:
        """Look at a record that was asked for."""

    def finding(self, ended: int) -> Finding:
        """Return what became of the clause."""


class Personal:
    """The watches of one clause by person, and the names of the records that they look at."""

    def __init__(self, clause: Sees | Counts | Follows, sightings: Sightings) -> None:
        self.subject: Subject = clause.subject
        self._clause = clause
        self._sightings = sightings
        self._watches: dict[str, Watch] = {}
        sightings.watch(item.name for item in items_in(clause))

    def of(self, person: str) -> Watch:
        """Return the watch of this person."""
        watch = self._watches.get(person)
        if watch is None:
            watch = self._watches[person] = _watch(self._clause, person, self._sightings)
        return watch

    def finding(self, person: str, ended: int) -> Finding:
        """Return what became of the clause for this person."""
        return self.of(person).finding(ended)

    def wanted(self, person: str) -> Iterable[tuple[tuple[str, str], Watch]]:
        """Yield whose records, of which name, are looked at for this person, each with by whom."""
        cast, clause = self._sightings.cast, self._clause
        if cast.includes(self.subject, person):
            for item in clause.sequence if isinstance(clause, Sees) else (clause,):
                yield (person, item.item.name), self.of(person)
        if isinstance(clause, Follows) and cast.means(clause.anchor.person, person):
            for other in cast.of(self.subject):
                yield place_of(clause.anchor, person), self.of(other)


def _watch(clause: Sees | Counts | Follows, person: str, sightings: Sightings) -> Watch:
    if isinstance(clause, Sees):
        return SequenceWatch(clause, person, sightings)
    if isinstance(clause, Counts):
        return CountWatch(clause, person, sightings)
    return FollowWatch(clause, person, sightings)


class Routes:
    """Leads each record to the watches that look at it."""

    def __init__(self, cast: Cast, past: Past = NO_PAST) -> None:
        self._people = cast.people
        self._sightings = Sightings(cast, past)
        self._clauses: list[Personal] = []
        self._known = 0
        self._watches: dict[tuple[str, str], list[Watch]] = {}

    def add(self, clause: Sees | Counts | Follows) -> Personal:
        """Return the watches of one more clause."""
        personal = Personal(clause, self._sightings)
        self._clauses.append(personal)
        self._known = 0
        return personal

    def see(self, record: Record) -> None:
        """Lead a call, an event, a fault or a decision to those who look at it."""
        if self._known != len(self._people):
            self._lead()
        if record.kind == "event":
            self._sightings.see(record)
        for watch in self._watches.get((record.client, record.name), ()):
            watch.see(record)

    def _lead(self) -> None:
        """Make the ways anew: somebody has come."""
        self._known = len(self._people)
        self._watches.clear()
        for person in self._people:
            for personal in self._clauses:
                for place, watch in personal.wanted(person):
                    there = self._watches.setdefault(place, [])
                    if watch not in there:
                        there.append(watch)
