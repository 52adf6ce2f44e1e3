"""Which runs of a sweep are its worst, however they are cut into shards."""

import itertools

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.overview.worst import COMMON, worst
from sim.research.metrics import Metric
from sim.research.running.shards import Shard

METRICS = tuple(Metric(name, unit, "", None) for name, unit in (("one", "s"), ("other", "1")))
POINTS, REPLICATIONS = 3, 7

figures = st.tuples(st.integers(-20, 20).map(float), st.sampled_from([0.0, 1.0, 1.0, 2.0]))
"""Numerator and denominator of a metric in a run."""
runs = st.tuples(st.sampled_from([0, 0, 0, 1, 2]), st.tuples(figures, figures))
"""How often laws broke in a run, and what was measured."""
sweeps = st.lists(
    st.lists(runs, min_size=REPLICATIONS, max_size=REPLICATIONS), min_size=POINTS, max_size=POINTS
)
cuts = st.sets(st.integers(1, REPLICATIONS - 1)).map(lambda at: [0, *sorted(at), REPLICATIONS])


def written(folder, points, cut):
    """The shards of these runs, in their files."""
    shards = []
    for point, replications in enumerate(points):
        for first, end in itertools.pairwise(cut):
            shards.append(Shard(first, point, end - first))
            here = folder / shards[-1].name
            here.mkdir(parents=True)
            numbered = list(enumerate(replications))[first:end]
            table = {
                "law_breaks": [breaks for _, (breaks, _) in numbered],
                "exit_code": [int(breaks > 0) for _, (breaks, _) in numbered],
                "digest": [f"{point}/{number}" for number, _ in numbered],
            }
            pq.write_table(pa.table(table), here / "runs.parquet")
            rows = [
                (metric.name, *figure, number)
                for number, (_, measured) in numbered
                for metric, figure in zip(METRICS, measured, strict=True)
            ]
            none = {"metric": pa.array([], "string"), "replication": pa.array([], "int64")}
            none |= {"seconds": pa.array([], "double"), "ended": pa.array([], "bool")}
            pq.write_table(pa.table(none), here / "durations.parquet")
            names = ("metric", "numerator", "denominator", "replication")
            columns = dict(zip(names, zip(*rows, strict=True), strict=True))
            pq.write_table(pa.table(columns), here / "metrics.parquet")
    return shards


def values(points, place):
    """Every value of a metric, by its run."""
    return {
        (point, number): measured[place][0] / measured[place][1]
        for point, replications in enumerate(points)
        for number, (_, measured) in enumerate(replications)
        if measured[place][1]
    }


@settings(max_examples=25)
@given(sweeps, cuts, st.integers(0, 8))
def test_what_broke_comes_first_and_then_what_is_most_extreme(tmp_path_factory, points, cut, most):
    folder = tmp_path_factory.mktemp("shards")
    found = worst(folder, written(folder, points, cut), METRICS, most)
    assert len(found) <= most
    assert len({each.order for each in found}) == len(found)
    assert all(each.digest == f"{each.point}/{each.replication}" for each in found)
    flags = [each.is_broken for each in found]
    assert flags == sorted(flags, reverse=True)
    broken = {
        (point, number): breaks
        for point, replications in enumerate(points)
        for number, (breaks, _) in enumerate(replications)
        if breaks
    }
    assert sum(flags) == min(most, len(broken))
    listed = [(each.point, each.replication) for each in found if each.is_broken]
    for point in range(POINTS):
        mine = [place for place in listed if place[0] == point]
        ranked = sorted(
            (place for place in broken if place[0] == point), key=lambda each: -broken[each]
        )
        assert mine == ranked[: len(mine)]
    counts = [sum(place[0] == point for place in listed) for point in range(POINTS)]
    for point, count in enumerate(counts):
        had = sum(place[0] == point for place in broken)
        assert count == had or count >= max(counts) - 1  # each in turn
    for each in found:
        assert each.is_broken or each.reasons
        for reason in each.reasons:
            way, name, *_ = reason.replace(":", "").split()
            known = values(points, [metric.name for metric in METRICS].index(name))
            end = {"highest": max, "lowest": min}[way](known.values())
            assert known[each.point, each.replication] == end
            here = [value for (point, _), value in known.items() if point == each.point]
            assert here.count(end) <= max(1, COMMON * len(here))


@settings(max_examples=10)
@given(sweeps, cuts)
def test_how_runs_are_cut_into_shards_makes_no_difference(tmp_path_factory, points, cut):
    folder = tmp_path_factory.mktemp("shards")
    whole = written(folder / "whole", points, [0, REPLICATIONS])
    parts = written(folder / "parts", points, cut)
    one = worst(folder / "whole", whole, METRICS, 6)
    other = worst(folder / "parts", reversed(parts), METRICS, 6)
    assert {each.order: sorted(each.reasons) for each in one} == {
        each.order: sorted(each.reasons) for each in other
    }


def test_the_most_extreme_is_first_whichever_metric_it_is_of(tmp_path):
    calm = [(0, ((float(n % 3), 1.0), (float(n % 2), 1.0))) for n in range(30)]
    calm[17] = (0, ((2.5, 1.0), (90.0, 1.0)))
    calm[18] = (0, ((3.5, 1.0), (1.0, 1.0)))
    first, second = worst(tmp_path, written(tmp_path, [calm], [0, 30]), METRICS, 5)
    assert (first.replication, second.replication) == (17, 18)
    assert first.reasons[0].startswith("highest other: 90, 5.4 standard deviations above the mean")
    assert second.reasons[0].startswith("highest one: 3.5 s, ")


def test_points_that_share_their_luck_have_their_extreme_at_the_first(tmp_path):
    calm = [(0, ((float(n), 1.0), (0.0, 0.0))) for n in range(4)]
    highest, lowest = worst(tmp_path, written(tmp_path, [calm] * 3, [0, 2, 4]), METRICS, 5)
    assert [(each.point, each.replication) for each in (highest, lowest)] == [(0, 3), (0, 0)]
