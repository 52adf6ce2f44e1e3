"""A narrowed story is some of the lines of the whole one, with the same numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.telling.layout import told
from sim.telling.marks import unstyled
from sim.telling.narrowing import EVERYTHING, KINDS, Narrowing
from sim.telling.story import lines
from sim.testing.strategies import scenarios

SECOND = 1_000_000

narrowings = st.builds(
    Narrowing,
    people=st.lists(st.sampled_from(["alice", "bob", "carol", "guests-1"]), max_size=2).map(tuple),
    kinds=st.lists(st.sampled_from(KINDS), max_size=2, unique=True).map(tuple),
    around=st.none() | st.integers(0, 600 * SECOND),
    within=st.integers(0, 60 * SECOND),
)


@pytest.fixture(scope="module")
def records():
    return sim.run("scenarios/flaky.yaml").records


def printed(records, part, unfold=True):
    """The lines as words, whatever the widths of their columns are; those of one entry as one."""
    entries: list[list[str]] = []
    for line in told(records, 200, unfold, part):
        words = unstyled(line).split()
        if line.startswith(" " * 20):
            entries[-1] += words
        else:
            entries.append(words)
    return entries


@given(narrowings)
def test_what_is_told_of_a_part_stands_in_the_whole_story_in_that_order(records, part):
    whole = iter(printed(records, EVERYTHING))
    assert all(entry in whole for entry in printed(records, part))


@given(narrowings)
def test_a_part_has_the_lines_that_are_asked_for_and_no_other(records, part):
    shown = [line for line in lines(records) if part.shows(line)]
    for line in lines(records):
        is_asked = (
            (not part.people or bool(set(part.people) & set(line.who)))
            and (not part.kinds or line.kind in part.kinds)
            and (
                part.around is None
                or part.around - part.within <= line.time <= part.around + part.within
            )
        )
        assert (line in shown) == is_asked
    assert len(printed(records, part)) == len(shown)


@given(scenarios())
def test_the_parts_of_everybody_are_the_whole_story(scenario):
    story = list(lines(sim.run(scenario).records))
    everybody = Narrowing(people=tuple(scenario.people))
    assert [line for line in story if everybody.shows(line)] == [each for each in story if each.who]


@given(narrowings)
def test_it_says_what_it_tells(part):
    assert bool(str(part)) == bool(part)
    assert all(name in str(part) for name in (*part.people, *part.kinds))


def test_it_says_people_time_and_kinds():
    said = Narrowing(people=("bob",), kinds=("call",), around=127 * SECOND, within=5 * SECOND)
    assert str(said) == "of bob, within 5s of 2:07.000, of the kind call"
    assert not EVERYTHING
    assert str(EVERYTHING) == ""
