"""Variations of a scenario: valid, within bounds, and no more than is asked for."""

import pytest
from attrs import evolve
from hypothesis import find, given, settings
from hypothesis import strategies as st

from sim.protocol.units import SECOND
from sim.scenario import Person, Scenario, Step, dump, load, loads
from sim.testing.varying import VARY, variations
from tests.strategies import scenarios, stories

FLAKY = load("scenarios/flaky.yaml")
LATE = Scenario(
    name="late",
    duration="1min",
    clients={"ann": Person(role="moderator"), "ben": Person(since="30s", publish="camera")},
    script=[
        Step(at="30s", client="ben", network="down", lasting="5s"),
        Step(at="31s", client="ann", do="force-disconnect", target="ben"),
        Step(at="40s", client="ann", do="signal"),
    ],
)


def untimed(scenario):
    """What the steps are, without when and how long."""
    return sorted(repr(evolve(step, at=0, lasting=None)) for step in scenario.script)


@pytest.mark.parametrize("scenario", [FLAKY, LATE], ids=lambda story: story.name)
@given(data=st.data())
@settings(max_examples=50)
def test_every_variation_is_a_valid_scenario_that_a_file_can_say(scenario, data):
    varied = data.draw(variations(scenario, listeners=True))
    assert loads(dump(varied)) == varied


@given(data=st.data(), story=scenarios() | stories())
@settings(max_examples=60)
def test_any_scenario_can_be_varied(story, data):
    varied = data.draw(variations(story, listeners=True))
    assert loads(dump(varied)) == varied
    assert list(varied.clients) == list(story.clients)
    assert varied.duration == story.duration


def test_the_simplest_variation_is_the_scenario_itself():
    assert find(variations(FLAKY), lambda _: True) is FLAKY


@pytest.mark.parametrize("word", VARY)
@given(data=st.data())
@settings(max_examples=50)
def test_what_is_not_to_vary_stays(word, data):
    varied = data.draw(variations(FLAKY, word))
    parts = {
        "seed": {"seed": FLAKY.seed},
        "timing": {"script": FLAKY.script},
        "networks": {"clients": FLAKY.clients},
        "script": {"script": FLAKY.script},
    }
    assert evolve(varied, **parts[word]) == FLAKY
    if word == "timing":
        assert untimed(varied) == untimed(FLAKY)
    if word == "networks":
        for name, person in varied.clients.items():
            assert evolve(person, network=FLAKY.clients[name].network) == FLAKY.clients[name]


@pytest.mark.parametrize("word", VARY)
def test_everything_that_may_vary_does(word):
    assert find(variations(FLAKY, word), lambda varied: varied != FLAKY)


@given(varied=variations(LATE, "timing", jitter="100ms", stretch=0))
def test_times_vary_within_their_bounds(varied):
    for step, original in zip(varied.script, LATE.script, strict=True):
        assert abs(step.at - original.at) <= 100_000
        assert step.lasting == original.lasting


@given(varied=variations(LATE, "timing", jitter="5s", swap=False))
def test_without_swapping_the_order_stays(varied):
    assert [step.at for step in varied.script] == sorted(step.at for step in varied.script)
    assert [step.client for step in varied.script] == ["ben", "ann", "ann"]


def test_with_swapping_the_order_may_change():
    varied = find(
        variations(LATE, "timing"), lambda varied: varied.script[0].at > varied.script[1].at
    )
    assert sum(one != two for one, two in zip(varied.script, LATE.script, strict=True)) == 1


@given(varied=variations(LATE, "networks", delay="10ms", loss=0, outages=(0, 0)))
def test_networks_vary_within_their_bounds(varied):
    for person in varied.clients.values():
        link = varied.link(person)
        assert link.outages is None
        assert link.up.loss.mean_loss == 0
        assert getattr(link.up.delay, "value", 0) <= 10_000


def test_a_network_that_several_are_on_changes_for_one_of_them():
    varied = find(
        variations(FLAKY, "networks"),
        lambda varied: varied.clients["bob"] != FLAKY.clients["bob"],
    )
    assert varied.clients["carol"] == FLAKY.clients["carol"]
    assert varied.networks == FLAKY.networks


@pytest.mark.search
def test_variations_shrink_to_one_change_by_a_round_amount():
    varied = find(
        variations(LATE),
        lambda varied: any(step.platform == "rotate" for step in varied.script),
        settings=settings(max_examples=2000),
    )
    added = varied.script[-1]
    assert evolve(varied, script=LATE.script) == LATE
    assert varied.script == (*LATE.script, added)
    assert added.at % SECOND == 0


@given(varied=variations(LATE, "script", changes=2, faults=False, actions=False))
def test_without_faults_and_actions_there_is_nothing_new(varied):
    assert {name.split("at=")[0] for name in untimed(varied)} <= {
        name.split("at=")[0] for name in untimed(LATE)
    }
    assert set(untimed(varied)) <= set(untimed(LATE))
    assert len(varied.script) <= len(LATE.script) + 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"vary": ("seed", "time")}, "'time' is not something that can vary: did you mean 'tim"),
        ({"vary": "networking"}, "did you mean 'networks'?"),
        ({"vary": 3}, "vary is a list of words such as ('seed', 'timing'), not 3"),
        ({"jiter": "2s"}, "'jiter' is not a bound of variations: did you mean 'jitter'?"),
        ({"jitter": "2"}, "'2' is not a duration"),
        ({"loss": 2}, "loss must be a probability from 0 to 1, not 2"),
        ({"outages": ("9s", "1s")}, "outages are from the shortest to the longest"),
        ({"outages": "9s"}, "outages are from one duration to another, not '9s'"),
        ({"changes": -1}, "changes must be a whole number from 0 on, not -1"),
        ({"swap": "no"}, "swap must be True or False, not 'no'"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(arguments, sentence):
    with pytest.raises(ValueError) as refused:
        variations(FLAKY, **arguments)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_only_scenarios_can_be_varied():
    with pytest.raises(ValueError, match=r"not of 'flaky\.yaml'"):
        variations("flaky.yaml")
