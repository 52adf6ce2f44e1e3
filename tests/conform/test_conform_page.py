"""``docs/conformance.md`` speaks of what is there."""

import re
from pathlib import Path

import pytest
from recordings import NAMES

from sim.conform import calls, choices, incidents

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "conformance.md").read_text(encoding="utf-8")


def test_every_file_that_the_page_links_to_exists():
    links = re.findall(r"\]\(([^):#]+)\)", PAGE)
    assert links
    assert [link for link in links if not (DOCS / link).exists()] == []


def test_the_recordings_that_the_page_names_exist():
    named = re.findall(r"`(\d\d\w*)`", PAGE)
    assert named
    assert [name for name in named if not any(case.startswith(name) for case in NAMES)] == []


@pytest.mark.parametrize("key", choices.KEYS)
def test_the_page_knows_every_choice_of_the_platform(key):
    assert f"`{key}`" in PAGE


@pytest.mark.parametrize("word", [*incidents.NETWORK, *incidents.UNDERSTOOD.split(", ")[:6]])
def test_the_page_knows_every_incident(word):
    assert word in " ".join(PAGE.split())


def test_the_page_knows_how_calls_are_named():
    assert "destroy" in calls.CALLS
    assert "`destroy`" in PAGE
