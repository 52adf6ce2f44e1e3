"""Making scenarios smaller: it ends, at something that breaks and nothing of which can go."""

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.protocol.units import LONGEST
from sim.scenario import Person, Scenario, ScenarioError, Step, dump, from_data, load, to_data
from sim.testing.breaking import EXPECTATION, LAW, Broken, Still, broken
from sim.testing.reduction.people import fewer_members, fewer_people
from sim.testing.reduction.pieces import fewer
from sim.testing.reduction.sizes import roughness, simpler, size
from sim.testing.reduction.table import REDUCTIONS
from sim.testing.shrinking import shrink
from tests.strategies import scenarios, stories

BROKEN = Scenario(
    name="broken",
    about="More than is needed.",
    duration="2min 7s",
    profile="opentok.js-2.35.2",
    networks={"cafe": {"preset": "wifi-lossy"}},
    platform={"grace": "50s"},
    clients={
        "alice": Person(role="moderator", publish="camera"),
        "bob": Person(network="cafe", on={"sessionReconnecting": {"do": "disconnect"}}),
        "guests": Person(count=5, network="cafe"),
    },
    script=[
        Step(at="20.3s", client="bob", network="down", lasting="9.123s"),
        Step(at="50s", client="alice", do="force-disconnect", target="guests-3"),
        Step(at="60s", client="bob", do="signal", type="10s"),
    ],
    expect=[
        "bob sees sessionReconnecting",
        "guests-3 sees sessionDisconnected(forceDisconnected)",
        "guests-3 sees sessionReconnecting",
    ],
)


def single_reductions(scenario):
    """Every valid scenario that a reduction of the table makes of it, if none before it breaks."""
    for reduction in REDUCTIONS:
        trying = reduction.tries(to_data(scenario))
        answer = None
        while True:
            try:
                data = next(trying) if answer is None else trying.send(answer)
            except StopIteration:
                break
            answer = False
            try:
                smaller = from_data(data)
            except ScenarioError:
                continue
            if size(smaller) < size(scenario):
                yield reduction.name, smaller


def about(scenario, word, name):
    """A question about a scenario: whether there is that step of that person."""
    return lambda other: any(
        (step.do or step.network or step.platform) == word and step.client == name
        for step in other.script
    )


# -- any question ----------------------------------------------------------------------------------


@given(story=stories(), data=st.data())
@settings(max_examples=40)
def test_the_result_breaks_and_no_single_reduction_of_it_does(story, data):
    if not story.script:
        return
    step = data.draw(st.sampled_from(story.script))
    least = data.draw(st.integers(0, step.at))
    asked = about(story, step.do or step.network or step.platform, step.client)

    def breaks(other):
        return asked(other) and max(step.at for step in other.script) >= least

    smallest = shrink(story, breaks)
    assert breaks(smallest)
    assert size(smallest) <= size(story)
    assert [name for name, smaller in single_reductions(smallest) if breaks(smaller)] == []
    assert len(smallest.people) <= 2
    assert len(smallest.script) <= 2


@given(story=stories(), data=st.data())
@settings(max_examples=15)
def test_the_same_question_gets_the_same_answer(story, data):
    number = data.draw(st.integers(0, 3))
    assert repr(
        shrink(story, lambda other: len(other.script) >= min(number, len(story.script)))
    ) == (repr(shrink(story, lambda other: len(other.script) >= min(number, len(story.script)))))


@given(story=scenarios())
@settings(max_examples=40)
def test_what_breaks_always_shrinks_to_next_to_nothing(story):
    smallest = shrink(story, lambda _: True)
    assert len(smallest.people) == 1
    assert (smallest.script, smallest.networks, smallest.about) == ((), {}, "")
    assert smallest.profile.quirks == frozenset()
    assert evolve(smallest, seed=1) == Scenario(
        name=story.name,
        duration=smallest.duration,
        clients={next(iter(smallest.clients)): Person()},
        laws=story.laws,
    )


@pytest.mark.parametrize("reduction", [fewer_people, fewer_members])
@given(story=scenarios(), data=st.data())
@settings(max_examples=60)
def test_with_people_goes_whatever_names_them(reduction, story, data):
    trying = reduction(to_data(story))
    answer = None
    while True:
        try:
            smaller = next(trying) if answer is None else trying.send(answer)
        except StopIteration:
            break
        answer = "clients" in smaller and data.draw(st.booleans())
        if "clients" in smaller:
            from_data(smaller)


