"""Paired differences and sign flips."""

from __future__ import annotations

from itertools import product
from math import inf, isnan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.draws.address import Address
from sim.draws.stream import Stream
from sim.research.statistics.paired import EXACT, Pairs, difference, saved, sign_flip

figure = st.integers(-50, 50).map(lambda x: x / 4)
pair = st.tuples(figure, figure)
pairs_of_figures = st.lists(pair, min_size=2, max_size=EXACT)


def flips(seed=1):
    return Stream(Address(seed, 0, "research", "sign-flip"))


def paired(values):
    return Pairs.of(*np.array(values, dtype=float).T)


def exchanged(pairs):
    return Pairs(pairs.second, pairs.first, pairs.second_of, pairs.first_of)


@given(pairs_of_figures)
def test_small_samples_try_every_way_to_exchange(values):
    pairs = paired(values)
    apart = pairs.second - pairs.first
    sums = [abs(np.dot(signs, apart)) for signs in product((1, -1), repeat=len(values))]
    expected = np.mean([each >= abs(apart.sum()) - 1e-9 for each in sums])
    assert sign_flip(pairs, flips()) == pytest.approx(expected)


def test_it_is_scipys_permutation_test():
    first, second = np.random.default_rng(1).normal((0.0, 0.7), 1.0, (9, 2)).T
    theirs = stats.permutation_test(
        (first, second), lambda x, y: np.mean(x - y), permutation_type="samples"
    )
    assert sign_flip(Pairs.of(first, second), flips()) == pytest.approx(theirs.pvalue)


@pytest.mark.parametrize(("size", "tries"), [(10, 600), (40, 200)], ids=["exact", "drawn"])
def test_p_values_are_uniform_where_there_is_no_difference(size, tries):
    """The pairs are skewed and of all sizes, as no t test would have them."""
    rng = np.random.default_rng(size)
    common = rng.pareto(1.5, (tries, size, 1))
    values = common * rng.exponential(1.0, (tries, size, 2))
    found = [sign_flip(paired(each), flips(n)) for n, each in enumerate(values)]
    assert stats.kstest(found, "uniform").pvalue > 1e-3
    assert np.mean(np.array(found) <= 0.05) == pytest.approx(0.05, abs=4 * sqrt(0.0475 / tries))


@pytest.mark.parametrize("size", [10, 40])
def test_a_difference_that_is_there_is_found(size):
    rng = np.random.default_rng(2)
    luck = rng.normal(0.0, 10.0, size)
    pairs = Pairs.of(luck, luck + rng.normal(1.0, 0.5, size))
    assert sign_flip(pairs, flips()) < 0.01
    assert 0 not in difference(pairs)


@pytest.mark.parametrize("size", [8, 40], ids=["exact", "drawn"])
@pytest.mark.parametrize("change", ["order", "names", "units"])
def test_neither_order_nor_names_nor_units_matter(size, change):
    values = np.random.default_rng(3).gamma(1.0, 1.0, (size, 2)) * (1.0, 1.4)
    pairs = paired(values)
    other = {
        "order": paired(values[::-1]),
        "names": exchanged(pairs),
        "units": paired(values * 3600.0),
    }[change]
    assert sign_flip(other, flips()) == sign_flip(pairs, flips())


def test_a_drawn_p_value_is_near_the_exact_one_and_the_same_again():
    values = np.random.default_rng(4).normal((0.0, 0.6), 1.0, (EXACT, 2))
    exact = sign_flip(paired(values), flips())
    padded = paired([*values, (1e-9, 2e-9)])  # one pair too many for every way to be tried
    assert sign_flip(padded, flips()) == pytest.approx(exact, abs=0.02)
    assert sign_flip(padded, flips()) == sign_flip(padded, flips())
    assert sign_flip(padded, flips(1)) != sign_flip(padded, flips(2))


def test_pairs_that_do_not_differ_do_not_count():
    few = [(1.0, 2.0), (0.0, 3.0), (2.0, 2.5)]
    many = [*few, *[(1.0, 1.0)] * 100]
    assert sign_flip(paired(many), flips()) == sign_flip(paired(few), flips()) == 0.25
    assert sign_flip(paired([(1.0, 1.0)] * 5), flips()) == 1.0


