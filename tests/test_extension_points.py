"""How many files an addition touches, counted on an example of each kind.

The word of the example (a text in the code, or a name, written ``=NAME``; not its prose) is looked
for in all of ``sim/``: it may stand where the table below says, and nowhere else. CONTRIBUTING.md
gives the same numbers to those who want to add one.

The testing kit is left out, as tests are: it works without the addition, and takes it up when
somebody gives it a rule or a strategy of its own. ``fuzz`` draws from the language's tables.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from attrs import frozen

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@frozen
class Addition:
    """A kind of addition: an example of it, and the files or folders that it touches."""

    kind: str
    example: str
    files: int
    where: tuple[str, ...]
    beside: tuple[str, ...] = ()
    """Where the same word means something else."""


ADDITIONS = (
    Addition(
        "a fault",
        "reset =NETWORK_RESET",
        4,
        (
            "protocol/records/incidents.py",
            "scenario/actions.py",
            "world/faults.py",
            "world/script.py",
        ),
        beside=("protocol/reasons.py",),
    ),
    Addition(
        "a thing that the platform does",
        "expire-grace =EXPIRE_GRACE",
        4,
        (
            "protocol/records/incidents.py",
            "scenario/actions.py",
            "world/script.py",
            "telling/phrases.py",
        ),
        beside=("conform/",),
    ),
    Addition(
        "a thing that people do", "unmute-video", 2, ("scenario/actions.py", "world/actions.py")
    ),
    Addition("a law", "ghosts-bounded", 1, ("laws/rules/",)),
    Addition("a quirk", "=LEFT_BEHIND", 2, ("protocol/quirks.py", "client/")),
    Addition(
        "an event", "videoDisabled", 3, ("protocol/events.py", "client/", "telling/phrases.py")
    ),
    Addition(
        "a call",
        "disableForceMute =DISABLE_FORCE_MUTE",
        9,
        (
            "protocol/errors.py",
            "protocol/records/calls.py",
            "client/",
            "platform/",
            "telling/phrases.py",
            "conform/",
        ),
    ),
    Addition("a record", "=REPLAYED", 2, ("protocol/records/", "platform/")),
    Addition("a network preset", "wifi-lossy", 1, ("network/presets.py",)),
    Addition("a verb", "validate", 2, ("cli/program.py", "cli/verbs/validate.py")),
    Addition(
        "a setting of the platform",
        "victim_close_code =victim_close_code",
        3,
        ("platform/", "scenario/settings.py"),
        beside=("conform/",),
    ),
)


@cache
def words(file):
    """The texts in the code of a module, its names with a ``=``, and what a verb's is called."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    prose = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    found = {file.stem} if file.parent.name == "verbs" else set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            found.add(node.value)
        elif isinstance(node, ast.Name | ast.Attribute):
            found.add(f"={node.id if isinstance(node, ast.Name) else node.attr}")
    return found


def files_with(word):
    """The modules in which the word stands, or one of several."""
    wanted = set(word.split())
    folder = ROOT / "sim"
    modules = sorted(set(folder.rglob("*.py")) - set((folder / "testing").rglob("*.py")))
    return [str(file.relative_to(ROOT / "sim")) for file in modules if wanted & words(file)]


@pytest.mark.parametrize("addition", ADDITIONS, ids=lambda addition: addition.kind)
def test_an_addition_touches_these_files_and_no_others(addition):
    found = [f for f in files_with(addition.example) if not f.startswith(addition.beside or "//")]
    assert [file for file in found if not file.startswith(addition.where)] == []
    assert [place for place in addition.where if not any(f.startswith(place) for f in found)] == []
    assert len(found) <= addition.files, found


@pytest.mark.parametrize("addition", ADDITIONS, ids=lambda addition: addition.kind)
def test_the_guide_for_contributors_gives_that_number(addition):
    number = re.search(rf"^\| {re.escape(addition.kind)} \| (\d+) \|", GUIDE, re.MULTILINE)
    assert number is not None
    assert int(number[1]) == addition.files


def test_a_new_fault_is_at_most_four_files():
    assert ADDITIONS[0].files <= 4
