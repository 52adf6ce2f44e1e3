"""Whatever a story decides about the platform, a client that keeps its promises breaks no law."""

from attrs import evolve, fields_dict
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.laws import NOT_EXERCISED
from sim.scenario import Platform
from sim.scenario.settings import PLATFORM
from tests.strategies import WAYS, durations, platforms, steps

SECOND = 1_000_000
PEOPLE = ("alice", "bob", "carol")
OUTAGES = (6 * SECOND, 10 * SECOND, 15 * SECOND, 28 * SECOND, 40 * SECOND, 60 * SECOND)


@st.composite
def eventful(draw):
    """Three people, one of whom is away for a while; most of what happens, happens meanwhile."""
    networks = st.sampled_from(("fibre", "wifi", "wifi-lossy"))
    people = {
        name: sim.Person(
            role=draw(st.sampled_from(("publisher", "moderator", "subscriber"))),
            network=draw(networks),
            publish=draw(st.sampled_from((None, "camera"))),
            arrive=draw(durations(0, 12 * SECOND)),
        )
        for name in PEOPLE
    }
    start, away = draw(durations(5 * SECOND, 40 * SECOND)), draw(st.sampled_from(OUTAGES))
    down = {"network": "down", "direction": draw(st.sampled_from(WAYS)), "lasting": away}
    script = [sim.Step(at=start, client="bob", **down)]
    deeds = draw(st.lists(steps(PEOPLE, PEOPLE, ("wifi",), away + 20 * SECOND), max_size=6))
    script += [evolve(deed, at=start + deed.at) for deed in deeds]
    said = [sim.Step(at=start + at, client="alice", do="signal") for at in (0, away // 2)]
    return sim.Scenario(
        name="eventful",
        seed=draw(st.integers(0, 9)),
        duration=240 * SECOND,
        platform=draw(platforms()),
        clients=people,
        script=[*script, *said],
    )


@given(eventful())
@settings(max_examples=40)
def test_no_setting_of_the_platform_makes_a_law_break(story):
    result = sim.run(story)
    assert {name: v.breaches[0].sentence for name, v in result.laws.items() if v.broken} == {}
    for name, verdict in result.laws.items():
        excused = [p for p in result.header.unkept if p in verdict.law.relies_on]
        assert bool(verdict.why) == bool(excused), name
        assert not excused or verdict.outcome == NOT_EXERCISED


def test_every_setting_that_a_story_can_say_is_tried():
    """A new setting of the language belongs into the strategy above."""
    tried = platforms().wrapped_strategy.kwargs
    assert {key.attribute for key in PLATFORM.keys.values()} == set(tried)
    assert set(tried) <= set(fields_dict(Platform))
