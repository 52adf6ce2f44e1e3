"""Scenarios for the command line, and a way to call it."""

from __future__ import annotations

import pytest
from cli_scenarios import KICK
from click.testing import CliRunner

from sim.cli.program import program


@pytest.fixture
def sim(monkeypatch):
    """Call a verb in this process; returns click's result with ``exit_code`` and ``output``."""
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "FORCE_COLOR", "SIM_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments, input=None):
        words = [str(argument) for argument in arguments]
        return CliRunner().invoke(program, words, input=input, prog_name="python -m sim")

    return call


@pytest.fixture
def scenario(tmp_path):
    """Write scenarios to files; gives the path of one by its text."""

    def write(text=KICK, name="scenario.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def trace(sim, scenario, tmp_path):
    """The path of a complete trace of a scenario."""

    def write(text=KICK, *arguments, name="run.trace.jsonl"):
        path = tmp_path / name
        result = sim("run", scenario(text, name + ".yaml"), "--trace", path, "-q", *arguments)
        assert result.exit_code in {0, 1}, result.output
        return path

    return write
