"""``permute_ties``: places are drawn by instant and rank, so what does nothing changes nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import found, stories, told

import sim
from sim.draws.stream import Draws
from sim.protocol.units import SECOND
from sim.world import world
from sim.world.kernel import CLIENT_TIMER, DELIVERY, FAULT, PEOPLE, PLATFORM_TIMER, Kernel
from sim.world.ties import Ties

RANKS = (FAULT, DELIVERY, PLATFORM_TIMER, CLIENT_TIMER, PEOPLE)
TIMES = st.integers(0, 40).map(lambda n: n * 100_000) | st.integers(0, 4 * SECOND)
IDLE = st.lists(st.tuples(TIMES, st.sampled_from(RANKS), st.integers(0, 3)), max_size=20)


def idle(events):
    """A kernel with further events, which do nothing, scheduled before and during all others."""

    class Idle(Kernel):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            for time, rank, person in events:
                self.at(time, rank + person, lambda _: None)

    return Idle


@given(stories(), IDLE)
@settings(max_examples=40)
def test_events_that_do_nothing_change_no_digest(story, events):
    plain = sim.run(story, permute_ties=True).digest
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(world, "Kernel", idle(events))
        assert sim.run(story, permute_ties=True).digest == plain


@pytest.mark.parametrize("seed", range(6))
def test_a_useless_alarm_every_millisecond_changes_no_digest(seed, monkeypatch):
    people = {"alice": {"role": "moderator", "publish": "camera"}, "bob": {"publish": "camera"}}
    story = told("5s", people, ("2s", "bob", {"network": "reset"}))
    plain = sim.run(story, seed=seed, permute_ties=True).digest
    events = [(ms * 1_000, rank, 0) for ms in range(4_000) for rank in (CLIENT_TIMER, PEOPLE)]
    monkeypatch.setattr(world, "Kernel", idle(events))
    assert sim.run(story, seed=seed, permute_ties=True).digest == plain


def test_one_more_fault_that_is_over_changes_no_order_of_others():
    people = {"zoe": {}, "adam": {}, "eve": {}}
    more = {**people, "mute": {"connect": False}}
    for seed in range(20):
        orders = [
            [r.client for r in found(sim.run(told("1s", each), seed=seed, permute_ties=True),
                                     name="joined")]
            for each in (people, more)
        ]  # fmt: skip
        assert orders[0] == orders[1]


def test_equals_of_one_rank_are_permuted_too():
    orders = set()
    for seed in range(20):
        kernel, ran = Kernel(Draws(seed).stream("world", "ties")), []
        for number in range(2):
            kernel.at(5, DELIVERY, lambda _, number=number, ran=ran: ran.append(number))
        kernel.advance(10)
        orders.add(tuple(ran))
    assert orders == {(0, 1), (1, 0)}


@given(st.integers(0, 4 * SECOND), st.sampled_from(RANKS), st.integers(0, 99))
def test_a_place_is_behind_the_turn_of_its_rank_and_no_other(time, rank, seed):
    ties = Ties(Draws(seed).stream("world", "ties"))
    turns = sorted(ties.turn(time, each) for each in RANKS)
    place = ties.place(time, rank, 0)
    assert max(turn for turn in turns if turn <= place) == ties.turn(time, rank)


def test_instants_that_are_over_are_forgotten():
    ties = Ties(Draws(1).stream("world", "ties"))
    for time in range(10_000):
        ties.place(time, PEOPLE, time)
    assert len(ties._counts) < 3_000
