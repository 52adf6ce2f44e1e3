"""Durations of which some are not over."""

from __future__ import annotations

from math import inf, isnan, log, nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from sim.research.statistics.intervals import mean
from sim.research.statistics.survival import Survival

duration = st.integers(1, 40).map(lambda x: x / 2)
watched = st.lists(st.tuples(duration, st.booleans()), min_size=1, max_size=40)
FOUR_ERRORS = 4 * sqrt(0.0475 / 500)


def survival(values):
    durations, ended = zip(*values, strict=True)
    return Survival(durations, ended)


@given(st.lists(duration, min_size=1, max_size=40), st.lists(duration, min_size=1, max_size=5))
def test_without_censoring_it_is_the_share_that_lasts_longer(durations, times):
    found = Survival(durations, [True] * len(durations)).share_beyond(times)
    assert found == pytest.approx([np.mean(np.array(durations) > time) for time in times])


@given(st.lists(duration, min_size=2, max_size=40))
def test_without_censoring_the_restricted_mean_is_the_mean_of_what_is_cut(durations):
    found = Survival(durations, [True] * len(durations))
    until = max(durations)
    assert found.restricted_mean(until).estimate == pytest.approx(np.mean(durations))
    half = found.restricted_mean(until / 2).estimate
    assert half == pytest.approx(np.minimum(durations, until / 2).mean())


@given(watched)
def test_curve_and_errors_are_those_of_statsmodels(values):
    ours = survival(values)
    if not len(ours.times):
        return
    theirs = SurvfuncRight(*np.array(values, dtype=float).T)
    assert ours.times.tolist() == theirs.surv_times.tolist()
    assert ours.shares == pytest.approx(theirs.surv_prob)
    assert ours.at_risk.tolist() == theirs.n_risk.tolist()
    for at, time in enumerate(ours.times):
        if ours.shares[at] > 0:
            # The log-log limits of statsmodels' own error, at the height of the curve.
            share, error = theirs.surv_prob[at], theirs.surv_prob_se[at]
            far = 1.959964 * error / share / abs(log(share))
            expected = share ** np.exp([far, -far])
            found = ours.beyond(time)
            assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-6)


@given(watched)
def test_the_curve_only_falls_and_the_order_does_not_matter(values):
    found = survival(values)
    assert (np.diff(found.shares) <= 1e-12).all()
    assert survival(values[::-1]).shares.tolist() == found.shares.tolist()


@given(watched, st.sampled_from([0.25, 0.5, 0.9]))
def test_quantiles_lie_within_their_limits_and_follow_a_change_of_units(values, q):
    found, minutes = survival(values).quantile(q), survival([(60 * t, e) for t, e in values])
    assert found.low <= found.estimate <= found.high
    other = minutes.quantile(q)
    assert (other.low, other.estimate, other.high) == pytest.approx(
        (60 * found.low, 60 * found.estimate, 60 * found.high)
    )


@given(watched)
def test_to_take_censored_ones_for_over_makes_it_shorter(values):
    taken = survival([(time, True) for time, _ in values])
    times = np.arange(0.5, 21, 0.5)
    assert (taken.share_beyond(times) <= survival(values).share_beyond(times) + 1e-12).all()


def exponential(seed, count, mean=10.0, look=30.0):
    rng = np.random.default_rng(seed)
    durations, looked = rng.exponential(mean, count), rng.uniform(0.0, look, count)
    return np.minimum(durations, looked), durations <= looked


def test_intervals_of_median_mean_and_share_cover_what_they_are_of():
    runs = [Survival(*exponential(seed, 80)) for seed in range(500)]
    median = [10 * log(2) in run.median() for run in runs]
    share = [np.exp(-0.8) in run.beyond(8.0) for run in runs]
    cut = [10 * (1 - np.exp(-1.5)) in run.restricted_mean(15.0) for run in runs]
    assert np.mean(median) == pytest.approx(0.95, abs=FOUR_ERRORS)
    assert np.mean(share) == pytest.approx(0.95, abs=FOUR_ERRORS)
    assert np.mean(cut) == pytest.approx(0.95, abs=FOUR_ERRORS)


