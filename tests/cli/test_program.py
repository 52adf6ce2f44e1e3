"""The program: help, exit codes, and every way in which a verb can end."""

from __future__ import annotations

import errno
import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click
import pytest
from cli_scenarios import KICK

import sim as product
from sim.cli import exits
from sim.cli.program import VERBS, program

ROOT = Path(__file__).parents[2]
NEEDED = runpy.run_path(str(ROOT / "sim/__main__.py"))["NEEDED"]
NOT_FOR_HELP = {"numpy", "simpy", "yaml", "rich", "attr", "sim.running", "sim.cli.verbs.run"}


def command(*arguments, **options):
    """Call the program in a fresh interpreter."""
    environment = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "FORCE_COLOR"}}
    environment |= {"PYTHONPATH": str(ROOT), "COLUMNS": "80"} | options.pop("environment", {})
    return subprocess.run(
        [sys.executable, "-m", "sim", *map(str, arguments)],
        env=environment,
        capture_output=options.pop("capture_output", True),
        encoding=options.pop("encoding", "utf-8"),
        check=False,
        **options,
    )


# -- help ------------------------------------------------------------------------------------------


def test_help_lists_every_verb_and_every_exit_code(sim):
    result = sim("--help")
    assert result.exit_code == 0
    for verb, about in VERBS.items():
        assert verb in result.output
        assert about in result.output
    for code, meaning in exits.MEANING.items():
        assert f"{code:<5}{meaning}" in result.output


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_each_verb_has_an_example_and_fits_the_screen(sim, verb):
    result = sim(verb, "--help")
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"python -m sim {verb}" in result.output
    assert max(map(len, result.output.splitlines())) <= 80


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_is_a_module_with_a_command(verb):
    loaded = program.get_command(click.Context(program), verb)
    assert isinstance(loaded, click.Command)
    assert loaded.help


