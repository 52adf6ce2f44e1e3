"""The verb ``mutants``: on a suite of somebody's own, and what is said of it."""

import json
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from sim.cli import faults
from sim.scenario import Scenario
from sim.testing.mutants import mutant, trials
from sim.testing.mutants.suites import Check
from sim.testing.mutants.trials import Size, Trial

IS_INSTALLED = any(entry.name == "session-sim" for entry in entry_points(group="pytest11"))
PYTEST = "pytest -q -p no:cacheprovider" + ("" if IS_INSTALLED else " -p sim.testing.plugin")

SUITE = """
def test_a_signal_is_heard(simulate):
    story = {
        "name": "chat",
        "duration": "5s",
        "clients": {"alice": {}, "bob": {}},
        "script": [{"at": "2s", "client": "alice", "do": "signal", "data": "hello"}],
    }
    result = simulate(from_data(story))
    assert result.clients["bob"].sees("signal")
"""


@pytest.fixture
def suite(tmp_path):
    """A suite that looks whether a signal is heard, and at nothing else."""
    path = tmp_path / "test_chat.py"
    path.write_text(f"from sim.scenario import from_data\n{SUITE}", encoding="utf-8")
    return path


@pytest.fixture
def found(monkeypatch):
    """Let the faults of these names be found by SessionMachine, and others not."""
    tried = []

    def put(*names):
        def search(fault, *, save, seed):
            tried.append((fault.name, seed))
            if fault.name not in names:
                return Trial(mutant=fault, seed=seed, found=False, examples=100)
            size = Size(people=1, faults=0, steps=2)
            by, file = fault.law, save / "story.yaml"
            return Trial(
                mutant=fault, seed=seed, found=True, examples=7, by=by, size=size, saved=file,
                reproduced=True,
            )  # fmt: skip

        monkeypatch.setattr(trials, "search", search)
        return tried

    return put


# -- without a suite -------------------------------------------------------------------------------


def test_what_is_found_is_said_in_a_table(sim, found):
    found("loses-signals")
    result = sim("mutants", "--only", "loses-signals")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "stories  people  faults  steps  again  fault, and what names it",
        "7        1       0       2      yes    loses-signals: signals",
        "",
        "1 of 1 planted fault caught",
    ]


def test_what_survives_is_told_with_what_it_does(sim, found):
    found("loses-signals")
    result = sim("mutants", "--only", "loses-signals", "swaps-signals")
    assert result.exit_code == 1
    assert "100      -       -       -      -      swaps-signals: nothing" in (
        result.stdout.splitlines()
    )
    assert "  swaps-signals  The first signal is told after the second. (law signals)" in (
        result.stdout.splitlines()
    )
    assert result.stdout.splitlines()[-1] == "1 of 2 planted faults caught"


def test_without_a_choice_all_are_tried_from_one_seed(sim, found):
    from sim.testing.mutants import MUTANTS

    tried = found(*MUTANTS)
    assert sim("mutants", "--seed", "3").exit_code == 0
    assert tried == [(name, 3) for name in MUTANTS]


def test_several_may_be_chosen_with_commas_or_again(sim, found):
    tried = found()
    sim("mutants", "--only", "loses-signals,never-pings", "--only", "never-pings")
    assert [name for name, _ in tried] == ["loses-signals", "never-pings"]


def test_json_is_one_document(sim, found):
    found("loses-signals")
    result = sim("mutants", "--json", "--only", "loses-signals", "swaps-signals")
    said = json.loads(result.stdout)
    assert (said["caught"], said["survived"], said["untried"]) == (1, ["swaps-signals"], 0)
    assert said["exit_code"] == result.exit_code == 1
    assert said["mutants"][0] == {
        "name": "loses-signals",
        "sentence": "A signal that arrives is not told.",
        "breaks": "client",
        "law": "signals",
        "caught": True,
        "by": "signals",
        "examples": 7,
        "people": 1,
        "faults": 0,
        "steps": 2,
        "reproduced": True,
    }


