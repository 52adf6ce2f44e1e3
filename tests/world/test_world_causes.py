"""Why something happened: from what an app was told back to the fault, and to its draw."""

import pytest
from hypothesis import given, settings
from stories import at, found, stories, told

import sim
from sim.draws.distributions import Constant
from sim.network.specs import Bernoulli, DirectionSpec, LinkSpec, Outages
from sim.protocol.units import SECOND
from sim.scenario import Rejoin
from sim.trace import chain


def why(result, **wanted):
    """The chain of causes of the last such record, as ``object name`` of each, root first."""
    record = found(result, **wanted)[-1]
    return [f"{r.object} {r.name}" for r in chain(result.records, record.seq)]


SHAKY = LinkSpec(outages=Outages(Constant(20 * SECOND), Constant(60 * SECOND)))
GOODBYE = ("10s", "bob", {"do": "disconnect"})
KICK = ("10s", "alice", {"do": "force-disconnect", "target": "bob"})
ROOM = {"alice": {"role": "moderator"}, "bob": {"publish": "camera"}}


def test_a_lost_session_goes_back_to_the_outage_and_its_draw():
    result = sim.run(told("90s", {"bob": {"network": SHAKY}}))
    assert why(result, name="sessionDisconnected", reason="networkDisconnected") == [
        "network outage",
        "network down",
        "session sessionReconnecting",
        "session sessionDisconnected",
    ]
    (outage,) = found(result, name="outage")
    assert outage.data["address"] == "bob/outage/start/0"


def test_what_the_others_hear_goes_back_to_it_too():
    people = {"alice": {}, "bob": {"network": SHAKY}}
    result = sim.run(told("2min", people))
    assert why(result, client="alice", name="connectionDestroyed") == [
        "network outage",
        "network down",
        "platform lost",
        "platform left",
        "session connectionDestroyed",
    ]


def test_a_loss_by_chance_is_written_down_once_somebody_has_noticed_it():
    """Half of all packets upwards are lost: the silence goes back to the draw of one of them."""
    bad = LinkSpec(DirectionSpec(Bernoulli(0.5)), DirectionSpec())
    result = sim.run(told("10min", {"bob": {"network": bad}}, seed=2))
    noticed = found(result, name="sessionReconnecting")
    assert noticed
    for record in noticed:
        loss = chain(result.records, record.seq)[0]
        assert (loss.object, loss.kind, loss.name) == ("network", "decision", "loss")
        assert loss.data["address"].startswith("bob/up/loss/")


def test_a_goodbye_goes_back_to_the_call():
    result = sim.run(told("20s", ROOM, GOODBYE))
    for client in ("alice", "bob"):
        event = {"alice": "connectionDestroyed", "bob": "sessionDisconnected"}[client]
        assert why(result, client=client, name=event)[0] == "session disconnect"


def test_a_goodbye_cut_short_by_a_new_connect_goes_back_to_the_call():
    story = told("20s", ROOM, GOODBYE, ("10.05s", "bob", {"do": "connect"}))
    assert why(sim.run(story), name="sessionDisconnected")[0] == "session disconnect"


def test_a_removal_goes_back_to_the_moderator_s_command():
    result = sim.run(told("20s", ROOM, KICK))
    assert why(result, name="sessionDisconnected") == [
        "session forceDisconnect",
        "platform accepted",
        "platform left",
        "session sessionDisconnected",
    ]


def test_a_recovery_goes_back_to_the_end_of_the_fault():
    story = told("1min", ROOM, ("10s", "bob", {"network": "down", "lasting": "9s"}))
    assert why(sim.run(story), name="sessionReconnected") == [
        "network down",
        "network up",
        "session sessionReconnected",
    ]


def test_a_recovery_without_an_end_of_a_fault_goes_back_to_what_began():
    story = told("1min", ROOM, ("10s", "bob", {"network": "reset"}))
    assert why(sim.run(story), name="sessionReconnected") == [
        "network reset",
        "session sessionReconnecting",
        "session sessionReconnected",
    ]


def test_a_crash_explains_what_the_others_hear_and_the_return():
    people = {**ROOM, "bob": {"rejoin": Rejoin(after="3s")}}
    result = sim.run(told("2min", people, ("10s", "bob", {"do": "crash"})))
    assert why(result, client="alice", name="connectionDestroyed")[0] == "browser crash"
    assert why(result, client="bob", name="sessionConnected")[:2] == ["browser crash", "app rejoin"]


@pytest.mark.parametrize("code", [1000, 1006])
def test_a_close_of_the_platform_goes_back_to_its_decision(code):
    story = told("20s", ROOM, ("10s", "bob", {"platform": "close-socket", "code": code}))
    assert why(sim.run(story), name="sessionReconnecting")[0] == "platform close-socket"


@given(stories())
@settings(max_examples=40)
def test_a_lost_network_always_goes_back_to_trouble_of_that_network(story):
    """To a fault or a loss of the client's own link, or to what the platform did of itself."""
    result = sim.run(story)
    for record in found(result, kind="event", name="sessionReconnecting"):
        root = chain(result.records, record.seq)[0]
        assert root.client == record.client
        assert root.object in ("network", "platform", "browser"), root
        assert root.time <= record.time


def test_every_person_s_page_begins_without_a_cause():
    result = sim.run(told("10s", {"bob": {"arrive": "5s"}}))
    first = result.records[0]
    assert (first.name, first.cause, first.time) == ("connect", None, at("5s"))
