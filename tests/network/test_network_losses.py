"""Losses: the closed forms of Gilbert and Elliott, from the processes that the simulator runs.

Every statistical check has a fixed seed and allows 4.5 standard errors, which chance exceeds
once in 150,000 times.
"""

from itertools import accumulate, groupby, pairwise
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws.distributions import Exponential, value
from sim.draws.geometric import geometric
from sim.draws.stream import Draws
from sim.network.gaps import Gaps
from sim.network.losses import loss_process
from sim.network.specs import Bernoulli, GilbertElliott, GilbertElliottTime, NoLoss
from sim.network.timed_losses import TimedBursts, TimedOutages
from sim.protocol.units import MILLISECOND, SECOND

PACKETS = 200_000
ERRORS = 4.5

CHAINS = [
    GilbertElliott(0.01, 0.25),
    GilbertElliott(1 / 40, 1 / 2),
    GilbertElliott(0.01, 0.08, h=1.0, k=0.02),
    GilbertElliott(0.08, 0.50, h=0.90, k=0.0),
    GilbertElliott(0.9, 0.8, h=1.0, k=0.0),
    GilbertElliott(0.2, 0.1, h=0.3, k=0.6),
]


def losses(spec, count=PACKETS, seed=1, interval=1):
    process = loss_process(spec, Draws(seed), "bob", "up")
    return np.array([process.lost(number, number * interval) for number in range(count)])


@pytest.fixture(scope="module")
def recorded():
    return {spec: losses(spec) for spec in CHAINS}


def window_variance(spec, n):
    """Variance of the number of losses among n packets (validation.md)."""
    a = 1 - spec.p - spec.r
    c = spec.share_bad * (1 - spec.share_bad) * (spec.h - spec.k) ** 2
    loss = spec.mean_loss
    return n * loss * (1 - loss) + 2 * c * a * (n / (1 - a) - (1 - a**n) / (1 - a) ** 2)


def assert_mean(samples, expected):
    """The mean of independent samples is as expected."""
    error = np.std(samples, ddof=1) / sqrt(len(samples))
    assert abs(np.mean(samples) - expected) < ERRORS * error


def test_the_published_example_of_a_window():
    assert window_variance(GilbertElliott(0.01, 0.25), 50) == pytest.approx(11.57, abs=0.01)


@pytest.mark.parametrize("spec", CHAINS, ids=str)
def test_the_mean_loss_is_that_of_the_stationary_chain(recorded, spec):
    lost = recorded[spec].sum()
    error = sqrt(window_variance(spec, PACKETS))
    assert abs(lost - PACKETS * spec.mean_loss) < ERRORS * error


@pytest.mark.parametrize("spec", [spec for spec in CHAINS if spec.k == 0], ids=str)
def test_runs_of_losses_have_the_mean_of_gilberts_model(recorded, spec):
    runs = [len(list(run)) for lost, run in groupby(recorded[spec]) if lost]
    assert_mean(runs, 1 / (1 - (1 - spec.r) * spec.h))


@pytest.mark.parametrize("spec", [spec for spec in CHAINS if (spec.h, spec.k) == (1, 0)], ids=str)
def test_bursts_and_gaps_are_geometric(recorded, spec):
    for state, leave in ((True, spec.r), (False, spec.p)):
        runs = [len(list(run)) for lost, run in groupby(recorded[spec]) if lost == state]
        for length in range(1, 6):
            share = leave * (1 - leave) ** (length - 1)
            expected = len(runs) * share
            error = sqrt(expected * (1 - share)) + 1
            assert abs(runs.count(length) - expected) < ERRORS * error


@pytest.mark.parametrize("lag", [1, 2, 5])
@pytest.mark.parametrize("spec", CHAINS, ids=str)
def test_losses_are_correlated_as_the_chain_is(recorded, spec, lag):
    a = 1 - spec.p - spec.r
    expected = spec.share_bad * (1 - spec.share_bad) * (spec.h - spec.k) ** 2 * a**lag
    deviation = recorded[spec] - spec.mean_loss
    batches = (deviation[:-lag] * deviation[lag:])[: PACKETS - 1000].reshape(199, -1)
    assert_mean(batches.mean(axis=1), expected)


@pytest.mark.parametrize("spec", CHAINS, ids=str)
def test_losses_in_a_window_have_the_variance_of_the_closed_form(recorded, spec):
    counts = recorded[spec].reshape(-1, 50).sum(axis=1)
    squares = (counts - 50 * spec.mean_loss) ** 2
    batches = squares.reshape(40, -1).mean(axis=1)
    assert_mean(batches, window_variance(spec, 50))


@pytest.mark.parametrize("spec", [GilbertElliott(0.02, 0.06), GilbertElliottTime(3000, 1000)])
def test_the_first_packet_meets_the_stationary_distribution(spec):
    lost = sum(losses(spec, count=1, seed=seed)[0] for seed in range(2000))
    assert abs(lost - 500) < ERRORS * sqrt(2000 * 0.25 * 0.75)


