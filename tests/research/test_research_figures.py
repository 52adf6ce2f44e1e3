"""What many runs say of a metric: ratios, and durations of which some are not over."""

import json
from itertools import pairwise
from math import inf, isnan, nan
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.research.comparing.comparison import compared, exchangeable
from sim.research.metrics import Duration, Durations, Metric, Ratio, catalogue
from sim.research.metrics.asking import ask
from sim.research.metrics.estimate import interval
from sim.research.metrics.figures import Figures
from sim.research.metrics.metric import from_data, of_durations, to_data
from sim.research.metrics.stopping import decided
from sim.research.statistics.intervals import mean, ratio
from sim.research.statistics.stopping import HalfWidth, looks
from sim.research.statistics.survival import Survival

GHOSTS = catalogue()["ghost-time"]

SEEN = SimpleNamespace(replication=4, point=2)

seconds = st.integers(0, 40).map(lambda x: x / 2)
durations = st.lists(st.builds(Duration, seconds, st.booleans()), max_size=5).map(Durations)
ratios = st.builds(Ratio, st.integers(0, 9), st.integers(0, 9))
lasted = st.lists(durations, min_size=1, max_size=12)
told = st.one_of(lasted, st.lists(ratios, min_size=1, max_size=12))


def ended(*each):
    return Durations(map(Duration, each))


def figures(said):
    found = Figures.of(said)
    assume(found.lasting)
    return found


@given(told, st.data())
def test_how_runs_are_cut_makes_no_difference(said, data):
    cut = data.draw(st.integers(0, len(said)))
    whole, parts = (
        Figures.of(said),
        Figures.joined([Figures.of(said[:cut]), Figures.of(said[cut:])]),
    )
    for one, other in zip(whole.pairs(), parts.pairs(), strict=True):
        assert one.tolist() == other.tolist()
    first = whole.first(cut)
    for one, other in zip(first.pairs(), Figures.of(said[:cut]).pairs(), strict=True):
        assert one.tolist() == other.tolist()
    assert [from_data(to_data(each)) for each in said] == said


@given(lasted)
def test_pseudo_values_add_up_to_the_mean_of_the_curve(said):
    found = figures(said)
    above, below = found.pairs()
    curve = Survival(found.seconds, found.ended, found.place)
    assert below.tolist() == [len(each.each) for each in said]
    expected = curve.restricted_mean(curve.longest)
    assert above.sum() / below.sum() == pytest.approx(expected.estimate)
    estimate = interval(GHOSTS, found, 0.95)
    assert estimate.n == sum(bool(each.each) for each in said)
    assert estimate.high == pytest.approx(expected.high, abs=1e-9, nan_ok=True)
    assert estimate.low == pytest.approx(max(expected.low, 0.0), abs=1e-9, nan_ok=True)


@given(st.lists(st.lists(seconds, max_size=5), min_size=1, max_size=12))
def test_where_all_has_ended_they_are_the_durations(said):
    """And so the mean is theirs, and as sure."""
    found = figures([ended(*each) for each in said])
    above, below = found.pairs()
    assert above == pytest.approx([sum(each) for each in said])
    assert found.horizon == inf
    assert interval(GHOSTS, found, 0.95).method == "Kaplan-Meier"
    expected = ratio(above, below)
    assert interval(GHOSTS, found, 0.95).high == pytest.approx(expected.high, nan_ok=True)


@given(st.lists(st.lists(seconds, min_size=1, max_size=5), min_size=1, max_size=12))
def test_the_way_for_censored_ones_gives_the_durations_where_none_is(said):
    """A pseudo-value is what a mean gains or loses by one more of the kind, times their number."""
    flat = [each for lasts in said for each in lasts]
    curve = Survival(flat, [True] * len(flat))
    until = max(flat)
    mean, rest = curve._areas(until)
    moved = len(flat) * curve._moved(np.where(curve.times <= until, rest, 0.0))
    assert mean + moved == pytest.approx(flat, abs=1e-9)


@given(lasted, st.integers(1, 40))
def test_a_pseudo_value_is_the_slope_of_the_mean(said, until):
    """One more like it, by a little: what the mean gains is what the pseudo-value says."""
    found = figures(said)
    until = min(until, found.curve.longest)
    above, below = found.pairs(until)
    known = below.sum()
    for run in np.unique(found.place):
        here = found.place == run
        slope = (_weighted(found, until, here, 1e-6) - _weighted(found, until, here, -1e-6)) / 2e-6
        base = _weighted(found, until, here, 0.0)
        assert above[run] - below[run] * base == pytest.approx(known * slope, abs=1e-3)


