"""Stories shrink to those who are needed, what must go wrong, and round numbers."""

from random import Random

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

import sim
from sim.protocol.units import SECOND
from sim.testing import strategies as ss
from sim.testing.strategies.series import series

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


ONE = (1, 1, 0)


def downs(story):
    return [step for step in story.script if step.network == "down"]


def listeners(story):
    return [reaction for person in story.clients.values() for reaction in person.on.values()]


SMALLEST = {
    "any story": (lambda story: True, (1, 0, 0)),
    "two people": (lambda story: len(story.clients) >= 2, (2, 0, 0)),
    "a long outage": (lambda story: any((s.lasting or 0) > 5 * SECOND for s in downs(story)), ONE),
    "a removal": (lambda story: any(s.do == "force-disconnect" for s in story.script), ONE),
    "a crash": (lambda story: any(step.do == "crash" for step in story.script), ONE),
    "a listener": (lambda story: listeners(story) != [], (1, 0, 1)),
}
"""What is wanted, and the people, steps and listeners that it needs."""


def shrinks_to_what_is_wanted(wanted, seed):
    wants, needed = SMALLEST[wanted]
    story = find(ss.scenarios(), wants, settings=SEARCH, random=Random(seed))
    assert (len(story.clients), len(story.script), len(listeners(story))) == needed
    assert story.duration == 10 * SECOND
    assert all(step.at % SECOND == 0 for step in story.script)
    assert all(person.network == "fibre" for person in story.clients.values())


@pytest.mark.search
@pytest.mark.unmeasured
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("wanted", SMALLEST)
def test_a_story_shrinks_to_what_is_wanted_of_it(wanted, seed):
    shrinks_to_what_is_wanted(wanted, seed)


@pytest.mark.search
@pytest.mark.thorough
@pytest.mark.unmeasured
@pytest.mark.parametrize("seed", range(2, 6))
@pytest.mark.parametrize("wanted", SMALLEST)
def test_a_story_shrinks_to_it_from_any_seed(wanted, seed):
    shrinks_to_what_is_wanted(wanted, seed)


@pytest.mark.search
@pytest.mark.unmeasured
@pytest.mark.parametrize("bounds", [(0, 3), (2, 50)])
def test_what_is_not_wanted_leaves_a_row_however_many_draws_it_took(bounds):
    things = series(st.tuples(*[st.integers(0, 9)] * 8), bounds, more=6)
    for seed in range(3):
        row = find(
            things, lambda row: 7 in [t[-1] for t in row], settings=SEARCH, random=Random(seed)
        )
        assert len(row) == max(bounds[0], 1)


@pytest.mark.unmeasured
@pytest.mark.slow
def test_a_story_of_a_lost_session_shrinks_to_one_person_and_one_outage():
    story = find(
        ss.scenarios(),
        lambda s: "networkDisconnected" in ends(sim.run(s, laws=())),
        settings=SEARCH,
        random=Random(3),
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
