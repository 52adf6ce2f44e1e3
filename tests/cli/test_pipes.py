"""Real pipes, closed streams, and text that would act on a terminal: for every verb."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from cli_scenarios import FATAL, KICK, WRONG
from hypothesis import given
from hypothesis import strategies as st

import sim as product
from sim.cli import terminal
from sim.cli.program import VERBS
from sim.telling.marks import style, unstyled, visible

ROOT = Path(__file__).parents[2]
CASE = ROOT / "tests" / "data" / "conformance" / "01a_connect_disconnect_alone.json"

ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\u034f\u115f\u180e\u200d\u3164\ufdd0-\ufdef]"
)
"""What no line of output may have in it (line feeds end lines)."""


def shell(line, folder):
    """Run a line in bash, as somebody would type it; ``sim`` stands for the program."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PY": sys.executable}
    environment.pop("FORCE_COLOR", None)
    script = f'sim() {{ "$PY" -m sim "$@"; }}\n{line}'
    words = ["bash", "-c", script]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A directory with scenarios and traces."""
    path = tmp_path_factory.mktemp("files")
    for name, text in (("good", KICK), ("wrong", WRONG), ("fatal", FATAL)):
        (path / f"{name}.yaml").write_text(text)
        product.run(path / f"{name}.yaml", trace=path / f"{name}.jsonl")
    (path / "case.json").write_bytes(CASE.read_bytes())
    return path


CALLS = {
    "run good.yaml": 0,
    "run wrong.yaml": 1,
    "run wrong.yaml --json": 1,
    "run good.yaml --trace -": 0,
    "run wrong.yaml --trace - --trace-level all": 1,
    "run wrong.yaml --replications 2": 1,
    "check good.jsonl": 0,
    "check wrong.jsonl": 1,
    "replay good.jsonl": 0,
    "replay good.jsonl --trace -": 0,
    "fuzz good.yaml --max-examples 2": 0,
    "fuzz good.yaml --max-examples 2 --json": 0,
    "fuzz good.yaml --baseline none.json": 2,
    "shrink wrong.yaml": 0,
    "shrink wrong.yaml -o small.yaml": 0,
    "shrink good.yaml": 2,
    "mutants --only no-such-fault": 2,
    "mutants --suite false": 2,
    "validate good.yaml wrong.yaml": 0,
    "validate good.jsonl": 2,
    "conform case.json": 0,
    "report good.jsonl -o -": 0,
    "report good.jsonl -o good.html": 0,
    "report wrong.yaml --format text": 1,
    "report good.yaml --format pdf": 2,
    "watch none.yaml": 2,
    "sweep none.yaml -o out": 2,
    "query none 'SELECT 1'": 2,
    "verify --gilbert-elliott 1,2,3": 2,
    "fit none.csv": 2,
    "run good.yaml --person bob --around 10s": 0,
    "run fatal.yaml --why reconnect-first": 0,
    "explain good.jsonl 30": 0,
    "compare good.yaml --set-b platform.grace=1s --replications 2 --metric presence --jobs 1": 0,
    "diff good.jsonl good.jsonl": 0,
    "diff good.jsonl fatal.jsonl": 1,
    "laws": 0,
    "quirks": 0,
    "quirks kept-publisher-stays-attached --json": 0,
    "presets": 0,
    "presets --json": 0,
    "metrics": 0,
    "schema": 0,
    "--help": 0,
    "run --help": 0,
    "--version": 0,
    "fly": 2,
    "run": 2,
    "run none.yaml": 2,
    "run good.yaml --trace good.yaml": 2,
}
"""How verbs are called here, and with which code each ends when everybody listens."""


def test_every_verb_is_called():
    assert {call.split()[0] for call in CALLS} >= set(VERBS)


LISTENERS = {
    "nobody": "{ sim CALL; echo $? >code; } | true; cat code",
    "head": "{ sim CALL; echo $? >code; } | head -1 >/dev/null; cat code",
    "nobody to errors": "{ sim CALL 2>&1 >/dev/null; echo $? >code; } | true; cat code",
    "nobody at all": "{ sim CALL 2>&1; echo $? >code; } | true; cat code",
    "no input": "sim CALL <&- >/dev/null; echo $?",
    "no errors": "sim CALL 2>&- >/dev/null; echo $?",
}
"""Ways not to listen; each prints the exit code."""


def pairs():
    """Each call with a third of the listeners, each listener with a third of the calls; the first
    call of a verb with all."""
    seen = set()
    for number, call in enumerate(CALLS):
        verb = call.split()[0]
        for place, listener in enumerate(LISTENERS):
            if verb not in seen or (number + place) % 3 == 0:
                yield call, listener
        seen.add(verb)


PAIRS = list(pairs())


@pytest.mark.slow
@pytest.mark.parametrize(("call", "listener"), PAIRS)
def test_who_listens_changes_no_exit_code(folder, call, listener):
    done = shell(LISTENERS[listener].replace("CALL", call), folder)
    assert int(done.stdout.split()[-1]) == CALLS[call]
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.parametrize("call", [call for call in CALLS if "--trace -" not in call])
def test_a_closed_output_changes_no_exit_code(folder, call):
    done = shell(f"sim {call} >&-", folder)
    assert done.returncode == CALLS[call]
    assert b"Traceback" not in done.stderr


def test_a_trace_for_a_closed_output_is_refused(folder):
    done = shell("sim run good.yaml --trace - >&-", folder)
    assert done.returncode == 2
    assert b"standard output is closed" in done.stderr


@pytest.mark.parametrize(
    "call",
    [
        "run -",
        "check -",
        "replay -",
        "explain - 3",
        "diff - good.jsonl",
        "validate -",
        "fuzz -",
        "shrink -",
    ],
)
def test_a_closed_input_is_said_to_be(folder, call):
    done = shell(f"sim {call} <&-", folder)
    assert done.returncode == 2
    assert b"standard input is closed: there is nothing to read" in done.stderr


@pytest.mark.parametrize(
    "verb", ["run", "check", "replay", "validate", "conform", "diff good.jsonl", "fuzz", "shrink"]
)
@pytest.mark.parametrize("source", ["</dev/null", "</dev/zero"])
def test_an_input_that_is_nothing_is_refused(folder, verb, source):
    done = shell(f"sim {verb} - {source}", folder)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert (done.stderr or done.stdout).strip()


# -- the line that runs it again -------------------------------------------------------------------


def again(output):
    """The line that a run prints for its replay."""
    found = re.findall(r"^(?:again: |first: ) *python -m (sim replay .*)$", output, re.MULTILINE)
    return found[-1]


QUIRKS = "profile: {base: documented, quirks: {early-signal-loses-type-and-data: true}}\n"
EARLY = KICK + QUIRKS

LINES = {
    "plain": ("kick.yaml", KICK, "sim run kick.yaml"),
    "relative": ("deep/er/kick.yaml", KICK, "sim run ./deep/../deep/er/kick.yaml"),
    "spaces": ("my dir/it's kick.yaml", KICK, """sim run "my dir/it's kick.yaml\""""),
    "usual place": ("scenarios/kick.yaml", KICK, "sim run scenarios/kick.yaml"),
    "usual place, unusual name": ("scenarios/kick.txt", KICK, "sim run scenarios/kick.txt"),
    "dash": ("-kick.yaml", KICK, "sim run -- -kick.yaml"),
    "control characters": ("k\x1b[31m\n\u202eé.yaml", KICK, "sim run k*.yaml"),
    "standard input": ("kick.yaml", KICK, "sim run - < kick.yaml"),
    "seed": ("kick.yaml", KICK, "sim run kick.yaml --seed 77"),
    "profile": ("kick.yaml", KICK, "sim run kick.yaml --profile opentok.js-2.35.2"),
    "quirks": ("kick.yaml", EARLY, "sim run kick.yaml"),
    "quirks undone": ("kick.yaml", EARLY, "sim run kick.yaml --profile documented"),
    "quirks replaced": ("kick.yaml", EARLY, "sim run kick.yaml --profile opentok.js-2.35.2"),
    "ties": ("kick.yaml", KICK, "sim run kick.yaml --permute-ties"),
    "replications": ("wrong.yaml", WRONG, "sim run wrong.yaml --replications 2"),
    "replayed": (
        "kick.yaml",
        KICK,
        "sim run kick.yaml --trace 'a b.jsonl'; sim replay 'a b.jsonl'",
    ),
    "replayed ties": (
        "kick.yaml",
        KICK,
        "sim run kick.yaml --trace t.jsonl; sim replay t.jsonl --permute-ties 2>/dev/null",
    ),
}


