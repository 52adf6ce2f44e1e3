"""Two scenarios under the same luck."""

from __future__ import annotations

from math import inf, isnan

import pytest

import sim
from sim.research.comparing import Side, compare
from sim.research.metrics import Duration, Durations, Metric, Ratio, catalogue
from sim.research.observing import observe
from sim.research.statistics.paired import Pairs, difference

SHAKY = sim.loads("""\
name: shaky
duration: 2min
seed: 5
networks:
  train:
    preset: fibre
    outages: {every: {exponential: 15s}, last: {exponential: 25s}}
clients:
  alice: {network: fibre}
  bob: {network: train, rejoin: {after: 1s}}
""")
SHORT = {"timers.window": "5s"}
LATER = {"clients.bob.rejoin": {"after": "1min"}}


def outages(observed):
    """How many outages there are."""
    return len(observed.outages)


@pytest.fixture(scope="module")
def found():
    return compare(SHAKY, LATER, metric=["presence", outages], replications=12)


def test_figures_are_those_of_the_runs_one_by_one(found):
    both = []
    for scenario in (SHAKY, Side.of(SHAKY).but(LATER).scenario):
        ratios = [catalogue()["presence"].of(observe(scenario, replication=n)) for n in range(12)]
        both.append([(ratio.numerator, ratio.denominator) for ratio in ratios])
    (first, first_of), (second, second_of) = (zip(*ratios, strict=True) for ratios in both)
    expected = difference(Pairs(first, second, first_of, second_of))
    assert found["presence"].difference == expected
    assert expected.high < 0


def test_what_the_change_cannot_reach_is_alike_in_every_pair(found):
    """Networks fail when they fail, whatever apps do: these are the same random numbers."""
    assert found["outages"].alike
    assert found["outages"].first.estimate > 1
    assert isnan(found["outages"].corrected)
    assert [each.metric.name for each in found.differing] == ["presence"]


def test_pairing_saves_what_draws_of_their_own_would_cost(found):
    """Side by side with the second's next replication, as if it had draws of its own."""
    pairs = found["presence"].pairs
    apart = Pairs(
        pairs.first, [*pairs.second[1:], pairs.second[0]], pairs.first_of, pairs.second_of
    )
    assert difference(apart).half_width > difference(pairs).half_width
    assert found["presence"].saved > 1


def test_exchanged_scenarios_have_the_difference_turned_round():
    later = Side.of(SHAKY).but(LATER)
    one = compare(SHAKY, later, metric="presence", replications=6)
    other = compare(later, SHAKY, metric="presence", replications=6)
    assert other.difference.low == pytest.approx(-one.difference.high)
    assert (other.p, other.saved) == (one.p, pytest.approx(one.saved))


def test_several_processes_find_the_same():
    one, two = (
        compare(SHAKY, SHORT, metric=["presence", outages], replications=5, jobs=jobs).to_data()
        for jobs in (1, 2)
    )
    assert one == two


def test_the_seed_of_the_first_counts_unless_another_is_given():
    other = compare(SHAKY, {**LATER, "seed": 99}, metric="presence", replications=4)
    assert other.seed == 5
    assert (
        other.to_data()["metrics"]
        == (compare(SHAKY, LATER, metric="presence", replications=4).to_data()["metrics"])
    )
    assert compare(SHAKY, LATER, metric="presence", replications=4, seed=6) != other


def test_a_metric_is_a_name_itself_or_a_function():
    own = Metric("bob", "1", "Sessions of Bob.", lambda seen: Ratio(len(seen.sessions) - 1))
    found = compare(SHAKY, SHORT, metric=[own, outages, "presence", outages], replications=3)
    assert [each.metric.name for each in found.metrics] == ["bob", "outages", "presence"]
    assert found["bob"].first.estimate >= 1


def test_without_a_metric_all_are_compared():
    found = compare(SHAKY, SHORT, replications=2)
    assert [each.metric.name for each in found.metrics] == list(catalogue())
    assert not found["kick-time"].known
    with pytest.raises(ValueError, match="there are several metrics"):
        assert found.difference
    with pytest.raises(KeyError, match="did you mean 'presence'"):
        assert found["presense"]


def test_each_sides_share_is_between_0_and_1():
    found = compare(SHAKY, SHORT, metric="ended-networkDisconnected", replications=5)
    for side in (found.metrics[0].first, found.metrics[0].second):
        assert side.method == "Wilson"
        assert 0 <= side.low <= side.estimate <= side.high <= 1


DYING = """\
name: dying
duration: {}
clients:
  alice: {{network: fibre}}
  dead: {{count: 6, network: fibre, arrive: {{uniform: {{from: 0s, to: 20s}}}}}}
script:
"""
CRASHES = "".join(
    f"  - {{at: {30 + 15 * n}s, client: dead-{n + 1}, do: crash}}\n" for n in range(6)
)


def dying(duration):
    """One after the other crashes, until a quarter of an hour or two minutes are over."""
    return sim.loads(DYING.format(duration) + CRASHES)


def test_ghosts_that_are_not_seen_to_go_count_for_what_they_are():
    """Whether a run goes on until the last of them is gone makes hardly a difference."""
    found = compare(dying("2min"), dying("15min"), metric="ghost-time", replications=6)
    [short, long] = found.metrics[0].first, found.metrics[0].second
    assert 53 < long.estimate < 55
    assert short.estimate == pytest.approx(long.estimate, abs=0.7)
    assert not found.differing


