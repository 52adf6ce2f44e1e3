"""Sweeps that are stopped, go on, or find a folder that is not theirs."""

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
from itertools import count
from pathlib import Path

import pytest
from research_scenarios import ON_CORES, TWO, experiment, manifest, shards

from sim.research import read, sweep, tables
from sim.research.running import store, sweeping
from sim.research.running.shards import make
from sim.scenario import ScenarioError

ROOT = Path(__file__).parents[2]
pytest.importorskip("pyarrow")

pytestmark = ON_CORES


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
from research_scenarios import TWO, shards, experiment
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

    folders = map(str, count())

    def peak(runs):
        wanted = experiment(scenario=brief, design=None, replications=runs)
        tracemalloc.start()
        # What is rubbish by then would go by itself, only later.
        sweep(wanted, tmp_path / next(folders), jobs=1, progress=lambda told: gc.collect())
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    for runs in (10, 100):  # what is imported and kept for good comes first
        peak(runs)
    assert peak(100) < 1.1 * peak(20)


# -- folders that cannot be ------------------------------------------------------------------------


def test_results_in_another_form_are_refused_in_a_sentence(tmp_path):
    asked = experiment(replications=2, design=TWO, metrics=["presence"])
    sweep(asked, tmp_path, jobs=1)
    manifest = tmp_path / "manifest.json"
    said = json.loads(manifest.read_text())
    del said["form"]
    manifest.write_text(json.dumps(said))
    resumed = partial(sweep, asked, tmp_path, resume=True)
    for ask in (partial(read, tmp_path), resumed, partial(tables.read, tmp_path)):
        with pytest.raises(ValueError, match="has results from before the tables were changed"):
            ask()


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
