"""``watch``: another picture when the file is saved, the last one while it has mistakes."""

from __future__ import annotations

import http.client
import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from cli_scenarios import KICK, WRONG

from sim.cli.watching.board import Board
from sim.cli.watching.changes import Changes
from sim.cli.watching.server import serving

ROOT = Path(__file__).parents[2]
needs_watchfiles = pytest.mark.skipif(
    importlib.util.find_spec("watchfiles") is None, reason="the extra watch is not installed"
)
PATIENCE = 60


class Notices:
    """The server-sent events of a watch, one after the other."""

    def __init__(self, address):
        self._connection = http.client.HTTPConnection(host(address), timeout=PATIENCE)
        self._connection.request("GET", "/notices")
        self.response = self._connection.getresponse()

    def next(self):
        while True:
            line = self.response.readline()
            if not line:
                return None
            if line.startswith(b"data: "):
                return json.loads(line.removeprefix(b"data: "))

    def close(self):
        self.response.close()
        self._connection.close()


def host(address):
    return address.removeprefix("http://").rstrip("/")


def get(address, path, **headers):
    connection = http.client.HTTPConnection(host(address), timeout=PATIENCE)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read().decode("utf-8")
    connection.close()
    return response, body


@pytest.fixture
def served():
    board = Board()
    with serving(board) as address:
        yield board, address


# -- what is served --------------------------------------------------------------------------------


def test_a_browser_is_told_of_every_picture(served):
    board, address = served
    board.picture("<p>one</p>", "one: all held")
    notices = Notices(address)
    assert notices.next() == {"picture": 1, "verdict": "one: all held", "mistakes": []}
    assert get(address, "/report?picture=1")[1] == "<p>one</p>"
    board.picture("<p>two</p>", "two: all held")
    assert notices.next()["picture"] == 2
    assert get(address, "/report?picture=2")[1] == "<p>two</p>"
    notices.close()


def test_mistakes_keep_the_last_picture(served):
    board, address = served
    board.picture("<p>one</p>", "one: all held")
    board.mistakes(("line 3: no", "line 4: no"))
    told = Notices(address).next()
    assert told == {
        "picture": 1,
        "verdict": "one: all held",
        "mistakes": ["line 3: no", "line 4: no"],
    }
    assert get(address, "/report")[1] == "<p>one</p>"
    board.picture("<p>two</p>", "two: all held")
    assert Notices(address).next()["mistakes"] == []


def test_mistakes_come_before_any_picture(served):
    board, address = served
    board.mistakes(("no",))
    assert Notices(address).next() == {"picture": 0, "verdict": "", "mistakes": ["no"]}


def test_a_stream_ends_when_the_watch_does():
    board = Board()
    with serving(board) as address:
        board.picture("<p>one</p>", "one")
        notices = Notices(address)
        notices.next()
    assert notices.next() is None


def test_a_browser_that_goes_leaves_the_others(served):
    board, address = served
    board.picture("<p>one</p>", "one")
    stays, goes = Notices(address), Notices(address)
    assert stays.next()["picture"] == goes.next()["picture"] == 1
    goes.close()
    board.picture("<p>two</p>", "two")
    board.picture("<p>three</p>", "three")
    while stays.next()["picture"] < 3:
        pass


def test_the_frame_asks_nobody_but_this_server(served):
    _, address = served
    response, body = get(address, "/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http:" not in policy + body
    assert "https:" not in policy + body
    for asset in ("/frame.js", "/frame.css"):
        assert f'"{asset}"' in body
        assert get(address, asset)[0].status == 200
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/nothing", {}, 404),
        ("/../pyproject.toml", {}, 404),
        ("/report", {"Host": "example.org"}, 403),
        ("/notices", {"Host": "example.org:80"}, 403),
    ],
)
def test_what_is_not_served(served, path, headers, status):
    _, address = served
    assert get(address, path, **headers)[0].status == status


def test_nothing_is_changed_by_a_request(served):
    _, address = served
    connection = http.client.HTTPConnection(host(address), timeout=PATIENCE)
    connection.request("POST", "/report", body=b"<p>mine</p>")
    assert connection.getresponse().status == 501


def test_only_this_machine_is_served(served):
    assert served[1].startswith("http://127.0.0.1:")


