"""``compare``: two scenarios, profiles or settings."""

from __future__ import annotations

import json
import re
import shlex

import pytest

SHAKY = """\
name: shaky
duration: 2min
networks:
  train:
    preset: fibre
    outages: {every: {exponential: 15s}, last: {exponential: 25s}}
clients:
  alice: {network: fibre}
  bob: {network: train, rejoin: {after: 5s}}
"""
SLOWER = SHAKY.replace("name: shaky", "name: slower").replace("{after: 5s}", "{after: 25s}")
SHORT = ("--set-b", "timers.window=5s")
FEW = ("--replications", 12, "--jobs", 1)


@pytest.fixture
def shaky(scenario):
    return scenario(SHAKY, "shaky.yaml")


def rows(output):
    """The numbers of each metric in the table."""
    lines = (re.match(r"([a-zA-Z-]+(?: \(s\))?)  +(\d.*)", each) for each in output.splitlines())
    return {found[1]: found[2] for found in lines if found}


def test_settings_are_compared_in_a_table_of_eighty_columns(sim, shaky):
    result = sim("compare", shaky, *SHORT, *FEW)
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[:2] == ["A: shaky", "B: shaky with timers.window=5s"]
    assert lines[2] == "12 pairs of runs, seed 1; ± is half of an interval of 95 %"
    assert max(map(len, lines)) <= 80
    assert lines[4].split() == ["metric", "A", "B", "B", "-", "A", "p", "saved"]
    told = rows(result.output)
    assert {"presence", "outages-survived", "time-reconnecting (s)"} <= set(told)
    assert all("±" in each and each.endswith(("×", "-")) for each in told.values())


def test_metrics_without_difference_or_figures_are_only_named(sim, shaky):
    output = " ".join(sim("compare", shaky, *SHORT, *FEW).output.split())
    assert re.search(r"alike in every pair: .*law-breaks", output)
    assert re.search(r"without figures: kick-time", output)


def test_what_too_few_pairs_have_seen_end_is_named(sim, shaky):
    asked = ("--metric", "ghost-time", "--metric", "time-to-recover", "--replications", 2)
    output = " ".join(sim("compare", shaky, *SHORT, *asked, "--seed", 2).output.split())
    assert "without ±, seen to end in fewer than two pairs: ghost-time no difference" in output


def test_where_durations_are_cut_is_told(sim, shaky):
    output = " ".join(sim("compare", shaky, *SHORT, *FEW).output.split())
    assert "means are cut at the longest that was seen, as some went on at the end: " in output
    assert "(120 s)" in output
    only = sim("compare", shaky, *SHORT, *FEW, "--metric", "presence").output
    assert "cut at" not in only


def test_what_differs_is_said_last(sim, shaky):
    lines = sim("compare", shaky, *SHORT, *FEW).output.splitlines()
    assert " ".join(lines).count("more than chance: ") == 1
    quiet = sim("compare", shaky, *SHORT, *FEW, "--quiet").output
    assert "".join(quiet.split()) == "".join("".join(lines[-quiet.count("\n") :]).split())
    assert "outages-survived" in quiet


def test_what_makes_no_difference_makes_none(sim, shaky):
    """The limit on streams is never reached."""
    result = sim("compare", shaky, "--set-b", "platform.stream-limit=50", *FEW)
    assert "alike in every pair" in result.output
    assert result.output.endswith("no difference that is more than chance\n")


def test_two_files_are_compared_with_the_seed_of_the_first(sim, shaky, scenario):
    other = scenario(SLOWER.replace("duration:", "seed: 99\nduration:"), "slower.yaml")
    output = sim("compare", shaky, other, "--metric", "presence", *FEW).output
    assert output.startswith("A: shaky\nB: slower\n12 pairs of runs, seed 1;")
    assert list(rows(output)) == ["presence"]


def test_files_of_one_name_are_told_apart_by_their_files(sim, shaky, scenario):
    other = scenario(SLOWER.replace("slower", "shaky"), "other.yaml")
    output = sim("compare", shaky, other, "--metric", "presence", *FEW).output
    assert output.startswith("A: shaky.yaml\nB: other.yaml\n")