def test_bernoulli_losses_are_independent():
    lost = losses(Bernoulli(0.1))
    assert_mean(lost.reshape(200, -1).mean(axis=1), 0.1)
    deviation = lost - 0.1
    assert_mean((deviation[:-1] * deviation[1:])[: PACKETS - 1000].reshape(199, -1).mean(axis=1), 0)


def test_bursts_in_time_take_the_share_of_time_and_last_as_long_as_they_should():
    spec = GilbertElliottTime(900 * MILLISECOND, 100 * MILLISECOND)
    lost = losses(spec, interval=MILLISECOND)
    runs = [len(list(run)) for bad, run in groupby(lost) if bad]
    assert_mean(lost.reshape(20, -1).mean(axis=1), 0.1)
    # Sampled every millisecond, an exponential run has the mean 1 / (1 - exp(-1/100)).
    assert_mean(runs, 1 / (1 - np.exp(-1 / 100)))


def test_states_in_time_lose_at_their_own_rates():
    spec = GilbertElliottTime(1 * SECOND, 1 * SECOND, h=0.4, k=0.1)
    lost = losses(spec, count=100_000, interval=50 * MILLISECOND)
    assert_mean(lost.reshape(40, -1).mean(axis=1), spec.mean_loss)


@pytest.mark.parametrize(
    ("spec", "share"),
    [
        (Bernoulli(0.0), 0),
        (Bernoulli(1.0), 1),
        (GilbertElliott(0.0, 0.5), 0),
        (GilbertElliott(0.5, 0.0), 1),
        (GilbertElliott(0.3, 0.3, h=0.0, k=0.0), 0),
        (GilbertElliott(0.3, 0.3, h=1.0, k=1.0), 1),
        (GilbertElliottTime(MILLISECOND, MILLISECOND, h=0.0), 0),
        (GilbertElliottTime(MILLISECOND, MILLISECOND, k=1.0), 1),
    ],
    ids=str,
)
def test_certainties(spec, share):
    assert losses(spec, count=500, interval=700).mean() == share


def test_a_chain_that_always_moves_loses_every_second_packet():
    lost = losses(GilbertElliott(1.0, 1.0), count=100)
    assert all(one != other for one, other in pairwise(lost))


def test_without_loss_there_is_no_process():
    assert loss_process(NoLoss(), Draws(1), "bob", "up") is None


rates = st.one_of(st.just(0.0), st.just(1.0), st.floats(0.05, 0.95))
chains = st.builds(GilbertElliott, st.floats(0.05, 1), st.floats(0.05, 1), rates, rates)
per_packet = st.one_of(st.builds(Bernoulli, rates), chains)


@given(per_packet, st.integers(0, 99), st.sets(st.integers(0, 300), min_size=1))
def test_whether_a_packet_is_lost_depends_on_its_number_not_on_who_asked_before(spec, seed, asked):
    every = losses(spec, count=301, seed=seed)
    process = loss_process(spec, Draws(seed), "bob", "up")
    for number in sorted(asked):
        assert process.lost(number, 0) == every[number]


@given(st.integers(0, 99), st.lists(st.integers(0, 5000), min_size=1))
def test_whether_a_time_is_bad_depends_on_the_time_alone(seed, times):
    spec = GilbertElliottTime(2 * MILLISECOND, MILLISECOND)
    every = losses(spec, count=5001, seed=seed)
    process = loss_process(spec, Draws(seed), "bob", "up")
    for number, now in enumerate(sorted(times)):
        assert process.lost(number, now) == every[now]


def blames(spec, count=400):
    process = loss_process(spec, Draws(3), "bob", "up")
    return [process.blame for number in range(count) if process.lost(number, number * 1000)]


def test_a_loss_of_a_state_that_loses_everything_is_blamed_on_its_sojourn():
    every = blames(GilbertElliott(0.1, 0.5))
    assert {blame.rpartition("/")[0] for blame in every} == {"bob/up/loss"}
    # Good and Bad alternate, so bursts are every second sojourn.
    numbers = sorted({int(blame.rpartition("/")[2]) for blame in every})
    assert all(later - earlier == 2 for earlier, later in pairwise(numbers))
    assert blames(GilbertElliottTime(5 * MILLISECOND, MILLISECOND))[0].startswith("bob/up/loss/")


@pytest.mark.parametrize(
    ("spec", "purposes"),
    [
        (Bernoulli(0.2), ("bob/up/loss",)),
        (GilbertElliott(0.2, 0.2, h=0.5, k=0.2), ("bob/up/loss/bad", "bob/up/loss/good")),
        (
            GilbertElliottTime(5000, 5000, h=0.5, k=0.2),
            ("bob/up/loss/bad", "bob/up/loss/good"),
        ),
    ],
    ids=str,
)
def test_a_loss_by_chance_is_blamed_on_its_own_draw(spec, purposes):
    every = blames(spec)
    assert {blame.rpartition("/")[0] for blame in every} == set(purposes)
    for purpose in purposes:
        numbers = [int(b.rpartition("/")[2]) for b in every if b.rpartition("/")[0] == purpose]
        assert numbers == list(range(len(numbers)))