def test_durations_of_one_replication_do_not_count_for_many():
    """Everybody of a run is cut off together: forty people tell as much as their ten runs."""
    covered, alone = [], []
    for seed in range(500):
        durations, ended = (np.repeat(each, 4) for each in exponential(seed, 30))
        by_run = Survival(durations, ended, of=np.repeat(np.arange(30), 4))
        covered.append(10 * (1 - np.exp(-1.5)) in by_run.restricted_mean(15.0))
        alone.append(10 * (1 - np.exp(-1.5)) in Survival(durations, ended).restricted_mean(15.0))
        if seed == 0:
            assert by_run.restricted_mean(15.0).n == 30
            assert by_run.median().half_width > Survival(durations, ended).median().half_width
    assert np.mean(covered) > 0.95 - FOUR_ERRORS - 0.01
    assert np.mean(alone) < 0.8


def test_replications_of_one_duration_are_nearly_greenwood():
    values = exponential(3, 200)
    one, other = Survival(*values), Survival(*values, of=np.arange(200))
    found, expected = other.restricted_mean(15.0), one.restricted_mean(15.0)
    assert found.half_width == pytest.approx(expected.half_width, rel=0.03)


def test_the_influence_of_all_durations_sums_up_to_nothing():
    values = Survival(*exponential(4, 50), of=np.arange(50) // 5)
    assert values._moved(np.ones(len(values.times))).sum() == pytest.approx(0.0, abs=1e-12)


def test_without_censoring_a_restricted_mean_is_as_sure_as_a_mean():
    durations = np.random.default_rng(5).uniform(0.0, 1.0, 400)
    found = Survival(durations, np.ones(400), of=np.arange(400)).restricted_mean(durations.max())
    assert found.half_width == pytest.approx(mean(durations).half_width, rel=0.01)


def test_what_hardly_ever_ends_has_no_median_but_a_least_one():
    found = Survival([3.0] * 50 + [60.0] * 150, [True] * 50 + [False] * 150).median()
    assert (found.low, found.estimate, found.high) == (60.0, inf, inf)


@pytest.mark.parametrize(("count", "low"), [(2, 0.0), (40, 60.0)])
def test_if_nothing_has_ended_it_depends_on_how_many_were_looked_at(count, low):
    found = Survival([60.0] * count, [False] * count).median()
    assert (found.low, found.estimate, found.high) == (low, inf, inf)


def test_beyond_the_longest_nothing_is_known():
    found = Survival([1.0, 4.0], [True, False])
    assert isnan(found.beyond(4.5).estimate)
    assert isnan(found.restricted_mean(4.5).estimate)
    assert found.restricted_mean(4.0).estimate == 2.5
    nothing = Survival([], [])
    assert not nothing.median().known
    assert not nothing.restricted_mean(1.0).known
    assert not nothing.beyond(1.0).known


def test_that_none_or_all_have_ended_is_not_certain():
    found = Survival([2.0, 3.0, 5.0], [True, True, True])
    assert found.beyond(1.0).estimate == 1.0
    assert found.beyond(1.0).low < 0.6
    assert found.beyond(5.0).estimate == 0.0
    assert found.beyond(5.0).high > 0.4


def test_durations_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="cannot be negative"):
        Survival([-1.0], [True])
    with pytest.raises(ValueError, match="one entry that says whether"):
        Survival([1.0, 2.0], [True])
    with pytest.raises(ValueError, match="one entry"):
        Survival([1.0, 2.0], [True, True], of=[1])


@pytest.mark.parametrize("q", [0, 1, -1, 2, nan])
def test_what_is_no_quantile_is_refused(q):
    for each in (Survival([], []), Survival([1.0, 2.0], [True, False])):
        with pytest.raises(ValueError, match="is not a quantile"):
            each.quantile(q)


def test_times_before_the_beginning_are_refused():
    found = Survival([1.0, 2.0], [True, False])
    for ask in (found.beyond, found.restricted_mean):
        with pytest.raises(ValueError, match="a duration cannot be negative, as -1 is"):
            ask(-1.0)
