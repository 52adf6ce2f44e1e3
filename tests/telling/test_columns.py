"""Rows in columns fit the width and keep every word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sim.telling.columns import LEAST, balanced, columns, wrap
from sim.telling.marks import style, unstyled, visible

words = st.text("abcdefgh", min_size=1, max_size=8)
sentences = st.lists(words, min_size=1, max_size=30).map(" ".join)


@given(st.lists(st.tuples(words, words, sentences), min_size=1, max_size=8), st.integers(60, 120))
def test_no_line_is_wider_than_the_terminal(rows, width):
    assert all(len(line) <= width for line in columns(rows, width))


@given(st.lists(st.tuples(words, sentences), min_size=1, max_size=8), st.integers(40, 120))
def test_no_word_is_lost(rows, width):
    printed = " ".join(columns(rows, width)).split()
    assert printed == [word for row in rows for cell in row for word in cell.split()]


def test_columns_are_as_wide_as_their_widest_cell():
    assert columns([("a", "bb", "x"), ("aaa", "b", "y")], 80) == ["a    bb  x", "aaa  b   y"]


def test_styled_cells_count_without_their_style():
    rows = [(style("a", fg="red"), "x"), ("bbb", "y")]
    assert [unstyled(line) for line in columns(rows, 80)] == ["a    x", "bbb  y"]


def test_a_narrow_last_column_moves_to_lines_of_its_own():
    assert columns([("a" * 40, "one two three")], 50) == ["a" * 40, "    one two three"]


def test_no_rows_no_lines():
    assert columns([], 80) == []


def test_an_indent_is_before_every_line():
    lines = columns([("a", "word " * 20)], 40, indent="   ")
    assert len(lines) > 2
    assert all(line.startswith("   ") for line in lines)


def test_wrapping_always_gives_a_line():
    assert wrap("", 20) == [""]
    assert wrap(" " * 50, 20) == [""]


@given(st.lists(st.tuples(words, sentences), min_size=1, max_size=8), st.integers(24, 59))
def test_no_line_is_wider_than_a_narrow_terminal(rows, width):
    assert all(len(line) <= width for line in columns(rows, width))


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1, max_size=4))
def test_what_acts_on_a_terminal_is_shown_before_it_is_measured(rows):
    lines = columns(rows, 120)
    assert all(visible(line) == line for line in lines)
    assert all(len(line) <= 120 or " " not in line.strip() for line in lines)


@given(sentences, st.integers(LEAST, 60))
def test_balanced_lines_are_as_few_and_as_wide_at_most_and_say_the_same(text, width):
    lines = balanced(text, width)
    assert len(lines) == len(wrap(text, width))
    assert max(map(len, lines)) <= width
    assert " ".join(lines) == text


def test_no_word_is_left_over_for_a_line_of_its_own():
    assert wrap("lost touch, tries to come back", 28)[1] == "back"
    assert balanced("lost touch, tries to come back", 28) == ["lost touch, tries", "to come back"]
