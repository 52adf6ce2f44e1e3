"""What a run has exercised, in names."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.protocol.quirks import PROFILES, QUIRKS
from sim.protocol.states import MACHINES
from sim.testing.goals import KINDS, Tally, check, kind_of, known, reached
from tests.strategies import stories

SHIPPED = "opentok.js-2.35.2"


@given(stories(), st.sampled_from(sorted(PROFILES)), st.booleans())
@settings(max_examples=30)
def test_what_is_reached_is_known_in_that_order_whether_records_are_kept_or_not(
    story, profile, keep
):
    goals = reached(sim.run(story, profile=profile, keep=keep))
    assert goals == tuple(goal for goal in known(profile) if goal in goals)
    assert goals == reached(sim.run(story, profile=profile))


@given(stories())
@settings(max_examples=30)
def test_reasons_are_those_that_apps_were_told(story):
    result = sim.run(story, profile="documented")
    told = {reason for client in result.clients.values() for *_, reason in client.events}
    reasons = {goal for goal in reached(result) if kind_of(goal) == "reason"}
    assert reasons == told.intersection(known())


@given(stories())
@settings(max_examples=30)
def test_moves_of_a_session_are_those_of_its_records(story):
    result = sim.run(story)
    moves = {
        f"transition:session {record.data['from']} -> {record.name}"
        for record in result.records
        if (record.object, record.kind) == ("session", "state")
    }
    assert moves == {goal for goal in reached(result) if goal.startswith("transition:session")}


def test_a_kick_reaches_what_it_should():
    goals = reached(sim.run("scenarios/kick.yaml"), rules=["kick", "join", "kick"])
    assert {
        "forceDisconnected",
        "law:only-moderators-kick",
        "transition:publisher PublishingToSession -> Publishing",
        "transition:subscriber BindingRemoteStream -> Subscribing",
    } <= set(goals)
    assert goals[-2:] == ("rule:join", "rule:kick")
    assert "networkDisconnected" not in goals


def test_a_simulation_tells_as_much_as_its_result():
    with sim.Simulation() as s:
        s.join("alice", publish="camera")
        s.advance("5s")
        assert "transition:session connecting -> connected" in reached(s)
    assert reached(s) == reached(s.result)


def test_an_app_that_fails_before_it_has_joined_has_reached_nothing():
    def app(app):
        app.session.connect()
        raise KeyError("badly made")

    s = sim.Simulation()
    with pytest.raises(KeyError):
        s.join("bob", app=app)
    s.join("alice", connect=False)
    assert reached(s) == ()


def test_every_goal_has_one_of_the_kinds_and_there_is_one_for_each_thing():
    assert {kind_of(goal) for goal in known(rules=["kick"])} == set(KINDS)
    assert [goal for goal in known() if goal.startswith("quirk:")] == [f"quirk:{q}" for q in QUIRKS]
    assert not [goal for goal in known("documented") if goal.startswith("quirk:")]
    tables = (MACHINES[name][0] for name in ("session", "publisher", "subscriber"))
    moves = sum(len(afterwards) for table in tables for afterwards in table.values())
    assert len([goal for goal in known() if goal.startswith("transition:")]) == moves
    assert known(laws=["signals"]).count("law:signals") == 1
    assert "law:one-end" not in known(laws=["signals"])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("networkDisconected", "did you mean 'networkDisconnected'"),
        ("one-end", "did you mean 'law:one-end'"),
        ("law:one-edn", "did you mean 'law:one-end'"),
        ("rule:kik", "did you mean 'rule:kick'"),
        ("kick", "did you mean 'rule:kick'"),
        ("xyzzy", "allowed are 'clientDisconnected'"),
        (7, "a goal is text"),
    ],
)
def test_what_is_no_goal_is_refused_in_one_sentence(name, said):
    with pytest.raises(ValueError, match=said) as refused:
        check([name], rules=["kick", "join"])
    assert "\n" not in str(refused.value)


def test_any_rule_will_do_where_it_is_not_said_which_there_are():
    check(["rule:whatever"])
    with pytest.raises(ValueError, match="rule:NAME"):
        check(["rule:"])


def test_a_quirk_that_the_profile_has_not_is_no_goal_of_it():
    goal = f"quirk:{next(iter(QUIRKS))}"
    check([goal])
    check([goal], profile=SHIPPED)
    with pytest.raises(ValueError, match="not a goal"):
        check([goal], profile="documented")


GOALS = st.lists(st.lists(st.sampled_from(known()[:8])), max_size=6)


def tallied(runs):
    tally = Tally()
    for goals in runs:
        tally.add(goals)
    return tally


@given(GOALS, GOALS)
def test_tallies_of_two_workers_are_that_of_both_together(some, others):
    merged = tallied(some)
    merged.merge(Tally.from_data(json.loads(json.dumps(tallied(others).to_data()))))
    assert merged.to_data() == tallied(some + others).to_data()
    assert merged.runs == len(some) + len(others)


@given(GOALS)
def test_what_is_missing_is_what_no_run_has_reached(runs):
    wanted = known()[:8]
    assert set(tallied(runs).missing(wanted)) == set(wanted).difference(*runs)
