"""``report DIR``: the page of a sweep; and its runs, replayed from there."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.research.swept import closed

pytest.importorskip("pyarrow")


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Results in a folder."""
    return closed(tmp_path_factory.mktemp("swept") / "closed").folder


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Reports go to the current directory."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def part(swept, tmp_path):
    """The same, of which half is done and all of that held."""
    folder = tmp_path / "part"
    shutil.copytree(swept, folder)
    shutil.rmtree(next((folder / "shards").glob("point-1-*")))
    said(folder, complete=False, digest=None)
    return folder


def said(folder, **changes):
    """Let the manifest say something else."""
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def test_the_page_goes_to_a_file_that_is_named_like_the_folder(sim, swept, here):
    result = sim("report", swept)
    assert (result.exit_code, result.output) == (1, "closed.html\n")  # a law broke
    page = (here / "closed.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert sim("report", swept, "-o", "other.html", "--worst", "2").exit_code == 1
    assert len(re.findall('id="run-', (here / "other.html").read_text("utf-8"))) == 2
    assert sim("report", swept, "-o", "-").output.rstrip() == page.rstrip()


def test_the_current_folder_has_a_name_too(sim, swept, tmp_path, monkeypatch):
    shutil.copytree(swept, tmp_path / "grace")
    monkeypatch.chdir(tmp_path / "grace")
    assert sim("report", ".").output == "grace.html\n"
    assert sim("report", ".").output == "grace.html\n"  # a report replaces a report


def test_what_is_not_complete_is_reported_and_inconclusive(sim, part):
    result = sim("report", part)
    assert (result.exit_code, result.output) == (4, "part.html\n")


def test_a_run_of_the_sweep_is_replayed_from_its_folder(sim, swept):
    from sim.overview import overview

    run = overview(swept, 1).sweep.worst[0]
    words = run.again.split()
    assert words[:4] == ["python", "-m", "sim", "replay"]
    assert words[5:] == ["--scenario", str(swept)]
    told = json.loads(sim(*words[3:], "--json").output)
    assert told["digest"] == run.timeline.digest
    story = sim(*words[3:], "--report", "run.svg")
    assert f"again:   {run.again}\n" in story.output
    assert Path("run.svg").read_text("utf-8").startswith("<svg")


def test_a_token_of_another_story_is_not_found_in_the_folder(sim, swept, scenario):
    result = sim("run", scenario(), "--json")
    token = json.loads(result.output)["replay"].split()[4]
    found = sim("replay", token, "--scenario", swept)
    assert found.exit_code == 2
    assert f"No design point of the sweep in {swept} is the scenario of this token." in found.output


REFUSED = {
    ("--format", "perfetto"): "a sweep is shown as html, and perfetto is of one run: `replay` gives"
    " that with --report.",
    ("-o", "x.mmd"): "a sweep is shown as html, and mermaid is of one run",
    ("-o", "x.txt"): "a sweep is shown as html, and text is of one run",
    ("--seed", "3"): "--seed is for one run, and this is a sweep.",
    ("--profile", "documented"): "--profile is for one run, and this is a sweep.",
    ("--person", "bob"): "--person is for one run, and this is a sweep.",
    ("--against", "x.yaml"): "--against is for one run, and this is a sweep.",
    ("-o", "-", "--open"): "--open is for a file, and this goes to standard output: name -o.",
    ("--worst", "-1"): "-1",
    ("-o", "none/x.html"): "the report cannot be written: there is no such folder",
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_a_sweep_has_not_is_refused_in_a_sentence(sim, swept, here, words):
    result = sim("report", swept, *words)
    assert result.exit_code == 2
    assert REFUSED[words] in result.output
    assert list(here.iterdir()) == []


def test_what_is_for_sweeps_is_refused_for_a_run(sim, swept, scenario):
    result = sim("report", scenario(), "--worst", "3")
    assert (result.exit_code, "--worst is for the results of a sweep" in result.output) == (2, True)
    result = sim("report", scenario(), "--against", swept)
    assert (result.exit_code, "--against is for another run" in result.output) == (2, True)


def _none(folder):
    shutil.rmtree(folder)
    folder.mkdir()


def _bare(folder):
    shutil.rmtree(folder / "shards")
    (folder / "shards").mkdir()


WRONG = {
    "no sweep": (_none, "has no results: no manifest.json."),
    "another manifest": (
        lambda folder: (folder / "manifest.json").write_text("{}"),
        "is not the manifest of an experiment.",
    ),
    "another version": (
        lambda folder: said(folder, version="0.0.1"),
        "has results of version 0.0.1, and this is",
    ),
    "another experiment": (
        lambda folder: said(folder, experiment={"name": "x"}),
        "is damaged: the key 'scenario' is missing",
    ),
    "nothing done": (_bare, "has no runs yet: `sweep … --resume` goes on with the experiment."),
    "a damaged table": (
        lambda folder: next((folder / "shards").glob("*/runs.parquet")).write_bytes(b"no table"),
        "is damaged: ",
    ),
    "a missing table": (
        lambda folder: next((folder / "shards").glob("*/metrics.parquet")).unlink(),
        "is damaged: ",
    ),
    "a damaged shard": (
        lambda folder: next((folder / "shards").glob("*/shard.json")).write_text("{"),
        "is damaged: ",
    ),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_folder_that_cannot_be_shown_is_told_in_a_sentence(sim, part, here, wrong):
    spoil, sentence = wrong
    spoil(part)
    result = sim("report", part)
    assert (result.exit_code, list(here.iterdir())) == (2, [])
    assert sentence in result.output
    assert "not your fault" not in result.output