@pytest.mark.parametrize("how", LINES)
def test_the_line_that_is_printed_runs_it_again(tmp_path, how):
    name, text, line = LINES[how]
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    first = shell(line, tmp_path)
    before, verb, rest = re.fullmatch(r"(.*)sim (run|replay) (.*)", line).groups()
    data = shell(f"{before}sim {verb} --json {rest}", tmp_path)
    digest = json.loads(data.stdout.splitlines()[-1])["digest"]
    printed = again(first.stdout.decode())
    second = shell(f"{printed} --json" + (" < kick.yaml" if "<" in line else ""), tmp_path)
    assert json.loads(second.stdout)["digest"] == digest, (printed, second.stderr)


# -- what acts on a terminal -----------------------------------------------------------------------


@given(st.text())
def test_nothing_visible_acts_on_a_terminal(text):
    shown = visible(text)
    assert not ACTING.search(shown)
    assert "\n" not in shown
    assert visible(shown) == shown


@given(st.text("abé \\#漢🙂", max_size=30))
def test_what_can_be_seen_is_shown_as_it_is(text):
    assert visible(text) == text


@given(st.dictionaries(st.text(), st.text() | st.integers()))
def test_json_says_the_same_without_acting(data):
    printed = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terminal.click, "echo", lambda text, **_: printed.append(text))
        terminal.say_json(data)
    assert json.loads(printed[0]) == data
    assert not ACTING.search(printed[0])


