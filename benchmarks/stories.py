"""The scenarios that are measured, in code."""

from __future__ import annotations

import sim
from sim.scenario import Person, Scenario

FLAKY = "scenarios/flaky.yaml"
BIG_ROOM = "scenarios/big-room.yaml"


def three(duration: str, network: str = "cafe") -> Scenario:
    """Three people on the café network of ``flaky.yaml``: the work of ``benchmarks/naive.py``.

    Or on another ``network`` that scenarios may name.
    """
    cafe = {"cafe": sim.load(FLAKY).networks["cafe"]}
    person = Person(network=network, publish="camera", rejoin={"after": "3s"})
    people = dict.fromkeys(("alice", "bob", "carol"), person)
    return Scenario(name="three", seed=7, duration=duration, networks=cafe, clients=people)


def lecture(people: int, duration: str) -> Scenario:
    """Three speakers and an audience that fills the room to so many people.

    The audience asks not to be told of connections. So each of them costs the same, however many
    they are: what grows with their square is who is told of whom, and that is told anyway.
    """
    story = three(duration)
    audience = {}
    if people > 3:
        audience["audience"] = Person(
            network="cafe",
            count=people - 3,
            arrive={"uniform": {"from": "0s", "to": "10s"}},
            rejoin={"after": "3s"},
            connection_events_suppressed=True,
        )
    return Scenario(
        name="lecture",
        seed=7,
        duration=duration,
        networks=story.networks,
        clients=story.clients | audience,
    )
