"""What a variation does to a scenario: small changes, as data, each of which leaves it valid.

A change names a step by its ``place``, counted round the script as it then is: so one change more
or less spoils no other. What a change would put before its person's coming, or after the story's
end, it puts there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from attrs import define, evolve, field, frozen

from sim.draws.distributions import Distribution
from sim.network.specs import DirectionSpec, Loss, Outages
from sim.protocol.units import LONGEST
from sim.scenario import Person, Reaction, Scenario, Step


@define
class Rewriting:
    """A scenario while it is changed."""

    scenario: Scenario
    script: list[Step] = field(init=False)
    clients: dict[str, Person] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.script, self.clients = list(self.scenario.script), dict(self.scenario.clients)

    def place(self, number: int) -> int | None:
        """Where in the script that is; None if there are no steps."""
        return number % len(self.script) if self.script else None

    def moment(self, client: str, at: int) -> int:
        """The nearest time within the story at which there is such a person."""
        person = self.clients.get(client) or self.scenario.people[client]
        return max(min(at, self.scenario.duration), person.since)

    def result(self) -> Scenario:
        """The changed scenario: the same object if nothing has changed."""
        script = tuple(self.script)
        if script == self.scenario.script and self.clients == self.scenario.clients:
            return self.scenario
        return evolve(self.scenario, script=script, clients=self.clients)


class Change(Protocol):
    """Something that can be done to a scenario."""

    def do(self, story: Rewriting) -> None:
        """Do it."""


@frozen
class Shifted:
    """A step comes ``by`` so many microseconds later, and lasts so much ``longer``."""

    place: int
    by: int
    longer: int = 0

    def do(self, story: Rewriting) -> None:
        """Shift it, if there is a step at all."""
        place = story.place(self.place)
        if place is None:
            return
        step = story.script[place]
        lasting = step.lasting
        if lasting is not None:
            lasting = max(0, min(lasting + self.longer, LONGEST))
        at = story.moment(step.client, step.at + self.by)
        story.script[place] = evolve(step, at=at, lasting=lasting)


@frozen
class InOrder:
    """Nothing comes before what came before it in ``original``, a script of the same steps."""

    original: tuple[Step, ...]

    def do(self, story: Rewriting) -> None:
        """Let what is too early wait for what goes before."""
        order = sorted(range(len(self.original)), key=lambda place: self.original[place].at)
        latest, script = 0, []
        for place in order:
            step = story.script[place]
            latest = max(latest, step.at)
            script.append(evolve(step, at=latest))
        if [step.at for step in story.script] != [step.at for step in self.original]:
            story.script = script


@frozen
class Dropped:
    """A step is left out."""

    place: int

    def do(self, story: Rewriting) -> None:
        """Leave it out."""
        place = story.place(self.place)
        if place is not None:
            del story.script[place]


@frozen
class Repeated:
    """A step is done a second time, ``after`` so many microseconds."""

    place: int
    after: int

    def do(self, story: Rewriting) -> None:
        """Put the second one behind the first."""
        place = story.place(self.place)
        if place is not None:
            step = story.script[place]
            at = story.moment(step.client, step.at + self.after)
            story.script.insert(place + 1, evolve(step, at=at))


@frozen
class Moved:
    """A step is done at another time."""

    place: int
    at: int

    def do(self, story: Rewriting) -> None:
        """Move it."""
        place = story.place(self.place)
        if place is not None:
            step = story.script[place]
            story.script[place] = evolve(step, at=story.moment(step.client, self.at))


@frozen
class Added:
    """A step more."""

    step: Step

    def do(self, story: Rewriting) -> None:
        """Put it at the end of the script: times say what comes when."""
        step = self.step
        story.script.append(evolve(step, at=story.moment(step.client, step.at)))


@frozen
class Reacting:
    """The app of a person, or of a group, does something when it is told of an event."""

    client: str
    event: str
    reaction: Reaction

    def do(self, story: Rewriting) -> None:
        """Let it do that, unless it does something already."""
        person = story.clients[self.client]
        if self.event not in person.on:
            on = {**person.on, self.event: self.reaction}
            story.clients[self.client] = evolve(person, on=on)


@frozen(kw_only=True)
class Relinked:
    """The network of a person, or of a group, is another one in what is not None."""

    client: str
    delay: Distribution | None = None
    loss: Loss | None = None
    outages: Outages | None = None

    def do(self, story: Rewriting) -> None:
        """Change it; nobody else's, also where several are on one network."""
        person = story.clients[self.client]
        link = story.scenario.link(person)
        outages = self.outages or link.outages
        network = evolve(link, up=self._way(link.up), down=self._way(link.down), outages=outages)
        story.clients[self.client] = evolve(person, network=network)

    def _way(self, way: DirectionSpec) -> DirectionSpec:
        return evolve(way, delay=self.delay or way.delay, loss=self.loss or way.loss)


def changed(scenario: Scenario, changes: Iterable[Change], seed: int | None = None) -> Scenario:
    """The scenario with these changes, one after the other, and with that seed.

    It is the same object if that changes nothing.

    >>> story = Scenario(name="x", duration="9s", clients={"bob": {}})
    >>> changed(story, [Dropped(0)]) is story
    True
    >>> changed(story, [Added(Step(at="2s", client="bob", do="crash"))]).script
    (Step(at='2s', client='bob', do='crash'),)
    """
    story = Rewriting(scenario)
    for change in changes:
        change.do(story)
    result = story.result()
    return result if seed in (None, result.seed) else evolve(result, seed=seed)
