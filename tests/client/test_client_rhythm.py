"""Connecting and disconnecting in any rhythm: each session is told as a whole before the next."""

from hypothesis import given, settings
from hypothesis import strategies as st
from openings import leaving, lone

import sim
from sim.protocol.units import MILLISECOND

LINKS = ["0s", "1ms", "20ms", "150ms"]
PAUSES = [0, 1, 2, 7, 99, 101, 900]
CALLS = st.tuples(st.sampled_from(["connect", "disconnect"]), st.sampled_from(PAUSES))
RHYTHMS = st.lists(CALLS, min_size=2, max_size=14)


@given(RHYTHMS, st.sampled_from(LINKS), st.booleans())
@settings(max_examples=120)
def test_in_any_rhythm_every_connection_has_one_beginning_and_one_end(rhythm, delay, publishes):
    at, script = 1_000, []
    for call, pause in rhythm:
        script.append(sim.Step(at=f"{at}ms", client="ann", do=call))
        at += pause
    ann = sim.Person(network={"delay": delay}, publish="camera" if publishes else None)
    story = sim.Scenario(name="rhythm", duration="20s", clients={"ann": ann}, script=script)
    result = sim.run(story, laws=["one-end", "silence-after-end", "destroyed-once"])
    assert [breach.sentence for law in result.laws.values() for breach in law.breaches] == []


def test_who_connects_while_disconnecting_is_told_of_the_end_before_the_network_is_asked():
    """The shipped client asks at once (``connect-while-disconnecting-swallows-the-end``)."""
    stage, alice, *_, at = leaving()
    stage.run("7ms")
    fetched = len(stage.fetches)
    stage.act(alice, alice.session.connect)
    assert (alice.session.state, len(stage.fetches)) == ("connecting", fetched)
    stage.run("1s")
    told = [
        (r.name, r.data["own"])
        for r in stage.told(since=at)
        if r.object == "session" and r.kind == "event"
    ]
    assert told[0] == ("sessionDisconnected", "alice#1")
    assert told[1] == ("sessionConnected", "alice#2")
    assert stage.fetches[fetched:] == [at + 8 * MILLISECOND]


def test_who_leaves_again_before_the_end_was_told_never_asks_the_network():
    stage, alice, *_, at = leaving()
    stage.run("7ms")
    fetched = len(stage.fetches)
    stage.act(alice, alice.session.connect)
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    assert stage.fetches[fetched:] == []
    assert [r.name for r in stage.told(since=at)].count("sessionDisconnected") == 1
    assert alice.session.state == "disconnected"


def test_a_listener_of_the_end_that_connects_asks_the_network_at_once():
    stage, alice = lone()
    alice.session.once("sessionDisconnected", lambda event: event.target.connect())
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    (end,) = stage.when("sessionDisconnected clientDisconnected")
    assert stage.fetches[-1] == end
