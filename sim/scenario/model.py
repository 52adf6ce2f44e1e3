"""A story as data. Importing this module imports neither numpy nor a YAML reader.

>>> story = Scenario(
...     name="goodbye",
...     duration="60s",
...     clients={"alice": Person(publish="camera"), "bob": Person(network="wifi")},
...     script=[Step(at="20s", client="bob", do="disconnect")],
...     expect=["alice sees connectionDestroyed(clientDisconnected) of bob"],
... )
>>> story.duration
60000000
>>> list(story.people)
['alice', 'bob']
"""

from __future__ import annotations

from copy import copy
from typing import Any, Final

from attrs import evolve, field, frozen

from sim.expectations import Clause, parse
from sim.network.presets import NETWORKS
from sim.network.specs import LinkSpec
from sim.protocol.quirks import Profile
from sim.protocol.timers import Timers
from sim.scenario.compounds import Named, Several
from sim.scenario.links import LINK
from sim.scenario.nodes import Given, Node, Pairs, Scalar
from sim.scenario.people import PERSON, Backoff, Person, Poisson, Rejoin
from sim.scenario.policies import (
    Policies,
    RemoveAtRandom,
    RemoveDuringReconnection,
    RemoveReconnecting,
)
from sim.scenario.problems import BAD, Path, Reading, ScenarioError, refuse
from sim.scenario.quantities import NAME, POSITIVE_DURATION, TEXT, pattern, whole_number
from sim.scenario.reactions import Reaction
from sim.scenario.references import complaints, members
from sim.scenario.settings import PLATFORM, PROFILE, TIMERS, Platform
from sim.scenario.shapes import Choice, Value, Word
from sim.scenario.showing import shown
from sim.scenario.steps import STEP, Step
from sim.scenario.tables import key, said, spoken, table

__all__ = [
    "Backoff",
    "Person",
    "Platform",
    "Poisson",
    "Policies",
    "Reaction",
    "Rejoin",
    "RemoveAtRandom",
    "RemoveDuringReconnection",
    "RemoveReconnecting",
    "Scenario",
    "Step",
]

ALL: Final = "all"

_TITLE: Final = pattern(
    "a name for a story",
    r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,79}",
    "it has up to 80 letters, digits, spaces, dots, - and _, a letter or a digit first",
)
_SEED: Final = whole_number(0, 2**64 - 1)
_NETWORKS: Final = Named("a mapping such as {cafe: {preset: wifi-lossy}}", NAME, LINK)
_CLIENTS: Final = Named("a mapping such as {bob: {publish: camera}}", NAME, PERSON)
_SCRIPT: Final = Several("a list of steps", STEP)


def _clause(written: Any) -> Any:
    return parse(written) if isinstance(written, str) else BAD


class Sentence(Value):
    """A clause. A sentence with a colon is a mapping to YAML: the two halves are put together."""

    def structure(self, node: Node, path: Path, reading: Reading) -> Any:
        """Parse the sentence."""
        if isinstance(node, Pairs) and len(node.entries) == 1:
            before, after = node.entries[0]
            if isinstance(after, Scalar | Given) and isinstance(after.value, str):
                node = Scalar(f"{before.value}: {after.value}", node.line, node.column)
        return super().structure(node, path, reading)


_EXPECTATION: Final = Sentence(
    "a sentence such as 'bob sees sessionReconnecting, then sessionReconnected'",
    _clause,
    lambda value: isinstance(value, Clause),
    lambda value: value.text,
    {
        "anyOf": [
            {"type": "string"},
            {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": {"type": "string"},
            },
        ]
    },
    "expectation",
)
_LAW: Final = evolve(
    pattern("the name of a law", r"[a-z][a-z0-9-]*", "it is like reconnect-first"), title="law"
)
_LAWS: Final = Choice("", (Word(ALL, ALL, "Every law."),), Several("a list of laws", _LAW))


