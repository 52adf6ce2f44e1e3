"""``make live`` where something is missing, and the questions that it is asked."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tiny import recording

from tools.live import needs
from tools.live.__main__ import drawn, main
from tools.live.asking import read
from tools.live.recording import foreseen, record

ROOT = Path(__file__).parents[2]


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A function that puts a program on the path, which is otherwise empty."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)

    def make(name):
        file = tmp_path / name
        file.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        file.chmod(0o755)
        return str(file)

    return make


def refused(capsys, *arguments):
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    return line


def test_without_node_it_says_so(program, capsys):
    assert "needs node, which is not on the path" in refused(capsys)


def test_without_npm_it_says_so(program, capsys):
    program("node")
    assert "needs npm, which is not on the path" in refused(capsys)


def test_without_a_browser_it_says_which_were_looked_for(program, capsys):
    program("node"), program("npm")
    assert "none of chromium, chromium-browser" in refused(capsys)


def test_a_browser_that_is_named_and_not_there_is_named_in_the_sentence(
    program, capsys, monkeypatch
):
    program("node"), program("npm"), program("chromium")
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    assert "CHROMIUM names '/no/such/browser'" in refused(capsys)


def test_when_npm_fails_nothing_half_fetched_is_taken_for_the_client(
    program, capsys, monkeypatch, tmp_path
):
    program("node"), program("npm"), program("chromium")
    monkeypatch.chdir(tmp_path)
    assert "npm could not fetch the real client" in refused(capsys)
    assert "npm could not fetch the real client" in refused(capsys)


def test_what_is_fetched_already_is_not_fetched_again(program, tmp_path):
    found = needs.Needs(program("node"), program("npm"), "chromium", tmp_path / "live")
    found.client.mkdir(parents=True)
    package = (needs.RECORDER / "package.json").read_text(encoding="utf-8")
    (found.packages / "package.json").write_text(package, encoding="utf-8")
    needs.fetch(found)
    (found.packages / "package.json").write_text("{}", encoding="utf-8")
    with pytest.raises(needs.MissingError):
        needs.fetch(found)


QUESTION = {
    "clients": {
        "alice": {"role": "publisher", "auto_subscribe": True},
        "bob": {"role": "moderator", "prevents": ["session:sessionDisconnected"]},
    },
    "setup": ["alice", "bob"],
    "steps": [
        {"at": 500, "client": "alice", "acts": [{"do": "publish"}]},
        {"at": 550, "client": "bob", "net": "blackhole"},
        {"at": 600, "client": "bob", "platform": "closes with 1001"},
        {"at": 650, "client": "bob", "page": "close page"},
    ],
    "ends": 8000,
}


def asked(place, value):
    """The question with something else in one place."""
    story = json.loads(json.dumps(QUESTION))
    *way, last = place
    inner = story
    for key in way:
        inner = inner[key]
    inner[last] = value
    return json.dumps(story)


ACT = ("steps", 0, "acts", 0)
STORIES = {
    "{": "cannot be read as a story: ",
    json.dumps([1]): "it must be an object",
    asked(["ends"], None): "story.ends must be a number",
    asked(["ends"], 700_000): "story.ends must be from 0 to 600000: milliseconds of ten minutes",
    asked(["end"], 5): "story: 'end' is not one of its keys: did you mean 'ends'?",
    asked(["cfg"], {"graceMS": 5}): "cfg: 'graceMS' is not one of its keys: did you mean 'graceMs'",
    asked(["setup"], ["zoe"]): "story.setup[0] names 'zoe', who is not among the clients",
    asked(["clients", "bob", "role"], "king"): "clients.bob.role: 'king' is not a role",
    asked(["clients", "bob", "prevents"], ["page:load"]): "clients.bob.prevents[0] names no object",
    asked(["clients", "bob", "prevents"], ["session:sesionDisconnected"]): (
        "did you mean 'sessionDisconnected'?"
    ),
    asked(["clients", "bob", "listeners"], [{"event": "signal"}]): "listeners[0].does must be a te",
    asked(["steps", 0, "client"], "zoe"): "steps[0].client names 'zoe', who is not among the clie",
    asked(["steps", 0, "at"], "5s"): "steps[0].at must be a number",
    asked(["steps", 0], {"at": 1, "client": "bob"}): "must have one of acts, net, platform, page",
    asked([*ACT, "do"], "publsh"): "acts[0].do: 'publsh' is not a call: did you mean 'publish'?",
    asked([*ACT, "do"], "forceDisconnect"): "acts[0].target is needed by forceDisconnect",
    asked(ACT, {"do": "subscribe"}): "acts[0].args.stream_of is needed by subscribe",
    asked(ACT, {"do": "forceDisconnect", "target": "zoe"}): "acts[0].target names 'zoe', who is",
    asked(["steps", 1, "net"], "black"): "steps[1].net: 'black' is not something that happens to",
    asked(["steps", 2, "platform"], "closes with 99"): "'closes with 99' is not a deed of the pla",
    asked(["steps", 3, "page"], "reload"): "steps[3].page: 'reload' is not something that happens",
}


def test_a_question_is_a_story(tmp_path):
    file = tmp_path / "question.json"
    file.write_text(json.dumps(QUESTION), encoding="utf-8")
    story = read(file)
    assert (story["name"], story["pubs"], story["steps"]) == ("question", [], QUESTION["steps"])
    assert [client["listeners"] for client in story["clients"].values()] == [[], []]


def test_stories_that_are_drawn_are_stories(tmp_path):
    for drawn_story in drawn(1, 12):
        file = tmp_path / f"{drawn_story['name']}.json"
        file.write_text(json.dumps(drawn_story), encoding="utf-8")
        assert read(file)["steps"] == drawn_story["steps"]


@pytest.mark.parametrize(("text", "sentence"), STORIES.items())
def test_a_file_that_holds_no_story_is_refused(text, sentence, tmp_path, capsys):
    file = tmp_path / "question.json"
    file.write_text(text, encoding="utf-8")
    line = refused(capsys, str(file))
    assert sentence in line
    assert line.startswith(str(file))


def test_a_story_that_is_not_there_is_refused(tmp_path, capsys):
    assert "cannot be read as a story" in refused(capsys, str(tmp_path / "none.json"))


@pytest.mark.parametrize("number", ["0", "-1", "x", "1001"])
def test_how_many_is_a_number_from_1_to_1000(number):
    arguments = [sys.executable, "-m", "tools.live", f"--number={number}"]
    ended = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "is not a number from 1 to 1000" in ended.stderr


# -- a recorder that is played ---------------------------------------------------------------------


@pytest.fixture
def recorded(program, monkeypatch, tmp_path):
    """A function: runs it with a node that writes these rows for each story, round by round."""
    monkeypatch.chdir(tmp_path)
    program("chromium")
    (tmp_path / "npm").write_text(f"#!{sys.executable}\n{NPM}", encoding="utf-8")
    (tmp_path / "npm").chmod(0o755)

    def run(*rounds):
        (tmp_path / "rounds.json").write_text(json.dumps(rounds), encoding="utf-8")
        (tmp_path / "node").write_text(f"#!{sys.executable}\n{NODE}", encoding="utf-8")
        (tmp_path / "node").chmod(0o755)
        return main(["--number", "2", "--save", "saved"])

    return run


NPM = """
from pathlib import Path
Path("node_modules/@opentok/client").mkdir(parents=True)
"""
NODE = """
import json, sys
from pathlib import Path
stories, recordings = map(Path, sys.argv[4:6])
rows = json.loads(Path("rounds.json").read_text())[int(recordings.name) - 1]
recordings.mkdir(parents=True)
for story in stories.iterdir():
    named = [rows[0] | {"event": story.stem}, *rows[1:]]
    recorded = "".join(json.dumps(row) + "\\n" for row in named)
    (recordings / f"{story.stem}.jsonl").write_text(recorded)
