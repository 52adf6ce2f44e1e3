"""How the sentences about wrong input are made."""

from hypothesis import given
from hypothesis import strategies as st

from sim.wording import listing, nearest, not_one_of, phrase, quoted


def test_the_nearest_word_is_found_across_spellings():
    known = ("clean-up-after", "prevent-default", "on")
    assert nearest("cleanUpAfter", known) == "clean-up-after"
    assert nearest("Prevent_default", known) == "prevent-default"
    assert nearest("zebra", known) is None
    assert [nearest(word, known) for word in (None, 3, "", "x" * 61)] == [None] * 4


def test_lists_read_as_sentences_and_are_cut_if_they_are_long():
    assert [listing(words) for words in ("", "a", "ab", "abc")] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert listing(map(str, range(100))).endswith("22, 23 and 76 more")


@given(st.text() | st.integers() | st.floats() | st.booleans() | st.none())
def test_quotes_are_short_and_on_one_line(value):
    assert len(quoted(value)) <= 62 or isinstance(value, int)
    assert "\n" not in quoted(value)


def test_very_long_numbers_are_not_printed():
    assert quoted(10**5000) == "a number of 16610 bits"


def test_where_nothing_is_allowed_nothing_is_listed():
    assert not_one_of("x", (), "a law") == "'x' is not a law: there is none"


def test_a_sentence_can_end_another():
    assert phrase("Who it is.") == "who it is"
