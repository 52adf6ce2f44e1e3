"""``run``: the story, the verdict, the JSON object, the trace."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from cli_scenarios import DROP, FATAL, KICK, UNSORTED, WRONG

import sim as product
from sim.protocol.quirks import QUIRKS
from sim.protocol.units import SECOND


def test_the_story_names_who_was_told_what_and_when(sim, scenario):
    result = sim("run", scenario())
    assert result.exit_code == 0
    kicked = next(line for line in result.output.splitlines() if "sessionDisconnected" in line)
    assert kicked.split()[2:5] == ["bob", "sessionDisconnected", "forceDisconnected"]
    assert kicked.startswith("0:1")
    command = next(line for line in result.output.splitlines() if "forceDisconnect  " in line)
    assert command.split()[2:] == [">", "alice", "forceDisconnect", "of", "bob"]


def test_no_line_is_wider_than_eighty_columns_but_the_line_to_copy(sim, scenario):
    lines = sim("run", scenario(WRONG)).output.splitlines()
    assert [line for line in lines if len(line) > 80 and not line.startswith("again:")] == []
    broken = sim("run", scenario(FATAL.replace("breaks", "holds"))).output.splitlines()
    assert {line[:6] for line in broken if len(line) > 80} == {"again:", "why:  "}


def test_laws_and_expectations_are_summed_up(sim, scenario):
    output = sim("run", scenario()).output
    assert "Laws  0 broken, " in output
    assert "only-moderators-kick" in output
    assert "  held  bob sees sessionDisconnected(forceDisconnected)" in output


def test_a_missed_expectation_says_why_and_ends_with_one(sim, scenario):
    result = sim("run", scenario(WRONG))
    assert result.exit_code == 1
    told = " ".join(result.output.split())
    assert "broken bob sees sessionDisconnected(networkDisconnected): bob saw" in told


def test_quiet_prints_the_verdict_alone(sim, scenario):
    assert sim("run", scenario(), "--quiet").output == "kick: all held\n"


def test_quiet_names_what_broke_and_how_to_see_it_again(sim, scenario):
    verdict, again = sim("run", scenario(WRONG), "--quiet").output.splitlines()
    assert verdict == "wrong: broken: bob sees sessionDisconnected(networkDisconnected)"
    assert again.startswith("  python -m sim replay sim1-")


def test_records_that_are_named_and_have_no_line_in_the_story_are_said_to_have_none(sim, scenario):
    hidden = KICK + "  - at the end bob is connected\n"
    output = sim("run", scenario(hidden)).output
    (number,) = set(re.findall(r"bob is\s+disconnected, at [0-9:.]+, #(\d+)", output))
    assert f"  #{number} has no line in the story; explain tells of it" in output
    story = output[output.index("explain takes") : output.index("Laws")]
    assert f" #{number} " not in story
    assert "no line in the story" not in sim("run", scenario(WRONG)).output


LEFT = Path(__file__).parents[2] / ("scenarios/quirks/destroy-while-publishing-leaves-stream.yaml")


def test_a_law_that_breaks_late_is_shown_around_the_record_that_it_names(sim, scenario):
    output = sim(
        "run",
        scenario(
            LEFT.read_text("utf-8").replace("law fed-streams breaks", "law fed-streams holds")
        ),
    ).output
    (number,) = re.findall(r"  at 0:28.400, #(\d+): the platform still had", output)
    assert f"  -> #{number} " in output
    assert f"  #{number} has no line in the story; explain tells of it" in output


def test_a_law_that_is_expected_to_break_is_no_failure(sim, scenario):
    path = scenario(FATAL)
    assert sim("run", path, "-q").output == "fatal: all held\n"
    result = sim("run", path)
    assert result.exit_code == 0
    assert "  broken         reconnect-first (as expected)" in result.output.splitlines()
    assert sim("run", scenario(FATAL.replace("breaks", "holds"))).exit_code == 1


def test_the_line_to_copy_replays_the_run(sim, scenario):
    first = sim("run", scenario(), "--seed", 11, "--json")
    told = sim("run", scenario(), "--seed", 11).output
    words = told[told.index("again:") :].split()
    assert words[1:5] == ["python", "-m", "sim", "replay"]
    again = sim(*words[4:], "--json")
    assert json.loads(again.output)["digest"] == json.loads(first.output)["digest"]


def test_the_line_to_copy_is_short_for_a_scenario_in_the_usual_directory(
    sim, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "kick.yaml").write_text(KICK)
    told = sim("run", "scenarios/kick.yaml").output
    words = told[told.index("again:") :].split()
    assert len(words) == 6
    assert sim(*words[4:], "-q").output == "kick: all held\n"


def test_json_is_one_object_with_the_promised_keys(sim, scenario):
    path = scenario()
    data = json.loads(sim("run", path, "--json").output)
    assert list(data) == [
        "digest",
        "seed",
        "events",
        "laws",
        "goals",
        "expect",
        "clients",
        "exit_code",
        "replay",
    ]
    again = sim(*shlex.split(data["replay"])[3:], "--json")
    assert json.loads(again.output) == data
    result = product.run(path)
    assert (data["digest"], data["seed"]) == (result.digest, 3)
    told = [len(client["events"]) for client in data["clients"].values()]
    assert data["events"] == len(result.events) == sum(told) > 0
    assert set(data["laws"].values()) <= {"held", "broken", "not exercised"}
    assert [(each["text"], each["held"]) for each in data["expect"]] == [
        ("bob sees sessionDisconnected(forceDisconnected)", True)
    ]
    assert data["clients"]["bob"]["left"] == {"elements": 0, "subscribers": 0, "publishers": 0}
    ended = [
        event for event in data["clients"]["bob"]["events"] if event[2] == "sessionDisconnected"
    ]
    assert len(ended) == 1
    time, object, _, reason = ended[0]
    assert 10 * SECOND < time < 12 * SECOND
    assert (object, reason) == ("session", "forceDisconnected")


def test_json_of_a_run_that_failed_has_its_exit_code(sim, scenario):
    result = sim("run", scenario(WRONG), "--json")
    assert json.loads(result.output)["exit_code"] == result.exit_code == 1


def test_a_scenario_comes_from_standard_input(sim, scenario):
    piped = json.loads(sim("run", "-", "--json", input=KICK).output)
    named = json.loads(sim("run", scenario(), "--json").output)
    assert piped.pop("replay").endswith(" --scenario -")
    assert named.pop("replay").endswith("/scenario.yaml")
    assert piped == named


def test_the_seed_and_the_profile_of_the_scenario_can_be_replaced(sim, scenario):
    output = sim("run", scenario(), "--seed", 99, "--profile", "opentok.js-2.35.2").output
    assert "seed 99, profile opentok.js-2.35.2" in output


def test_only_the_chosen_laws_judge(sim, scenario):
    data = json.loads(
        sim("run", scenario(), "--law", "one-end", "--law", "cleanup", "--json").output
    )
    assert sorted(data["laws"]) == ["cleanup", "one-end"]


def test_permuted_ties_are_replayed_as_such(sim, scenario):
    result = sim("run", scenario(), "--permute-ties", "--json")
    told = sim("run", scenario(), "--permute-ties").output
    token = told[told.index("again:") :].split()[5]
    again = sim("replay", token, "--scenario", scenario(), "--json")
    assert json.loads(again.output)["digest"] == json.loads(result.output)["digest"]


@pytest.mark.parametrize("level", ["story", "wire", "all"])
def test_the_trace_is_written_at_the_level_asked_for(sim, scenario, tmp_path, level):
    path = tmp_path / "run.trace.jsonl"
    result = sim("run", scenario(), "--trace", path, "--trace-level", level)
    assert f"trace:   {path}" in result.output
    trace = product.read_trace(path)
    records = list(trace)
    assert trace.complete
    assert trace.header.level == level
    assert (len(records) > trace.footer.records) == (level != "story")


def test_a_trace_on_standard_output_stands_alone(sim, scenario):
    result = sim("run", scenario(), "--trace", "-")
    assert [type(json.loads(line)) for line in result.stdout.splitlines()][:2] == [dict, list]
    assert result.stderr == "kick: all held\n"
    assert sim("check", "-", "-q", input=result.stdout).output == "kick: all held\n"


def test_what_the_verdict_says_of_a_failing_run_with_a_trace(sim, scenario, tmp_path):
    result = sim("run", scenario(WRONG), "--trace", tmp_path / "t.jsonl")
    assert result.exit_code == 1
    assert "trace:" in result.output


def test_replications_are_summed_up(sim, scenario):
    result = sim("run", scenario(), "--replications", 3)
    assert result.exit_code == 0
    assert "kick: 3 replications" in result.output
    assert "all held in 3 replications" in result.output
    assert "each: --json lists every replication" in result.output
    row = next(line for line in result.output.splitlines() if "only-moderators-kick" in line)
    assert row.split() == ["3", "0", "0", "only-moderators-kick"]


def test_the_first_failing_replication_can_be_replayed(sim, scenario):
    result = sim("run", scenario(WRONG), "--replications", 3, "--quiet")
    assert result.exit_code == 1
    verdict, first = result.output.splitlines()
    assert verdict == "broken in 3 of 3 replications"
    words = first.split()
    assert words[:5] == ["first:", "python", "-m", "sim", "replay"]
    assert sim(*words[4:], "-q").exit_code == 1


def test_the_quirks_that_replications_switch_are_folded(sim, scenario):
    switches = "".join(f"    {name}: true\n" for name in QUIRKS)
    path = scenario(DROP + f"\nprofile:\n  base: documented\n  quirks:\n{switches}")
    told = sim("run", path, "--replications", 2).output.splitlines()
    assert [line for line in told if len(line) > 80 and "replay sim1-" not in line] == []


def test_json_of_replications_lists_each(sim, scenario):
    path = scenario()
    data = json.loads(sim("run", path, "--replications", 3, "--json").output)
    each = data["replications"]
    assert [one["replication"] for one in each] == [0, 1, 2]
    assert len({one["digest"] for one in each}) == 3
    assert data["digest"] == each[0]["digest"]
    assert each[1]["digest"] == product.run(path, replication=1).digest
    again = sim(*each[2]["replay"].split()[3:], "--json")
    assert json.loads(again.output)["digest"] == each[2]["digest"]


def test_with_replications_the_trace_is_of_the_first_that_failed(sim, scenario, tmp_path):
    path = tmp_path / "t.jsonl"
    sim("run", scenario(WRONG), "--replications", 2, "--trace", path)
    assert product.read_trace(path).header.replication == 0


def test_a_deterministic_run_passes_the_check(sim, scenario):
    result = sim("run", scenario(), "--check-determinism", "-q")
    assert (result.exit_code, result.output) == (0, "kick: all held\n")


@pytest.mark.parametrize("arguments", [(DROP, "--permute-ties"), (UNSORTED,)])
def test_the_check_keeps_to_permuted_ties_and_to_the_order_of_people(sim, scenario, arguments):
    text, *options = arguments
    result = sim("run", scenario(text), "--check-determinism", "-q", *options)
    assert result.exit_code == 0, result.output


def test_the_first_record_that_differs_is_shown_with_its_causes(sim, scenario, monkeypatch):
    seeds = iter(range(100))
    real = product.run

    def unsteady(story, **arguments):
        return real(story, **(arguments | {"replication": next(seeds)}))

    monkeypatch.setattr(product, "run", unsteady)
    result = sim("run", scenario(), "--check-determinism")
    assert result.exit_code == 3
    assert "not deterministic: the runs part at record" in result.stderr
    assert "first run" in result.stderr
    assert "what led to #" in result.stderr


def test_what_only_another_interpreter_shows_is_found(sim, scenario, monkeypatch):
    from sim.cli import determinism

    real = determinism.read

    class Other:
        def __init__(self, path):
            self._trace = real(path)

        def story(self):
            *records, last = self._trace.story()
            return [*records, last._replace(time=last.time + 1)]

    monkeypatch.setattr(determinism, "read", Other)
    result = sim("run", scenario(), "--check-determinism")
    assert result.exit_code == 3
    assert "second run" in result.stderr


def test_a_second_interpreter_that_fails_is_a_fault_of_ours(sim, scenario, monkeypatch):
    monkeypatch.setattr("sys.executable", "/bin/false")
    result = sim("run", scenario(), "--check-determinism")
    assert result.exit_code == 3
    assert "the second interpreter failed" in result.stderr


def test_determinism_is_checked_for_one_run(sim, scenario):
    result = sim("run", scenario(), "--check-determinism", "--replications", 2)
    assert result.exit_code == 2
    assert "--check-determinism is for one run" in result.output


def test_a_folded_story_says_how_to_unfold_it(sim, scenario):
    crowd = (
        "name: crowd\nduration: 30s\n"
        "clients: {host: {}, guests: {count: 30, arrive: {uniform: {from: 1s, to: 20s}}}}\n"
    )
    folded = sim("run", scenario(crowd)).output
    assert "more sessionConnected until" in folded
    assert "(--unfold)" in folded
    unfolded = sim("run", scenario(crowd), "--unfold").output
    assert "more sessionConnected until" not in unfolded
    told = [line.split() for line in unfolded.splitlines()]
    assert sum("sessionConnected" in words for words in told) == 31


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_the_title_of_a_broken_law_is_wrapped_as_everything_is(sim, scenario, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    output = sim("run", scenario(FATAL.partition("expect:")[0])).output
    assert "broken  reconnect-first" in output
    wide = [line for line in output.splitlines() if len(line) > columns]
    assert [line for line in wide if not line.startswith(("again:", "why:"))] == []


@pytest.mark.parametrize("option", ["--seed", "--max-events", "--replications"])
@pytest.mark.parametrize("number", [str(2**64), str(10**30), "٣", "1_000", "９", "x", "-1"])
def test_a_number_that_cannot_be_is_refused_with_a_sentence(sim, scenario, option, number):
    result = sim("run", scenario(), option, number)
    assert result.exit_code == 2
    assert f"Invalid value for '{option}':" in result.output
    assert number in result.output


def test_the_largest_seed_is_one(sim, scenario):
    assert sim("run", scenario(), "--seed", str(2**64 - 1), "-q").exit_code == 0


@pytest.mark.parametrize(
    "call",
    ["run", "check", "validate", "replay", "explain", "diff", "conform", "sweep"],
)
def test_a_name_of_a_file_that_is_empty_is_shown_and_refused(sim, call):
    further = {"explain": ["3"], "diff": [""], "sweep": ["-o", "out"]}.get(call, [])
    result = sim(call, "", *further)
    assert result.exit_code == 2
    assert "'': " in result.output
    assert "name is empty" in result.output
