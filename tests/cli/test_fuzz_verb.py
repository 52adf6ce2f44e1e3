"""``fuzz``: what is found is saved, runs, fails, and is told from what is known."""

import errno
import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from sim import run
from sim.cli import extras, searching
from sim.client import Client
from sim.testing.fuzzing import saving

ROOT = Path(__file__).parents[2]

FATAL = """\
name: fatal
duration: 40s
profile: opentok.js-2.35.2
clients:
  alice: {role: moderator, publish: camera}
  bob: {publish: camera}
script:
  - {at: 20s, client: bob, platform: close-socket, code: 1011}
"""
CALM = """\
name: calm
duration: 20s
clients:
  alice: {publish: camera}
  bob: {publish: camera}
"""
KNOWN = "reconnect-first (quirk fatal-close-skips-reconnecting)"
SMALLEST = """\
profile:
  base: documented
  quirks: {fatal-close-skips-reconnecting: true}
clients:
  bob: {}
script:
  - {at: 1s, client: bob, platform: close-socket, code: 1011}
"""
SAVED = "fatal-reconnect-first-quirk-fatal-close-skips-reconnecting.yaml"


@pytest.fixture
def fuzz(sim, tmp_path, monkeypatch):
    """Call the verb in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def call(text, *words, examples=8):
        (tmp_path / "story.yaml").write_text(text)
        return sim("fuzz", "story.yaml", "--max-examples", examples, *words)

    return call


def found(result):
    """The findings of a JSON object, by their identities."""
    return {each["identity"]: each for each in json.loads(result.stdout)["findings"]}


# -- findings --------------------------------------------------------------------------------------


def test_what_is_found_is_told_saved_and_fails_when_it_is_run(fuzz, sim):
    result = fuzz(FATAL)
    assert result.exit_code == 1
    assert KNOWN in result.stdout
    assert f"python -m sim run .sim/{SAVED}" in result.stdout
    saved = list(Path(".sim").iterdir())
    assert Path(".sim", SAVED) in saved
    for path in saved:
        assert sim("run", path).exit_code == 1


def test_a_finding_is_the_smallest_scenario_of_it(fuzz):
    fuzz(FATAL, "--save", "found")
    assert Path("found", SAVED).read_text().endswith(SMALLEST)


def test_where_nothing_is_found_nothing_is_left_behind(fuzz):
    result = fuzz(CALM)
    assert result.exit_code == 0
    assert result.stdout.startswith("calm: nothing in 8 variations\n")
    assert [path.name for path in Path().iterdir()] == ["story.yaml"]


def test_the_same_seed_and_limit_find_the_same(fuzz):
    first, second = fuzz(FATAL, "--json"), fuzz(FATAL, "--json")
    assert first.stdout == second.stdout
    assert json.loads(fuzz(FATAL, "--json", "--seed", 5).stdout)["seed"] == 5


def test_two_interpreters_find_the_same(fuzz):
    fuzz(CALM, examples=1)
    Path("story.yaml").write_text(FATAL)
    words = ["-m", "sim", "fuzz", "story.yaml", "--max-examples", "8", "--json", "--save"]
    outputs = [
        subprocess.run(
            [sys.executable, *words, "found"],
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": number},
            capture_output=True,
            check=False,
        ).stdout
        for number in ("1", "2")
    ]
    assert KNOWN in outputs[0].decode()
    assert outputs[0] == outputs[1]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_finding_is_known_by_the_same_name_over_seeds_people_and_times(fuzz, seed):
    other = FATAL.replace("bob", "zoe").replace("20s", "25s").replace("1011", "1003")
    assert KNOWN in found(fuzz(other, "--json", "--seed", seed))


def test_the_object_says_what_was_found_and_reached(fuzz):
    result = fuzz(FATAL, "--json")
    data = json.loads(result.stdout)
    assert (data["scenario"], data["seed"], data["runs"]) == ("story.yaml", 0, 8)
    assert (data["stopped"], data["exit_code"]) == ("the limit", result.exit_code)
    assert data["goals"]["law:reconnect-first"] > 0
    finding = found(result)[KNOWN]
    assert finding["quirks"] == ["fatal-close-skips-reconnecting"]
    assert (finding["kind"], finding["name"]) == ("law", "reconnect-first")
    assert finding["new"]
    assert finding["file"] == f".sim/{SAVED}"
    assert finding["scenario"]["name"] == "fatal"


def test_a_breach_that_the_scenario_expects_is_no_finding(fuzz):
    expected = FATAL + "expect:\n  - law reconnect-first breaks\n"
    assert KNOWN not in found(fuzz(expected, "--json"))


def test_what_a_scenario_expects_is_judged_only_if_that_is_asked_for(fuzz):
    wrong = CALM + "expect:\n  - alice sees sessionReconnecting\n"
    assert fuzz(wrong).exit_code == 0
    result = fuzz(wrong, "--expect", "--json", examples=5)
    assert result.exit_code == 1
    assert list(found(result)) == ["expectation alice sees sessionReconnecting"]


def test_the_profile_can_be_another_one(fuzz):
    documented = FATAL.replace("profile: opentok.js-2.35.2\n", "")
    assert fuzz(documented).exit_code == 0
    assert KNOWN in found(fuzz(documented, "--profile", "opentok.js-2.35.2", "--json"))


# -- baselines -------------------------------------------------------------------------------------


def test_what_the_baseline_knows_is_no_failure(fuzz):
    made = fuzz(FATAL, "--baseline", "known.json", "--update")
    assert made.exit_code == 0
    result = fuzz(FATAL, "--baseline", "known.json")
    assert result.exit_code == 0
    assert "0 new findings in 8 variations" in result.stdout
    assert KNOWN in result.stdout.partition("Known")[2]


def test_only_what_is_new_fails(fuzz):
    every = list(found(fuzz(FATAL, "--json")))
    rest = [{"identity": name} for name in every if name != KNOWN]
    Path("known.json").write_text(json.dumps({"findings": rest}))
    result = fuzz(FATAL, "--baseline", "known.json", "--json")
    assert result.exit_code == 1
    assert [name for name, each in found(result).items() if each["new"]] == [KNOWN]


def test_the_json_object_is_a_baseline(fuzz):
    Path("known.json").write_text(fuzz(FATAL, "--json").stdout)
    assert fuzz(FATAL, "--baseline", "known.json").exit_code == 0


def test_an_update_keeps_what_was_not_found_this_time(fuzz):
    Path("known.json").write_text('{"findings": [{"identity": "older"}]}')
    fuzz(FATAL, "--baseline", "known.json", "--update")
    written = json.loads(Path("known.json").read_text())
    names = [each["identity"] for each in written["findings"]]
    assert {"older", KNOWN} <= set(names)
    assert names == sorted(names)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "there is no such baseline; --update makes it of what is found"),
        (b"", "this is not JSON, and no baseline"),
        (b"[1]", "a baseline is a JSON object with a list 'findings'"),
        (b'{"findings": ["x"]}', "a baseline is a JSON object with a list 'findings'"),
        (b"\xff", "this is not UTF-8, and no baseline"),
        (b"[" * 100_000, "this is nested too deep to be a baseline"),
    ],
)
def test_what_is_no_baseline_is_refused(fuzz, content, sentence):
    if content is not None:
        Path("known.json").write_bytes(content)
    result = fuzz(FATAL, "--baseline", "known.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in " ".join(result.stderr.split())


# -- limits and mistakes ---------------------------------------------------------------------------


def test_it_stops_when_the_time_is_over(fuzz, sim, monkeypatch):
    clock = iter(range(10_000))
    monkeypatch.setattr(searching, "_clock", lambda: next(clock))
    fuzz(CALM, examples=1)
    result = sim("fuzz", "story.yaml", "--time", "10s", "--json")
    data = json.loads(result.stdout)
    assert data["stopped"] == "the time"
    assert 0 < data["runs"] < 10


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--time", "5"], "'5' is not a duration"),
        (["--time", "0s"], "it must be more than 0s"),
        (["--seed", "x"], "'x' is not a whole number"),
        (["--update"], "--update is for a --baseline FILE, and there is none"),
        (["--save", "story.yaml"], "story.yaml: Not a directory"),
        (["--save", "story.yaml/x"], "story.yaml/x: Not a directory"),
        (["--profile", "documentet"], "there is no profile 'documentet'"),
        (["--baseline", "."], ".: Is a directory"),
        (["--baseline", ""], "it is empty: give a name"),
        (["--save", ""], "it is empty: give a name"),
    ],
)
def test_mistakes_are_told_in_a_sentence(fuzz, words, sentence):
    result = fuzz(FATAL, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr


def test_without_hypothesis_it_says_what_to_install(fuzz, monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    result = fuzz(FATAL)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "fuzz needs hypothesis, which is not installed" in result.stderr
    assert "pip install 'session-sim[testing]'" in result.stderr


# -- when it is cut off ----------------------------------------------------------------------------


def test_an_interruption_keeps_what_was_found(fuzz, sim, monkeypatch):
    told = searching._Told.shrinks

    def interrupted(self, search, what, smallest):
        told(self, search, what, smallest)
        if what.identity == KNOWN and len(smallest.clients) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(searching._Told, "shrinks", interrupted)
    result = fuzz(FATAL)
    assert result.exit_code == 130
    assert KNOWN in result.stdout
    assert "interrupted" in result.stderr
    assert sim("run", f".sim/{SAVED}").exit_code == 1
    assert json.loads(fuzz(FATAL, "--json").stdout)["exit_code"] == 130


def test_a_full_disk_ends_it_with_what_was_found_told(fuzz, monkeypatch):
    def full(path, _):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(saving, "write_whole", full)
    result = fuzz(FATAL)
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert "1 new finding" in result.stdout


def test_a_fault_of_the_simulator_is_saved_and_ends_with_its_exit_code(fuzz, monkeypatch):
    class Forgetful(Client):
        def receive(self, *given, **more):
            raise LookupError("lost my notes")

    plan = searching.Plan
    monkeypatch.setattr(searching, "Plan", partial(plan, runner=partial(run, client=Forgetful)))
    result = fuzz(CALM, "--json")
    assert result.exit_code == 3
    (finding,) = found(result).values()
    assert finding["identity"] == "crash LookupError (test_fuzz_verb.receive)"
    assert Path(finding["file"]).exists()


def test_whoever_waits_is_told_how_far_it_is(fuzz, monkeypatch):
    seen = []
    told = searching._Told.ran

    def looked_at(self, search):
        self.shown = lambda far, about: seen.append((far, about))
        told(self, search)

    monkeypatch.setattr(searching._Told, "ran", looked_at)
    fuzz(FATAL)
    assert [far for far, about in seen if "variations" in about] == list(range(1, 9))
    assert any("reconnect-first made smaller: 1 person" in about for _, about in seen)
