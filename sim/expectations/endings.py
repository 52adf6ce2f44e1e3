"""How things stand at the end: the state of each Session, the elements in each page."""

from __future__ import annotations

from sim.expectations.clauses import EndsAs, EndsWith
from sim.expectations.sights import Finding
from sim.trace.records import Record


class Standing:
    """How things stand with everybody, from the records so far."""

    def __init__(self) -> None:
        self._states: dict[str, str] = {}
        self._elements: dict[str, dict[str, int]] = {}

    def see(self, record: Record) -> None:
        """Take in a story record."""
        if record.kind == "state" and record.object == "session":
            self._states[record.client] = record.name
        elif record.kind == "state" and record.object == "page":
            self._page(record)
        elif record.object == "browser" and record.name in ("crash", "closeBrowser"):
            self._states.pop(record.client, None)
            self._elements.pop(record.client, None)

    def _page(self, record: Record) -> None:
        element = str(record.data.get("element", ""))
        thing = "subscriber" if element.startswith("subscriber") else "publisher"
        there = self._elements.setdefault(record.client, {})
        there[thing] = there.get(thing, 0) + (1 if record.name == "inserted" else -1)

    def of_state(self, clause: EndsAs, person: str) -> Finding:
        """Return whether somebody's Session is in the expected state.

        Who never connected, closed the browser or crashed is ``disconnected``.
        """
        state = self._states.get(person, "disconnected")
        return Finding(state == clause.state, f"{person} is {state}")

    def of_page(self, clause: EndsWith, person: str) -> Finding:
        """Return whether somebody's page has as many elements as expected."""
        number = self._elements.get(person, {}).get(clause.things, 0)
        plural = "" if number == 1 else "s"
        return Finding(number == clause.number, f"{person} has {number} {clause.things}{plural}")