@pytest.mark.parametrize(
    ("spec", "lost"),
    [
        (Bernoulli(0.05), [95, 104, 115, 121]),
        (GilbertElliott(1 / 40, 1 / 2), [18, 32, 33, 34, 48, 49, 50, 51, 56]),
        (
            GilbertElliott(0.2, 0.2, h=0.3, k=0.02),
            [
                8,
                9,
                13,
                20,
                24,
                26,
                29,
                51,
                54,
                55,
                69,
                71,
                82,
                84,
                95,
                96,
                99,
                104,
                128,
                144,
                146,
                147,
            ],
        ),
        (
            GilbertElliottTime(40_000, 4_000),
            [18, 19, 32, 33, 34, 35, 36, 37, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 65],
        ),
    ],
    ids=str,
)
def test_golden_losses(spec, lost):
    assert np.flatnonzero(losses(spec, count=150, seed=7, interval=1_000)).tolist() == lost


class Stepwise:
    """Gilbert-Elliott in time, one sojourn after the other, as docs/draws.md tells it."""

    def __init__(self, spec, draws):
        self.spec = spec
        self.stream = draws.stream("bob", "up/loss")
        self.gaps = [
            Gaps(rate, draws, "bob", f"up/loss/{state}")
            for rate, state in ((spec.k, "good"), (spec.h, "bad"))
        ]
        self.bad = self.stream.uniform(0) < spec.share_bad
        self.left = [gaps.next() for gaps in self.gaps]
        self.sojourn, self.end = 1, 0
        self.end = self.length()
        self.blame = ""

    def length(self):
        mean = self.spec.bad if self.bad else self.spec.good
        return value(Exponential(mean), self.stream.uniform(self.sojourn))

    def lost(self, now):
        while now >= self.end:
            self.bad, self.sojourn = not self.bad, self.sojourn + 1
            self.end += self.length()
        if self.left[self.bad]:
            self.left[self.bad] -= 1
            return False
        gaps = self.gaps[self.bad]
        self.blame = gaps.address if gaps.drawn else self.stream.address(self.sojourn)
        self.left[self.bad] = gaps.next()
        return True


@given(
    good=st.sampled_from([1_000, 5_000, 800_000]),
    bad=st.sampled_from([1_000, 40_000, 800_000]),
    rates=st.sampled_from([(1.0, 0.0), (0.9, 0.02), (0.5, 0.0), (1.0, 0.3), (0.0, 1.0)]),
    steps=st.lists(st.integers(0, 3_000_000), max_size=300),
    seed=st.integers(0, 2**32),
)
def test_sojourns_read_in_blocks_lose_what_sojourns_read_singly_lose(good, bad, rates, steps, seed):
    h, k = rates
    spec = GilbertElliottTime(good, bad, h=h, k=k)
    in_blocks = loss_process(spec, Draws(seed), "bob", "up")
    singly = Stepwise(spec, Draws(seed))
    assert type(in_blocks) is (TimedOutages if rates == (1.0, 0.0) else TimedBursts)
    for number, now in enumerate(accumulate(steps)):
        assert in_blocks.lost(number, now) == singly.lost(now)
        assert in_blocks.blame == singly.blame


# -- gaps that are remembered ----------------------------------------------------------------------


@given(
    rate=st.sampled_from([0.02, 0.3, 0.9]),
    steps=st.lists(st.integers(0, 40) | st.just(-1), max_size=60),
    seed=st.integers(0, 2**32),
)
def test_gaps_are_those_of_their_draws_however_often_they_are_asked_for(rate, steps, seed):
    draws = Draws(seed)
    gaps, stream = Gaps(rate, draws, "bob", "x"), Draws(seed).stream("bob", "x")
    number, kept = 0, []
    for step in steps:
        if step < 0 and kept:  # go back to the beginning, or near it
            number, saved = kept[len(kept) // 8]
            gaps.restore(saved)
            continue
        kept.append((number, gaps.snapshot()))
        for _ in range(step):
            assert gaps.next() == geometric(rate).misses(stream.uniform(number))
            number += 1


@given(
    rates=st.sampled_from([(1.0, 0.0), (0.9, 0.02), (0.5, 0.9), (0.0, 1.0)]),
    seed=st.integers(0, 2**32),
    interval=st.sampled_from([1_000, 70_000, 900_000]),
)
def test_what_gets_through_at_once_gets_through_one_by_one(rates, seed, interval):
    h, k = rates
    spec = GilbertElliottTime(800_000, 40_000, h=h, k=k)
    at_once, singly = (loss_process(spec, Draws(seed), "bob", "up") for _ in range(2))
    number = 0
    while number < 60:
        through = at_once.through(number, number * interval, interval, 60 - number)
        for _ in range(through):
            assert not singly.lost(number, number * interval)
            number += 1
        if number < 60:
            assert at_once.lost(number, number * interval)
            assert singly.lost(number, number * interval)
            assert at_once.blame == singly.blame
            number += 1
