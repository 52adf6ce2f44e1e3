"""``--person``, ``--around``, ``--kind`` and ``--why`` of ``run`` and ``replay``."""

from __future__ import annotations

import re

import pytest
from cli_scenarios import DROP, FATAL, KICK

BROKEN = FATAL.replace("breaks", "holds")
ROOM = """\
name: room
duration: 30s
clients:
  alice: {network: fibre, publish: camera}
  guests: {count: 2, network: fibre}
"""


def story(output):
    """The lines of the story that a report tells."""
    return [line for line in output.splitlines() if re.match(r"\d+:\d\d\.\d{3} +#\d+ ", line)]


def people(output):
    return {line[len(re.match(r"\S+ +#\d+ .. ?", line)[0]) :].split()[0] for line in story(output)}


def test_a_person_is_told_of_alone(sim, scenario):
    result = sim("run", scenario(), "--person", "bob", "--unfold")
    assert result.exit_code == 0
    assert people(result.output) == {"bob"}
    both = sim("run", scenario(), "--person", "bob", "--person", "alice", "--unfold")
    assert story(both.output) == story(sim("run", scenario(), "--unfold").output)


def test_a_group_is_its_members(sim, scenario):
    output = sim("run", scenario(ROOM), "--person", "guests", "--unfold").output
    assert people(output) == {"guests-1", "guests-2"}
    one = sim("run", scenario(ROOM), "--person", "guests-2", "--unfold").output
    assert people(one) == {"guests-2"}


@pytest.mark.parametrize("time", ["0:20", "20s", "0:20.000", "0min 20s", "0:00:20"])
def test_the_time_is_written_as_in_the_story_or_as_a_duration(sim, scenario, time):
    output = sim("run", scenario(DROP), "--around", time, "--within", "1s", "--unfold").output
    assert story(output)
    assert all("0:19.000" <= line.split()[0] <= "0:21.000" for line in story(output))
    assert " of the story: within 1s of 0:20.000" in output


def test_within_is_ten_seconds_unless_it_is_said(sim, scenario):
    said = sim("run", scenario(DROP), "--around", "20s", "--within", "10s").output
    assert sim("run", scenario(DROP), "--around", "20s").output == said


def test_kinds_are_the_marks_of_the_legend(sim, scenario):
    output = sim("run", scenario(), "--kind", "call", "--unfold").output
    assert story(output)
    assert all(re.search(r"#\d+ > ", line) for line in story(output))


def test_options_narrow_together_and_numbers_stay(sim, scenario):
    whole = {line.split()[1] for line in story(sim("run", scenario(DROP), "--unfold").output)}
    output = sim("run", scenario(DROP), "--person", "adam", "--kind", "fault", "--unfold").output
    told = story(output)
    assert [line.split()[4:6] for line in told] == [["network", "down"], ["network", "up"]]
    assert {line.split()[1] for line in told} < whole
    assert "2 of the " in output


def test_what_fits_nothing_is_said(sim, scenario):
    result = sim("run", scenario(), "--person", "bob", "--kind", "quirk")
    assert result.exit_code == 0
    assert "none of the " in result.output
    assert not story(result.output)


def test_laws_and_verdict_are_those_of_the_whole_run(sim, scenario):
    def judged(*arguments):
        output = sim("run", scenario(BROKEN), *arguments).output
        return output[output.index("\nLaws") :]

    assert judged("--person", "alice", "--around", "1s") == judged()


def test_why_tells_what_led_to_the_first_breach(sim, scenario, tmp_path):
    path = tmp_path / "fatal.trace.jsonl"
    result = sim("run", scenario(BROKEN), "--why", "reconnect-first", "--trace", path)
    assert result.exit_code == 1
    number = re.search(r"^What led to #(\d+), the root first$", result.output, re.MULTILINE)[1]
    chain = sim("explain", path, number).output
    assert chain in result.output
    assert not story(result.output)
    assert "broken  reconnect-first  (" in result.output


def test_why_tells_of_a_breach_that_is_expected_too(sim, scenario):
    result = sim("run", scenario(FATAL), "--why", "reconnect-first")
    assert result.exit_code == 0
    assert "What led to #" in result.output


def test_the_line_that_says_why_can_be_copied(sim, scenario):
    output = sim("run", scenario(BROKEN)).output
    words = output[output.index("why: ") :].split()
    assert words[1:5] == ["python", "-m", "sim", "replay"]
    assert "What led to #" in sim(*words[4:]).output
    assert "why: " not in sim("run", scenario(FATAL)).output


def test_why_of_a_law_that_did_not_break(sim, scenario):
    result = sim("run", scenario(), "--why", "ghosts-bounded")
    assert result.exit_code == 0
    assert "not exercised  ghosts-bounded\n  there is no breach to tell of\n" in result.output


def test_what_failed_stands_before_the_story(sim, scenario):
    output = sim("run", scenario(BROKEN)).output
    assert output.index("broken  reconnect-first at 0:20.") < output.index(story(output)[0])
    assert "broken" not in sim("run", scenario()).output.split("Laws")[0]


def test_a_breach_that_is_expected_does_not_stand_before_the_story(sim, scenario):
    output = sim("run", scenario(FATAL)).output
    assert "broken" not in output[: output.index(story(output)[0])]


def test_replay_narrows_as_run_does(sim, scenario, trace):
    recorded = trace(BROKEN)
    told = sim("replay", recorded, "--person", "bob", "--around", "20s")
    ran = sim("run", scenario(BROKEN), "--person", "bob", "--around", "20s")
    assert told.exit_code == ran.exit_code == 1
    assert story(told.output) == story(ran.output) != []
    assert "What led to #" in sim("replay", recorded, "--why", "reconnect-first").output


def error(result):
    assert result.exit_code == 2
    (sentence,) = (line for line in result.output.splitlines() if line.startswith("Error: "))
    return sentence


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--person", "bbo"], "'bbo' is not a person of this scenario: did you mean 'bob'?"),
        (["--person", ""], "'' is not a person of this scenario: allowed are"),
        (["--kind", "cal"], "'cal' is not a kind of line: did you mean 'call'?"),
        (["--around", "2:7"], "'2:7' is not a time: write it as the story does"),
        (["--around", "127"], "'127' is not a time"),
        (["--around", "1:70:00"], "an hour has minutes from 00 to 59"),
        (["--around", "2:07:99"], "is not a time"),
        (["--around", "2m 7s"], "did you mean '2min 7s'?"),
        (["--around", "9:00"], "the story ends at 40s"),
        (["--around", "1s", "--within", "2"], "'2' is not a duration"),
        (["--within", "1s"], "--within is for --around TIME, and there is none"),
        (["--why", "ghosts-bound"], "did you mean ghosts-bounded?"),
        (["--why", "signals", "--law", "cleanup"], "the run is not judged by signals: --law"),
        (["--why", "signals", "--person", "bob"], "--why tells what led to a breach"),
        (["--person", "bob", "--quiet"], "--person is for the story, and --quiet tells none"),
        (["--kind", "call", "--json"], "--kind is for the story, and --json tells none"),
        (["--around", "1s", "--trace", "-"], "--around is for the story, and --trace - tells none"),
        (["--why", "signals", "--replications", "2"], "and --replications tells none"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(sim, scenario, arguments, sentence):
    assert sentence in error(sim("run", scenario(), *arguments))


def test_a_law_that_the_scenario_does_not_choose_is_refused(sim, scenario):
    chosen = KICK + "laws: [cleanup]\n"
    assert "the scenario chooses others" in error(sim("run", scenario(chosen), "--why", "signals"))
