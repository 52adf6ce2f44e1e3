"""Intervals: they cover what they are of as often as they say, and agree with other libraries."""

from __future__ import annotations

from math import inf, isnan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from sim.draws.address import Address
from sim.draws.stream import Stream
from sim.research.statistics.batches import batch_means, warm_up
from sim.research.statistics.bootstrap import bootstrap
from sim.research.statistics.intervals import Interval, mean, quantile, rate, ratio, share
from sim.research.statistics.paired import holm

TRIES = 1_000
FOUR_ERRORS = 4 * sqrt(0.95 * 0.05 / TRIES)
"""A covering of 95 % is found to be off by more once in sixteen thousand times."""

figures = st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 3)), min_size=2, max_size=30)


def rng(seed=1):
    return np.random.default_rng(seed)


def stream(purpose="bootstrap", seed=1):
    return Stream(Address(seed, 0, "research", purpose))


def covering(intervals, truth):
    return np.mean([truth in interval for interval in intervals])


@pytest.mark.parametrize("n", [3, 25])
def test_intervals_of_means_cover_the_mean(n):
    samples = rng(n).normal(7.0, 3.0, (TRIES, n))
    assert covering(map(mean, samples), 7.0) == pytest.approx(0.95, abs=FOUR_ERRORS)


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e9 / 7])
def test_what_rounding_leaves_has_no_width(value):
    assert mean([value] * 7).half_width == 0.0


def test_other_levels_are_kept_as_well():
    intervals = [mean(sample, 0.5) for sample in rng().normal(0.0, 1.0, (TRIES, 4))]
    assert covering(intervals, 0.0) == pytest.approx(0.5, abs=4 * sqrt(0.25 / TRIES))


@given(figures)
def test_the_interval_of_a_mean_is_scipys(values):
    found = mean(values)
    if stats.sem(values) > 0:
        theirs = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
        assert (found.low, found.high) == pytest.approx(theirs, rel=1e-9, abs=1e-6)
    assert found.estimate in found or found.half_width == 0


def test_intervals_of_ratios_cover_the_ratio_of_the_means():
    """As of reconnections to hours, where a run with more hours has more reconnections."""
    hours = rng(2).gamma(4.0, 1.0, (TRIES, 40))
    counts = rng(3).poisson(2.5 * hours)
    found = [ratio(x, y) for x, y in zip(counts, hours, strict=True)]
    assert covering(found, 2.5) == pytest.approx(0.95, abs=FOUR_ERRORS + 0.01)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), min_size=1, max_size=9), st.data())
def test_replications_without_anything_to_say_do_not_make_a_ratio_surer(pairs, data):
    silent = data.draw(st.permutations([*pairs, *[(0, 0)] * data.draw(st.integers(0, 99))]))
    one, other = (ratio(*zip(*each, strict=True)) for each in (pairs, silent))
    assert other.n == one.n == len(pairs)
    assert (other.estimate, other.known) == (pytest.approx(one.estimate), len(pairs) > 1)
    if other.known:
        assert (other.low, other.high) == pytest.approx((one.low, one.high), abs=1e-9)


@given(figures)
def test_a_ratio_to_ones_is_a_mean(values):
    one, other = ratio(values, np.ones(len(values))), mean(values)
    assert (one.estimate, one.low, one.high) == pytest.approx(
        (other.estimate, other.low, other.high), rel=1e-9, abs=1e-6
    )


@given(figures, st.floats(0.1, 1e3), st.floats(-1e3, 1e3))
def test_means_follow_a_change_of_units(values, scale, shift):
    one, other = mean(values), mean(np.array(values) * scale + shift)
    assert other.low == pytest.approx(one.low * scale + shift, rel=1e-6, abs=1e-3)
    assert other.high == pytest.approx(one.high * scale + shift, rel=1e-6, abs=1e-3)


@given(st.integers(0, 500), st.integers(1, 500), st.sampled_from([0.8, 0.95, 0.999]))
def test_the_interval_of_a_share_is_that_of_statsmodels(hits, count, level):
    found = share(min(hits, count), count, level)
    theirs = proportion_confint(min(hits, count), count, 1 - level, method="wilson")
    assert (found.low, found.high) == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("p", [0.1, 0.3])
def test_shares_in_replications_that_resemble_themselves_are_covered(p):
    """Ten sessions a run end alike with probability 1/2; plain Wilson would cover 60 % only."""
    alike = rng(5).random((TRIES, 60)) < 0.5
    common = 10 * (rng(6).random((TRIES, 60)) < p)
    hits = np.where(alike, common, rng(7).binomial(10, p, (TRIES, 60)))
    tens = np.full(60, 10)
    found = covering([share(row, tens) for row in hits], p)
    assert 0.95 - FOUR_ERRORS - 0.015 < found < 0.95 + FOUR_ERRORS
    assert covering([share(row.sum(), 600) for row in hits], p) < 0.8


