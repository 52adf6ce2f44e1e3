"""Which laws there are, and the page that lists them."""

from pathlib import Path

import pytest

from sim.laws import GOALS, HELD, NOT_EXERCISED, Laws, catalogue, choose
from sim.laws.catalogue import page
from sim.laws.law import KINDS
from sim.trace import Header

NAMES = [
    "reconnect-first",
    "one-end",
    "silence-after-end",
    "reconnecting-alternates",
    "reason-has-cause",
    "only-moderators-kick",
    "cleanup",
    "cleanup-prevented",
    "destroyed-once",
    "seen-once",
    "no-stale-events",
    "one-subscriber-per-stream",
    "signals",
    "permissions",
    "resolve-in-time",
    "ghosts-bounded",
    "grace-kept",
    "kept-cleaned",
    "fed-streams",
    "converge",
    "completed-once",
    "kicked-stays-out",
]
PAGE = Path(__file__).parents[2] / "docs" / "laws.md"


def test_all_laws_are_there_by_their_names():
    assert list(catalogue()) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_law_says_what_it_says_and_where_it_is_from(name):
    law = catalogue()[name]
    assert law.name == name
    assert law.kind in KINDS
    assert law.statement
    assert law.source
    assert law.exercised


@pytest.mark.parametrize("name", NAMES)
def test_nothing_exercises_no_law(name):
    assert Laws(Header(), [name]).finish(10**9)[name].outcome == NOT_EXERCISED


def test_laws_are_chosen_by_name_in_the_order_given():
    assert [law.name for law in choose(["signals", "cleanup", "signals"])] == ["signals", "cleanup"]
    assert list(Laws(Header(), ["signals", "cleanup"]).finish(0)) == ["signals", "cleanup"]


def test_a_mistyped_name_gets_the_nearest_right_one():
    with pytest.raises(
        ValueError, match=r"there is no law 'ghost-bounded'; did you mean ghosts-bo"
    ):
        choose(["ghost-bounded"])


def test_a_name_like_no_other_gets_the_list():
    with pytest.raises(
        ValueError, match="there is no law 'xyzzy'; the laws are cleanup, cleanup-p"
    ):
        Laws(Header(), ["xyzzy"])


def test_the_page_lists_the_laws_and_the_goals_as_they_are():
    assert all(f"`{name}`" in page() for name in (*catalogue(), *GOALS))
    assert page() == PAGE.read_text("utf-8"), "run: python -m sim.laws > docs/laws.md"


def test_verdicts_name_their_law():
    verdict = Laws(Header(), ["one-end"]).finish(0)["one-end"]
    assert verdict.law is catalogue()["one-end"]
    assert verdict.outcome != HELD
