"""What sweeps measure: durations, functions of one's own, and how narrow it must be."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from research_scenarios import DROP, ON_CORES, TWO, experiment, shards

import sim
from sim.research import read, sweep
from sim.research.metrics import (
    Duration,
    Durations,
    Kind,
    Metric,
    Ratio,
    catalogue,
    lasting,
    of_durations,
)
from sim.research.observing import observe
from sim.research.running import sweeping
from sim.research.running.warming import after
from sim.scenario import ScenarioError

ROOT = Path(__file__).parents[2]
pytest.importorskip("pyarrow")

pytestmark = ON_CORES


# -- durations -------------------------------------------------------------------------------------


def test_what_is_no_share_of_things_gets_no_interval_of_one():
    """At 1 s of grace Adam is away for 2 s to the microsecond: that is no number of things."""
    names = ["share-reconnecting", "presence", "outages-survived", "runs-failed"]
    found = list(sweep(experiment(metrics=names, warm_up="1s"), jobs=1).estimates())
    assert [each.interval.method for each in found] == ["delta", "delta", "Wilson", "Wilson"] * 3


STAYS = {
    "name": "stays",
    "duration": "30s",
    "clients": {
        "adam": {"arrive": {"exponential": "5s"}, "stay": {"exponential": "12s"}},
        "bob": {},
        "zoe": {},
    },
    "script": [{"at": "20s", "client": "zoe", "do": "crash"}],
}


@pytest.mark.parametrize("metric", ["session-duration", "ghost-time"])
@pytest.mark.parametrize("warm_up", ["0s", "1s"])
def test_the_curve_of_how_long_sessions_last_is_that_of_the_runs(metric, warm_up):
    pytest.importorskip("duckdb")
    design = {"list": [{}, {"seed": 2}]}
    changed = experiment(scenario=STAYS, design=design, warm_up=warm_up, replications=6)
    found = sweep(changed, jobs=1).survival(metric, 1)
    scenario = changed.at(changed.points[1])
    runs = [after(observe(scenario, replication=n), changed.warm_up) for n in range(6)]
    curve = lasting.survival(catalogue()[metric], runs)
    assert len(found) == len(curve)
    for name in ("durations", "ended", "of"):
        assert sorted(getattr(found, name)) == sorted(getattr(curve, name))
    assert str(found.median()) == str(curve.median())


def test_durations_that_are_in_no_table_have_no_curve(whole):
    with pytest.raises(ValueError, match="is not a metric of durations here"):
        whole.survival("kick-time")


GRACE = {"list": [{"platform.grace": "5s"}]}


@pytest.mark.parametrize("metric", ["session-duration", "ghost-time"])
def test_a_curve_is_the_same_whether_its_metric_was_measured(metric):
    plain, measured = (
        sweep(experiment(scenario=STAYS, replications=6, design=GRACE, metrics=metrics), jobs=1)
        for metrics in (["presence"], ["presence", metric])
    )
    one, other = plain.survival(metric), measured.survival(metric)
    assert len(one) > 3
    assert sorted(zip(one.durations, one.ended, one.of, strict=True)) == sorted(
        zip(other.durations, other.ended, other.of, strict=True)
    )


def sometimes(seen):
    """How long something lasts in some runs; of the others there is nothing to say."""
    return Durations([Duration(2.0 + seen.replication)]) if seen.replication % 3 else None


def either(seen):
    """Now this, now that."""
    return Durations([Duration(1.0)]) if seen.replication % 2 else 7.0


def test_runs_that_have_nothing_to_say_of_durations_are_none(monkeypatch):
    asked = experiment(replications=7, design=GRACE, metrics=[sometimes, "runs-failed"])
    whole = sweep(asked, jobs=1)
    monkeypatch.setattr(sweeping, "size", lambda scenario: 2)
    parts = sweep(asked, jobs=1)
    for found in (whole, parts, read(parts.folder)):
        lasts, _ = found.estimates()
        assert lasts.interval.estimate == pytest.approx((3 + 4 + 6 + 7) / 4)
        assert (lasts.interval.n, lasts.metric.unit) == (4, "s")
        assert found.figures("sometimes")[1].tolist() == [0, 1, 1, 0, 1, 1, 0]


@pytest.mark.parametrize("size", [1, 4])
def test_what_is_now_durations_and_now_a_number_is_refused(tmp_path, monkeypatch, size):
    monkeypatch.setattr(sweeping, "size", lambda scenario: size)
    asked = experiment(replications=4, design=GRACE, metrics=["presence", either])
    with pytest.raises(ValueError, match="either is of durations in some runs and a number in oth"):
        sweep(asked, tmp_path, jobs=1)
    assert not json.loads((tmp_path / "manifest.json").read_text())["complete"]


def test_a_metric_of_ones_own_is_not_called_like_a_shipped_one():
    own = of_durations("ghost-time", "Another.", lambda seen: [])
    with pytest.raises(ScenarioError, match="'ghost-time' is the name of a shipped metric"):
        experiment(metrics=[own])


def test_a_metric_that_is_read_again_is_what_it_was(tmp_path):
    own = of_durations("own", "How long.", lambda seen: [Duration(1.0 + seen.replication)])
    never = Metric("never", "1/h", "How often.", lambda seen: Ratio(0, 2), Kind.RATE)
    found = sweep(experiment(replications=3, design=GRACE, metrics=[own, never]), tmp_path, jobs=1)
    again = read(tmp_path)
    assert [each.to_data() for each in again.estimates()] == [
        each.to_data() for each in found.estimates()
    ]
    assert [each.lasting for each in again.metrics] == [True, False]
    assert str(again.survival("own").median()) == str(found.survival("own").median())
    with pytest.raises(ValueError, match="there is no point 1: there are 1"):
        again.survival("own", 1)


def test_one_metric_of_ones_own_need_not_be_in_a_list():
    own = of_durations("own", "How long.", lambda seen: [Duration(1.0)])
    found = sim.replicate("scenarios/clean-goodbye.yaml", 2, jobs=1, metrics=own)
    assert [each.metric.name for each in found.estimates()] == ["own"]


def test_durations_come_from_all_shards_of_a_point(monkeypatch):
    asked = experiment(scenario=STAYS, replications=7, design=GRACE, metrics=["session-duration"])
    whole = sweep(asked, jobs=1)
    monkeypatch.setattr(sweeping, "size", lambda scenario: 2)
    parts = sweep(asked, jobs=1)
    assert len(parts.manifest["shards"]) == 4
    assert parts.digest == whole.digest
    assert [*map(str, parts.estimates())] == [*map(str, whole.estimates())]
    for one, other in zip(
        parts.figures("session-duration"), whole.figures("session-duration"), strict=True
    ):
        assert one.tolist() == other.tolist()


def test_of_durations_there_is_the_mean_of_their_curve_and_where_it_is_cut():
    names = ["session-duration", "ghost-time", "presence"]
    asked = experiment(scenario=STAYS, replications=6, design=GRACE, metrics=names)
    found = sweep(asked, jobs=1)
    of_sessions, of_ghosts, presence = found.estimates()
    curve = found.survival("session-duration")
    expected = curve.restricted_mean(curve.longest)
    assert of_sessions.interval.estimate == pytest.approx(expected.estimate)
    assert of_sessions.interval.half_width == pytest.approx(expected.half_width, rel=0.4)  # t of 5
    assert of_sessions.up_to == curve.longest == 29.974
    assert of_sessions.interval.method == "Kaplan-Meier, up to 29.974 s"
    assert of_sessions.interval.n == 6
    assert presence.up_to is None
    told = found.to_arrow("estimates")["up_to"].to_pylist()
    assert told == [of_sessions.up_to, of_ghosts.up_to, None] == [29.974, 10.0, None]
    above, below = found.figures("session-duration")
    assert above.sum() / below.sum() == pytest.approx(expected.estimate)
    assert below.tolist() == [
        count for (count,) in found.query("SELECT sessions FROM runs ORDER BY replication")
    ]
    rows = found.to_arrow("durations").to_pylist()
    assert {row["metric"] for row in rows} == {"session-duration", "ghost-time"}
    assert sum(row["metric"] == "session-duration" for row in rows) == len(curve)
    assert {row["metric"] for row in found.to_arrow("metrics").to_pylist()} == {"presence"}


@pytest.mark.parametrize("kind", ["SHARE", 1])
def test_the_kind_of_a_metric_is_one(kind):
    with pytest.raises(ValueError, match="the kind of a metric is one of Kind"):
        Metric("own", "1", "", of=reconnecting, kind=kind)


def test_a_flag_is_no_duration():
    metric = of_durations("own", "", lambda seen: [Duration(True)])
    with pytest.raises(ValueError, match="the metric own has a duration of true s"):
        sweep(experiment(metrics=[metric], design=None), jobs=1)


# -- functions -------------------------------------------------------------------------------------


def count_of_sessions(observed):
    """How many sessions there are."""
    return len(observed.sessions)


def reconnecting(observed):
    """As a ratio."""
    return Ratio(1.0, 2.0)


@pytest.mark.parametrize("jobs", [1, 2])
def test_functions_are_measured_wherever_they_run(jobs):
    found = sweep(experiment(metrics=[count_of_sessions, reconnecting]), jobs=jobs)
    assert {each.interval.estimate for each in found.estimates()} == {2.0, 0.5}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_function_that_no_process_could_be_given_is_measured_here(jobs, tmp_path):
    def sessions(observed):
        return len(observed.sessions)

    metrics = [sessions, lambda observed: Ratio(1.0, 2.0)]
    found = sweep(experiment(metrics=metrics), tmp_path, jobs=jobs)
    assert [each.interval.estimate for each in found.estimates()] == [2.0, 0.5] * 3
    again = experiment(metrics=[count_of_sessions, reconnecting])
    rows = "SELECT point, replication, numerator, denominator FROM metrics ORDER BY ALL"
    assert list(found.query(rows).rows) == list(sweep(again, jobs=1).query(rows).rows)


STDIN = """
import sys
sys.path[:0] = ["tests/research"]
from research_scenarios import TWO, experiment, shards
from sim.research import sweep
from sim.research.running import pool

