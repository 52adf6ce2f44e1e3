"""Why something came late or failed: back to each of the things that had a part in it."""

import pytest
from stories import found, told

import sim
from sim.draws.distributions import Constant
from sim.network.specs import DirectionSpec, LinkSpec, NoLoss
from sim.scenario import Platform, Rejoin
from sim.trace import causes, chain

ROOM = {"alice": {"role": "moderator"}, "bob": {}}
KICK = {"do": "force-disconnect", "target": "bob"}


def down(**more):
    return {"network": "down", **more}


def slow(delay):
    way = DirectionSpec(NoLoss(), Constant(delay))
    return LinkSpec(way, way)


def why(result, **wanted):
    """What the last such record follows from, in the order of the story, and the record itself."""
    record = found(result, **wanted)[-1]
    return [f"{r.client} {r.name}" for r in chain(result.records, record.seq)]


# -- late ------------------------------------------------------------------------------------------


def test_a_late_stream_leads_to_its_publishing_to_the_outage_and_to_the_replay():
    story = told(
        "1min",
        ROOM,
        ("10s", "bob", down(lasting="15s")),
        ("20s", "alice", {"do": "publish"}),
    )
    result = sim.run(story)
    assert why(result, client="bob", name="streamCreated") == [
        "bob down",
        "bob sessionReconnecting",
        "alice publish",
        "alice published",
        "bob back",
        "bob replayed",
        "bob streamCreated",
    ]
    replayed = found(result, name="replayed")[-1]
    (back,), (published,) = found(result, name="back"), found(result, name="published")
    assert causes(replayed) == (back.seq, published.seq)


def test_one_who_is_told_late_of_the_own_removal_is_told_so_because_of_both():
    story = told("1min", ROOM, ("10s", "bob", down(lasting="15s")), ("20s", "alice", KICK))
    result = sim.run(story)
    (end,) = found(result, client="bob", name="sessionDisconnected")
    assert end.data["reason"] == "forceDisconnected"
    assert why(result, client="bob", name="sessionDisconnected") == [
        "bob down",
        "bob sessionReconnecting",
        "alice forceDisconnect",
        "alice accepted",
        "bob left",
        "bob sessionDisconnected",
    ]


def test_a_removal_in_good_time_has_one_cause():
    story = told("1min", ROOM, ("10s", "bob", down(lasting="9s")), ("40s", "alice", KICK))
    (end,) = found(sim.run(story), client="bob", name="sessionDisconnected")
    assert "besides" not in end.data


# -- what an end follows from ----------------------------------------------------------------------


def test_one_who_was_removed_and_is_turned_away_ends_because_of_both():
    """The platform says nothing: the reason is the outage's, and so the race's."""
    story = told(
        "90s",
        ROOM,
        ("10s", "bob", down(lasting="15s")),
        ("20s", "alice", KICK),
        platform=Platform(when_gone="close"),
    )
    result = sim.run(story)
    (end,) = found(result, client="bob", name="sessionDisconnected")
    assert end.data["reason"] == "networkDisconnected"
    assert why(result, client="bob", name="sessionDisconnected") == [
        "bob down",
        "bob sessionReconnecting",
        "alice forceDisconnect",
        "alice accepted",
        "bob left",
        "bob sessionDisconnected",
    ]


def test_an_outage_that_another_fault_makes_last_ends_because_of_both():
    story = told(
        "90s",
        ROOM,
        ("10s", "bob", {"network": "reset"}),
        ("10.001s", "bob", down()),
    )
    assert why(sim.run(story), client="bob", name="sessionDisconnected") == [
        "bob reset",
        "bob sessionReconnecting",
        "bob down",
        "bob sessionDisconnected",
    ]


@pytest.mark.parametrize("mode", ["blackhole", "refused"])
def test_an_outage_that_lasts_ends_because_of_its_beginning(mode):
    result = sim.run(told("90s", ROOM, ("10s", "bob", down(mode=mode))))
    assert why(result, client="bob", name="sessionDisconnected") == [
        "bob down",
        "bob sessionReconnecting",
        "bob sessionDisconnected",
    ]


def test_a_recovery_is_not_put_down_to_the_end_of_an_earlier_fault():
    story = told(
        "2min",
        ROOM,
        ("10s", "bob", down(lasting="9s")),
        ("60s", "bob", {"network": "reset"}),
    )
    assert why(sim.run(story), client="bob", name="sessionReconnected") == [
        "bob reset",
        "bob sessionReconnecting",
        "bob sessionReconnected",
    ]


