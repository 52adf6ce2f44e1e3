"""Stories shrink to those who are needed, what must go wrong, and round numbers."""

from random import Random

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

import sim
from sim.protocol.units import SECOND
from sim.testing import strategies as ss

# Without the phase that explains: it draws a hundred more stories, and nobody reads what it says.
SEARCH = settings(
    max_examples=500,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate, Phase.shrink],
)


def ends(result):
    return [r.data["reason"] for r in result.records if r.name == "sessionDisconnected"]


def downs(story):
    return [step for step in story.script if step.network == "down"]


SMALLEST = {
    "any story": (lambda story: True, 1, 0),
    "two people": (lambda story: len(story.clients) >= 2, 2, 0),
    "an outage": (lambda story: downs(story) != [], 1, 1),
    "a removal": (lambda story: any(s.do == "force-disconnect" for s in story.script), 1, 1),
    "a crash": (lambda story: any(step.do == "crash" for step in story.script), 1, 1),
    "a listener": (lambda story: any(p.on for p in story.clients.values()), 1, 0),
}


@pytest.mark.search
@pytest.mark.parametrize("wanted", SMALLEST)
def test_a_story_shrinks_to_what_is_wanted_of_it(wanted):
    wants, people, steps = SMALLEST[wanted]
    # One search of four keeps a fault that it could do without (docs/open.md).
    for seed in range(3):
        story = find(ss.scenarios(), wants, settings=SEARCH, random=Random(seed))
        if (len(story.clients), len(story.script)) == (people, steps):
            break
    assert (len(story.clients), len(story.script)) == (people, steps)
    assert story.duration == 10 * SECOND
    assert all(step.at % SECOND == 0 for step in story.script)
    assert all(person.network == "fibre" for person in story.clients.values())


@pytest.mark.slow
def test_a_story_of_a_lost_session_shrinks_to_one_person_and_one_outage():
    story = find(
        ss.scenarios(),
        lambda s: "networkDisconnected" in ends(sim.run(s, laws=())),
        settings=SEARCH,
    )
    assert len(story.clients) == 1
    assert len(story.script) <= 1


@given(st.data(), st.integers(0, 100))
@settings(max_examples=20)
def test_the_seed_is_given_and_not_drawn(data, seed):
    assert data.draw(ss.scenarios(seed=seed)).seed == seed


def test_who_is_left_keeps_its_chance_in_a_smaller_story():
    both = sim.Scenario(
        name="x", duration="1min", clients={"alice": {"network": "wifi-lossy"}, "bob": {}}
    )
    alone = sim.Scenario(name="x", duration="1min", clients={"alice": both.clients["alice"]})
    joined = [
        next(r.time for r in sim.run(s).records if r.client == "alice" and r.name == "joined")
        for s in (both, alone)
    ]
    assert joined[0] == joined[1]


def test_what_failed_is_shown_as_calls_that_make_it_again():
    @given(ss.scenarios(people=1, faults=1, steps=0, apps=False))
    @SEARCH
    def fails(story):
        assert not downs(story)

    with pytest.raises(AssertionError) as failure:
        fails()
    told = "\n".join(failure.value.__notes__)
    assert "Scenario(" in told
    assert "Step(" in told
    assert "Person(" in told
    assert "sampled_from" not in told
