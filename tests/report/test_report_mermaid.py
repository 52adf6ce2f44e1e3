"""Sequence diagrams: lines of a grammar, whatever the names, and what led to a breach.

The grammar is the part of Mermaid's that is written. What was written for stories and for hostile
names was also read by Mermaid itself (11.12), which CI does not have.
"""

import html
import re

import pytest
from attrs import evolve
from drawn import HOSTILE, broken, hostile, of_file, timelines
from hypothesis import given, settings

from sim.report.formats.causes import led_to
from sim.report.formats.mermaid import escaped, write
from sim.telling.marks import visible

_TEXT = r"(?:[A-Za-zÀ-ÖØ-Þà-öø-ÿ0-9 _.:,()'/!?=+*–…-]|#\d+;|<br/>)*"
_AT = r"p\d+(?:,p\d+)?"
GRAMMAR = re.compile(
    rf"sequenceDiagram|    (?:title {_TEXT}|participant p\d+ as {_TEXT}|Note over {_AT}: {_TEXT}"
    rf"|p\d+--?>>p\d+: {_TEXT}|rect rgba\(200, 60, 40, 0\.15\)|end)"
)
QUIRK = "quirks/unanswered-publish-swallows-the-end"


def shown(text):
    """An escaped text as a reader sees it."""
    return html.unescape(re.sub(r"#(\d+);", r"&#\1;", text))


@given(hostile())
@settings(max_examples=50)
def test_every_line_is_of_the_grammar(picture):
    lines = write(picture).split("\n")
    assert lines[0] == "sequenceDiagram"
    assert lines.pop() == ""
    for line in lines:
        assert GRAMMAR.fullmatch(line), line


@given(hostile())
@settings(max_examples=30)
def test_areas_are_closed_and_participants_introduced(picture):
    lines = [line.strip() for line in write(picture).splitlines()]
    assert sum(line.startswith("rect") for line in lines) == lines.count("end")
    known = {line.split()[1] for line in lines if line.startswith("participant")}
    for line in lines:
        if re.match(r"Note over|p\d", line):
            assert set(re.findall(r"\bp\d+\b", line.partition(":")[0])) <= known


@given(timelines())
@settings(max_examples=30)
def test_it_is_small_enough_to_be_drawn(picture):
    assert len(write(picture)) < 50_000


@pytest.mark.parametrize("text", HOSTILE)
def test_a_reader_sees_any_text_as_a_terminal_shows_it(text):
    assert shown(escaped(text)) == visible(text)


@pytest.mark.parametrize("text", ["style", "classDef", "STYLE"])
def test_words_that_take_a_semicolon_away_are_not_written(text):
    assert not re.search("style|classdef", escaped(f"{text}:x"), re.IGNORECASE)


def test_of_a_breach_it_shows_what_led_to_it_and_those_concerned():
    picture, row = broken(of_file("kick"), 100)
    text = shown(write(picture)).replace("<br/>", " ")
    for at in led_to(picture, row):
        assert picture.told[at] in text
    assert re.findall(r"participant p\d+ as (\w+)", text) == ["alice", "bob", "platform"]
    assert "BROKEN 0:20.009 one-end: bob ended twice" in text
    assert "sessionConnected" not in text


def test_a_cause_in_another_lane_is_an_arrow():
    picture, _ = broken(of_file("kick"), 100)
    text = write(picture)
    assert "p0->>p4: 0:20.002 platform accepts:<br/>forceDisconnect of bob" in text
    assert "p4->>p1: 0:20.009 sessionDisconnected:" in text


def test_breaches_stand_where_they_were_found():
    lines = write(of_file(QUIRK)).splitlines()
    at = next(number for number, line in enumerate(lines) if "EXPECTED 1:07" in line)
    assert any("1:30.000 disconnect" in line for line in lines[at:])
    assert any("0:14.136" in line for line in lines[:at])


def test_a_fault_is_marked_and_a_pause_is_said():
    text = write(of_file("tunnel"))
    assert re.search(r"rect .*\n    Note over p\d: 0:18\.100 network down.*\n    end", text)
    assert re.search(r"Note over p0,p\d: [\d.]+s later", text)


def test_what_is_not_shown_is_counted():
    assert "more outages and ends are not shown" in write(of_file("flaky"))


def test_what_cannot_be_run_again_does_not_say_how():
    assert "Again" not in write(evolve(of_file("kick"), again=""))


def test_it_is_what_it_was():
    """The whole of a small one, to be read."""
    assert write(of_file("kick")) == KICK


KICK = """\
sequenceDiagram
    title kick, seed 1, documented
    participant p0 as alice
    participant p1 as bob
    participant p2 as carol
    participant p3 as dave
    Note over p0: 0:00.028 sessionConnected: is in the session
    Note over p1: 0:00.064 sessionConnected: is in the session
    Note over p3: 0:00.080 sessionConnected: is in the session
    Note over p0,p3: 1.7s later
    Note over p2: 0:01.739 sessionConnected: is in the session
    Note over p0,p3: 13.3s later
    Note over p3: 0:15.000 forceDisconnect: of alice
    Note over p0,p3: 5s later
    Note over p0: 0:20.000 forceDisconnect: of bob
    p0-->>p1: 0:20.009 sessionDisconnected:<br/>forceDisconnected (kicked by a moderator)
    Note over p0,p3: Again: python -m sim run scenario.yaml
"""