def mine(observed):
    return 7

pool._context = lambda: pool.multiprocessing.get_context("spawn")
found = sweep(experiment(metrics=[mine], design=None), jobs=2)
print([each.interval.estimate for each in found.estimates()])
"""


@pytest.mark.slow
def test_a_function_of_a_program_that_is_in_no_file_is_measured_there():
    """As in a notebook: what was spawned could not import it."""
    run = subprocess.run(
        [sys.executable, "-c", STDIN], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout == "[7.0]\n"


@pytest.mark.parametrize(
    "value",
    ["7", (1, 2), 10**400, float("nan"), float("inf"), len],
    ids=["text", "tuple", "huge", "nan", "inf", "function"],
)
def test_a_function_that_gives_no_number_is_told_by_its_name(value):
    def odd(observed):
        return value

    with pytest.raises(ValueError, match="the metric odd "):
        sweep(experiment(metrics=[odd], design=None), jobs=1)


def dividing(observed):
    """Wrong."""
    return 1 / (observed.replication - 2)


@pytest.mark.parametrize("jobs", [1, 2])
def test_where_a_function_fails_is_told(jobs):
    with pytest.raises(ZeroDivisionError) as caught:
        sweep(experiment(metrics=[dividing], design=None), jobs=jobs)
    assert caught.value.__notes__ == ["in the metric dividing, of replication 2 of point 0"]


def test_figures_of_functions_are_read_again(tmp_path):
    until = {"metric": joining, "half-width": 1e9, "at-most": 40}
    changed = experiment(replications=None, until=until, metrics=[count_of_sessions], design=TWO)
    found = sweep(changed, tmp_path, jobs=1)
    again = list(read(tmp_path).estimates())
    assert [(e.metric.name, e.interval) for e in again] == [
        (e.metric.name, e.interval) for e in found.estimates()
    ]
    assert {each.metric.name for each in again} == {"count-of-sessions", "joining"}


@pytest.mark.parametrize("metrics", ["presence", count_of_sessions, ["presence"]])
def test_replicate_measures_one_thing_as_well_as_several(metrics):
    found = sim.replicate(sim.scenario.from_data(DROP), 1, jobs=1, metrics=metrics)
    assert len(found.metrics) == 1


# -- stopping rules --------------------------------------------------------------------------------


def test_a_stopping_rule_wants_all_shards(tmp_path):
    until = {"metric": "time-reconnecting", "half-width": 1, "at-most": 9}
    with pytest.raises(ValueError, match="a stopping rule looks at all shards"):
        sweep(experiment(replications=None, until=until), tmp_path, part=(1, 2))


def joining(observed):
    """When people have joined, together: it is another time in each replication."""
    return sum(each.joined_us for each in observed.sessions)


def test_a_stopping_rule_ends_it_with_the_runs_that_it_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(sweeping, "size", lambda scenario: 5)
    until = {"metric": joining, "half-width": 1e9, "at-most": 40}
    changed = experiment(replications=None, until=until, metrics=[joining], design=TWO)
    found = sweep(changed, tmp_path, jobs=1)
    assert (found.replications, found.runs, found.complete) == (8, 16, True)
    assert shards(tmp_path) == [
        "point-0-from-0-to-4",
        "point-0-from-5-to-7",
        "point-1-from-0-to-4",
        "point-1-from-5-to-7",
    ]
    fixed = sweep(experiment(metrics=[joining], design=TWO, replications=8), jobs=1)
    assert found.digest == fixed.digest
    assert (found.narrow, fixed.narrow) == (True, None)
    assert sweep(changed, tmp_path, jobs=1, resume=True).digest == found.digest


def test_a_stopping_rule_that_is_not_met_is_told(tmp_path):
    until = {"metric": joining, "half-width": 1e-9, "at-most": 3}
    found = sweep(experiment(replications=None, until=until, metrics=[joining]), tmp_path, jobs=1)
    assert (found.complete, found.replications, found.narrow) == (True, 3, False)
    assert read(tmp_path).narrow is False
