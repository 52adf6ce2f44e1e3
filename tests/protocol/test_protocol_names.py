"""Names are taken apart into what they were made of; what was not made so into nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.protocol.names import (
    CONNECTION,
    MEMBER,
    SIGNAL,
    SOCKET,
    STREAM,
    Label,
    Numbered,
    connection_of,
    label,
    person_of,
)

KINDS = {
    "connection": CONNECTION,
    "stream": STREAM,
    "signal": SIGNAL,
    "socket": SOCKET,
    "member": MEMBER,
}
PEOPLE = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,39}", fullmatch=True)
NUMBERS = st.integers(1, 10**18 - 1)
JUNK = st.text(alphabet="ab#./-s()01९²\n", max_size=12) | st.text(max_size=12)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@given(origin=PEOPLE | st.text(), number=NUMBERS)
def test_a_name_is_taken_apart_into_what_it_was_made_of(kind, origin, number):
    assert kind.parse(kind.make(origin, number)) == Numbered(origin, number)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@given(name=JUNK | st.none() | st.integers())
def test_anything_else_is_no_name_or_one_that_could_have_been_made(kind, name):
    parsed = kind.parse(name)
    assert parsed is None or kind.make(*parsed) == name


@given(PEOPLE, NUMBERS, NUMBERS)
def test_whatever_belongs_to_a_connection_says_whose_it_is(person, generation, number):
    connection = CONNECTION.make(person, generation)
    assert person_of(connection) == person
    assert connection_of(connection) is None
    for kind in (STREAM, SIGNAL, SOCKET):
        name = kind.make(connection, number)
        assert (person_of(name), connection_of(name)) == (person, connection)
        assert [each for each in KINDS.values() if each.parse(name)] == [kind]


@given(JUNK)
def test_an_id_that_is_no_name_says_nobody(name):
    assert person_of(name) is None or "#" in name
    assert connection_of(name) is None or set(name) & {".", "/"}


def test_a_name_with_more_digits_than_anybody_counts_is_none():
    assert CONNECTION.parse("bob#" + "9" * 5_000) is None
    assert label("publisher" + "9" * 5_000) is None


@given(st.sampled_from(["publisher", "session", "subscriber"]), st.just("") | st.text(), st.data())
def test_a_label_is_taken_apart_into_what_it_was_made_of(role, subject, data):
    made = Label(role, subject, data.draw(st.just(0) | NUMBERS))
    assert label(str(made)) == made


@given(JUNK | st.none())
def test_any_other_label_is_none_or_could_have_been_made(name):
    parsed = label(name)
    assert parsed is None or str(parsed) == name
