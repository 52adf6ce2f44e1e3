"""A run knows which quirks were at work: there is a goal for each of them."""

import json

import pytest
from attrs import evolve
from click.testing import CliRunner
from hypothesis import given, settings
from test_quirk_scenarios import FOLDER, SHIPPED, run, scenario

import sim
from sim.cli.program import program
from sim.laws import GOALS, Goals
from sim.protocol.quirks import QUIRKS, profile
from sim.scenario import dump
from tests.world.stories import stories


def at_work(result):
    return [name for name, times in result.goals.items() if times]


def test_there_is_a_goal_for_each_quirk():
    assert list(GOALS) == list(QUIRKS)
    assert {goal.kind for goal in GOALS.values()} == {"sometimes"}


@pytest.mark.parametrize("quirk", QUIRKS)
def test_a_quirks_scenario_reaches_its_goal(quirk):
    assert quirk in at_work(run(quirk, SHIPPED))


@pytest.mark.parametrize("quirk", QUIRKS)
def test_a_quirk_alone_reaches_its_goal_and_no_other(quirk):
    result = run(quirk, "documented", **{quirk: True})
    assert (list(result.goals), at_work(result)) == ([quirk], [quirk])


@pytest.mark.parametrize("quirk", QUIRKS)
def test_without_the_quirk_nothing_is_said_of_its_goal(quirk):
    assert quirk not in run(quirk, SHIPPED, **{quirk: False}).goals
    documented = run(quirk, "documented")
    assert documented.goals == {}
    assert [record for record in documented.records if record.kind == "quirk"] == []


@given(stories())
def test_the_documented_client_has_no_quirk_at_work(story):
    result = sim.run(story, profile="documented")
    assert result.goals == {}
    assert [record for record in result.records if record.kind == "quirk"] == []


@given(stories())
@settings(max_examples=200)
def test_where_no_quirk_was_at_work_the_story_is_that_of_the_documented_client(story):
    """A quirk does not act without saying so."""
    shipped = sim.run(story, profile=SHIPPED, keep=False)
    if not at_work(shipped):
        assert shipped.digest == sim.run(story, profile="documented", keep=False).digest


@pytest.mark.parametrize("quirk", QUIRKS)
def test_a_trace_tells_as_much_as_its_run(quirk, tmp_path):
    file = tmp_path / "trace.jsonl"
    result = sim.run(FOLDER / f"{quirk}.yaml", trace=file)
    trace = sim.read_trace(file)
    goals = Goals(trace.header)
    for record in trace.story():
        goals(record)
    assert goals.reached == result.goals
    assert json.loads(called("check", file, "--json"))["goals"] == result.goals


def called(*words):
    return CliRunner().invoke(program, [*map(str, words)]).output


QUIRK = "fatal-close-skips-reconnecting"


def test_a_run_says_which_quirks_were_at_work():
    told = called("run", FOLDER / f"{QUIRK}.yaml")
    assert f"Quirks  1 of {len(QUIRKS)} at work\n  {QUIRK} (2 times)\n" in told
    assert "   ~ a quirk\n" in told
    documented = called("run", FOLDER / f"{QUIRK}.yaml", "--profile", "documented")
    assert "~" not in documented
    assert "Quirks" not in documented


def test_replications_say_in_how_many_of_them_a_quirk_was_at_work(tmp_path):
    story = evolve(scenario(QUIRK), profile=profile("documented", {QUIRK: True}))
    file = tmp_path / "story.yaml"
    file.write_text(dump(story), encoding="utf-8")
    told = called("run", file, "--replications", 3)
    assert f"at work  not  first  quirk\n3        0    0      {QUIRK}\n" in told
    data = json.loads(called("run", file, "--replications", 3, "--json"))
    assert data["goals"] == {QUIRK: 3}
    assert [each["goals"] for each in data["replications"]] == [{QUIRK: 2}] * 3


def test_a_quirk_that_is_rare_is_found_by_the_number_of_its_first_replication(tmp_path):
    story = sim.Scenario(
        name="rare",
        duration="2min",
        clients={"bob": sim.Person(arrive={"uniform": {"from": "0s", "to": "10s"}})},
        script=[{"at": "5s", "client": "bob", "platform": "close-socket", "code": 1011}],
        profile=profile("documented", {QUIRK: True}),
    )
    file = tmp_path / "story.yaml"
    file.write_text(dump(story), encoding="utf-8")
    data = json.loads(called("run", file, "--replications", 12, "--json"))
    with_it = [each["replication"] for each in data["replications"] if each["goals"][QUIRK]]
    assert 0 < len(with_it) < 12
    told = called("run", file, "--replications", 12).splitlines()
    (row,) = [line.split() for line in told if line.endswith(f"  {QUIRK}")]
    assert row == [str(len(with_it)), str(12 - len(with_it)), str(with_it[0]), QUIRK]