def test_shares_in_replications_without_resemblance_are_as_sure_as_shares_of_them_all():
    hits = rng(8).binomial(10, 0.3, 200)
    found, all_of_them = share(hits, np.full(200, 10)), share(hits.sum(), 2_000)
    assert found.half_width == pytest.approx(all_of_them.half_width, rel=0.15)


def test_one_session_a_replication_is_plain_wilson():
    hits = [1, 0, 0, 1, 1, 0]
    one, other = share(hits, np.ones(6)), share(3, 6)
    assert (one.low, one.high) == (other.low, other.high)


def test_runs_of_which_all_agree_say_no_more_than_that_many_sessions():
    assert share([0, 0, 0], [10, 10, 10]).high == share(0, 3).high > 0.5
    assert share([10, 10], [10, 10]).low == share(2, 2).low


@pytest.mark.parametrize("q", [0.1, 0.5, 0.9])
def test_intervals_of_quantiles_cover_at_least_as_often_as_they_say(q):
    truth = -np.log(1 - q)
    found = [quantile(sample, q) for sample in rng(8).exponential(1.0, (TRIES, 60))]
    assert covering(found, truth) > 0.95 - FOUR_ERRORS
    assert covering(found, truth) < 0.99


@given(figures, st.sampled_from([0.1, 0.5, 0.75]))
def test_limits_of_quantiles_follow_any_growing_change(values, q):
    one, other = quantile(values, q), quantile(np.arctan(np.array(values) / 1e6), q)
    expected = np.arctan(np.array([one.low, one.high]) / 1e6)
    assert [other.low, other.high] == [
        pytest.approx(limit, abs=1e-12) if abs(old) < inf else old
        for limit, old in zip(expected, [one.low, one.high], strict=True)
    ]


def test_a_quantile_beyond_what_a_sample_can_tell_has_no_upper_limit():
    found = quantile(np.arange(10.0), 0.9)
    assert found.high == inf
    assert found.low > 0


def test_bootstrapped_means_of_skewed_data_are_covered():
    found = [
        bootstrap(lambda x: x.mean(-1), sample, draws=stream(seed=n), resamples=999)
        for n, sample in enumerate(rng(9).exponential(1.0, (300, 40)))
    ]
    assert covering(found, 1.0) == pytest.approx(0.94, abs=4 * sqrt(0.95 * 0.05 / 300))


def test_a_bootstrap_agrees_with_scipys():
    sample = rng(10).gamma(2.0, 1.0, 80)
    ours = bootstrap(lambda x: x.mean(-1), sample, draws=stream(), resamples=9_999)
    theirs = stats.bootstrap((sample,), np.mean, rng=rng(11)).confidence_interval
    assert (ours.low, ours.high) == pytest.approx(theirs, abs=0.02)


def test_a_bootstrap_is_the_same_again_and_another_with_other_draws():
    counts, hours = rng(12).poisson(3.0, 30), rng(13).gamma(4.0, 1.0, 30)

    def found(seed):
        return bootstrap(lambda x, y: x.sum(-1) / y.sum(-1), counts, hours, draws=stream(seed=seed))

    assert found(1) == found(1)
    assert found(1) != found(2)
    assert found(1).half_width == pytest.approx(ratio(counts, hours).half_width, rel=0.25)


def test_a_bootstrap_of_what_does_not_vary_has_no_width():
    found = bootstrap(lambda x: x.mean(-1), np.full(9, 4.0), draws=stream())
    assert (found.low, found.high) == (4.0, 4.0)


def autoregressive(seed, length, beginning=0.0):
    noise = rng(seed).normal(0.0, 1.0, (length, 200))
    series = np.empty_like(noise)
    value = np.full(200, beginning)
    for at in range(length):
        value = 0.8 * value + noise[at]
        series[at] = value
    return series.T


def test_batch_means_cover_where_the_plain_interval_does_not():
    series = autoregressive(14, 4_000)
    few_errors = 4 * sqrt(0.95 * 0.05 / 200)
    assert covering(map(batch_means, series), 0.0) > 0.95 - few_errors
    assert covering(map(mean, series), 0.0) < 0.7