def test_a_name_that_there_is_not_is_refused_with_the_nearest(sim):
    result = sim("mutants", "--only", "lose-signals")
    assert result.exit_code == 2
    assert "'lose-signals' is not a planted fault: did you mean 'loses-signals'?" in result.output


def test_an_interruption_leaves_the_table_so_far(sim, found, monkeypatch):
    found("loses-signals")
    search = trials.search

    def stop_at_the_second(fault, **how):
        if fault.name != "loses-signals":
            raise KeyboardInterrupt
        return search(fault, **how)

    monkeypatch.setattr(trials, "search", stop_at_the_second)
    result = sim("mutants", "--only", "loses-signals", "never-pings")
    assert result.exit_code == 130
    assert result.stdout.splitlines()[-1] == "1 of 1 planted fault caught; 1 not tried"


# -- with a suite ----------------------------------------------------------------------------------


def test_a_suite_catches_what_it_looks_at(sim, suite, monkeypatch):
    monkeypatch.chdir(suite.parent)
    command = f"{PYTEST} {suite.name}"
    result = sim("mutants", "--suite", command, "--only", "loses-signals", "never-pings")
    lines = result.stdout.splitlines()
    assert result.exit_code == 1, result.output
    assert lines[1] == "yes     loses-signals: test_chat.py::test_a_signal_is_heard"
    assert lines[2] == "no      never-pings: nothing"
    assert lines[-1] == "1 of 2 planted faults caught"
    left = {each.name for each in suite.parent.iterdir()} - {"__pycache__"}
    assert left == {suite.name}


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("", "the suite's command is empty"),
        ("pytest 'tests", "cannot be read"),
        ("no-such-program-at-all", "cannot be run: No such file"),
        ("pytest --no-such-option-at-all", "fails without a planted fault (exit code 4)"),
        (f"pytest -p no:cacheprovider {Path(__file__).parent / 'data'} -k nothing", "exit code 4"),
        ("python -c pass", "does not hand PYTEST_ADDOPTS on to pytest"),
        ("python -c 'raise SystemExit(5)'", "runs no tests"),
        ("python -c 'print(\"oh dear\"); raise SystemExit(1)'", "cannot be tried: oh dear"),
    ],
)
def test_a_command_that_is_no_suite_is_refused(sim, command, says):
    result = sim("mutants", "--suite", command, "--only", "loses-signals")
    assert result.exit_code == 2
    assert says in " ".join(result.output.split())


def test_any_command_that_runs_pytest_in_the_end_will_do(sim, suite, tmp_path):
    script = tmp_path / "run_tests.py"
    words = [sys.executable, "-m", *PYTEST.split(), str(suite)]
    script.write_text(f"import subprocess, sys\nsys.exit(subprocess.call({words}))")
    result = sim("mutants", "--suite", f"python {script}", "--only", "loses-signals", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["mutants"][0]["caught"]


def test_a_suite_that_never_ends_with_a_fault_has_caught_it():
    check = Check(mutant=mutant("never-pings"), caught=True, overtime=True)
    row = faults.of_check(check)
    assert (row.caught, row.by) == (True, "it took far too long")


# -- sizes -----------------------------------------------------------------------------------------


def test_faults_are_what_nobody_in_the_story_does_of_himself():
    story = Scenario(
        name="x",
        duration="9s",
        clients={"alice": {}, "guests": {"count": 2}},
        script=[
            {"at": "1s", "client": "alice", "do": "signal"},
            {"at": "2s", "client": "alice", "network": "down"},
            {"at": "3s", "client": "alice", "network": "up"},
            {"at": "4s", "client": "alice", "platform": "close-socket", "code": 1001},
            {"at": "5s", "client": "alice", "do": "crash"},
            {"at": "6s", "client": "alice", "network": "heal"},
        ],
    )
    assert Size.of(story) == Size(people=3, faults=3, steps=5)
