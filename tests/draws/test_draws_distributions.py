"""Distributions: one draw a value, the right shape, and parameters that cannot be are refused."""

import subprocess
import sys
from math import exp, log, log1p, nan
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws.distributions import (
    Constant,
    Exponential,
    Lognormal,
    Normal,
    Pareto,
    Uniform,
    value,
)
from sim.draws.geometric import NEVER, Geometric, geometric
from sim.draws.sampler import Sampler, exponential_values
from sim.draws.stream import Draws
from sim.protocol.units import LONGEST

times = st.integers(1, 10**9)
numbers = st.integers(0, 2**52 - 1).map(lambda k: (k + 0.5) * 2.0**-52)


def cut(low: int, mean: int, sd: int) -> Normal:
    """A normal distribution whose minimum leaves something."""
    return Normal(mean, sd, minimum=min(low, mean + 4 * sd))


distributions = st.one_of(
    st.builds(Constant, times),
    st.builds(lambda low, more: Uniform(low, low + more), times, times),
    st.builds(Exponential, times, minimum=times),
    st.builds(Lognormal, times, st.floats(0.001, 10)),
    st.builds(lambda m, s: Lognormal(m, s, minimum=m), times, st.floats(0.001, 10)),
    st.builds(cut, times, times, times),
    st.builds(Pareto, times, st.floats(0.1, 1000), minimum=times),
)

SIGMA = "it is the standard deviation of the natural logarithm"
SHAPE = "smaller shapes give almost nothing but the longest value"
NOTHING_LEFT = (
    "leaves less than one in a million of the values: choose a smaller one, or another distribution"
)

EXAMPLES = [
    Uniform(1_000, 9_000),
    Uniform(1_000, 9_000, minimum=3_000),
    Exponential(1_000_000),
    Exponential(1_000_000, minimum=5_000),
    Lognormal(40_000, 0.4),
    Lognormal(40_000, 0.4, minimum=30_000),
    Normal(40_000, 20_000),
    Normal(40_000, 5_000, minimum=42_000),
    Pareto(1_000, 1.5),
    Pareto(1_000, 1.5, minimum=2_000),
]


@given(distributions, numbers, numbers)
def test_a_larger_number_gives_no_smaller_value_but_for_rounding(distribution, u, v):
    low, high = sorted((u, v))
    assert value(distribution, low) <= value(distribution, high) + 1


@given(distributions, numbers)
def test_values_are_whole_microseconds_from_the_minimum_to_a_year(distribution, u):
    result = value(distribution, u)
    assert type(result) is int
    assert getattr(distribution, "minimum", 0) <= result <= LONGEST


@given(distributions, st.integers(0, 5_000), st.integers(1, 200))
def test_a_block_has_the_same_values_as_single_draws(distribution, first, count):
    stream = Draws(5).stream("bob", "x")
    sampler = Sampler(stream, distribution)
    wanted = range(first, first + count)
    assert [sampler.at(index) for index in wanted] == [
        value(distribution, stream.uniform(index)) for index in wanted
    ]


@pytest.mark.parametrize("distribution", EXAMPLES, ids=str)
def test_next_counts_indices_from_zero_whatever_at_was_asked(distribution):
    sampler = Sampler(Draws(5).stream("bob", "x"), distribution)
    sampler.at(7_000)
    wanted = Sampler(Draws(5).stream("bob", "x"), distribution)
    assert [sampler.next() for _ in range(2_500)] == [wanted.at(index) for index in range(2_500)]


def test_values_end_at_a_year_in_a_block_too():
    heavy, stream = Pareto(10**9, 0.1), Draws(5).stream("bob", "x")
    sampler = Sampler(stream, heavy)
    values = [sampler.next() for _ in range(64)]
    assert values == [value(heavy, stream.uniform(index)) for index in range(64)]
    assert max(values) == LONGEST


def test_a_constant_takes_no_draw():
    stream = Draws(5).stream("bob", "x")
    sampler = Sampler(stream, Constant(40_000))
    assert [sampler.next(), sampler.at(9), sampler.next()] == [40_000] * 3
    assert stream._generator is None


def test_a_sampler_names_its_draws():
    sampler = Sampler(Draws(5).stream("bob", "up/delay"), Uniform(0, 9))
    assert sampler.address(4) == "bob/up/delay/4"


def expected_quantile(distribution, u):
    """Textbook quantiles by the standard library."""
    match distribution:
        case Uniform(low, high, minimum):
            return max(low, minimum) + u * (high - max(low, minimum))
        case Exponential(mean, minimum):
            return minimum - mean * log(1 - u)
        case Pareto(scale, shape, minimum):
            return max(scale, minimum) * (1 - u) ** (-1 / shape)
        case Normal(mean, sd, minimum):
            normal = NormalDist(mean, sd)
            below = normal.cdf(minimum)
            return normal.inv_cdf(below + u * (1 - below))
        case Lognormal(median, sigma, minimum):
            normal = NormalDist(log(median), sigma)
            below = normal.cdf(log(minimum)) if minimum else 0
            return exp(normal.inv_cdf(below + u * (1 - below)))


@pytest.mark.parametrize("u", [0.001, 0.1, 0.5, 0.77, 0.999])
@pytest.mark.parametrize("distribution", EXAMPLES, ids=str)
def test_quantiles_are_those_of_the_textbook(distribution, u):
    assert value(distribution, u) == pytest.approx(expected_quantile(distribution, u), abs=0.6)


