"""Sweeps: the same results whatever runs them, and whatever stops them in between."""

import errno
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import tracemalloc
from functools import partial
from pathlib import Path

import pytest
from research_scenarios import DROP, experiment

import sim
from sim.research import read, sweep, tables
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
from sim.research.running import store, sweeping
from sim.research.running.shards import make
from sim.research.running.warming import after
from sim.scenario import ScenarioError

ROOT = Path(__file__).parents[2]
pytest.importorskip("pyarrow")

pytestmark = [
    pytest.mark.usefixtures("forked"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The experiment, run at once in this process."""
    return sweep(experiment(), tmp_path_factory.mktemp("whole") / "results", jobs=1)


def shards(folder):
    """The shards that are there, and nothing that was left half."""
    return sorted(each.name for each in (folder / "shards").iterdir())


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text())


# -- what there is ---------------------------------------------------------------------------------


def test_the_manifest_says_what_was_run(whole):
    said = manifest(whole.folder)
    assert said["complete"]
    assert (said["runs"], said["replications"], said["failed"], said["seed"]) == (12, 4, 0, 1)
    assert said["digest"] == whole.digest
    assert len(said["digest"]) == 32
    assert [each["values"] for each in said["points"]] == [
        {"platform.grace": grace} for grace in ("1s", "15s", "45s")
    ]
    assert [each["point"] for each in said["shards"]] == [0, 1, 2]
    assert len({each["digest"] for each in said["shards"]}) == 3


def test_results_are_read_again(whole):
    again = read(whole.folder)
    assert again.digest == whole.digest
    assert list(map(str, again.estimates())) == list(map(str, whole.estimates()))


def test_every_metric_has_an_estimate_at_every_point(whole):
    found = list(whole.estimates())
    assert [(each.point.number, each.metric.name) for each in found] == [
        (point, metric)
        for point in range(3)
        for metric in ("time-reconnecting", "outages-survived")
    ]
    assert {each.interval.n for each in found if each.metric.unit == "s"} == {4}


def test_what_is_no_share_of_things_gets_no_interval_of_one():
    """At 1 s of grace Adam is away for 2 s to the microsecond: that is no number of things."""
    names = ["share-reconnecting", "presence", "outages-survived", "runs-failed"]
    found = list(sweep(experiment(metrics=names, warm_up="1s"), jobs=1).estimates())
    assert [each.interval.method for each in found] == ["delta", "delta", "Wilson", "Wilson"] * 3


def test_rows_are_in_the_order_of_points_and_replications(monkeypatch):
    monkeypatch.setattr(sweeping, "size", lambda scenario: 1)
    found = sweep(experiment(replications=12, design=TWO), jobs=1)
    runs = found.to_arrow("runs")
    numbers = zip(runs["point"].to_pylist(), runs["replication"].to_pylist(), strict=True)
    assert list(numbers) == [(point, number) for point in range(2) for number in range(12)]


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


def test_every_seed_that_a_scenario_may_have_is_in_the_tables():
    most = 2**64 - 1
    found = sweep(experiment(design={"grid": {"seed": [0, most]}}, replications=1), jobs=1)
    for table in ("runs", "sessions"):
        assert set(found.to_arrow(table)["seed"].to_pylist()) == {0, most}
        assert set(found.to_pandas(table)["seed"]) == set(found.to_polars(table)["seed"])
    assert found.manifest["points"][1]["values"] == {"seed": most}
    assert len(found.to_arrow("points")) == 2


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


def test_results_in_another_form_are_refused_in_a_sentence(tmp_path):
    asked = experiment(replications=2, design=GRACE, metrics=["presence"])
    sweep(asked, tmp_path, jobs=1)
    manifest = tmp_path / "manifest.json"
    said = json.loads(manifest.read_text())
    del said["form"]
    manifest.write_text(json.dumps(said))
    resumed = partial(sweep, asked, tmp_path, resume=True)
    for ask in (partial(read, tmp_path), resumed, partial(tables.read, tmp_path)):
        with pytest.raises(ValueError, match="has results from before the tables were changed"):
            ask()


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
    of_sessions, _, presence = found.estimates()
    curve = found.survival("session-duration")
    expected = curve.restricted_mean(curve.longest)
    assert of_sessions.interval.estimate == pytest.approx(expected.estimate)
    assert of_sessions.interval.half_width == pytest.approx(expected.half_width, rel=0.4)  # t of 5
    assert of_sessions.up_to == curve.longest == 29.974
    assert of_sessions.interval.method == "Kaplan-Meier, up to 29.974 s"
    assert of_sessions.interval.n == 6
    assert presence.up_to is None
    above, below = found.figures("session-duration")
    assert above.sum() / below.sum() == pytest.approx(expected.estimate)
    assert below.tolist() == [
        count for (count,) in found.query("SELECT sessions FROM runs ORDER BY replication")
    ]
    rows = found.to_arrow("durations").to_pylist()
    assert {row["metric"] for row in rows} == {"session-duration", "ghost-time"}
    assert sum(row["metric"] == "session-duration" for row in rows) == len(curve)
    assert {row["metric"] for row in found.to_arrow("metrics").to_pylist()} == {"presence"}


def test_the_runs_of_all_points_share_their_luck(whole):
    seeds = whole.to_pandas("runs").groupby("replication")["seed"].nunique()
    assert list(seeds) == [1, 1, 1, 1]


def test_replicate_is_three_lines():
    runs = sim.replicate(sim.scenario.from_data(DROP), 3, jobs=1)
    assert (runs.runs, runs.complete, runs.held) == (3, True, True)
    assert len(runs.to_pandas()) == 6
    folder = runs.folder
    assert folder.exists()
    del runs
    assert not folder.exists()


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
from research_scenarios import experiment
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


# -- the same whatever runs it ---------------------------------------------------------------------


def test_two_processes_give_the_same(whole, tmp_path):
    found = sweep(experiment(), tmp_path, jobs=2)
    assert found.digest == whole.digest
    for name in shards(whole.folder):
        for file in (whole.folder / "shards" / name).iterdir():
            assert (tmp_path / "shards" / name / file.name).read_bytes() == file.read_bytes()


def test_parts_give_the_same_together_and_none_alone(whole, tmp_path):
    first = sweep(experiment(), tmp_path, jobs=1, part=(2, 2))
    assert (first.complete, first.digest, first.runs) == (False, None, 4)
    second = sweep(experiment(), tmp_path, jobs=1, part=(1, 2))
    assert (second.complete, second.digest) == (True, whole.digest)


def test_a_part_that_there_is_not_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no part 3 of 2"):
        sweep(experiment(), tmp_path, part=(3, 2))


@pytest.mark.parametrize("jobs", [0, -1, 1.5])
def test_a_number_of_processes_that_is_none_is_refused(jobs):
    with pytest.raises(ValueError, match="is not a number of processes"):
        sweep(experiment(), jobs=jobs)


def test_figures_that_there_are_not_are_refused(whole):
    for wrong in (("ghost-time",), ("time-reconnecting", 3), ("time-reconnecting", -1)):
        with pytest.raises(ValueError, match=r"is not a metric of these results|there is no point"):
            whole.figures(*wrong)


@pytest.mark.parametrize("metrics", ["presence", count_of_sessions, ["presence"]])
def test_replicate_measures_one_thing_as_well_as_several(metrics):
    found = sim.replicate(sim.scenario.from_data(DROP), 1, jobs=1, metrics=metrics)
    assert len(found.metrics) == 1


def test_a_stopping_rule_wants_all_shards(tmp_path):
    until = {"metric": "time-reconnecting", "half-width": 1, "at-most": 9}
    with pytest.raises(ValueError, match="a stopping rule looks at all shards"):
        sweep(experiment(replications=None, until=until), tmp_path, part=(1, 2))


TWO = {"list": [{}, {"platform.grace": "2s"}]}


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


# -- whatever stops it -----------------------------------------------------------------------------


def failing_after(number, failure):
    """What makes shards, and fails when it has made so many."""
    made = []

    def work(task):
        if len(made) == number:
            raise failure
        made.append(task)
        return make(task)

    return work, made


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), RuntimeError("a fault of ours")])
def test_what_is_done_stays_and_the_rest_is_resumed(failure, whole, tmp_path, monkeypatch):
    work, made = failing_after(2, failure)
    monkeypatch.setattr(sweeping, "make", work)
    with pytest.raises(type(failure)):
        sweep(experiment(), tmp_path, jobs=1)
    assert (len(made), manifest(tmp_path)["complete"], manifest(tmp_path)["runs"]) == (2, False, 8)
    assert manifest(tmp_path)["digest"] is None
    monkeypatch.setattr(sweeping, "make", make)
    told = []
    found = sweep(experiment(), tmp_path, jobs=1, resume=True, progress=told.append)
    assert found.digest == whole.digest
    assert [(each.before, each.runs, each.total) for each in told] == [(8, 12, 12)]


def test_a_full_disk_leaves_whole_shards_alone(whole, tmp_path, monkeypatch):
    put, files = store._put, []

    def until_full(file, content):
        files.append(file)
        if len(files) > 8:
            file.write_bytes(content[:3])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), os.fspath(file))
        put(file, content)

    monkeypatch.setattr(store, "_put", until_full)
    with pytest.raises(OSError, match="No space left"):
        sweep(experiment(), tmp_path, jobs=1)
    assert shards(tmp_path) == ["point-0-from-0-to-3"]
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []
    monkeypatch.setattr(store, "_put", put)
    assert sweep(experiment(), tmp_path, jobs=1, resume=True).digest == whole.digest


KILLED = """
import os, signal, sys
sys.path[:0] = ["tests/research"]
from research_scenarios import experiment
from sim.research import sweep

def told(progress):
    os.kill(os.getpid(), signal.SIGKILL)

sweep(experiment(), sys.argv[1], jobs=int(sys.argv[2]), progress=told)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_kill_9_leaves_whole_shards_and_no_processes(whole, tmp_path):
    run = subprocess.Popen(
        [sys.executable, "-c", KILLED, tmp_path, "2"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    run.communicate()  # ends when the last process that holds the pipe does
    assert run.returncode == -signal.SIGKILL
    assert not manifest(tmp_path)["complete"]
    assert len(shards(tmp_path)) >= 1
    (tmp_path / "shards" / f"{store.UNFINISHED}1-point-0").mkdir()
    found = sweep(experiment(), tmp_path, jobs=1, resume=True)
    assert found.digest == whole.digest
    assert shards(tmp_path) == shards(whole.folder)


def test_results_are_read_while_a_sweep_goes_on(tmp_path):
    seen = []

    def reading(progress):
        found = read(tmp_path)
        [first, *_] = found.estimates()
        seen.append((found.runs, found.complete, len(found.to_arrow("runs")), first.interval.n))

    sweep(experiment(), tmp_path, jobs=1, progress=reading)
    assert seen == [(4, False, 4, 4), (8, False, 8, 4), (12, False, 12, 4)]


def cut(shard):
    os.truncate(shard / "events.parquet", 40)


def lost(shard):
    (shard / "runs.parquet").unlink()


def spoilt(shard):
    (shard / "shard.json").write_text("{")


@pytest.mark.parametrize("damage", [cut, lost, spoilt, shutil.rmtree])
def test_a_shard_that_is_not_whole_is_run_again(damage, whole, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(whole.folder, copy)
    damage(copy / "shards" / "point-1-from-0-to-3")
    told = []
    found = sweep(experiment(), copy, jobs=1, resume=True, progress=told.append)
    assert [(each.before, each.runs) for each in told] == [(8, 12)]
    assert found.digest == whole.digest
    assert len(found.to_arrow("runs")) == found.to_arrow("events")["number"].to_pylist().count(1)


def test_whoever_was_stopped_before_the_manifest_was_there_can_go_on(whole, tmp_path):
    (tmp_path / "shards").mkdir()
    (tmp_path / f"{store.UNFINISHED}1-manifest.json").write_text("{")
    assert sweep(experiment(), tmp_path, jobs=1, resume=True).digest == whole.digest
    assert sorted(each.name for each in tmp_path.iterdir()) == ["manifest.json", "shards"]


def test_parts_that_end_together_leave_nothing_unsaid(whole, tmp_path, monkeypatch):
    """The other part is done, and says so, while this one writes what it knew before."""
    write = store.Store._write

    def slowly(self, data):
        if data["runs"] == 8:
            monkeypatch.setattr(store.Store, "_write", write)
            sweep(experiment(), tmp_path, jobs=1, part=(2, 2))
        write(self, data)

    monkeypatch.setattr(store.Store, "_write", slowly)
    found = sweep(experiment(), tmp_path, jobs=1, part=(1, 2))
    assert (found.complete, found.digest) == (True, whole.digest)


def test_what_is_complete_is_not_run_again(whole, monkeypatch):
    monkeypatch.setattr(sweeping, "make", failing_after(0, AssertionError())[0])
    assert sweep(experiment(), whole.folder, jobs=1, resume=True).digest == whole.digest


def test_somebody_who_was_as_quick_does_no_harm(whole, tmp_path):
    results = sweep(experiment(), tmp_path, jobs=1, part=(1, 3))
    kept = store.Store(results.folder, results.experiment)
    [done] = kept.done()
    made = make(sweeping.Task(done.shard, DROP_SCENARIO, ("time-reconnecting",)))
    kept.save(made, done)
    assert shards(tmp_path) == ["point-0-from-0-to-3"]


DROP_SCENARIO = experiment().scenario


def test_more_runs_need_no_more_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(sweeping, "size", lambda scenario: 10)
    brief = {"name": "brief", "duration": "1s", "clients": {"bob": {}}}

    def peak(runs):
        wanted = experiment(scenario=brief, design=None, replications=runs)
        tracemalloc.start()
        # What is rubbish by then would go by itself, only later.
        sweep(wanted, tmp_path / str(runs), jobs=1, progress=lambda told: gc.collect())
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)  # what is imported and kept for good comes first
    assert peak(100) < 1.1 * peak(20)


# -- folders that cannot be ------------------------------------------------------------------------


def test_results_are_not_replaced(whole):
    with pytest.raises(ValueError, match="has results already: go on with them by --resume"):
        sweep(experiment(), whole.folder)


def test_results_of_another_experiment_are_not_gone_on_with(whole):
    with pytest.raises(ValueError, match="has results of another experiment"):
        sweep(experiment(replications=5), whole.folder, resume=True)


def test_results_of_another_version_are_not_gone_on_with(whole, tmp_path):
    (tmp_path / "manifest.json").write_text(
        json.dumps({**manifest(whole.folder), "version": "0.0.1"})
    )
    with pytest.raises(ValueError, match=r"of version 0\.0\.1, and this is"):
        sweep(experiment(), tmp_path, resume=True)


@pytest.mark.parametrize("content", ["", "[]", "{}", "\0"])
def test_a_manifest_that_is_none_is_told(content, tmp_path):
    (tmp_path / "manifest.json").write_text(content)
    for use in (lambda: sweep(experiment(), tmp_path, resume=True), lambda: read(tmp_path)):
        with pytest.raises(ValueError, match="is not the manifest of an experiment"):
            use()


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(ValueError, match="has something else in it"):
        sweep(experiment(), tmp_path, resume=True)
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="is not a folder"):
        sweep(experiment(), tmp_path / "file")


def test_results_of_what_was_killed_are_those_that_are_there(whole, tmp_path):
    """The manifest is that of the beginning: nobody has written another."""
    said = manifest(whole.folder)
    begun = {"complete": False, "digest": None, "runs": 0, "shards": [], "replications": 0}
    shutil.copytree(whole.folder, tmp_path / "killed")
    (tmp_path / "killed" / "manifest.json").write_text(json.dumps(said | begun))
    shutil.rmtree(tmp_path / "killed" / "shards" / "point-1-from-0-to-3")
    found = read(tmp_path / "killed")
    assert (found.runs, found.replications, found.complete, found.held) == (8, 4, False, True)
    of_all = {(e.point.number, e.metric.name): e.interval for e in whole.estimates()}
    for each in found.estimates():
        if each.point.number == 1:
            assert each.interval.n == 0
        else:
            assert repr(each.interval) == repr(of_all[each.point.number, each.metric.name])


def test_a_folder_without_results_is_told(tmp_path):
    with pytest.raises(ValueError, match="has no results"):
        read(tmp_path)


def test_an_experiment_that_is_wrong_makes_no_folder(tmp_path):
    with pytest.raises(ScenarioError):
        sweep(tmp_path / "none.yaml", tmp_path / "results")
    assert not (tmp_path / "results").exists()


# -- a cluster -------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.unmeasured
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_cluster_gives_the_same_though_one_of_its_workers_is_killed(tmp_path):
    distributed = pytest.importorskip("distributed")
    graces = [f"{n}s" for n in range(1, 9)]
    wide = experiment(design={"grid": {"platform.grace": graces}}, replications=6)
    alone = sweep(wide, jobs=1)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        workers = list(client.run(os.getpid).values())
        told = []

        def killing(progress):
            if not told:
                os.kill(workers[0], signal.SIGKILL)
            told.append(progress)

        found = sweep(wide, tmp_path, client=client, progress=killing)
    assert (found.digest, len(told)) == (alone.digest, 8)
