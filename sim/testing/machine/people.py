"""Rules of the machine: people come, go and come back."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from sim.scenario import Person
from sim.testing.machine.rules import rule
from sim.testing.machine.situation import one_of, sampled, there_is
from sim.testing.machine.stage import Stage


class PeopleRules(Stage):
    """Joining, leaving, and what happens to a page."""

    @initialize(
        people=st.runner().flatmap(lambda machine: machine.first_people()),
        time=sampled(("5s", "0s", "1s")),
    )
    def begin(self, people: dict[str, Person], time: str) -> None:
        """Some are there from the beginning, and have some time to connect."""
        for name, person in people.items():
            self.let_in(name, person)
        self.simulation.advance(time)

    @there_is("newcomer")
    @rule(
        name=one_of("newcomer"),
        person=st.runner().flatmap(lambda machine: machine.next_person()),
    )
    def join(self, name: str, person: Person) -> None:
        """Somebody comes who has not been here."""
        self.let_in(name, person)

    @there_is("away")
    @rule(who=one_of("away"))
    def come_back(self, who: str) -> None:
        """Somebody connects again, in a fresh page if there is none."""
        self.do(who, do="connect")

    @there_is("attending")
    @rule(who=one_of("attending"))
    def leave(self, who: str) -> None:
        """Somebody's app calls ``session.disconnect()``."""
        self.do(who, do="disconnect")

    @there_is("open")
    @rule(who=one_of("open"))
    def close_browser(self, who: str) -> None:
        """Somebody closes the page."""
        self.do(who, do="close-browser")

    @there_is("open")
    @rule(who=one_of("open"))
    def crash(self, who: str) -> None:
        """Somebody's machine stops."""
        self.do(who, do="crash")

    @there_is("open")
    @rule(who=one_of("open"))
    def reload(self, who: str) -> None:
        """Somebody loads the page anew, and connects."""
        self.do(who, do="close-browser")
        self.simulation.advance(1)  # a page is closed once what is going on in it is over
        self.do(who, do="connect")
