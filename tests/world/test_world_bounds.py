"""Stories without end: two bounds, and a sentence that says who is behind them."""

import re

import pytest
from stories import told

import sim
from sim.draws.stream import Draws
from sim.simulation.culprits import OFTEN, culprits
from sim.trace import Record
from sim.world import bounds
from sim.world.bounds import AT_ONCE, KEPT, at_once, most_kept
from sim.world.kernel import PEOPLE, Kernel, StoryWithoutEnd

ANSWER = {"on": {"signal": {"do": "signal"}}}
BEGIN = {"on": {"sessionConnected": {"do": "signal"}, "signal": {"do": "signal"}}}
INSTANT = {"network": {"delay": "0s"}}
CRASH = {"on": {"sessionConnected": {"do": "crash"}}, "rejoin": {"after": "0s"}}


@pytest.mark.parametrize("network", ["fibre", "wifi", "wifi-lossy", "cellular"])
def test_apps_that_answer_each_other_s_signals_are_found_out(network):
    people = {"a": {"network": network, **BEGIN}, "b": {"network": network, **ANSWER}}
    with pytest.raises(sim.StoryWithoutEnd, match="answer each other's signals") as found:
        sim.run(told("10min", people))
    assert "\n" not in str(found.value)


def test_one_who_answers_himself_is_found_out():
    with pytest.raises(sim.StoryWithoutEnd, match="a answers its own signals"):
        sim.run(told("1h", {"a": {**BEGIN, **INSTANT}}))


def test_a_loop_in_no_time_is_found_out():
    with pytest.raises(sim.StoryWithoutEnd, match="without virtual time passing: a keeps crashing"):
        sim.run(told("10s", {"a": {**CRASH, **INSTANT}}))


def test_timeouts_that_set_timeouts_are_found_out():
    def app(app):
        app.timeout(0, lambda: app_again(app))

    def app_again(app):
        app.timeout(0, lambda: app_again(app))

    with pytest.raises(sim.StoryWithoutEnd, match="without virtual time passing: nothing of it"):
        sim.run(told("10s", {"a": {"connect": False}}), apps={"a": app})


def test_a_whole_run_is_bounded():
    story = told("1h", {"a": {}, "b": {"publish": "camera"}})
    assert sim.run(story, max_events=1_000_000).count == sim.run(story).count
    with pytest.raises(sim.StoryWithoutEnd, match=r"^500 events, the most allowed, by 2:22\."):
        sim.run(story, max_events=500)


def test_a_world_that_has_run_away_can_be_looked_at():
    s = sim.Simulation()
    s.join("a", **BEGIN)
    s.join("b", **ANSWER)
    with pytest.raises(sim.StoryWithoutEnd):
        s.advance("10s")
    with pytest.raises(ValueError, match="has stopped"):
        s.advance("10s")
    assert s.client("a").state == "connected"
    assert len(s.records) == s.result.count > 1_000


def test_a_crowd_that_comes_at_once_is_no_story_without_end():
    crowd = {"guests": {"count": 30, "publish": "camera", **INSTANT}}
    assert sim.run(told("5s", crowd), laws=["cleanup"]).held


def test_more_people_and_steps_may_do_more():
    assert at_once(1, 0) < at_once(2, 0) < at_once(2, 5)
    assert at_once(0, 0) == AT_ONCE


def test_a_bound_that_is_reached_stays_reached():
    kernel, ran = Kernel(None, 10), []
    for time in range(100):
        kernel.at(time, PEOPLE, lambda _: ran.append(kernel.now))
    for _ in range(2):
        with pytest.raises(StoryWithoutEnd):
            kernel.advance(1_000)
    assert ran == list(range(10))


def test_events_without_number_at_several_instants_are_none_at_one():
    kernel = Kernel(Draws(1).stream("world", "ties"))
    for number in range(3 * AT_ONCE):
        kernel.at(number * 50, PEOPLE, lambda _: None)
    kernel.advance(3 * AT_ONCE * 50)


def test_what_grows_slowly_is_found_out_where_it_is_kept(monkeypatch):
    monkeypatch.setattr(bounds, "KEPT", 1_000)
    story = told("5min", {"a": {**BEGIN, "network": {"delay": "11ms"}}})
    with pytest.raises(sim.StoryWithoutEnd) as found:
        sim.run(story)
    assert re.fullmatch(
        r"1,\d\d\d records by 0:1\d\.\d\d\d, more than are kept in memory "
        r"\(with keep=False, or --quiet, none are\): a answers its own signals",
        str(found.value),
    )
    assert sim.run(story, keep=False).count > 10_000


def test_a_crowd_may_be_told_more():
    assert KEPT == most_kept(0, 0) < most_kept(2, 0) < most_kept(2, 5)
    assert most_kept(1_000, 0) > 10 * 1_000**2


def deed(client, name, kind="call", seq=1, cause=None, role="session"):
    return Record(0, seq, client, role, kind, name, {}, cause)


@pytest.mark.parametrize(
    ("latest", "sentence"),
    [
        ([deed("a", "connect")], "a keeps connecting"),
        (
            [deed("a", "down", "fault", role="network"), deed("a", "up", "fault", role="network")],
            "the network of a fails again and again",
        ),
        ([deed("a", "crash", "fault"), deed("b", "crash", "fault")], "a and b keep crashing"),
        ([deed("a", "forceMuteAll")], "a keeps calling forceMuteAll"),
        ([deed(x, "publish") for x in "abcde"], "a, b, c and 2 more keep publishing"),
        ([deed("a", "signal")], "a keeps calling signal"),
        (
            [deed("b", "signal:x", "event", 7), deed("a", "signal", seq=8, cause=7)],
            "a answers its own signals",
        ),
    ],
)
def test_who_is_behind_it_is_said_in_words(latest, sentence):
    assert culprits(latest * OFTEN) == sentence


def test_who_does_something_now_and_then_does_not_keep_doing_it():
    seldom = [deed(name, "connect") for name in "abc"] * (OFTEN - 1)
    assert culprits(seldom) == "nobody in it does one thing over and over"
    assert culprits([*seldom, deed("b", "connect")]) == "b keeps connecting"


def test_who_sends_heartbeats_all_the_time_is_named():
    story = "name: e\nduration: 10s\ntimers: {ping: 1us}\n"
    story += "clients: {alice: {}, bob: {}, eve: {arrive: 5s}}"
    with pytest.raises(sim.StoryWithoutEnd, match=r"alice and bob send a heartbeat every 1us$"):
        sim.run(sim.loads(story))
    assert culprits([], ["alice"], 40) == "alice sends a heartbeat every 40us"
    assert culprits([], ["alice"], 2_000_000) == "nothing of it is in the story"
    assert culprits([deed("b", "connect")] * OFTEN, ["alice"], 40) == "b keeps connecting"


def below(frames, call):
    """Call from that far down the stack."""
    return call() if frames == 0 else below(frames - 1, call)


def test_listeners_inside_each_other_end_where_a_browser_ends_them_whoever_has_called(tmp_path):
    again = {"publish": "camera", "on": {"publisher.muteForced": {"do": "publish"}}}
    mute = ("5s", "alice", {"do": "force-mute-all"})
    story = told("10s", {"alice": {"role": "moderator"}, "bob": again}, mute)
    path = tmp_path / "deep.jsonl"
    result = sim.run(story, trace=path)
    thrown = [record for record in result.records if record.name == "listenerThrew"]
    assert thrown[0].data["error"].startswith("RecursionError: muteForced inside 32 events")
    assert len(list(sim.read_trace(path).story())) == result.count
    assert below(300, lambda: sim.run(story)).digest == result.digest
