"""The verb ``sweep``, and ``run --replications`` on several cores."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli_scenarios import FATAL, KICK, WRONG
from jsonschema import Draft202012Validator

from sim.cli import ensemble, sweeps
from sim.research.running import sweeping
from sim.research.running.pool import LostWorkersError

ROOT = Path(__file__).parents[2]
pytest.importorskip("pyarrow")

EXPERIMENT = """\
name: grace
scenario: scenario.yaml
design:
  grid: {platform.grace: [15s, 45s]}
replications: 3
metrics: [kick-time, runs-failed]
"""


@pytest.fixture
def experiment(scenario):
    """Write an experiment beside its scenario; gives its path."""

    def write(text=EXPERIMENT, of=KICK):
        scenario(of)
        return scenario(text, "grace.yaml")

    return write


@pytest.fixture
def sweep(sim, experiment, tmp_path):
    """Run an experiment in this process into a folder."""

    def call(*arguments, text=EXPERIMENT, of=KICK):
        return sim("sweep", experiment(text, of), "-o", tmp_path / "out", "--jobs", 1, *arguments)

    return call


# -- what it prints --------------------------------------------------------------------------------


def test_each_metric_is_told_at_each_point(sweep):
    done = sweep()
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "grace: 2 points, 6 runs"
    assert re.fullmatch("seed 3, digest [0-9a-f]{32}; from and to: 95% intervals", lines[1])
    assert "kick-time (s)" in lines
    assert sum("platform.grace=45s" in line for line in lines) == 2
    assert lines[-2].startswith("page: python -m sim report ")
    assert lines[-1] == "all held in 6 runs"


def test_what_no_run_could_tell_is_explained(sweep):
    without = sweep(text=EXPERIMENT.replace("kick-time", "signals-lost")).stdout.splitlines()
    assert without[5].split() == ["-", "-", "-", "platform.grace=15s"]
    assert sum(line.startswith("- is what no run could tell") for line in without) == 1


def test_where_durations_are_cut_is_told(sweep):
    text = EXPERIMENT.replace("[kick-time", "[session-duration")
    output = " ".join(sweep(text=text).output.split())
    assert "means are cut at the longest that was seen, as some went on at the end: " in output
    assert "estimate from to cut at point" in output


def test_where_all_has_ended_nothing_is_cut(sweep):
    assert "cut at" not in sweep().output


def test_a_single_point_has_one_table(sweep):
    text = EXPERIMENT.replace("design:\n  grid: {platform.grace: [15s, 45s]}\n", "")
    lines = sweep(text=text).stdout.splitlines()
    assert lines[0] == "grace: 1 point, 3 runs"
    assert lines[3].split() == ["estimate", "from", "to", "unit", "metric"]


def test_many_points_are_cut_short(sweep, monkeypatch):
    monkeypatch.setattr(sweeps, "MOST_POINTS", 1)
    assert "and 1 point more: --json has all" in sweep().output


def test_quiet_prints_the_verdict(sweep):
    assert sweep("--quiet").output == "all held in 6 runs\n"


def test_json_says_it_all(sweep, tmp_path):
    said = json.loads(sweep("--json").output)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert said["digest"] == manifest["digest"]
    assert (said["complete"], said["runs"], said["replications"], said["exit_code"]) == (
        True,
        6,
        3,
        0,
    )
    assert [each["values"] for each in said["points"]] == [
        {"platform.grace": "15s"},
        {"platform.grace": "45s"},
    ]
    kick = said["points"][0]["metrics"]["kick-time"]
    assert (kick["unit"], kick["n"], kick["level"]) == ("s", 3, 0.95)
    assert kick["low"] <= kick["estimate"] <= kick["high"]


def test_a_stopping_rule_that_is_not_met_is_told(sweep):
    until = "until: {metric: kick-time, half-width: 1us, at-most: 3}"
    text = EXPERIMENT.replace("replications: 3", until)
    said = " ".join(sweep(text=text).output.split())
    assert "kick-time is not as narrow as until says: 3 runs of each point were not enough" in said
    assert json.loads(sweep("--json", "--resume", text=text).output)["narrow"] is False


def test_what_breaks_in_a_run_is_told_by_the_exit_code(sweep):
    done = sweep(of=WRONG)
    assert done.exit_code == 1
    assert done.output.splitlines()[-1] == "broken in 6 of 6 runs"


def test_a_law_that_breaks_is_named(sweep):
    done = sweep(of=FATAL)
    assert done.exit_code == 0  # the scenario expects it
    assert "law reconnect-first was broken 6 times" in done.output.splitlines()


# -- going on --------------------------------------------------------------------------------------


def test_results_are_gone_on_with_only_if_that_is_said(sweep):
    assert sweep("-q").exit_code == 0
    refused = sweep("-q")
    assert refused.exit_code == 2
    assert "has results already: go on with them by --resume" in refused.output
    assert sweep("-q", "--resume").exit_code == 0


def test_parts_make_a_whole(sweep):
    part = sweep("--shard", "2/2")
    assert part.exit_code == 0
    assert "not complete: the runs of part 2/2 so far" in part.output
    assert "digest" in sweep("--shard", "1/2").output


@pytest.mark.parametrize(
    ("failure", "code"), [(KeyboardInterrupt(), 130), (OSError(28, "No space left", "x"), 2)]
)
def test_who_is_stopped_is_told_how_to_go_on(sweep, monkeypatch, failure, code):
    def make(task):
        raise failure

    monkeypatch.setattr(sweeping, "make", make)
    done = sweep()
    assert done.exit_code == code
    assert re.search(r"What is done stays in .*out: --resume goes on", done.output)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_ctrl_c_ends_it_with_130_and_the_rest_can_be_run(experiment, tmp_path):
    brief = "name: brief\nduration: 1s\nclients: {bob: {}}\n"
    path = experiment(EXPERIMENT.replace("replications: 3", "replications: 9000"), brief)
    command = [sys.executable, "-m", "sim", "sweep", path, "-o", tmp_path / "out"]
    run = subprocess.Popen(
        command,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    while not list((tmp_path / "out" / "shards").glob("point-*")):
        time.sleep(0.05)
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does: all processes get it
    _, told = run.communicate()
    assert run.returncode == 130
    assert told.splitlines()[-1] == "interrupted"
    assert "Traceback" not in told
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert (manifest["complete"], manifest["digest"]) == (False, None)
    assert manifest["runs"] > 0


# -- how far it is ---------------------------------------------------------------------------------


def test_pipes_get_a_line_now_and_then(sweep, monkeypatch):
    monkeypatch.setattr(sweeps, "EVERY", 0.0)
    lines = sweep().output.splitlines()
    told = [line for line in lines if " runs, " in line and "point" not in line]
    assert [line.partition(",")[0] for line in told] == ["3 of 6 runs", "6 of 6 runs"]
    assert all(line.endswith("no law breaks") for line in told)


def test_pipes_get_a_line_when_all_is_done_however_soon(sweep):
    line = re.fullmatch(r"6 of 6 runs, [0-9.e+]+/s, no law breaks\n", sweep().stderr)
    assert line
    assert sweep("--json", "--resume").stderr == ""


def test_terminals_get_a_bar(sweep, monkeypatch):
    monkeypatch.setattr("sim.cli.progress.hidden", lambda: False)
    monkeypatch.setattr("sim.cli.progress.PATIENCE", 0.0)
    assert sweep().exit_code == 0


# -- what cannot be --------------------------------------------------------------------------------


def test_all_mistakes_of_a_file_are_told_with_their_places(sweep):
    text = EXPERIMENT.replace("45s", "45").replace("kick-time", "kick-tim")
    done = sweep(text=text)
    assert done.exit_code == 2
    places = re.findall(r"grace\.yaml:(\d+:\d+): ", done.output)
    assert places == ["4:32", "6:11"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--shard", "0/2"], "'0/2' is not a part such as 2/8"),
        (["--shard", "3/2"], "'3/2' is not a part such as 2/8"),
        (["--shard", "x"], "'x' is not a part such as 2/8"),
        (["--jobs", "0"], "0 is not in the range"),
        (["--scheduler", "tcp://127.0.0.1:1"], "keep one"),
    ],
)
def test_options_that_cannot_be_are_told(sweep, arguments, says):
    done = sweep(*arguments)
    assert done.exit_code == 2
    assert says in " ".join(done.output.split())


def test_processes_that_are_lost_again_and_again_are_told(sweep, monkeypatch):
    def lost(*arguments, **named):
        raise LostWorkersError("processes were lost")

    monkeypatch.setattr(sweeps, "sweep", lost)
    done = sweep()
    assert (done.exit_code, done.output) == (2, "Error: processes were lost.\n")


def test_a_scheduler_that_does_not_answer_is_told(sim, experiment, tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("sim.research.running.cluster.PATIENCE", "100ms")
    done = sim("sweep", experiment(), "-o", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:1")
    assert done.exit_code == 2
    assert "no dask scheduler answers at tcp://127.0.0.1:1" in done.output


def test_an_experiment_comes_from_standard_input(sim, experiment, tmp_path, monkeypatch):
    text = experiment().read_text()
    monkeypatch.chdir(tmp_path)
    done = sim("sweep", "-", "-o", "out", "--jobs", 1, "-q", input=text)
    assert (done.exit_code, done.output) == (0, "all held in 6 runs\n")


def test_the_schema_of_experiments_is_printed(sim, experiment):
    schema = json.loads(sim("schema", "--experiment").output)
    Draft202012Validator.check_schema(schema)
    assert "until" in schema["$defs"]["experiment"]["properties"]


# -- run --replications ----------------------------------------------------------------------------


def test_replications_are_the_same_on_several_cores(sim, scenario, monkeypatch):
    path = scenario(KICK)
    alone = sim("run", path, "--replications", 5, "--jobs", 1, "--json")
    monkeypatch.setattr(ensemble, "_AT_ONCE", 0.0)
    monkeypatch.setattr(ensemble, "_WORTH_IT", 0)
    together = sim("run", path, "--replications", 5, "--jobs", 2, "--json")
    assert together.exit_code == alone.exit_code == 0
    assert together.output == alone.output
    numbers = [each["replication"] for each in json.loads(alone.output)["replications"]]
    assert numbers == [0, 1, 2, 3, 4]


def test_very_many_replications_are_not_listed_before_the_first(sim, scenario, monkeypatch):
    def spread(work, parts, jobs):
        yield work(next(iter(parts)))
        raise KeyboardInterrupt

    monkeypatch.setattr(ensemble.pool, "spread", spread)
    assert sim("run", scenario(KICK), "--replications", 10**12).exit_code == 130


def test_jobs_are_for_replications(sim, scenario):
    done = sim("run", scenario(KICK), "--jobs", 2)
    assert done.exit_code == 2
    assert "--jobs is for --replications" in done.output