"""


def test_what_holds_is_said_and_the_cases_are_saved(recorded, capsys, tmp_path):
    assert recorded(recording(), recording()) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2 of 2 stories were the same twice: saved/cases",
        "2 held, 0 differ",
    ]
    assert len(list((tmp_path / "saved" / "cases").iterdir())) == 2


def test_what_differs_is_listed_by_its_kind(recorded, capsys):
    rows = [row for row in recording() if row["event"] != "signal:chat"]
    assert recorded(rows, rows) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "0 held, 2 differ",
        "   2  events: session sessionDisconnected(clientDisconnected)",
        "      simulated: session signal:chat",
        "      r0101, r0102",
    ]


def test_what_is_not_the_same_twice_tells_nothing(recorded, capsys):
    assert recorded(recording(), recording()[:-2]) == 4
    first, _, last = capsys.readouterr().out.splitlines()
    assert first.startswith("r0101 was not the same twice: ")
    assert last == "0 of 2 stories were the same twice: saved/cases"


def test_a_recorder_that_fails_is_not_taken_for_one_without_results(program, tmp_path):
    found = needs.Needs(program("node"), program("npm"), "chromium", tmp_path)
    with pytest.raises(needs.MissingError, match="could not do its work"):
        record([{"name": "x", "ends": 6_000}], tmp_path, found, 1)


def test_how_long_it_will_take_is_said_beforehand(recorded, capsys):
    recorded(recording(), recording())
    first, *rounds = capsys.readouterr().err.splitlines()
    assert first.startswith("recording 2 stories twice, 2 at a time: about ")
    assert rounds == ["time 1 of 2:", "time 2 of 2:"]
    stories = [{"ends": 54_000}] * 5
    assert foreseen(stories, 1) == "recording 5 stories twice, 1 at a time: about 10 min"
    assert foreseen(stories[:1], 2) == "recording 1 story twice, 2 at a time: about 2 min"


def test_who_interrupts_gets_no_traceback(recorded, capsys, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("tools.live.recording.subprocess.run", interrupted)
    monkeypatch.setattr("tools.live.__main__.needs.fetch", lambda _: None)
    assert recorded(recording(), recording()) == 130
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == "interrupted: what has been recorded is kept"


def test_the_help_says_how_a_story_is_written_and_what_the_exit_codes_mean(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert "130  interrupted" in told
    assert '"acts": [{"do": "publish"}]' in told


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here")
@pytest.mark.parametrize("named", [[], ["none.jsonl"]])
def test_a_recording_that_is_not_named_is_asked_for(named):
    show = [shutil.which("node"), str(needs.RECORDER / "show.js"), *named]
    ended = subprocess.run(show, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "node show.js RECORDING [all] [wire] [internal]" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