@given(figures, st.integers(2, 5))
def test_batches_of_one_length_have_the_mean_of_what_they_hold(values, batches):
    if len(values) < batches:
        with pytest.raises(ValueError, match="make no"):
            batch_means(values, batches)
        return
    kept = values[len(values) % batches :]
    assert batch_means(values, batches).estimate == pytest.approx(np.mean(kept), abs=1e-6)


def test_the_warm_up_is_left_out_and_little_more():
    cut = [warm_up(one) for one in autoregressive(15, 1_000, beginning=400.0)]
    assert np.median(cut) == pytest.approx(20, abs=10)
    assert all(one[warm_up(one) :].mean() < 3 for one in autoregressive(15, 1_000, 400.0))


def test_a_series_without_warm_up_keeps_most_of_itself():
    assert np.mean([warm_up(one) for one in rng(16).normal(0, 1, (200, 500))]) < 100


@pytest.mark.parametrize(
    "nothing", [mean([]), ratio([], []), ratio([0], [0]), share([], []), quantile([], 0.5)]
)
def test_of_nothing_there_is_no_interval(nothing):
    assert isnan(nothing.estimate)
    assert not nothing.known
    assert nothing.to_data()["estimate"] is None


def test_one_value_has_a_mean_and_no_limits():
    assert mean([3.0]).estimate == 3.0
    assert not mean([3.0]).known


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: mean([1.0, np.nan]), "every value must be a finite number"),
        (lambda: mean([[1.0]]), "values must have one dimension, not 2"),
        (lambda: mean([1.0, 2.0], level=95), "95 is not a confidence level"),
        (lambda: mean([], level=95), "95 is not a confidence level"),
        (lambda: mean([1.0], level=1.0), "1 is not a confidence level"),
        (lambda: ratio([1.0], [0.0], level=7), "7 is not a confidence level"),
        (lambda: quantile([1.0, 2.0], 0.5, level=2), "2 is not a confidence level"),
        (lambda: share(5, 3), "the hits must be from 0 to the number of which they are"),
        (lambda: share([1, -1], [3, 3]), "the hits must be from 0"),
        (lambda: warm_up([1.0, 2.0], 0), "a group has 1 observation or more, not 0"),
        (lambda: ratio([1.0], [1.0, 2.0]), "1 numerators do not go with 2 denominators"),
        (lambda: share([1.0, 0.0], [1.0]), "the hits of 2 do not go with the sizes of 1"),
        (lambda: quantile([1.0], 1.0), "1 is not a quantile"),
        (lambda: bootstrap(np.mean, [1.0], [1.0, 2.0], draws=stream()), "must have one length"),
        (lambda: bootstrap(np.mean, draws=stream()), "a bootstrap needs data"),
        (
            lambda: bootstrap(np.mean, [1.0, 2.0], draws=stream()),
            "must give one finite number for each resample",
        ),
        (
            lambda: bootstrap(lambda each: 1 / each.sum(-1), [0.0, 0.0, 1.0], draws=stream()),
            "must give one finite number for each resample",
        ),
        (
            lambda: bootstrap(np.mean, [1.0, 2.0], draws=stream(), resamples=0),
            "a bootstrap needs 100 resamples or more, not 0",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_what_makes_no_sense_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_an_interval_knows_what_it_holds():
    found = Interval(1.0, 0.5, 2.0, 0.95, 10, "t")
    assert 0.5 in found
    assert 2.1 not in found
    assert found.half_width == 0.75


@pytest.mark.parametrize("values", [[0.01, 0.04, 0.03, 0.5], [0.2], [1.0, 0.0, 0.0]])
def test_holms_correction_is_that_of_statsmodels(values):
    assert holm(values) == pytest.approx(multipletests(values, method="holm")[1])


def test_tests_without_a_p_value_do_not_count():
    one, none, other = holm([0.01, float("nan"), 0.2])
    assert (one, other) == (0.02, 0.2)
    assert isnan(none)


def test_the_limit_of_what_never_happened_is_that_of_poissons_distribution():
    """With that many by the time, nothing is seen once in forty times."""
    found = rate([0, 0], [2.0, 3.0])
    assert np.exp(-found.high * 5.0) == pytest.approx(0.025)
    assert (found.estimate, found.low, found.n) == (0.0, 0.0, 2)
    assert rate([0], [7.0], level=0.9).high == pytest.approx(-np.log(0.05) / 7)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=9))
def test_of_what_happened_a_rate_is_the_ratio(said):
    counts, times = zip(*said, strict=True)
    found, expected = rate(counts, times), ratio(counts, times)
    if any(counts) or not any(times):
        assert str(found) == str(expected)
    else:
        assert found.low == found.estimate == 0.0 < found.high