def test_a_single_person_instead_of_a_group_keeps_what_is_said_of_the_first():
    story = Scenario(
        name="x",
        duration="9s",
        clients={"guests": Person(count=3), "guests-10": Person()},
        script=[Step(at="1s", client="guests-1", do="crash")],
        expect=["guests-1 never sees sessionReconnecting", "guests-10 sees sessionConnected"],
    )
    smallest = shrink(story, lambda other: len(other.script) == 1 and len(other.expect) == 2)
    assert dict(smallest.clients) == {"guests": Person(), "guests-10": Person()}
    assert smallest.script[0].client == "guests"
    assert [clause.text for clause in smallest.expect] == [
        "guests never sees sessionReconnecting",
        "guests-10 sees sessionConnected",
    ]


def test_progress_is_told_and_the_number_of_tries_bounded():
    seen = []
    smallest = shrink(
        BROKEN, lambda _: True, lambda tries, story: seen.append((tries, story)), tries=3
    )
    assert [tries for tries, _ in seen] == [1, 2, 3]
    assert seen[-1][1] is smallest
    sizes = [size(story) for _, story in seen]
    assert sizes == sorted(sizes, reverse=True)


def test_where_nothing_is_wrong_there_is_nothing_to_shrink():
    with pytest.raises(ValueError, match="nothing is wrong in the scenario 'broken'"):
        shrink(BROKEN, lambda _: False)


# -- what breaks in a run --------------------------------------------------------------------------


def test_a_broken_law_is_left_in_the_smallest_story_of_it():
    what = broken(sim.run(BROKEN))[0]
    assert what == Broken(LAW, "one-end", "quirk disconnect-in-reconnecting-listener-hangs")
    still = Still(what)
    smallest = shrink(BROKEN, still)
    assert dump(smallest).endswith(
        """\
profile:
  base: documented
  quirks: {disconnect-in-reconnecting-listener-hangs: true}
clients:
  bob: {on: {sessionReconnecting: {do: disconnect}}}
script:
  - {at: 1s, client: bob, network: down, for: 5s}
"""
    )
    assert sim.run(smallest).exit_code == 1
    assert [name for name, smaller in single_reductions(smallest) if still(smaller)] == []


def test_an_expectation_stays_with_the_people_it_is_about():
    what = broken(sim.run(BROKEN))[-1]
    assert (what.kind, what.name) == (EXPECTATION, "guests-3 sees sessionReconnecting")
    smallest = shrink(BROKEN, Still(what))
    assert [clause.text for clause in smallest.expect] == [what.name]
    assert list(smallest.clients) == ["guests"]
    assert len(smallest.people) == 3
    assert sim.run(smallest).exit_code == 1


def test_another_breach_of_the_law_is_not_the_same():
    result = sim.run("scenarios/fatal-close.yaml")
    assert broken(result) == ()
    story = evolve(load("scenarios/fatal-close.yaml"), expect=())
    what = broken(sim.run(story))[0]
    assert what.identity == "reconnect-first (quirk fatal-close-skips-reconnecting)"
    assert Still(what)(story)
    assert not Still(evolve(what, what="session sessionDisconnected"))(story)


def test_a_story_without_end_breaks_nothing():
    what = Broken(LAW, "one-end", "session sessionDisconnected")
    assert not Still(what, events=3)(BROKEN)


# -- parts -----------------------------------------------------------------------------------------


@given(time=st.integers(1, LONGEST))
def test_simpler_durations_are_rounder_or_shorter(time):
    for each in simpler(time):
        assert (roughness(each), each) < (roughness(time), time)


@given(items=st.lists(st.integers(), unique=True, max_size=20), data=st.data())
def test_of_a_list_only_what_is_needed_is_left(items, data):
    needed = set(data.draw(st.lists(st.sampled_from(items)))) if items else set()
    trying = fewer(items, lambda left: {"left": left})
    answer, smallest = None, items
    while True:
        try:
            tried = next(trying) if answer is None else trying.send(answer)
        except StopIteration:
            break
        answer = needed <= set(tried["left"])
        if answer:
            smallest = tried["left"]
    assert smallest == [item for item in items if item in needed]
