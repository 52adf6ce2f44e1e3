"""The page of ``watch`` in a browser: the next report when the file is saved, mistakes above it."""

import pytest
from reported import SCENARIOS

from sim.cli.watching.board import Board
from sim.cli.watching.server import serving
from sim.report import report

IS_SHOWN = """([titles, mistakes, gone]) => {
  const frames = [...document.querySelectorAll("iframe")];
  return frames.length === titles.length && !document.querySelector("iframe.next")
    && frames.every((each, place) => each.contentWindow.report?.doc.title === titles[place])
    && [...document.querySelectorAll("#sentences li")].map(each => each.textContent).join("|")
      === mistakes
    && document.getElementById("mistakes").hidden === (mistakes === "")
    && document.getElementById("gone").hidden === !gone;
}"""


@pytest.fixture(scope="module")
def pages():
    """Two reports."""
    return {name: report(SCENARIOS / f"{name}.yaml").html() for name in ("kick", "fatal-close")}


def test_the_page_follows_what_is_saved(pages, new_page):
    board, page = Board(), new_page()
    with serving(board) as address:
        page.run(page.tab.goto(address))
        assert page.ask("() => document.getElementById('waiting').textContent") == "Running …"
        board.picture(pages["kick"], "kick: all held")
        page.until(IS_SHOWN, [["kick"], "", False])
        assert page.ask("() => document.title") == "kick: all held"

        hostile = "line 3: <img src=x onerror=alert(1)>"
        board.mistakes((hostile, "line 4: no"))
        page.until(IS_SHOWN, [["kick"], f"{hostile}|line 4: no", False])
        assert page.ask("() => document.title").startswith("mistakes: ")
        kept = page.ask("() => { window.first = document.querySelector('iframe'); return true }")
        assert kept

        board.picture(pages["fatal-close"], "fatal-close: all held")
        page.until(IS_SHOWN, [["fatal-close"], "", False])
        assert page.ask("() => !window.first.isConnected")
        assert page.ask("() => document.querySelector('iframe').clientHeight") > 700
    page.until(IS_SHOWN, [["fatal-close"], "", True])
    heard = page.heard
    assert heard.dialogs == heard.errors == []
    assert [each for each in heard.requests if not each.startswith((address, "data:"))] == []
    assert [each for each in heard.console if "ERR_" not in each] == []


def test_many_saves_at_once_end_with_the_last(pages, new_page):
    board, page = Board(), new_page()
    with serving(board) as address:
        page.run(page.tab.goto(address))
        for name in ("kick", "fatal-close", "kick", "fatal-close", "kick"):
            board.picture(pages[name], name)
        page.until(IS_SHOWN, [["kick"], "", False])
        assert page.heard.errors == []


def test_a_report_is_loaded_once(pages, new_page):
    board, page = Board(), new_page()
    with serving(board) as address:
        page.run(page.tab.goto(address))
        board.picture(pages["kick"], "kick")
        page.until(IS_SHOWN, [["kick"], "", False])
        page.drawn()
        assert len([each for each in page.heard.requests if "/report" in each]) == 1