def _weighted(found, until, here, more):
    """The restricted mean where those of a run have a weight of so much more."""
    weights = np.where(here, 1.0 + more, 1.0)
    height, before, area = 1.0, 0.0, 0.0
    for time in np.unique(found.seconds[found.ended]):
        area += height * (min(time, until) - before)
        before = min(time, until)
        ends = weights[found.ended & (found.seconds == time)].sum()
        height *= 1.0 - ends / weights[found.seconds >= time].sum()
    return area + height * (until - before)


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(2, 300))
def test_replications_that_are_alike_do_not_differ_by_rounding(seed, things, runs):
    rng = np.random.default_rng(seed)
    lasts = [*map(Duration, rng.exponential(10, things), rng.random(things) < 0.7)]
    found = Figures.of(Durations(rng.permutation(lasts)) for _ in range(runs))
    ending = {place for place, ends in zip(found.place, found.ended, strict=True) if ends}
    half_width = interval(GHOSTS, found, 0.95).half_width
    assert half_width == 0.0 if len(ending) > 1 else isnan(half_width)


def test_the_interval_covers_the_mean_of_what_is_cut_off_at_the_end_of_a_run():
    """Of three that begin at any time and last ten seconds on average, in runs of half a minute."""
    rng, covered = np.random.default_rng(1), []
    for _ in range(300):
        said = []
        for _ in range(40):
            begun, lasts = rng.uniform(0, 30, 3), rng.exponential(10, 3)
            seen = np.minimum(lasts, 30 - begun)
            said.append(Durations(map(Duration, seen, lasts <= 30 - begun)))
        covered.append(10 * (1 - np.exp(-1.5)) in interval(GHOSTS, Figures.of(said), 0.95, 15.0))
    assert np.mean(covered) == pytest.approx(0.95, abs=4 * (0.0475 / 300) ** 0.5)


def test_what_lasts_nearly_the_same_is_not_taken_for_what_may_end_at_any_time():
    """The time seen over the ends seen would be 89 s."""
    said = [
        ended(53.0, 52.5, 53.5),
        Durations(Duration(each, ended=False) for each in (50, 30, 10)),
    ]
    found = interval(GHOSTS, Figures.of(said), 0.95)
    assert found.estimate == pytest.approx(53.0)
    assert found.method == "Kaplan-Meier, up to 53.5 s"


@pytest.mark.parametrize(
    "said",
    [
        [Durations([Duration(1.0, ended=False)])] * 9 + [ended(100.0)],
        [Durations([Duration(n, ended=False)]) for n in (3.0, 4.0, 5.0)],
        [Durations([Duration(60.0, ended=False)]), ended(1.0, 2.0)],
    ],
)
def test_of_ends_in_one_run_alone_nobody_knows_how_much_they_vary(said):
    """One that ended last moves nothing, as all were over then: that is no certainty."""
    found = interval(GHOSTS, Figures.of(said), 0.95)
    assert found.estimate > 0.0
    assert isnan(found.low)
    assert isnan(found.high)
    assert not HalfWidth(target=1e9, at_most=99).met(found)


def test_that_the_longest_had_ended_does_not_make_a_mean_whole():
    """In a minute nothing longer can be seen, whether or not the longest goes on."""
    said = [ended(50.0), ended(55.0), Durations([Duration(30.0, ended=False)])]
    found = Figures.of(said)
    assert found.horizon == 55.0
    assert interval(GHOSTS, found, 0.95).method == "Kaplan-Meier, up to 55 s"


def restricted(until):
    """The mean of what lasts 40 to 60 s, cut there."""
    beyond = min(max(until - 40.0, 0.0), 20.0)
    return min(until, 40.0) + beyond - beyond**2 / 40.0


@pytest.mark.parametrize("length", [60.0, 120.0])
@pytest.mark.parametrize("runs", [10, 30])
def test_intervals_cover_also_where_few_ends_are_seen(length, runs):
    """Of ghosts in runs that hardly last longer; those without limits apart."""
    rng, covered = np.random.default_rng(2), []
    for _ in range(200):
        begun, lasts = rng.uniform(0, length, runs), rng.uniform(40, 60, runs)
        seen, over = np.minimum(lasts, length - begun), lasts <= length - begun
        figures = Figures.of(Durations([Duration(*each)]) for each in zip(seen, over, strict=True))
        found = interval(GHOSTS, figures, 0.95)
        if found.known:
            covered.append(restricted(figures.horizon) in found)
    assert len(covered) > 50
    assert np.mean(covered) > 0.85


def test_nothing_that_could_last_has_no_mean():
    found = Figures.of([Durations(), Durations()])
    assert interval(GHOSTS, found, 0.95).known is False
    assert [each.tolist() for each in found.pairs()] == [[0, 0], [0, 0]]
    assert len(found.values()[0]) == 0
    assert Durations().value is None


def test_what_a_run_says_alone_is_the_mean_of_what_was_seen():
    found = Figures.of([Durations(), ended(1, 2), Durations([Duration(7.0, ended=False)])])
    places, values = found.values()
    assert (places.tolist(), values.tolist()) == ([1, 2], [1.5, 7.0])
    assert ended(1, 2).value == 1.5


# -- exchanged within pairs ------------------------------------------------------------------------


