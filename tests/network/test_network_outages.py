"""Outages: an alternating renewal process, by number."""

from itertools import pairwise
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws.distributions import Constant, Exponential, Lognormal, Uniform
from sim.draws.sampler import Sampler
from sim.draws.stream import Draws
from sim.network.outages import Outage, OutageProcess
from sim.network.specs import Outages
from sim.protocol.units import SECOND

FLAKY = Outages(Exponential(90 * SECOND), Lognormal(8 * SECOND, 1.0))


def process(spec=FLAKY, seed=1, draws=None):
    return OutageProcess(spec, draws or Draws(seed), "bob")


@given(st.integers(0, 50), st.lists(st.integers(0, 40)))
def test_the_order_of_asking_does_not_matter(seed, order):
    in_order = process(seed=seed)
    every = [in_order.outage(index) for index in range(41)]
    asked = process(seed=seed)
    assert [asked.outage(index) for index in order] == [every[index] for index in order]


@given(st.integers(0, 50), st.integers(0, 3), st.integers(0, 3))
def test_outages_are_apart_and_last(seed, up, down):
    outages = process(Outages(Uniform(0, up), Uniform(0, down)), seed)
    every = [outages.outage(index) for index in range(50)]
    assert every[0].start > 0
    assert all(earlier.end < later.start for earlier, later in pairwise(every))
    assert all(outage.duration >= 1 for outage in every)


def test_each_sojourn_is_one_draw():
    outages, draws = process(seed=4), Draws(4)
    up = Sampler(draws.stream("bob", "outage/start"), FLAKY.up)
    down = Sampler(draws.stream("bob", "outage/length"), FLAKY.down)
    since = 0
    for index in range(10):
        outage = outages.outage(index)
        assert (outage.start - since, outage.duration) == (up.at(index), down.at(index))
        since = outage.end


def test_an_outage_names_the_draws_that_made_it():
    assert process().outage(3).addresses == ("bob/outage/start/3", "bob/outage/length/3")


def test_periodic_outages_need_no_chance():
    outages = process(Outages(Constant(60 * SECOND), Constant(3 * SECOND)))
    assert [outages.outage(i)[:2] for i in range(2)] == [
        (60 * SECOND, 3 * SECOND),
        (123 * SECOND, 3 * SECOND),
    ]


def test_an_outage_knows_its_end():
    assert Outage(5, 3, ("", "")).end == 8


@pytest.mark.parametrize(
    ("down", "mean"),
    [(Exponential(10 * SECOND), 10.0), (Uniform(0, 30 * SECOND), 15.0), (Constant(8_000_000), 8.0)],
    ids=str,
)
def test_the_share_of_time_in_service_is_that_of_renewal_theory(down, mean):
    outages = process(Outages(Exponential(90 * SECOND), down), seed=5)
    every = [outages.outage(index) for index in range(20_000)]
    expected = 90 / (90 + mean)
    # Cycles are independent, so up - expected * cycle has mean 0 over them.
    cycles = [later.start - earlier.start for earlier, later in pairwise(every)]
    surplus = [
        cycle - outage.duration - expected * cycle
        for cycle, outage in zip(cycles, every, strict=False)
    ]
    average = sum(surplus) / len(surplus)
    deviation = sqrt(sum((each - average) ** 2 for each in surplus) / len(surplus))
    assert abs(average) < 4.5 * deviation / sqrt(len(surplus))


@given(st.integers(0, 50))
def test_outages_are_drawn_apart_from_losses_and_other_peoples_outages(seed):
    draws = Draws(seed)
    others = [OutageProcess(FLAKY, draws, name) for name in ("alice", "carol")]
    for other in others:
        other.outage(5)
    assert process(draws=draws).outage(5) == process(seed=seed).outage(5)
    assert others[0].outage(5) != process(seed=seed).outage(5)
