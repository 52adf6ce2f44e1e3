"""What has been said and done in a simulation, as a scenario that grows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from attrs import evolve, fields

from sim.protocol.units import LONGEST
from sim.scenario import Person, Scenario, Step
from sim.scenario.model import told_until, with_clients
from sim.scenario.problems import refuse
from sim.scenario.references import step_complaints
from sim.scenario.steps import step_at
from sim.simulation.arguments import check_app, keywords
from sim.wording import brief, not_one_of

_NOBODY: Final = {"nobody-yet": Person()}
_PERSON: Final = tuple([each.name for each in fields(Person) if each.name != "since"])
_STEP: Final = tuple([each.name for each in fields(Step) if each.name not in ("at", "client")])


class Story:
    """People and steps so far, and what a file has said about later times.

    ``base`` is the scenario to begin with, None for one without people.
    """

    def __init__(self, base: Scenario | None, settings: Mapping[str, Any]) -> None:
        given = {name: value for name, value in settings.items() if value is not None}
        if base is None:
            self._whole = _empty(given)
        else:
            self._whole = evolve(base, **given) if given else base
        self._done: list[Step] = []
        self._is_empty = base is None

    def copy(self) -> Story:
        """The same story; what is added to one of the two is not in the other."""
        copy = Story(self._whole, {})
        copy._done = list(self._done)
        copy._is_empty = self._is_empty
        return copy

    @property
    def settings(self) -> Scenario:
        """What is so from the beginning to the end: the platform, networks, what is expected."""
        return self._whole

    @property
    def clients(self) -> dict[str, Person]:
        """The people, and groups of people, by name."""
        return {} if self._is_empty else self._whole.clients

    @property
    def people(self) -> dict[str, Person]:
        """Every single person by name."""
        return {} if self._is_empty else self._whole.people

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, done or still to come."""
        return (*self._whole.script, *self._done)

    def named(self, name: str) -> tuple[str, ...]:
        """The people that a name stands for."""
        return self._whole.named(name)

    def check_single(self, name: Any) -> None:
        """Raise ``ValueError`` unless the name is that of one person of this story."""
        if not isinstance(name, str):
            raise ValueError(f"a name is text, not {brief(name)}")
        if name in self.people:
            return
        if name in self.clients:
            raise ValueError(f"'{name}' is a group: name one of its members, such as '{name}-1'")
        raise ValueError(not_one_of(name, list(self.clients), "somebody here"))

    def check_apps(self, apps: Mapping[str, Any]) -> None:
        """Raise ``ValueError`` unless these are apps of people of this story."""
        for name, app in apps.items():
            if name not in self.clients:
                known = f"the clients are {', '.join(self.clients)}" if self.clients else "none yet"
                raise ValueError(f"there is no client {brief(name)} for an app; {known}")
            check_app(app)

    # -- what is to be added: refused, or else returned ----------------------------------------

    def person(self, since: int, person: Person | None, keys: Mapping[str, Any]) -> Person:
        """Somebody who comes now. Raises ``ValueError`` for what no person can be."""
        if person is not None and not isinstance(person, Person):
            raise ValueError(f"a person is a sim.Person or keywords, not {brief(person)}")
        known = keywords(keys, _PERSON, "a key of a person here")
        if person is not None and person.since:
            raise ValueError("who joins comes now: 'from' is for people of a scenario file")
        _check_time(since)
        if person is not None and not known and since == 0:
            return person
        known["since"] = since
        return Person(**known) if person is None else evolve(person, **known)

    def joined(self, name: str, person: Person) -> Scenario:
        """The story with one more; :meth:`keep` it. Raises ``ValueError``."""
        if not isinstance(name, str):
            raise ValueError(f"a name is text, not {brief(name)}")
        if name in self.clients:
            raise ValueError(f"'{name}' has joined already: who has left comes back by 'connect'")
        return with_clients(self._whole, {**self.clients, name: person})

    def keep(self, whole: Scenario) -> None:
        """Let that be the story from now on."""
        self._whole = whole
        self._is_empty = False

    def step(self, at: int, client: str, keys: Mapping[str, Any]) -> Step:
        """A step that is done now. Raises ``ValueError`` for what cannot be done."""
        known = keywords(keys, _STEP, "a key of a step here")
        if self._is_empty:
            raise ValueError("nobody has joined yet")
        _check_time(at)
        step = step_at(at, client, known)
        refuse(step_complaints(step, self._whole))
        return step

    def did(self, step: Step) -> None:
        """That step has been done."""
        self._done.append(step)

    # -- as a scenario -------------------------------------------------------------------------

    def until(self, ended: int) -> Scenario:
        """What happened until ``ended``, as a scenario. Raises ``ValueError`` without people."""
        if self._is_empty:
            raise ValueError("nobody has joined yet: a story needs at least one person")
        whole = self._whole
        if not self._done and whole.duration == ended:
            return whole
        return told_until(whole, ended, tuple([each for each in self.steps if each.at <= ended]))


def _empty(given: dict[str, Any]) -> Scenario:
    """A scenario without people, with these settings; one that was made before is not made anew."""
    said = tuple([(name, type(value), value) for name, value in given.items()])
    try:
        return _remembered(said)
    except TypeError:  # there is a list or a dict in it, which cannot be remembered
        return _made(said)


def _made(said: tuple[tuple[str, type, Any], ...]) -> Scenario:
    settings = {"name": "simulation"} | {name: value for name, _, value in said}
    return Scenario(**settings, duration=LONGEST, clients=_NOBODY)


_remembered: Final = lru_cache(maxsize=64)(_made)


def _check_time(time: int) -> None:
    if time >= LONGEST:
        raise ValueError("the story is over: none is longer than 366 days")
