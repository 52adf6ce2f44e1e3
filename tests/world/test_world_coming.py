"""People who come later: all that they do counts from then; moderators watch whoever comes."""

import pytest
from hypothesis import given, settings
from stories import found, seen, stories, times, told

import sim
from sim.protocol.units import SECOND

STORM = {"delay": "1ms", "outages": {"every": "5s", "last": "1s"}}
AWAY = {"policy": {"remove-reconnecting": {"after": "5s"}}, "role": "moderator"}


def connects(result):
    return {record.client: record.time for record in found(result, kind="call", name="connect")}


def test_arrivals_count_from_when_people_come():
    people = {"bob": {"since": "10s"}, "carol": {"since": "10s", "arrive": "3s"}}
    result = sim.run(told("20s", people))
    assert connects(result) == {"bob": 10 * SECOND, "carol": 13 * SECOND}


def test_a_group_comes_one_after_the_other_from_then():
    group = {"count": 3, "arrive": {"poisson": "1/s"}}
    early = connects(sim.run(told("1min", {"guests": group})))
    late = connects(sim.run(told("1min", {"guests": {"since": "20s", **group}})))
    assert late == {name: time + 20 * SECOND for name, time in early.items()}


def test_outages_that_began_before_are_left_out():
    always = times(found(sim.run(told("30s", {"bob": {"network": STORM}})), name="down"))
    late = told("30s", {"bob": {"network": STORM, "since": "12s"}})
    assert times(found(sim.run(late), name="down")) == [t for t in always if t >= 12 * SECOND]
    assert min(always) < 12 * SECOND


def test_the_pauses_of_a_policy_count_from_when_the_moderator_comes():
    policy = {"remove-at-random": {"every": "4s"}}
    people = {"bob": {}, "alice": {"role": "moderator", "policy": policy, "since": "10s"}}
    decisions = found(sim.run(told("20s", people)), kind="decision", name="policy")
    assert times(decisions) == [14 * SECOND]


@pytest.mark.parametrize(
    "people",
    [
        {"alice": AWAY, "bob": {"since": "5s"}},
        {"bob": {}, "alice": {**AWAY, "since": "5s"}},
        {"bob": {"since": "5s"}, "alice": {**AWAY, "since": "5s"}},
    ],
)
def test_moderators_watch_those_who_come_later_and_all_when_they_come_later(people):
    down = ("10s", "bob", {"network": "down"})
    result = sim.run(told("1min", people, down))
    (away,) = found(result, client="bob", name="sessionReconnecting")
    (decision,) = found(result, kind="decision", name="policy")
    assert (decision.client, decision.time) == ("alice", away.time + 5 * SECOND)


def test_people_come_before_the_steps_of_that_instant():
    result = sim.run(told("20s", {"bob": {"since": "5s"}}, ("5s", "bob", {"do": "connect"})))
    assert connects(result)["bob"] == 5 * SECOND
    assert "sessionConnected" in seen(result, "bob")


def test_a_step_for_somebody_who_has_not_come_is_refused():
    with pytest.raises(sim.ScenarioError, match="'bob' comes only at 5s"):
        told("20s", {"bob": {"since": "5s"}}, ("4s", "bob", {"do": "connect"}))
    with pytest.raises(sim.ScenarioError, match="'g-2' comes only at 5s"):
        told("20s", {"g": {"since": "5s", "count": 2}}, ("4s", "g-2", {"do": "connect"}))


def test_who_comes_after_the_end_does_not_come():
    result = sim.run(told("20s", {"alice": {}, "bob": {"since": "1h"}}))
    assert seen(result, "bob") == []


def test_when_somebody_comes_is_said_in_files_too():
    story = sim.loads("name: x\nduration: 20s\nclients: {bob: {from: 5s}}\n")
    assert story.clients["bob"].since == 5 * SECOND
    assert sim.scenario.to_data(story)["clients"] == {"bob": {"from": "5s"}}


@given(stories())
@settings(max_examples=20)
def test_one_who_comes_too_late_to_do_anything_changes_nothing(story):
    late = sim.Person(
        role="moderator",
        since=story.duration,
        publish="camera",
        policy={"remove-reconnecting": {"after": "1s"}},
    )
    parts = {n: getattr(story, n) for n in ("name", "seed", "duration", "platform", "script")}
    crowd = sim.Scenario(**parts, clients={**story.clients, "zoe": late})
    assert sim.run(crowd).digest == sim.run(story).digest


# -- healing ---------------------------------------------------------------------------------------


def test_healing_ends_everything_that_keeps_a_link_down():
    story = told(
        "40s",
        {"alice": {"publish": "camera"}, "bob": {"network": STORM}},
        ("4s", "bob", {"network": "down"}),
        ("5.5s", "bob", {"network": "down", "direction": "up", "lasting": "1h"}),
        ("5.6s", "bob", {"network": "heal"}),
    )
    result = sim.run(story)
    after = [r for r in found(result, kind="fault") if r.time >= 5_600_000]
    (heal, *ups) = after
    assert (heal.name, [r.name for r in ups]) == ("heal", ["up", "up", "up"])
    assert {r.cause for r in ups} == {heal.seq}
    assert {r.time for r in after} == {heal.time}
    assert found(result, client="bob", name="sessionDisconnected") == []


def test_a_healed_link_can_be_taken_down_again_by_script():
    down = ("10s", "bob", {"network": "down", "lasting": "1s"})
    story = told("20s", {"bob": {}}, ("5s", "bob", {"network": "heal"}), down)
    assert [r.name for r in found(sim.run(story), kind="fault")] == ["heal", "down", "up"]