def test_both_sides_are_cut_where_both_are_known():
    found = compare(dying("110s"), dying("15min"), metric="session-duration", replications=4)
    [compared] = found.metrics
    assert compared.up_to == pytest.approx(110.0, abs=0.1)  # everybody comes within that of 0 s
    for side in (compared.first, compared.second):
        assert side.method == f"Kaplan-Meier, up to {compared.up_to:g} s"
        assert side.estimate < 110
    assert found.to_data()["metrics"][0]["up_to"] == compared.up_to


def test_what_is_cut_away_on_both_sides_is_not_alike():
    """At the one side ghosts have just begun at the end: of the others hardly anything counts."""
    late, early = (
        sim.loads(f"{DYING.format('60s')}  - {{at: {at}, client: dead-1, do: crash}}\n")
        for at in ("59.9s", "30s")
    )
    found = compare(late, early, metric="ghost-time", replications=3)
    [compared] = found.metrics
    assert compared.up_to < 0.2
    assert not compared.alike
    assert isnan(compared.difference.low)
    assert not found.differing


def test_where_one_side_has_none_nothing_is_cut():
    alive = sim.loads(DYING.format("60s").replace("script:\n", ""))
    dead = sim.loads(f"{DYING.format('60s')}  - {{at: 50s, client: dead-1, do: crash}}\n")
    [compared] = compare(alive, dead, metric="ghost-time", replications=3).metrics
    assert not compared.known
    assert compared.up_to is None


def test_durations_that_are_the_same_in_every_pair_are_alike():
    found = compare(
        SHAKY, {"platform.signal-echo": False}, metric="session-duration", replications=6
    )
    assert found.metrics[0].first.estimate > 20
    assert found.metrics[0].alike
    assert (found.difference.estimate, found.difference.half_width) == (0.0, 0.0)


def test_a_constant_difference_is_certain():
    longer = {"duration": "3min"}
    found = compare(SHAKY, longer, metric=lambda seen: seen.ended_us / 1e6, replications=3)
    assert (found.difference.estimate, found.difference.half_width) == (60.0, 0.0)
    luck = compare(
        SHAKY, longer, metric=lambda seen: seen.replication + seen.ended_us / 1e6, replications=3
    )
    assert luck.saved == inf


def test_breaches_are_there_for_functions_and_their_own_metrics():
    """Other metrics do without laws, which takes less time."""
    story = sim.load("scenarios/fatal-close.yaml")
    quirk = {"profile": "documented"}
    found = compare(story, quirk, metric="law-breaks", replications=2)
    assert found["law-breaks"].first.estimate >= 1
    assert found["law-breaks"].second.estimate == 0


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.usefixtures("forked")
def test_a_function_that_other_processes_cannot_be_given_is_measured_here():
    """As in a notebook, whose functions a process that was spawned could not find."""

    def there(seen):
        return len(seen.sessions)

    few = {"metric": [there, "law-breaks"], "replications": 4}
    assert compare(SHAKY, SHORT, jobs=2, **few).to_data() == compare(SHAKY, SHORT, **few).to_data()


def test_sides_of_which_one_has_durations_and_the_other_numbers_are_refused():
    def mixed(seen):
        return Durations([Duration(1.0)]) if len(seen.outages) > 1 else 5.0

    with pytest.raises(ValueError, match="mixed is of durations in some runs and a number in oth"):
        compare(SHAKY, {"networks.train.outages": None}, metric=mixed, replications=3)


def test_two_metrics_are_not_called_alike():
    def presence(seen):
        return 1.0

    with pytest.raises(ValueError, match="'presence' stands for two metrics: call one otherwise"):
        compare(SHAKY, SHORT, metric=["presence", presence], replications=2)


def test_progress_counts_runs():
    told = []
    compare(SHAKY, SHORT, metric="presence", replications=12, progress=told.append)
    assert told == [10, 20, 22, 24]


@pytest.mark.parametrize(
    ("second", "changes", "said"),
    [
        (SHAKY, {}, "there is nothing to compare: shaky and shaky are the same story"),
        ({"seed": 8}, {}, "are the same story"),
        (SHORT, {"replications": 1}, "a comparison needs 2 pairs of runs or more, not 1"),
        (SHORT, {"replications": 10**9}, "has 1,000,000 pairs of runs at most, not 1,000"),
        (SHORT, {"replications": "a"}, "'a' is not a number of pairs of runs"),
        (SHORT, {"replications": 2.5}, "2.5 is not a number of pairs of runs"),
        (SHORT, {"metric": "ghosts"}, "'ghosts' is not a metric"),
        (SHORT, {"metric": []}, "no metric is named"),
        (SHORT, {"metric": 5}, "5 is no metric"),
        (SHORT, {"metric": [5]}, "5 is not a metric"),
        (SHORT, {"metric": lambda seen: "x"}, "the metric lambda must give a finite number"),
        (SHORT, {"jobs": 0}, "0 is not a number of processes"),
        (SHORT, {"level": 95}, "95 is not a confidence level"),
        ({"timers.windou": "5s"}, {}, "did you mean 'window'"),
        ({"clients.zoe.network": "wifi"}, {}, "'zoe' is not somebody of the scenario"),
    ],
)
def test_what_makes_no_sense_is_refused(second, changes, said):
    with pytest.raises(ValueError, match=said):
        compare(SHAKY, second, **({"metric": "presence"} | changes))
