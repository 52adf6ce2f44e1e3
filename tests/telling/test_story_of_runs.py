"""The story of whole runs: nothing that an app was told is missing, no effect before its cause."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings

import sim
from sim.protocol import records
from sim.telling.folding import fold
from sim.telling.layout import told
from sim.telling.marks import unstyled
from sim.telling.story import Line, lines
from tests import strategies

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(ROOT.glob("scenarios/**/*.yaml"))
ODD = re.compile(r"\bNone\b|<\w*>|  |\b(of|from|to|for) *(:|$)")
"""What no line may say: what Python calls things, and nothing where a name is due."""


def news(record):
    """Whether an app was told something that is no news to itself."""
    if record.kind != "event":
        return False
    entry = records.find(record.kind, record.object, record.name)
    own = "connection" in record.name and record.data["connection"] == record.data["own"]
    return entry.told and not own


def assert_told(run):
    every = list(lines(run.records))
    folded = fold(every)
    place = {number: at for at, entry in enumerate(folded) for number in entry.numbers}
    assert [r for r in run.records if news(r) and r.seq not in place] == []
    assert sorted(place) == [number for line in every for number in line.numbers]
    for line in every:
        assert place.get(line.causes[0], -1) <= place[line.numbers[0]], line
    for entry in folded:
        said = (*entry.who, entry.words) if isinstance(entry, Line) else (entry.words,)
        assert "" not in entry.who if isinstance(entry, Line) else True
        if entry.label != "signal":  # whose type may be any text
            assert not any(ODD.search(text) for text in said), entry
    times = [entry.time for entry in folded]
    assert times == sorted(times)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_story_is_told_whole_and_in_order(file):
    assert_told(sim.run(file))


@settings(max_examples=40)
@given(strategies.stories())
def test_any_story_is_told_whole_and_in_order(story):
    assert_told(sim.run(story))


@pytest.mark.parametrize("width", [40, 60, 80])
@pytest.mark.parametrize("unfold", [False, True])
def test_a_story_fits_its_width_and_says_the_same_at_any(width, unfold):
    run = sim.run(ROOT / "scenarios" / "kick.yaml")
    shown = [unstyled(line) for line in told(run.records, width, unfold)]
    assert max(map(len, shown)) <= width
    at_most = " ".join(unstyled(line) for line in told(run.records, 120, unfold))
    assert re.findall(r"#\d+", " ".join(shown)) == re.findall(r"#\d+", at_most)


def test_the_second_call_of_a_page_is_told_like_the_first():
    run = sim.run(
        sim.loads("""
name: second-call-in-one-page
duration: 1min
clients: {alice: {}, bob: {publish: camera}}
script:
  - {at: 10s, client: bob, do: disconnect}
  - {at: 20s, client: bob, do: connect}
  - {at: 30s, client: bob, do: disconnect}
""")
    )
    own = [line.label for line in lines(run.records) if line.who == ("bob",)]
    assert own.count("streamCreated") == 2
    assert own.count("publisher destroyed") == 2


def test_a_connect_of_the_script_is_told_and_a_comeback_by_habit_is_not():
    run = sim.run(
        sim.loads("""
name: connects
duration: 2min
clients:
  alice: {}
  bob: {connect: false}
  carol: {rejoin: {after: 5s}}
script:
  - {at: 10s, client: bob, do: connect}
  - {at: 20s, client: bob, do: connect}
  - {at: 30s, client: carol, do: crash}
""")
    )
    told = [
        (line.time // 1_000_000, line.who) for line in lines(run.records) if line.kind == "call"
    ]
    assert told == [(0, ("alice",)), (0, ("carol",)), (10, ("bob",)), (20, ("bob",))]
    assert next(entry.who for entry in fold(lines(run.records))) == ("alice", "carol")


def test_subscribing_that_is_refused_names_each_stream_and_is_folded():
    run = sim.run(
        sim.loads("""
name: refused
duration: 1min
clients:
  alice: {publish: camera}
  bob: {publish: camera}
  carol: {publish: camera}
  dave: {role: publisheronly, arrive: 20s}
""")
    )
    every = [line.words for line in lines(run.records) if line.label == "subscribe"]
    assert [words.partition(" fails: ")[0] for words in every] == [
        "to alice's stream",
        "to bob's stream",
        "to carol's stream",
    ]
    (folded,) = [entry.words for entry in fold(lines(run.records)) if entry.label == "subscribe"]
    assert folded == f"{every[0]} +2"
