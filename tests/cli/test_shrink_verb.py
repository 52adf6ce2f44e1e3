"""``shrink``: what still breaks, how much smaller it got, and where it is written."""

import errno
import os

import pytest
from cli_scenarios import FATAL, KICK, WRONG

from sim.cli import smaller
from sim.scenario import loads
from sim.testing import writing

HANGS = """\
name: hangs
duration: 2min
profile: opentok.js-2.35.2
clients:
  alice: {role: moderator, publish: camera}
  bob: {network: wifi, on: {sessionReconnecting: {do: disconnect}}}
script:
  - {at: 10s, client: bob, network: down, for: 9s}
  - {at: 50s, client: alice, do: signal}
expect:
  - alice sees sessionReconnecting
"""
SMALL = """\
name: hangs
duration: 14s
profile:
  base: documented
  quirks: {disconnect-in-reconnecting-listener-hangs: true}
clients:
  bob: {on: {sessionReconnecting: {do: disconnect}}}
script:
  - {at: 1s, client: bob, network: down, for: 5s}
"""


def body(text):
    """A file without the comments on top."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))


def test_the_smaller_scenario_is_printed_and_the_report_beside_it(sim, scenario):
    result = sim("shrink", scenario(HANGS))
    assert result.exit_code == 0
    assert body(result.stdout) == SMALL
    assert result.stdout.startswith("# law one-end broke at 0:13.")
    assert "before: 2 people, 1 fault, 1 action, 2min" in result.stderr
    assert "now:    1 person, 1 fault, 0 actions, 14s" in result.stderr
    assert "what else broke: 'alice sees sessionReconnecting'" in result.stderr


def test_what_is_written_runs_and_fails(sim, scenario, tmp_path):
    path = tmp_path / "small.yaml"
    result = sim("shrink", scenario(HANGS), "-o", path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert body(path.read_text()) == SMALL
    assert f"# python -m sim run {path}" in path.read_text()
    assert f"python -m sim run {path}" in result.stdout
    again = sim("run", path, "-q")
    assert (again.exit_code, again.stdout.split("\n")[0]) == (1, "hangs: broken: one-end")


def test_pipes_lead_in_and_out(sim):
    result = sim("shrink", "-", "-o", "-", "-q", input=HANGS)
    assert (result.exit_code, result.stderr) == (0, "")
    assert body(result.stdout) == SMALL
    assert sim("run", "-", "-q", input=result.stdout).exit_code == 1


def test_what_is_as_small_as_it_can_be_is_said_to_be(sim, scenario):
    result = sim("shrink", scenario(SMALL))
    assert result.exit_code == 0
    assert body(result.stdout) == SMALL
    assert "as small as it can be: 1 person, 1 fault" in result.stderr


def test_an_expectation_can_be_what_must_still_fail(sim, scenario):
    sentence = "alice sees sessionReconnecting"
    result = sim("shrink", scenario(HANGS), "--expect", sentence)
    smallest = loads(result.stdout)
    assert list(smallest.clients) == ["alice"]
    assert [clause.text for clause in smallest.expect] == [sentence]
    assert sim("run", "-", input=result.stdout).exit_code == 1


def test_without_a_broken_law_it_is_the_first_expectation_that_failed(sim, scenario):
    result = sim("shrink", scenario(WRONG))
    assert result.exit_code == 0
    assert len(loads(result.stdout).expect) == 1


def test_a_law_that_is_named_counts_though_it_is_expected_to_break(sim, scenario):
    path = scenario(FATAL)
    refused = sim("shrink", path)
    assert refused.exit_code == 2
    assert "there is nothing to shrink" in refused.stderr
    result = sim("shrink", path, "--law", "reconnect-first")
    assert result.exit_code == 0
    assert sim("run", "-", "-q", input=result.stdout).exit_code == 1


def test_seed_and_profile_stand_in_the_result(sim, scenario):
    documented = HANGS.replace("profile: opentok.js-2.35.2\n", "")
    result = sim("shrink", scenario(documented), "--profile", "opentok.js-2.35.2", "--seed", 9)
    assert body(result.stdout) == SMALL.replace("duration", "seed: 9\nduration")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "there is nothing to shrink, as nothing breaks in it"),
        (["--law", "one-end"], "there is nothing to shrink, as nothing breaks in it"),
        (["--law", "one-ends"], "there is no law 'one-ends'; did you mean one-end?"),
        (["--expect", "bob sees"], "'bob sees' is not an expectation of this file"),
        (["-o", "no/such/folder.yaml"], "no/such/folder.yaml: No such file or directory"),
        (["-o", "."], ".: Is a directory"),
        (["-o", ""], "--output needs the name of a file"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(sim, scenario, words, sentence):
    result = sim("shrink", scenario(KICK), *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr.replace("\n", " ")


def test_of_what_does_not_break_it_says_what_does(sim, scenario):
    result = sim("shrink", scenario(HANGS), "--law", "cleanup")
    assert result.exit_code == 2
    assert "the law 'cleanup' does not break in it" in result.stderr
    assert "what does is law one-end and 'alice sees sessionReconnecting'" in result.stderr


def test_it_never_replaces_what_it_reads(sim, scenario, tmp_path):
    path = scenario(HANGS)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    for name in (path, link):
        result = sim("shrink", path, "-o", name)
        assert result.exit_code == 2
        assert "the smaller one would replace it" in result.stderr
    assert path.read_text() == HANGS


def test_an_interruption_leaves_the_smallest_so_far(sim, scenario, tmp_path, monkeypatch):
    told = smaller._Made.__call__

    def interrupted(made, tries, smallest):
        told(made, tries, smallest)
        if tries == 20:
            raise KeyboardInterrupt

    monkeypatch.setattr(smaller._Made, "__call__", interrupted)
    path = tmp_path / "small.yaml"
    result = sim("shrink", scenario(HANGS), "-o", path)
    assert result.exit_code == 130
    assert "this is the smallest so far" in result.stderr
    assert list(loads(path.read_text()).clients) == ["bob"]
    assert sim("run", path).exit_code == 1


def test_a_full_disk_leaves_what_was_there(sim, scenario, tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path, read = tmp_path / "small.yaml", scenario(HANGS)
    path.write_text("before")
    monkeypatch.setattr(writing.os, "fsync", full)
    result = sim("shrink", read, "-o", path)
    assert result.exit_code == 2
    assert f"{path}: No space left on device" in result.stderr
    assert path.read_text() == "before"
    assert sorted(tmp_path.iterdir()) == sorted([path, read])
