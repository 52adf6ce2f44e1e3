"""Media follow the links of both people, what the links carry, and the Publisher."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.draws.distributions import Constant
from sim.network.specs import Bernoulli, DirectionSpec, LinkSpec, NoLoss
from sim.protocol.units import MILLISECOND, SECOND
from sim.scenario import Rejoin

WAY = DirectionSpec(NoLoss(), Constant(5 * MILLISECOND))
SURE = {"delay": "20ms"}
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


# -- a picture is that of its Publisher ------------------------------------------------------------

CONSENT, TURN = 5 * SECOND, MILLISECOND


@st.composite
def lives_of_a_publisher(draw):
    """Bob publishes and ends it, in any way and again and again; Alice and Carol look on."""
    deeds = ("unpublish", "publish", "disconnect", "connect", "crash", "close-browser")
    networks = st.sampled_from((None, "3s", "8s", "40s"))
    at, steps = 10, []
    for deed in draw(st.lists(st.sampled_from(deeds), min_size=1, max_size=5)):
        if (lasting := draw(networks)) is not None:
            who = draw(st.sampled_from(("alice", "bob")))
            steps.append(sim.Step(at=f"{at}s", client=who, network="down", lasting=lasting))
        at += draw(st.sampled_from((1, 4, 10)))
        steps.append(sim.Step(at=f"{at}s", client="bob", do=deed))
        at += draw(st.sampled_from((1, 6)))
    rejoin = draw(st.none() | st.just(Rejoin(after="2s")))
    people = {
        "alice": sim.Person(network=SURE, role="moderator"),
        "bob": sim.Person(network=SURE, publish="camera", rejoin=rejoin),
        "carol": sim.Person(network=SURE),
    }
    platform = {"peer-to-peer": draw(st.booleans())}
    return sim.Scenario(
        name="life", duration="2min", platform=platform, clients=people, script=steps
    )


def ends_of_streams(records):
    """When the Publisher of each of Bob's streams has ended."""
    ends, sent = {}, {}
    for record in records:
        if record.client != "bob":
            continue
        if (record.kind, record.name) == ("state", "published"):
            sent[record.data["stream"]] = record.data["connection"]
        over = record.data.get("stream") if record.object == "publisher" else None
        page = record.name in ("crash", "closeBrowser")
        own = record.data.get("own") if record.name == "sessionDisconnected" else None
        for stream, connection in sent.items():
            ended = record.name == "streamDestroyed" and stream == over
            if ended or page or connection == own:
                ends.setdefault(stream, record.time)
    return ends


def pictures(records):
    """What each Subscriber tells of its media, and when that is over: by client and label."""
    told = {}
    for record in records:
        if (record.kind, record.name) == ("call", "subscribe"):
            told[record.client, record.data["subscriber"]] = (record.data["stream"], [])
        elif (record.client, record.object) in told:
            told[record.client, record.object][1].append((record.time, record.name))
        elif record.object == "session" and record.name in ("streamDestroyed", "disconnected"):
            for (client, _), (stream, events) in told.items():
                if client == record.client and record.data.get("stream") in (None, stream):
                    events.append((record.time, "over"))
    return told.values()


@given(lives_of_a_publisher())
def test_no_picture_runs_without_its_publisher(story):
    result = sim.run(story)
    ends = ends_of_streams(result.records)
    for stream, events in pictures(result.records):
        end = ends.get(stream, story.duration)
        told = dict(enumerate(events))
        for place, (time, name) in told.items():
            if name == "connected":
                assert time <= end + TURN
                after, _ = told.get(place + 1, (story.duration, None))
                assert after <= end + CONSENT + 2 * TURN or end + CONSENT >= story.duration
    assert [breach.sentence for v in result.broken for breach in v.breaches] == []