@pytest.mark.parametrize("distribution", EXAMPLES, ids=str)
def test_the_share_of_values_below_a_quantile_is_right(distribution):
    sampler = Sampler(Draws(11).stream("bob", "x"), distribution)
    values = [sampler.next() for _ in range(10_000)]
    for share in (0.1, 0.5, 0.9):
        below = sum(each <= value(distribution, share) for each in values)
        assert abs(below - share * 10_000) < 4.5 * (10_000 * share * (1 - share)) ** 0.5 + 5


def test_the_mean_of_an_exponential_is_its_mean():
    sampler = Sampler(Draws(11).stream("bob", "x"), Exponential(1_000_000))
    mean = sum(sampler.next() for _ in range(40_000)) / 40_000
    assert abs(mean - 1_000_000) < 4.5 * 1_000_000 / 200


@pytest.mark.parametrize(
    ("distribution", "values"),
    [
        (Uniform(1_000, 9_000), [8986, 6144, 5692, 3527]),
        (Exponential(1_000_000), [6384196, 1029905, 883175, 379524]),
        (Exponential(1_000_000, minimum=5_000), [6389196, 1034905, 888175, 384524]),
        (Lognormal(40_000, 0.4), [129202, 46313, 43656, 33020]),
        (Normal(40_000, 20_000), [98768, 47765, 44857, 31278]),
        (Normal(10_000, 20_000), [70880, 23687, 21308, 11350]),
        (Pareto(1_000, 1.5), [70537, 1987, 1802, 1288]),
    ],
)
def test_golden_values(distribution, values):
    sampler = Sampler(Draws(7).stream("golden", "values"), distribution)
    assert [sampler.next() for _ in values] == values


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Constant(-1), "Constant: value must be from 0s to 366d, not -1 microseconds"),
        (lambda: Constant(0.5), "Constant: value must be a whole number of microseconds, not 0.5"),
        (
            lambda: Constant(True),
            "Constant: value must be a whole number of microseconds, not True",
        ),
        (
            lambda: Constant(LONGEST + 1),
            "Constant: value must be from 0s to 366d, not 31622400000001 microseconds",
        ),
        (lambda: Uniform(2_000, 1_000), "Uniform: low (2ms) must not be more than high (1ms)"),
        (
            lambda: Uniform(0, 1_000, minimum=2_000),
            "Uniform: minimum (2ms) must not be more than high (1ms), or nothing is left",
        ),
        (lambda: Exponential(0), "Exponential: mean must be more than 0s"),
        (lambda: Lognormal(0, 1), "Lognormal: median must be more than 0s"),
        (
            lambda: Lognormal(1, nan),
            f"Lognormal: sigma must be from 0.001 to 10, not nan: {SIGMA}",
        ),
        (
            lambda: Lognormal(1, "1"),
            f"Lognormal: sigma must be from 0.001 to 10, not '1': {SIGMA}",
        ),
        (
            lambda: Lognormal(40_000, 0.1, minimum=90_000),
            f"Lognormal: minimum (90ms) {NOTHING_LEFT}",
        ),
        (lambda: Normal(40_000, 0), "Normal: sd must be more than 0s"),
        (
            lambda: Normal(40_000, 5_000, minimum=90_000),
            f"Normal: minimum (90ms) {NOTHING_LEFT}",
        ),
        (lambda: Pareto(0, 1), "Pareto: scale must be more than 0s"),
        (
            lambda: Pareto(1, 0.01),
            f"Pareto: shape must be from 0.1 to 1000, not 0.01: {SHAPE}",
        ),
    ],
)
def test_parameters_that_cannot_be_are_refused_in_one_sentence(make, message):
    with pytest.raises(ValueError) as error:
        make()
    assert str(error.value) == message


@given(st.floats(1e-6, 1 - 1e-6), numbers)
def test_a_geometric_count_is_the_largest_that_is_likely_enough(probability, u):
    count = Geometric(probability).misses(u)
    miss, all_missed = log1p(-probability), log(1 - u)
    assert count * miss >= all_missed * (1 + 1e-12)
    assert (count + 1) * miss <= all_missed * (1 - 1e-12)


def test_the_mean_number_of_misses_is_right():
    stream, hits = Draws(2).stream("bob", "x"), geometric(0.2)
    mean = sum(hits.misses(stream.uniform(index)) for index in range(20_000)) / 20_000
    assert abs(mean - 4) < 4.5 * (0.8 / 0.04 / 20_000) ** 0.5


@pytest.mark.parametrize(("probability", "misses"), [(0.0, NEVER), (1.0, 0), (5e-324, NEVER)])
def test_extreme_probabilities_need_no_chance(probability, misses):
    assert geometric(probability).misses(0.9) == misses


def test_reading_a_scenario_does_not_import_numpy():
    program = (
        "import sys, sim.draws.distributions, sim.draws.geometric, sim.network.presets\n"
        "sys.exit('numpy' in sys.modules)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, check=False)
    assert done.returncode == 0


@given(st.lists(st.tuples(st.integers(1, LONGEST), numbers), min_size=1, max_size=40))
def test_exponential_values_of_several_means_are_those_of_one_mean_each(drawn):
    means, uniforms = (np.array(each, dtype=float) for each in zip(*drawn, strict=True))
    assert exponential_values(means, uniforms).tolist() == [
        value(Exponential(mean), u) for mean, u in drawn
    ]


@given(distributions, st.integers(0, 3), st.integers(0, 3), st.integers(0, 400))
def test_what_is_remembered_of_one_stream_is_nobody_elses(distribution, seed, replication, index):
    for actor, purpose in (("bob", "x"), ("bob", "y"), ("x", "bob")):
        stream = Draws(seed, replication).stream(actor, purpose)
        for _ in range(2):
            sampler = Sampler(stream, distribution)
            for each in (0, min(64, index), index):  # what is read in order has other blocks
                assert sampler.at(each) == value(distribution, stream.uniform(each))