@pytest.mark.parametrize("size", [9, 40])
def test_ratios_are_exchanged_with_what_they_are_of(size):
    """Twice the hours and twice the reconnections are no difference, though every count differs."""
    rng, found = np.random.default_rng(5), []
    for n in range(200):
        hours = rng.uniform(1.0, 3.0, size)
        counts, again = rng.poisson(20 * hours), rng.poisson(40 * hours)
        found.append(sign_flip(Pairs(counts, again, hours, 2 * hours), flips(n)))
    assert np.mean(np.array(found) <= 0.05) == pytest.approx(0.05, abs=4 * sqrt(0.0475 / 200))
    assert sign_flip(Pairs(counts, 2 * again, hours, 2 * hours), flips()) < 0.01


def test_intervals_of_differences_cover_the_difference():
    rng = np.random.default_rng(6)
    luck = rng.normal(0.0, 5.0, (1_000, 20, 1))
    values = luck + rng.normal((0.0, 2.0), 1.0, (1_000, 20, 2))
    found = np.mean([2.0 in difference(paired(each)) for each in values])
    assert found == pytest.approx(0.95, abs=4 * sqrt(0.0475 / 1_000))


@given(pairs_of_figures)
def test_a_difference_is_the_mean_of_the_differences(values):
    found = difference(paired(values))
    apart = np.array(values)[:, 1] - np.array(values)[:, 0]
    assert found.estimate == pytest.approx(apart.mean(), abs=1e-9)
    if stats.sem(apart) > 0:
        theirs = stats.t.interval(0.95, len(values) - 1, apart.mean(), stats.sem(apart))
        assert (found.low, found.high) == pytest.approx(theirs, abs=1e-6)


@given(pairs_of_figures)
def test_exchanged_systems_have_the_difference_turned_round(values):
    one, other = difference(paired(values)), difference(exchanged(paired(values)))
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


@pytest.mark.parametrize(("noise", "factor"), [(1.0, 5.0), (2.0, 2.0)])
def test_what_pairing_saves_is_what_is_common(noise, factor):
    """Var(luck + noise) twice, over Var(noise) twice."""
    rng = np.random.default_rng(7)
    luck = rng.normal(0.0, 2.0, 20_000)
    values = [luck + rng.normal(0.0, noise, 20_000) for _ in range(2)]
    assert saved(Pairs.of(*values)) == pytest.approx(factor, rel=0.05)


def test_pairing_what_has_nothing_in_common_saves_nothing():
    values = np.random.default_rng(8).normal(0.0, 1.0, (20_000, 2))
    assert saved(paired(values)) == pytest.approx(1.0, rel=0.05)


def test_pairing_of_what_always_differs_by_the_same_saves_everything():
    assert saved(paired([(1.0, 2.0), (5.0, 6.0), (2.0, 3.0)])) == inf
    assert isnan(saved(paired([(1.0, 2.0), (1.0, 2.0)])))


@pytest.mark.parametrize(
    "pairs", [Pairs.of([], []), Pairs([1.0, 2.0], [1.0, 2.0], [0.0, 0.0], [1.0, 1.0])]
)
def test_without_figures_of_both_nothing_is_said(pairs):
    assert not difference(pairs).known
    assert isnan(saved(pairs))
    assert isnan(sign_flip(pairs, flips()))


def test_values_without_their_pair_are_refused():
    with pytest.raises(ValueError, match="1 values do not go with 2 pairs"):
        Pairs.of([1.0, 2.0], [1.0])


@pytest.mark.parametrize("silent", [0, 20])
def test_what_one_run_alone_has_seen_of_a_system_has_no_limits(silent):
    none = [0.0] * silent
    first, second = [3.0, 4.0, 5.0, *none], [4.0, 6.0, 5.0, *none]
    of = [1.0, 1.0, 1.0, *none]
    known = difference(Pairs(first, second, of, of))
    assert (known.n, known.estimate) == (3, pytest.approx(1.0))
    assert known.half_width == difference(Pairs.of(first[:3], second[:3])).half_width
    alone = [0.0, 0.0, 1.0, *none]
    found = difference(Pairs(np.array(first) * alone, second, alone, of))
    assert not found.known
    assert found.estimate == pytest.approx(0.0)


@pytest.mark.parametrize(("one", "other"), [(0.0974, 0.4974), (0.1, 40.02), (1e9 / 3, 1e9 / 7)])
def test_what_rounding_leaves_is_no_variance(one, other):
    """The same in each pair, but for the last digits: of ratios, and of a constant difference."""
    sizes = np.array([3.0, 7.0, 11.0, 0.3])
    ratios = Pairs(one * sizes, other * sizes, sizes, sizes)
    assert difference(ratios).half_width == 0.0
    assert isnan(saved(ratios))
    luck = np.array([0.1, 0.7, 0.3, 0.9])
    shifted = Pairs.of(luck, luck + other)
    assert difference(shifted).half_width == 0.0
    assert saved(shifted) == inf
