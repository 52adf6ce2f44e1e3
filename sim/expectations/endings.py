"""How things stand at the end: the state of each Session, the elements in each page."""

from __future__ import annotations

from typing import Final

from sim.expectations.clauses import EndsAs, EndsWith
from sim.expectations.sightings import at
from sim.expectations.sights import Finding
from sim.protocol.records import Trait, named
from sim.trace.records import Record

_CLOSES: Final = named(Trait.ENDS_PAGE)


class Standing:
    """How things stand with everybody, from the records so far."""

    def __init__(self) -> None:
        self._states: dict[str, Record] = {}
        self._gone: dict[str, Record] = {}
        self._elements: dict[str, dict[str, Record]] = {}
        self._removed: dict[tuple[str, str], Record] = {}

    def see(self, record: Record) -> None:
        """Take in a story record."""
        if record.kind == "state" and record.object == "session":
            self._states[record.client] = record
        elif record.kind == "state" and record.object == "page":
            self._page(record)
        elif (record.kind, record.name) in _CLOSES:
            self._states.pop(record.client, None)
            self._gone[record.client] = record
            for element in self._elements.pop(record.client, {}):
                self._removed[record.client, _thing(element)] = record

    def _page(self, record: Record) -> None:
        element = str(record.data.get("element", ""))
        there = self._elements.setdefault(record.client, {})
        if record.name == "inserted":
            there[element] = record
        else:
            there.pop(element, None)
            self._removed[record.client, _thing(element)] = record

    def of_state(self, clause: EndsAs, person: str) -> Finding:
        """Return whether somebody's Session is in the expected state.

        Who never connected, closed the browser or crashed is ``disconnected``.
        """
        last = self._states.get(person)
        state = last.name if last else "disconnected"
        since = last or self._gone.get(person)
        told = f", {at(since)}" if since else " and never tried to connect"
        return Finding(state == clause.state, f"{person} is {state}{told}")

    def of_page(self, clause: EndsWith, person: str) -> Finding:
        """Return whether somebody's page has as many elements as expected."""
        there = [
            f"{element} {at(record)}"
            for element, record in self._elements.get(person, {}).items()
            if _thing(element) == clause.things
        ]
        number = len(there)
        plural = "" if number == 1 else "s"
        told = f"{person} has {number} {clause.things}{plural}"
        removed = self._removed.get((person, clause.things))
        if number >= clause.number:
            told += f": {', '.join(there)}" if there else ""
        elif removed:
            told += f"; the last went {at(removed)}"
        return Finding(number == clause.number, told)


def _thing(element: str) -> str:
    return "subscriber" if element.startswith("subscriber") else "publisher"
