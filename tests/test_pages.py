"""What the pages for contributors name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = ("docs/architecture.md", "CONTRIBUTING.md")
FOLDERS = ("sim", "tests", "docs", "scenarios", "notebooks", "benchmarks", "tools")


def named(text):
    """Files and folders between backticks: ``client/loop.py``, ``sim/world/``."""
    return [path.rstrip("/") for path in re.findall(r"`([\w./-]+(?:\.py|\.md|/))`", text)]


def linked(text):
    """The targets of links to other pages of the repository."""
    return re.findall(r"\]\(([^)#:]+)\)", text)


def missing(paths):
    """Those that are no file or folder, nor the end of the path of one."""
    found = [f"/{each.relative_to(ROOT)}" for name in FOLDERS for each in (ROOT / name).rglob("*")]
    found += [f"/{each.name}" for each in ROOT.iterdir()]
    return [path for path in paths if not any(each.endswith(f"/{path}") for each in found)]


def test_a_path_that_is_not_there_is_missing():
    text = "`sim/world/wire.py`, `wire.py`, `sim/world/` and `sim/world/no-such.py`"
    assert missing(named(text)) == ["sim/world/no-such.py"]


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_is_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    assert named(text)
    assert missing(named(text)) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [to for to in linked(text) if not (ROOT / page).parent.joinpath(to).exists()] == []
