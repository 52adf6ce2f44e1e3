"""Colours, width, and output that nobody reads."""

from __future__ import annotations

import os

import pytest
from cli_scenarios import KICK

from sim.cli import terminal


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, None),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
    ],
)
def test_colours_follow_the_environment(environment, expected):
    assert terminal.colour(environment) is expected


@pytest.mark.parametrize(("told", "used"), [("20", 24), ("100", 100), ("400", 120)])
def test_the_width_is_the_terminals_within_reason(monkeypatch, told, used):
    monkeypatch.setenv("COLUMNS", told)
    assert terminal.width() == used


def test_lines_are_as_long_as_they_like_where_there_is_no_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert (terminal.fits(30), terminal.fits(31)) == (True, False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: False, raising=False)
    assert terminal.fits(31)


def test_a_closed_pipe_ends_the_printing_and_nothing_else(monkeypatch):
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as pipe:
        monkeypatch.setattr("sys.stdout", pipe)
        terminal.say("nobody hears this")
        terminal.say("nor this")


def test_a_closed_error_stream_is_no_error(monkeypatch):
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as pipe:
        monkeypatch.setattr("sys.stderr", pipe)
        terminal.remark("nobody hears this")


def test_a_stream_that_cannot_be_told_is_left_alone():
    terminal.write_anything(object())


def test_what_the_encoding_cannot_write_is_replaced(tmp_path):
    with (tmp_path / "out").open("w", encoding="ascii") as out:
        terminal.write_anything(out)
        out.write("… more")
    assert (tmp_path / "out").read_bytes() == b"? more"


@pytest.mark.parametrize("width", [40, 47, 60, 80, 100])
@pytest.mark.parametrize(
    "words",
    [["run", "SCENARIO"], ["check", "TRACE"], ["diff", "TRACE", "OTHER"], ["laws"], ["presets"]],
)
def test_no_verb_writes_beyond_the_terminal(sim, scenario, trace, monkeypatch, width, words):
    monkeypatch.chdir(scenario().parent)
    trace(KICK, name="t.jsonl")
    trace(KICK.replace("seed: 3", "seed: 4"), name="other.jsonl")
    monkeypatch.setenv("COLUMNS", str(width))
    names = {"SCENARIO": "scenario.yaml", "TRACE": "t.jsonl", "OTHER": "other.jsonl"}
    lines = sim(*(names.get(word, word) for word in words)).stdout.splitlines()
    whole = ("again:", "trace:", "  header:")  # with names of files in them
    assert lines
    long = [line for line in lines if len(line) > width and " " in line.strip()]
    assert [line for line in long if not line.startswith(whole)] == []