def test_profiles_are_compared(sim, scenario):
    story = SHAKY.replace("alice: {network: fibre}", "alice: {network: fibre, publish: camera}")
    result = sim(
        "compare", scenario(story), "--profile-a", "opentok.js-2.35.2", "--profile-b", "documented",
        "--set-b", "platform.grace=5s", "--metric", "presence", *FEW,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[:2] == [
        "A: shaky with profile=opentok.js-2.35.2",
        "B: shaky with profile=documented, platform.grace=5s",
    ]


def test_json_has_every_number(sim, shaky):
    arguments = ("compare", shaky, *SHORT, *FEW, "--metric", "presence", "--json")
    data = json.loads(sim(*arguments, "--level", 0.9).output)
    assert data["replications"] == 12
    (found,) = data["metrics"]
    assert found["metric"] == "presence"
    difference = found["difference"]
    assert difference["level"] == data["level"] == 0.9
    assert difference["low"] < difference["estimate"] < difference["high"] < 0
    assert found["b"]["estimate"] - found["a"]["estimate"] == pytest.approx(difference["estimate"])
    assert found["p"] == found["p_corrected"] < 0.05
    assert found["variance_saved"] > 1
    assert data["differing"] == ["presence"]


def test_several_processes_find_the_same(sim, shaky):
    one, two = (
        sim("compare", shaky, *SHORT, "--replications", 12, "--jobs", jobs).output
        for jobs in (1, 2)
    )
    assert one == two


def test_one_scenario_may_come_from_standard_input(sim, shaky):
    result = sim("compare", shaky, "-", "--metric", "presence", *FEW, input=SLOWER)
    assert result.exit_code == 0
    assert "B: slower" in result.output


MISTAKES = {
    (): "There is nothing to compare with: name a second scenario, or say with --profile-b or"
    " --set-b PATH=VALUE what is different in it.",
    ("none.yaml",): "none.yaml: cannot read the file: no such file or directory",
    ("--profile-b", "dokumented"): "there is no profile 'dokumented'",
    ("--set-b", "platform.grace"): "is not PATH=VALUE, such as platform.grace=15s",
    ("--set-b", "platform.grase=15s"): "'grase' is not a key here: did you mean 'grace'?",
    ("--set-b", "platform.grace=15"): "platform.grace: 15 has no unit: write 15s for seconds",
    ("--set-b", "platform.grace={"): "'{': this is not YAML",
    ("--set-b", "platform..grace=1s"): "'platform..grace' is not the path of a parameter",
    ("--set-b", "clients.zoe.network=wifi"): "'zoe' is not somebody of the scenario",
    ("--set-a", "script[3].at=3s", *SHORT): "Invalid value for --set-a: there is no script[3]",
    ("--set-b", "platform.grace=45s"): "shaky with platform.grace=45s are the same story.",
    ("--set-b", "seed=7"): "are the same story.",
    ("--metric", "presense", *SHORT): "'presense' is not a metric: did you mean 'presence'?",
    ("--replications", "1", *SHORT): "1 is not in the range",
    ("--replications", "1000000000", *SHORT): "is not in the range 2<=x<=1000000",
    (*SHORT, *SHORT): "timers.window is set twice: once is enough",
    ("--profile-b", "documented", "--set-b", "profile=documented"): "profile is set twice",
    ("--level", "95", *SHORT): "95.0 is not in the range",
}  # fmt: skip


@pytest.mark.parametrize("arguments", MISTAKES, ids=" ".join)
def test_a_mistake_is_one_sentence_and_ends_with_two(sim, shaky, arguments):
    result = sim("compare", shaky, *arguments)
    assert result.exit_code == 2
    assert MISTAKES[arguments] in result.output
    assert "Traceback" not in result.output


def test_the_examples_of_the_help_run(sim):
    examples = sim("compare", "--help").output.partition("Examples:")[2].partition("Both are")[0]
    calls = examples.replace("\\\n", " ").strip().splitlines()
    for call in calls:
        words = shlex.split(call)[3:]
        result = sim(*words, "--replications", 2, "--jobs", 1, "--metric", "presence")
        assert result.exit_code == 0, result.output
    assert len(calls) == 4


def test_both_cannot_come_from_standard_input(sim):
    result = sim("compare", "-", "-", input=SHAKY)
    assert result.exit_code == 2
    assert "Only one of the two scenarios can come from standard input." in result.output


def test_without_scipy_it_says_how_to_get_it(sim, shaky, monkeypatch):
    monkeypatch.setattr("sim.cli.extras.find_spec", lambda name: None)
    result = sim("compare", shaky, *SHORT)
    assert result.exit_code == 2
    assert "compare needs scipy, which is not installed: pip install 'session-sim[research]'" in (
        " ".join(result.output.split())
    )


def test_on_a_narrow_terminal_numbers_get_lines_of_their_own(sim, shaky, monkeypatch):
    monkeypatch.setenv("COLUMNS", "48")
    lines = sim("compare", shaky, *SHORT, *FEW, "--metric", "outages-survived").output.splitlines()
    at = lines.index("outages-survived")
    assert lines[at + 1].startswith("  0.")
    assert max(map(len, lines)) <= 48