def _in_order(clients: dict[str, Person]) -> list[tuple[str, Person]]:
    """Return what makes two dicts differ if their order does."""
    return list(clients.items())


@frozen(kw_only=True, field_transformer=spoken)
class Scenario:
    """A story: who is there, on what networks, what happens, and what is expected of it.

    Wherever a file may say a duration, a distribution or a mapping, code may say the same; a
    duration may also be a whole number, of microseconds. Raises
    :class:`~sim.scenario.problems.ScenarioError`, a ``ValueError``: if an argument cannot be read,
    with what is wrong with the first such, else with everything (of a file with that always). The
    order of ``clients`` is part of the story: it decides what comes first among equals.
    """

    __repr__ = shown

    name: str = field(metadata=key(_TITLE, "What the story is called."))
    about: str = field(default="", metadata=key(TEXT, "What the story is about."))
    seed: int = field(default=1, metadata=key(_SEED, "What all chance comes from."))
    duration: int = field(
        converter=said, metadata=key(POSITIVE_DURATION, "How long the story lasts.")
    )
    profile: Profile = field(
        default=Profile(), converter=said, metadata=key(PROFILE, "Which client is modelled.")
    )
    platform: Platform = field(
        default=Platform(), converter=said, metadata=key(PLATFORM, "The platform's choices.")
    )
    timers: Timers = field(
        default=Timers(), converter=said, metadata=key(TIMERS, "The client's timers.")
    )
    networks: dict[str, LinkSpec] = field(
        factory=dict, converter=said, metadata=key(_NETWORKS, "Networks that people may be on.")
    )
    clients: dict[str, Person] = field(
        eq=_in_order,
        converter=said,
        metadata=key(_CLIENTS, "The people, and groups of people, by name."),
    )
    script: tuple[Step, ...] = field(
        default=(), converter=said, metadata=key(_SCRIPT, "What happens at given times.")
    )
    expect: tuple[Clause, ...] = field(
        default=(),
        converter=said,
        metadata=key(Several("a list of sentences", _EXPECTATION), "What is expected."),
    )
    laws: str | tuple[str, ...] = field(
        default=ALL, converter=said, metadata=key(_LAWS, "Which laws are checked.")
    )

    def __attrs_post_init__(self) -> None:
        refuse(complaints(self))

    @property
    def people(self) -> dict[str, Person]:
        """Every single person by name: groups of several are ``guests-1``, ``guests-2``, ..."""
        return {
            member: person
            for name, person in self.clients.items()
            for member in members(name, person)
        }

    def named(self, name: str) -> tuple[str, ...]:
        """The people that a name stands for: a person, a member, or all members of a group."""
        person = self.clients.get(name)
        return (name,) if person is None else members(name, person)

    def link(self, person: Person) -> LinkSpec:
        """The network that somebody is on."""
        return self.network(person.network) if isinstance(person.network, str) else person.network

    def network(self, name: str) -> LinkSpec:
        """The network of that name: one of the story's own, or else a preset."""
        return self.networks[name] if name in self.networks else NETWORKS[name].link


def with_clients(scenario: Scenario, clients: dict[str, Person]) -> Scenario:
    """A scenario with these people instead; what else it says is not checked again.

    Raises :class:`~sim.scenario.problems.ScenarioError` as the class does.
    """
    try:
        taken = _CLIENTS.take(clients)
    except ScenarioError as error:
        raise error.under("clients") from None
    changed = copy(scenario)
    object.__setattr__(changed, "clients", taken)
    refuse(complaints(changed))
    return changed


def told_until(scenario: Scenario, ended: int, script: tuple[Step, ...]) -> Scenario:
    """A scenario with these steps, each of which was checked in it, that ends behind the last."""
    changed = copy(scenario)
    object.__setattr__(changed, "script", script)
    object.__setattr__(changed, "duration", ended)
    return changed


SCENARIO: Final = table(
    Scenario, "scenario", "a mapping with name, duration and clients", checks=complaints
)
