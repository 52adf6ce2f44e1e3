"""Sweeps: the same results whatever runs them."""

import os
import signal
from pathlib import Path

import pytest
from research_scenarios import DROP, ON_CORES, TWO, experiment, manifest, shards

import sim
from sim.research import read, sweep
from sim.research.running import sweeping

ROOT = Path(__file__).parents[2]
pytest.importorskip("pyarrow")

pytestmark = ON_CORES


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


def test_rows_are_in_the_order_of_points_and_replications(monkeypatch):
    monkeypatch.setattr(sweeping, "size", lambda scenario: 1)
    found = sweep(experiment(replications=12, design=TWO), jobs=1)
    runs = found.to_arrow("runs")
    numbers = zip(runs["point"].to_pylist(), runs["replication"].to_pylist(), strict=True)
    assert list(numbers) == [(point, number) for point in range(2) for number in range(12)]


def test_every_seed_that_a_scenario_may_have_is_in_the_tables():
    most = 2**64 - 1
    found = sweep(experiment(design={"grid": {"seed": [0, most]}}, replications=1), jobs=1)
    for table in ("runs", "sessions"):
        assert set(found.to_arrow(table)["seed"].to_pylist()) == {0, most}
        assert set(found.to_pandas(table)["seed"]) == set(found.to_polars(table)["seed"])
    assert found.manifest["points"][1]["values"] == {"seed": most}
    assert len(found.to_arrow("points")) == 2


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
