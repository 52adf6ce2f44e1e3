"""What the README shows is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from matplotlib import pyplot

import sim
from sim.cli.program import program

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def blocks(language):
    return [text for name, text in BLOCKS if name == language]


@pytest.fixture
def at_the_top(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")


def test_the_sample_is_from_the_story_that_make_run_tells(at_the_top):
    sample = next(text for text in blocks("") if "sessionReconnecting" in text)
    told = CliRunner().invoke(program, ["run", "scenarios/flaky.yaml"]).output
    missing = [line for line in sample.splitlines() if line not in told]
    assert missing == []


def test_the_scenario_in_the_readme_holds():
    (text,) = blocks("yaml")
    assert sim.run(sim.loads(text)).held


def test_the_tests_in_the_readme_pass(at_the_top):
    tests, table = blocks("python")
    names = {}
    exec(tests, names)
    for name in ("test_a_kick_reaches_everybody", "test_a_tunnel_is_survived"):
        names[name]()
    few = table.replace('.yaml", 20)', '.yaml", 3, jobs=1)').replace(
        "replications=20", "replications=3"
    )
    exec(few, names)
    assert "sessionReconnecting" in set(names["frame"]["name"])
    assert names["runs"].runs == names["found"].replications == 3
    pyplot.close("all")


def test_every_line_of_the_command_line_names_a_verb_that_exists():
    verbs = re.findall(r"^python -m sim (\w+)", README, re.MULTILINE)
    assert verbs
    assert set(verbs) <= set(program.list_commands(None))


def test_the_profile_that_is_shown_makes_a_difference(at_the_top):
    (line,) = re.findall(r"^python -m sim (run .*--profile \S+)", README, re.MULTILINE)
    _, file, _, profile = line.split()
    as_it_is, changed = sim.run(file), sim.run(file, profile=profile)
    assert as_it_is.digest != changed.digest
    assert (as_it_is.exit_code, changed.exit_code) == (0, 1)


def test_every_file_that_the_readme_links_to_exists():
    links = re.findall(r"\]\(([^):]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
