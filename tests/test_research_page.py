"""What docs/research.md shows is what the program does."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import sim
from sim.cli.program import program
from sim.research import compare
from sim.research.experiments.reading import load

pytest.importorskip("scipy")

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/research.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SHOWN = [
    block.removeprefix("$ ").partition("\n")
    for language, block in BLOCKS
    if language == "console" and block.count("$ ") == 1
]


@pytest.mark.parametrize(("command", "_", "output"), SHOWN, ids=[each[0] for each in SHOWN])
def test_what_a_command_prints_is_what_is_shown(command, _, output, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    python, dash, package, *words = shlex.split(command)
    assert (python, dash, package) == ("python", "-m", "sim")
    result = CliRunner().invoke(program, words)
    assert (result.exit_code, result.output) == (0, output)


def test_a_command_is_shown_with_its_output():
    assert len(SHOWN) >= 1


def test_the_experiment_is_one(tmp_path):
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    (tmp_path / "experiments").mkdir()
    [text] = [block for language, block in BLOCKS if language == "yaml" and "design:" in block]
    file = tmp_path / "experiments" / "grace.yaml"
    file.write_text(text)
    assert len(load(file).points) == 4


def test_packages_are_there_without_an_import_of_their_own():
    assert sim.__getattr__("research").compare is compare
    assert sim.__getattr__("report").report
    with pytest.raises(AttributeError, match="'sim' has no attribute 'reserch'"):
        sim.__getattr__("reserch")


def test_without_scipy_the_remedy_is_said():
    script = "import sys; sys.modules['scipy'] = None; import sim; sim.replicate"
    run = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr.splitlines()[-1] == (
        "ModuleNotFoundError: sim.research.replicate needs scipy: "
        "pip install 'session-sim[research]'"
    )
