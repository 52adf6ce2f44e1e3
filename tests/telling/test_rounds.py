"""A chain of causes that goes round is shown by its first and its last round."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sim.telling.layout import chained
from sim.telling.marks import unstyled
from sim.telling.rounds import FEWEST, LONGEST, rounds
from sim.trace import Record

WORDS = ("connect", "rejoin", "down")


def chain(names):
    return [
        Record(number, number, "bob", "app", "decision", name, {}, number - 1 or None)
        for number, name in enumerate(names, start=1)
    ]


@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_rounds_are_what_comes_again_and_do_not_overlap(names):
    found = rounds(chain(names))
    for each in found:
        unit = names[each.start : each.start + each.length]
        assert names[each.start : each.end] == unit * each.times
        assert each.times >= FEWEST
        assert each.length <= LONGEST
    ends = [0, *(each.end for each in found)]
    assert all(end <= each.start for end, each in zip(ends, found, strict=False))


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), st.integers(FEWEST, 90))
def test_a_long_chain_of_rounds_becomes_a_few_lines(unit, times):
    lines = chained(chain([*unit * times, "end"]), 80, 1)
    assert len(lines) <= 2 * len(unit) + 2


def test_a_chain_is_folded_between_the_first_and_the_last_round():
    story = chain(["down", *["connect", "rejoin"] * 120, "end"])
    lines = [" ".join(unstyled(line).split()) for line in chained(story, 80, 242)]
    assert lines == [
        "#1 0:00.000 bob app down",
        "#2 0:00.000 bob app connect",
        "#3 0:00.000 bob rejoin: in –",
        "… 236 more like the 2 before (--unfold)",
        "#240 0:00.000 bob app connect",
        "#241 0:00.000 bob rejoin: in –",
        "-> #242 0:00.000 bob app end",
    ]
    assert len(chained(story, 80, 242, unfold=True)) == len(story)


def test_a_chain_that_does_not_go_round_stays_as_it_is():
    story = chain(["connect", "rejoin"] * (FEWEST - 1))
    assert len(chained(story, 80, 1)) == len(story)