def test_help_imports_nothing_that_it_does_not_use():
    code = (
        "import sys\n"
        "from sim.cli.program import program\n"
        "try: program(['--help'])\n"
        "except SystemExit: pass\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "Many runs:" in result.stdout
    assert NOT_FOR_HELP & set(result.stderr.split()) == set()


def test_the_version_is_that_of_the_distribution(sim):
    assert sim("--version").output == f"session-sim {product.__version__}\n"
    try:
        installed = version("session-sim")
    except PackageNotFoundError:
        installed = product.__version__
    assert installed == product.__version__


def test_the_version_is_that_of_the_project_file():
    assert f'\nversion = "{product.__version__}"\n' in (ROOT / "pyproject.toml").read_text()


# -- bad usage -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fly"], "No such command 'fly'"),
        (["exlain", "t.jsonl"], "No such command 'exlain': did you mean 'explain'?"),
        (["--exlain"], "No such option"),
        (["run"], "Missing argument 'SCENARIO'"),
        (["run", "x.yaml", "--seed", "-1"], "-1 is not in the range"),
        (["run", "x.yaml", "--seed", "many"], "'many' is not a whole number"),
        (["run", "x.yaml", "--replications", "0"], "0 is not in the range"),
        (["run", "x.yaml", "--trace-level", "some"], "'some' is not one of"),
        (["run", "x.yaml", "--law", "one-ende"], "did you mean one-end?"),
        (["run", "x.yaml", "--profile", "opentok"], "the profiles are documented"),
        (["run", "none.yaml"], "none.yaml: cannot read the file: no such file"),
        (["validate"], "Missing argument 'FILE...'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_usage_is_said_in_a_sentence(sim, arguments, said):
    result = sim(*arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
    assert result.stdout == ""


def test_no_verb_shows_the_help(sim):
    result = sim()
    assert result.exit_code == 2
    assert "Many runs:" in result.output


WITHOUT = """\
import sys
for package in ("scipy", "pyarrow", "duckdb", "pandas", "polars", "matplotlib", "statsmodels"):
    sys.modules[package] = None
from sim.cli import main
main()
"""


@pytest.mark.parametrize(
    "words",
    [
        "sweep experiments/grace.yaml -o out",
        "query out FROM",
        "compare scenarios/kick.yaml --set-b platform.grace=1s",
        "fit packets.csv",
        "verify",
        "validate experiments/grace.yaml",
        "report .",
    ],
)
def test_without_what_the_research_bench_needs_the_remedy_is_said(words):
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT, *words.split()],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    remedy = "which is not installed: pip install 'session-sim[research]'.\n"
    assert (run.returncode, run.stderr.endswith(remedy)) == (2, True), run.stderr


# -- the other ways to end -------------------------------------------------------------------------


def failing(monkeypatch, failure):
    def run(*_, **__):
        raise failure

    monkeypatch.setattr(product, "run", run)


def test_a_fault_of_ours_asks_for_a_report(sim, scenario, monkeypatch):
    failing(monkeypatch, KeyError("lost"))
    path = scenario()
    monkeypatch.setattr(sys, "argv", ["sim", "run", str(path)])
    result = sim("run", path)
    assert result.exit_code == 3
    assert "the simulator itself failed (KeyError: 'lost')" in result.stderr
    assert f"python -m sim --debug run {path}" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("by_variable", [True, False])
def test_a_traceback_is_shown_to_who_asks_for_it(sim, scenario, monkeypatch, by_variable):
    failing(monkeypatch, KeyError("lost"))
    if by_variable:
        monkeypatch.setenv("SIM_DEBUG", "1")
    result = sim(*([] if by_variable else ["--debug"]), "run", scenario())
    assert result.exit_code == 3
    assert "Traceback (most recent call last)" in result.stderr


def test_an_interrupt_ends_with_130(sim, scenario, monkeypatch):
    failing(monkeypatch, KeyboardInterrupt())
    result = sim("run", scenario())
    assert result.exit_code == 130
    assert result.stderr.strip() == "interrupted"


def test_a_directory_that_cannot_be_written_is_said_in_a_sentence(sim, scenario, tmp_path):
    target = tmp_path / "nowhere" / "t.jsonl"
    result = sim("run", scenario(), "--trace", target)
    assert result.exit_code == 2
    assert result.stderr == f"{target}: the trace cannot be written: No such file or directory\n"


def test_other_troubles_of_the_machine_are_said_in_a_sentence(sim, scenario, monkeypatch):
    failing(monkeypatch, OSError(errno.EMFILE, "Too many open files", "some.file"))
    result = sim("run", scenario())
    assert result.exit_code == 2
    assert result.stderr == "Error: some.file: Too many open files\n"


needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


@needs_full
def test_a_trace_on_a_full_disk_is_said_in_a_sentence(sim, scenario):
    result = sim("run", scenario(), "--trace", "/dev/full")
    assert result.exit_code == 2
    assert result.stderr == "/dev/full: the trace cannot be written: No space left on device\n"


@needs_full
def test_output_to_a_full_disk_is_said_in_a_sentence():
    with Path("/dev/full").open("w") as full:
        result = command("laws", stdout=full, stderr=subprocess.PIPE, capture_output=False)
    assert (result.returncode, result.stderr) == (2, "Error: No space left on device\n")


def test_nobody_listening_does_not_change_the_verdict(scenario):
    for text, code in ((KICK, 0), (KICK.replace("bob sees", "alice sees"), 1)):
        read, write = os.pipe()
        os.close(read)
        result = command(
            "run", scenario(text), stdout=write, stderr=subprocess.PIPE, capture_output=False
        )
        os.close(write)
        assert (result.returncode, result.stderr) == (code, "")


def test_the_program_reads_standard_input_as_a_process(scenario):
    result = command("run", "-", "--json", input=KICK)
    assert result.returncode == 0
    assert json.loads(result.stdout)["digest"] == product.run(scenario()).digest


def test_output_that_the_encoding_cannot_write_is_no_failure(scenario):
    path = scenario(KICK.replace("A moderator", "Ein Moderätor …"))
    result = command("run", path, environment={"PYTHONIOENCODING": "latin-1"}, encoding="latin-1")
    assert result.returncode == 0
    assert "Ein Moderätor ?" in result.stdout


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colours_are_for_terminals_unless_asked_for(scenario, environment, coloured):
    result = command("run", scenario(), environment=environment)
    assert ("\x1b[" in result.stdout) is coloured


def test_colours_change_nothing_but_colours(scenario):
    path = scenario()
    plain = command("run", path).stdout
    assert click.unstyle(command("run", path, environment={"FORCE_COLOR": "1"}).stdout) == plain


# By its path: pytest's import hook, which serves a package that has a plugin, has no get_code.
MAIN = str(Path(product.__file__).with_name("__main__.py"))


def test_the_package_runs_as_a_module(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["sim", "--version"])
    with pytest.raises(SystemExit) as left:
        runpy.run_path(MAIN, run_name="__main__")
    assert left.value.code == 0
    assert capsys.readouterr().out == f"session-sim {product.__version__}\n"


@pytest.mark.parametrize("module", NEEDED)
def test_a_python_without_what_is_needed_is_told_in_a_sentence(monkeypatch, capsys, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SystemExit) as left:
        runpy.run_path(MAIN, run_name="__main__")
    assert left.value.code == 2
    written = capsys.readouterr()
    assert (written.out, written.err.count("\n")) == ("", 1)
    assert f"which has no module {module}: use .venv/bin/python -m sim" in written.err


def test_a_python_without_packages_gives_no_traceback():
    result = subprocess.run(
        [sys.executable, "-S", "-m", "sim", "--help"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert result.stderr.startswith("session-sim is not installed in this Python")


def test_what_is_needed_is_what_the_project_file_says():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.match("[a-z]+", each).group() for each in project["dependencies"]}
    assert {MODULES.get(name, name) for name in names} == set(NEEDED)


MODULES = {"attrs": "attr", "pyyaml": "yaml"}