@given(st.lists(st.tuples(durations, durations, st.booleans()), min_size=1, max_size=10))
def test_of_pairs_that_are_alike_figures_do_not_differ(pairs):
    """Whatever the others do: those of each side's own curve would."""
    first = figures([one for one, _, _ in pairs])
    second = figures([one if same else other for one, other, same in pairs])
    until = min(first.horizon, second.horizon)
    found = exchangeable(first, second, until)
    for at, (one, other, same) in enumerate(pairs):
        if same or one == other:
            assert found.first[at] == found.second[at]
            assert found.first_of[at] == found.second_of[at]


def test_only_the_pairs_that_differ_are_tossed_for():
    """Three of twenty differ, all the same way: of eight tosses two are as extreme."""
    alike = [Durations([Duration(10.0 + n), Duration(3.0 * n, ended=False)]) for n in range(17)]
    first = [*alike, ended(20), ended(20), ended(20)]
    second = [*alike, ended(15), ended(14), ended(12)]
    [found] = compared([GHOSTS], [(Figures.of(first), Figures.of(second))], seed=1, level=0.95)
    assert found.p == 0.25
    assert found.difference.estimate < 0
    assert not found.alike


# -- how many are enough ---------------------------------------------------------------------------


@given(st.integers(0, 2**32 - 1), st.integers(3, 400))
def test_the_decision_depends_on_nothing_that_comes_later(seed, count):
    rng = np.random.default_rng(seed)
    said = [
        Durations(map(Duration, rng.exponential(10, 2), rng.random(2) < 0.7)) for _ in range(400)
    ]
    rule = HalfWidth(target=0.25, relative=True, at_most=400)
    looked = {}
    so_far = decided(rule, Figures.of(said[:count]), looked)
    whole = decided(rule, Figures.of(said), looked)
    assert whole == decided(rule, Figures.of(said))
    if so_far.done:
        assert so_far == whole
    else:
        assert so_far.run == count < whole.run


@given(st.integers(3, 5000), st.integers(3, 5000))
def test_it_looks_after_each_and_then_ever_more_seldom_and_in_the_end(count, most):
    rule = HalfWidth(target=1.0, at_most=most)
    found = list(looks(rule, count))
    assert found == sorted(set(found))
    assert found[: 198 - 3] == list(range(3, min(count, most, 197) + 1))[: 198 - 3]
    assert all(b - a <= max(a // 100, 1) for a, b in pairwise(found))
    assert all(each <= min(count, most) for each in found)
    assert count < most or found[-1] == most


def test_ratios_are_decided_as_ever():
    values = np.random.default_rng(3).gamma(4.0, 1.0, 60)
    found = decided(HalfWidth(target=1.0, at_most=60), Figures.of(map(Ratio, values)))
    assert found.enough is not None
    assert mean(values[: found.enough]).half_width <= 1.0


# -- metrics of one's own --------------------------------------------------------------------------


def test_a_metric_of_durations_of_ones_own():
    own = of_durations(
        "waits", "How long somebody waits.", lambda seen: [Duration(seen.replication)]
    )
    assert (own.unit, own.lasting) == ("s", True)
    assert own.of(type("Seen", (), {"replication": 3.0})) == ended(3.0)


@pytest.mark.parametrize(
    ("gives", "said"),
    [
        (lambda: ended(1.0, -1.0), "has a duration of -1.0 s in some run"),
        (lambda: ended(nan), "has a duration of "),
        (lambda: ended(inf), "has a duration of "),
        (lambda: ended(10**400), "has a duration of 1000"),
        (lambda: ended("3"), "has a duration of '3' s in some run"),
        (lambda: Durations([Duration(1.0, "no")]), "says of a duration that it ended: 'no'"),
        (lambda: Durations([1.0]), "has 1.0 among its durations"),
        (lambda: Durations(Duration(1.0)), "Durations are several, and this is"),
        (lambda: 1.0, "gives 1.0, and must give a Ratio or Durations"),
        (lambda: Ratio(None), "is nothing by 1.0 in some run, and must be finite"),
        (lambda: None, "gives nothing, and must give a Ratio"),
        (lambda: Ratio(nan), "by 1.0 in some run, and must be finite"),
    ],
)
def test_what_is_no_figure_is_refused_with_the_name_of_the_metric(gives, said):
    bad = Metric("bad", "s", "", lambda _: gives())
    with pytest.raises(ValueError) as refused:
        ask(bad, SEEN)
    assert said in str(refused.value)
    assert "in the metric bad, of replication 4 of point 2" in refused.value.__notes__


def test_numbers_of_other_libraries_are_taken_for_what_they_are():
    own = of_durations("own", "", lambda _: [Duration(np.float32(1.5), np.bool_(False))])
    said = ask(own, SEEN)
    assert json.dumps(to_data(said)) == "[[1.5, false]]"
    with pytest.raises(ValueError, match="must give several, not nothing"):
        ask(of_durations("own", "", lambda _: None), SEEN)


def test_a_metric_is_of_durations_or_of_numbers():
    mixed = Figures.of([ended(1.0), Ratio(0.0, 0.0), Ratio(3.0)])
    with pytest.raises(ValueError, match="the metric own is of durations in some runs and a num"):
        mixed.checked("own")
    assert Figures.of([ended(1.0), Ratio(0.0, 0.0)]).checked("own").lasting