def test_what_fails_after_such_an_end_leads_to_both_as_well():
    story = told(
        "90s",
        ROOM,
        ("10s", "bob", down(lasting="15s")),
        ("20s", "alice", KICK),
        ("40s", "bob", {"do": "publish"}),
    )
    result = sim.run(story)
    (failed,) = found(result, client="bob", kind="callback", name="publish")
    assert failed.data["error"] == "OT_NOT_CONNECTED"
    chained = why(result, client="bob", kind="callback", name="publish")
    assert {"bob down", "alice forceDisconnect", "bob sessionDisconnected"} < set(chained)


# -- calls that the network makes fail -------------------------------------------------------------


@pytest.mark.parametrize("mode", ["blackhole", "refused"])
@pytest.mark.parametrize("since", ["1s", "5.03s", "5.2s"])
def test_connecting_that_fails_leads_to_the_outage(mode, since):
    """Whether it keeps the session info away, the socket, or the answer."""
    people = {"bob": {"arrive": "5s", "network": slow(20_000)}}
    result = sim.run(told("3min", people, (since, "bob", down(mode=mode))))
    (failed,) = found(result, kind="callback", name="connect")
    assert not failed.data["ok"]
    assert why(result, kind="callback", name="connect") == ["bob down", "bob connect"]


def test_connecting_that_succeeds_at_the_second_attempt_is_due_to_the_call():
    people = {"bob": {"arrive": "5s"}}
    result = sim.run(told("1min", people, ("4s", "bob", down(lasting="15s"))))
    assert why(result, name="sessionConnected")[0] == "bob connect"


def test_publishing_that_times_out_leads_to_the_outage():
    story = told("90s", ROOM, ("10s", "bob", down()), ("11s", "bob", {"do": "publish"}))
    result = sim.run(story)
    (failed,) = found(result, kind="callback", name="publish")
    assert failed.data["error"] == "OT_TIMEOUT"
    assert why(result, kind="callback", name="publish") == [
        "bob down",
        "bob sessionReconnecting",
        "bob publish",
    ]


def test_subscribing_to_one_whose_link_is_down_times_out_because_of_that_link():
    people = {"alice": {"publish": "camera"}, "bob": {"arrive": "20s"}}
    result = sim.run(told("90s", people, ("19s", "alice", down(lasting="60s"))))
    (failed,) = found(result, client="bob", kind="callback", name="subscribe")
    assert failed.data["error"] == "OT_TIMEOUT"
    assert why(result, client="bob", kind="callback", name="subscribe")[0] == "alice down"


# -- calls that are overtaken, pages that are opened again -----------------------------------------


def test_connecting_that_is_given_up_fails_because_of_the_goodbye():
    people = {"bob": {"network": slow(100_000)}}
    for when in ("50ms", "700ms", "1.3s"):
        result = sim.run(told("20s", people, (when, "bob", {"do": "disconnect"})))
        (call,) = found(result, kind="call", name="disconnect")
        ended = [each for each in found(result, kind="callback") if each.time == call.time]
        assert {each.cause for each in ended} == {call.seq}


def test_a_page_that_is_closed_and_opened_again_says_why():
    people = {"alice": {}, "bob": {"publish": "camera", "rejoin": Rejoin(after="3s")}}
    result = sim.run(told("1min", people, ("10s", "bob", {"do": "close-browser"})))
    assert why(result, client="bob", name="sessionConnected")[:2] == [
        "bob closeBrowser",
        "bob rejoin",
    ]


def test_a_picture_stops_because_of_the_crash_and_a_new_one_comes_because_of_the_return():
    """What the page before has sent comes from nowhere, though its person is there again."""
    people = {"alice": {}, "bob": {"publish": "camera"}}
    story = told(
        "1min",
        people,
        ("10s", "bob", {"do": "crash"}),
        ("20s", "bob", {"do": "connect"}),
    )
    result = sim.run(story)
    shown = found(result, client="alice", kind="event", name="connected")
    assert [each.object for each in shown] == ["subscriber(bob)", "subscriber(bob)#1"]
    assert "connect" in [record.name for record in chain(result.records, shown[1].seq)]
    (stopped,) = found(result, client="alice", kind="event", name="disconnected")
    assert [r.name for r in chain(result.records, stopped.seq)] == ["crash", "disconnected"]


def test_a_platform_without_patience_loses_one_because_that_one_came():
    """Nothing is lost on the way: a heartbeat every two seconds is too seldom."""
    result = sim.run(told("10s", ROOM, platform=Platform(detection="500ms")))
    assert [f"{r.client} {r.name}" for r in result.records if r.name == "lost"]
    for lost in found(result, name="lost"):
        assert chain(result.records, lost.seq)[0].name == "connect"


@pytest.mark.parametrize("when", ["599.177ms", "5s"])
def test_what_a_script_publishes_is_published_because_of_that_call(when):
    result = sim.run(told("20s", ROOM, (when, "bob", {"do": "publish"})))
    assert why(result, client="alice", name="streamCreated")[-3:] == [
        "bob publish",
        "bob published",
        "alice streamCreated",
    ]
