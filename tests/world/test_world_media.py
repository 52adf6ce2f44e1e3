"""Media follow the links of both people, and what the links carry."""

import pytest

import sim
from sim.draws.distributions import Constant
from sim.network.specs import Bernoulli, DirectionSpec, LinkSpec, NoLoss
from sim.protocol.units import MILLISECOND

WAY = DirectionSpec(NoLoss(), Constant(5 * MILLISECOND))
DEAF = DirectionSpec(Bernoulli(1.0), Constant(5 * MILLISECOND))


def watched(step, networks=None):
    """What Bob's Subscriber of Alice tells, after something has happened to Alice's link."""
    people = {"alice": sim.Person(publish="camera"), "bob": sim.Person()}
    story = sim.Scenario(
        name="media", duration="30s", networks=networks or {}, clients=people, script=[step]
    )
    events = sim.run(story).clients["bob"].events
    return [event for _, object, event, _ in events if object == "subscriber(alice)"]


@pytest.mark.parametrize(
    ("lasts", "heard"),
    [("4s", ["connected"]), ("8s", ["connected", "disconnected", "connected"])],
    ids=["too short to be noticed", "noticed"],
)
def test_a_link_that_is_down_stops_the_picture_until_it_is_up(lasts, heard):
    step = {"at": "10s", "client": "alice", "network": "down", "for": lasts}
    assert watched(step) == heard


@pytest.mark.parametrize("way", ["up", "down"])
def test_a_network_that_loses_everything_carries_no_picture(way):
    link = LinkSpec(**{"up": WAY, "down": WAY, way: DEAF})
    step = {"at": "10s", "client": "alice", "network": "change", "to": "deaf"}
    assert watched(step, {"deaf": link}) == ["connected", "disconnected"]


def test_a_network_that_works_carries_the_picture_again():
    link = LinkSpec(up=WAY, down=WAY)
    step = {"at": "10s", "client": "alice", "network": "change", "to": "other"}
    heard = watched(step, {"other": link})
    assert heard[-1] == "connected"
