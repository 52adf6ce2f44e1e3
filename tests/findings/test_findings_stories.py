"""What must be so in the findings that are stories: times, causes, how often something is done."""

import shutil

import pytest
from test_findings import BAD_INPUT, HELD, HERE, sim

import sim as simulator
from sim.laws import BROKEN, NOT_EXERCISED

STORIES = [
    path
    for path in sorted(HERE.glob("*.yaml"))
    if path.stem not in ("ansi-in-key", "did-you-mean-true", "overflow-duration", "signal-storm")
]

MOST_STATES = 2 * 10 * 31
"""Of a socket whose client dials for half a minute, two for each of ten attempts a second."""


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_time_never_goes_back(path):
    times = [record.time for record in simulator.run(path).records]
    assert times == sorted(times)


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_trace_of_a_story_can_be_checked_and_replayed(path, tmp_path):
    trace = tmp_path / "story.trace.jsonl"
    assert [sim(*run)[0] for run in (("run", path, "--trace", trace), ("check", trace))] == [
        HELD,
        HELD,
    ]
    assert sim("replay", trace)[0] == HELD


def test_ice_restarts_300_ms_after_the_session_is_back():
    story = simulator.load(HERE / "ice-restart-late.yaml")
    records = simulator.run(story).records
    (back,) = [r.time for r in records if r.name == "sessionReconnected"]
    restarted = [
        r.time
        for r in records
        if r.client == "bob" and r.name == "connected" and r.kind == "event" and r.time > back
    ]
    assert restarted
    longest = story.timers.ice_checking + story.timers.turn
    assert max(time - back for time in restarted) <= longest


def test_a_setting_that_makes_a_promise_impossible_makes_its_law_not_exercised():
    laws = simulator.run(HERE / "converge-replay-false.yaml").laws
    impossible = ("converge", "ghosts-bounded", "signals")
    assert {name: laws[name].outcome for name in impossible} == dict.fromkeys(
        impossible, NOT_EXERCISED
    )
    assert BROKEN not in {verdict.outcome for verdict in laws.values()}


def test_a_client_that_has_been_forgotten_dials_no_faster_than_a_browser(tmp_path):
    trace = tmp_path / "dials.trace.jsonl"
    simulator.run(HERE / "redial-storm.yaml", trace=trace, trace_level="all")
    lines = trace.read_text().splitlines()
    states = [line for line in lines if '"ann","socket","state"' in line]
    assert 0 < len(states) <= MOST_STATES


def test_a_trace_is_never_written_over_the_scenario_that_is_run(tmp_path):
    story = tmp_path / "story.yaml"
    shutil.copy(HERE / "trace-over-scenario.yaml", story)
    before = story.read_bytes()
    code, said = sim("run", story, "--trace", story)
    assert (code, story.read_bytes()) == (BAD_INPUT, before)
    assert len(said.strip().splitlines()) <= 3


def test_the_story_tells_of_every_publisher_of_a_page():
    code, said = sim("run", HERE.parent / "reports" / "28-second-call-in-one-page.yaml")
    assert code == HELD
    assert said.count("publisher destroyed") == 2
    assert "NoneType" not in said
