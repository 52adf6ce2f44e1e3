"""How many replications are enough."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.research.statistics.intervals import ratio
from sim.research.statistics.stopping import Decision, HalfWidth, decide, half_widths

seeds = st.integers(0, 2**32 - 1)


def values(seed, count=400, spread=3.0):
    return np.random.default_rng(seed).gamma(4.0, spread, count)


class Model:
    """A model as sim-tools takes one."""

    def __init__(self, results):
        self.results = results

    def single_run(self, replication_number):
        return {"metric": self.results[replication_number]}


def algorithm(results, precision, budget=400):
    from sim_tools.output_analysis import ReplicationsAlgorithm

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        counts, _ = ReplicationsAlgorithm(
            half_width_precision=precision, replication_budget=budget
        ).select(Model(results), ["metric"])
    return counts["metric"]


@pytest.mark.parametrize("precision", [0.15, 0.2, 0.3])
@pytest.mark.parametrize("seed", range(8))
def test_counts_are_those_of_sim_tools(seed, precision):
    results = values(seed)
    found = decide(HalfWidth(target=precision, relative=True, at_most=400), results)
    assert found.done
    assert found.enough == algorithm(results, precision)


def test_beyond_a_hundred_the_look_ahead_grows_as_in_sim_tools():
    results = values(1, 600)
    found = decide(HalfWidth(target=0.07, relative=True, at_most=600), results)
    assert found.enough == algorithm(results, 0.07, 600)
    assert found.enough > 150
    assert found.run - found.enough == 5 * found.run // 100 > 5


@given(seeds, st.floats(0.1, 0.5))
def test_an_interval_that_is_enough_is_narrow_and_stays_so_for_the_look_ahead(seed, target):
    rule = HalfWidth(target=target, relative=True, at_most=400)
    results = values(seed)
    found = decide(rule, results)
    assume(found.enough is not None)
    _, halves = half_widths(results, np.ones(400))
    estimates, _ = half_widths(results, np.ones(400))
    narrow = halves <= target * estimates
    assert narrow[found.enough - 1 : found.run].all()
    assert found.run - found.enough == rule.look_ahead(found.run)
    assert found.enough == 3 or not narrow[found.enough - 2]


@given(seeds, st.integers(3, 300))
def test_the_decision_depends_on_nothing_that_comes_later(seed, count):
    """So it does not matter in how large pieces replications are run."""
    rule = HalfWidth(target=0.25, relative=True, at_most=300)
    results = values(seed, 300)
    all_of_them, so_far = decide(rule, results), decide(rule, results[:count])
    if so_far.done:
        assert so_far == all_of_them
    else:
        assert so_far.run == count < all_of_them.run


@given(seeds)
def test_half_widths_are_those_of_the_interval(seed):
    rng = np.random.default_rng(seed)
    hours = rng.gamma(3.0, 1.0, 30)
    counts = rng.poisson(4 * hours).astype(float)
    estimates, halves = half_widths(counts, hours)
    for n in (2, 7, 30):
        expected = ratio(counts[:n], hours[:n])
        assert estimates[n - 1] == pytest.approx(expected.estimate)
        assert halves[n - 1] == pytest.approx(expected.half_width, abs=1e-9)


def test_little_is_lost_to_rounding_around_a_large_mean():
    results = 1e9 + np.random.default_rng(1).normal(0.0, 1.0, 50)
    _, halves = half_widths(results, np.ones(50))
    assert halves[-1] == pytest.approx(ratio(results, np.ones(50)).half_width, rel=1e-6)


def test_luck_does_not_end_it():
    """Three alike replications, and then the spread that is really there."""
    results = np.concatenate(([5.0, 5.01, 5.0], values(2, 100)))
    rule = HalfWidth(target=1.0, at_most=103)
    assert decide(rule, results[:3]) == Decision(False, None, 3)
    assert decide(rule, results).enough != 3
    assert decide(HalfWidth(target=1.0, at_most=103, k_limit=0), results).enough == 3


def test_the_target_is_in_the_metrics_unit_or_relative():
    results = values(3, 300) * 1000
    assert decide(HalfWidth(target=3000.0, at_most=300), results).done
    assert decide(HalfWidth(target=3.0, at_most=300), results).enough is None
    assert decide(HalfWidth(target=0.3, relative=True, at_most=300), results).enough is not None


def test_replications_that_are_all_alike_say_nothing_of_what_is_rare():
    assert decide(HalfWidth(target=0.1, at_most=50), np.zeros(49)) == Decision(False, None, 49)
    assert decide(HalfWidth(target=0.1, at_most=50), np.zeros(50)) == Decision(True, None, 50)


def test_at_most_so_many_count():
    results = values(4)
    assert decide(HalfWidth(target=0.001, at_most=20), results) == Decision(True, None, 20)


def test_ratios_of_which_the_first_have_nothing_to_say_are_waited_for():
    rng = np.random.default_rng(5)
    hours = np.concatenate(([0.0, 0.0], rng.gamma(3.0, 1.0, 200)))
    counts = rng.poisson(4 * hours).astype(float)
    found = decide(HalfWidth(target=0.5, at_most=202), counts, hours)
    assert found.enough is not None
    assert found.enough > 4


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"target": 0.0}, "a half-width must be more than 0, not 0"),
        ({"at_most": 2}, "at least 3 replications must be allowed, not 2"),
        ({"level": 95}, "95 is not a confidence level"),
        ({"k_limit": -1}, "a look-ahead must be 0 or more, not -1"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(changes, said):
    with pytest.raises(ValueError, match=said):
        HalfWidth(**({"target": 1.0, "at_most": 100} | changes))


def test_figures_that_do_not_belong_together_are_refused():
    with pytest.raises(ValueError, match="2 numerators do not go with 1 denominators"):
        decide(HalfWidth(target=1.0, at_most=100), [1.0, 2.0], [1.0])