@given(st.sampled_from(["red", "green", None]), st.booleans(), st.text("ab", min_size=1))
def test_styles_take_no_room_and_are_no_text(colour, bold, text):
    styled = style(text, fg=colour, bold=bold)
    assert unstyled(styled) == text


AS_MARKS = "".join(map(chr, range(0xFDD0, 0xFDF0)))
UNSEEN = "\u034f\u115f\u1160\u180e\u200b\u200d\u2800\u3164\ufe0f\uffa0\U000e0100\xad\xa0\u2003"


def printed(line, colour):
    """What reaches the terminal, with colours or without."""
    shown = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terminal, "_print", lambda text, err: shown.append(text))
        terminal.say(line)
    return shown[0] if colour else click.unstyle(shown[0])


@given(
    st.text() | st.text(AS_MARKS + UNSEEN + "\x1b[0123456789abcdef:mé"),
    st.sampled_from([None, "red", "green"]),
    st.booleans(),
)
def test_no_data_changes_a_style_or_disappears(data, fg, bold):
    before = "\x1b[1m" * bold + {None: "", "red": "\x1b[31m", "green": "\x1b[32m"}[fg]
    shown = "".join(
        each
        if each.isprintable() and each not in UNSEEN
        else visible(each).encode("ascii").decode()
        for each in data
    )
    line = f"{data} {style(f'a{data}', fg=fg, bold=bold)}"
    if not any(0xFE00 <= ord(each) <= 0xFE0F or ord(each) >= 0xE0100 for each in data):
        assert printed(line, colour=False) == f"{shown} a{shown}"
    assert re.findall("\x1b\\[[0-9]*m", printed(line, colour=True)) == re.findall(
        "\x1b\\[[0-9]*m", before + "\x1b[0m" * bool(before)
    )


@pytest.mark.parametrize("character", AS_MARKS + UNSEEN)
def test_what_would_not_be_seen_is_shown_as_its_escape(character):
    escape = character.encode("unicode_escape").decode("ascii")
    assert visible(f"x{character}y") == f"x{escape}y"
    assert printed(f"x{character}y", colour=False) == f"x{escape}y"


EVIL = "e\x1b[31m\x9b1m\u202e\u2066\u200f\u2028\x7f\r\x07é\ufdd3\u3164\u200d\ufdef"


@pytest.fixture(scope="module")
def evil(folder):
    """A scenario and a trace with characters in names, keys and data that act on terminals."""
    quoted = json.dumps(EVIL)
    (folder / f"{EVIL}.yaml").write_text(KICK.replace("role:", f"{quoted}: 1, {quoted}x: 2, role:"))
    header, *lines = (folder / "good.jsonl").read_text().splitlines()
    data = json.loads(header) | {"name": EVIL, "quirks": [EVIL], "version": EVIL, "scenario": None}
    story = [json.dumps(data)]
    for line in lines[:-1]:
        record = json.loads(line)
        record[2:4] = [f"{record[2]}{EVIL}", f"{record[3]}"]
        record[6] |= {"reason": EVIL, EVIL: EVIL, "data": EVIL}
        story.append(json.dumps(record))
    (folder / f"{EVIL}.jsonl").write_text("\n".join(story) + "\n")
    return shlex.quote(f"{EVIL}")


@pytest.mark.parametrize(
    "call",
    [
        "run EVIL.yaml",
        "run EVIL.jsonl",
        "run EVIL",
        "run good.yaml --EVIL",
        "run good.yaml --profile EVIL",
        "run good.yaml --law EVIL",
        "run good.yaml --seed EVIL",
        "run good.yaml --trace EVIL/EVIL",
        "run good.yaml --trace EVIL.yaml",
        "run good.yaml --trace EVIL.jsonl",
        "EVIL",
        "--EVIL",
        "validate EVIL.yaml good.yaml EVIL",
        "check EVIL.jsonl",
        "check EVIL.jsonl --json",
        "replay EVIL.jsonl",
        "replay sim1-EVIL",
        "explain EVIL.jsonl 20",
        "explain EVIL.jsonl 20 --json",
        "explain EVIL.jsonl --person EVIL --event EVIL",
        "explain EVIL.jsonl --event EVIL",
        "diff EVIL.jsonl good.jsonl",
        "diff EVIL.jsonl good.jsonl --json",
        "conform EVIL.jsonl EVIL",
    ],
)
def test_no_verb_lets_data_act_on_the_terminal(folder, evil, call):
    done = shell("sim " + call.replace("EVIL", evil), folder)
    said = (done.stdout + done.stderr).decode()
    assert not ACTING.search(said), ascii(said)
    assert said.strip()
    assert done.returncode != 3


def test_only_one_module_prints_and_styles():
    for path in sorted((ROOT / "sim" / "cli").rglob("*.py")):
        if path.name != "terminal.py":
            found = re.findall(r"click\.(?:echo|secho|style|unstyle)|\bprint\(", path.read_text())
            assert not found, path