def test_who_waits_for_a_notice_gets_the_latest():
    board = Board()
    got = []
    waiting = threading.Thread(target=lambda: got.append(board.after(0, PATIENCE)))
    waiting.start()
    board.picture("<p>one</p>", "one")
    waiting.join(PATIENCE)
    assert [each.page for each in got] == ["<p>one</p>"]
    assert board.after(1, 0) is None
    board.close()
    assert board.after(0, PATIENCE) is None


# -- the verb --------------------------------------------------------------------------------------


def save(path, text):
    """Put another file in the place of one, as editors do."""
    other = path.with_suffix(".new")
    other.write_text(text, encoding="utf-8")
    other.replace(path)


@contextmanager
def watching(path, *arguments):
    """A watch in a process of its own; gives its address and the process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "watch", str(path), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        cwd=path.parent,
    )
    try:
        first = process.stdout.readline()
        assert first, process.stderr.read()
        yield first.split()[0], process
    finally:
        process.kill()
        process.communicate()


@needs_watchfiles
def test_the_page_follows_the_file(scenario):
    path = scenario(KICK.replace("clients", "cleints"))
    with watching(path) as (address, process):
        notices = Notices(address)
        assert notices.next()["picture"] == 0
        path.write_text(KICK, encoding="utf-8")  # in its place, so that it is empty for a moment
        while (told := notices.next())["picture"] == 0:
            pass
        assert (told["verdict"], told["mistakes"]) == ("kick: all held", [])
        page = get(address, "/report")[1]
        assert page.startswith("<!doctype html>")

        save(path, KICK.replace("clients", "cleints"))
        while not (told := notices.next())["mistakes"]:
            pass  # a file may be seen twice while it is written in its place
        kept = told["picture"]
        assert kept > 0
        assert any("cleints" in sentence for sentence in told["mistakes"])
        assert get(address, "/report")[1] == page

        save(path, WRONG)
        told = notices.next()
        assert told["picture"] > kept
        assert told["verdict"].startswith("wrong: broken: bob sees sessionDisconnected")
        assert told["mistakes"] == []
        assert get(address, "/report")[1] != page

        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert list(dict.fromkeys(line.split(":")[0] for line in out.splitlines())) == ["kick", "wrong"]
    assert "cleints" in err
    assert err.endswith("interrupted\n")
    assert "Traceback" not in err


@needs_watchfiles
def test_it_ends_when_it_is_told_to_and_with_a_page_open(scenario):
    with watching(scenario()) as (address, process):
        notices = Notices(address)
        notices.next()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=PATIENCE)
        assert notices.next() is None
    assert (process.returncode, err) == (143, "terminated\n")


@needs_watchfiles
def test_a_link_follows_what_it_leads_to(scenario, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = folder / "link.yaml"
    path = scenario()
    link.symlink_to(path)
    with Changes(str(link)) as changes:
        save(path, WRONG)
        changes.wait()


@needs_watchfiles
def test_a_file_that_goes_and_comes_back_has_changed(scenario):
    path = scenario()
    with Changes(str(path)) as changes:
        path.unlink()
        changes.wait()
        save(path, KICK)
        changes.wait()


@needs_watchfiles
def test_a_long_run_is_left_when_the_file_is_saved_again(scenario):
    long = KICK.replace("40s", "2400h").replace("name: kick", "name: long")
    path = scenario(long)
    with watching(path) as (address, process):
        save(path, KICK)
        assert Notices(address).next()["verdict"] == "kick: all held"
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE)
    assert out == "kick: all held\n"


def test_without_the_extra_it_says_what_to_install(sim, scenario, monkeypatch):
    monkeypatch.setattr("sim.cli.extras.find_spec", lambda name: None)
    result = sim("watch", scenario())
    assert result.exit_code == 2
    assert result.output == (
        "Error: watch needs watchfiles, which is not installed: pip install 'session-sim[watch]'.\n"
    )


def test_what_cannot_be_watched(sim, scenario, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.cli.extras.find_spec", lambda name: name)
    assert "Only a file can be saved" in sim("watch", "-").output
    for name in (tmp_path / "nothing.yaml", tmp_path):
        result = sim("watch", name)
        assert result.exit_code == 2
        assert result.output.startswith(f"Error: {name}: ")
