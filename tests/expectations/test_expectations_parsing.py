"""Sentences to clauses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.expectations import FORMS, expected_breaches, parse, people_in
from sim.expectations.clauses import (
    Agrees,
    Counts,
    EndsAs,
    EndsWith,
    Item,
    LawVerdict,
    Sees,
    Subject,
    Then,
)
from sim.expectations.vocabulary import HEARD, heard

CONNECTED = Item("session", "sessionConnected")
BOB = Subject("everyone", "bob")
SECOND, MINUTE = 1_000_000, 60_000_000


@pytest.mark.parametrize(
    ("sentence", "item"),
    [
        ("sessionConnected", CONNECTED),
        ("sessionDisconnected(mediaIdle)", Item("session", "sessionDisconnected", "mediaIdle")),
        ("publisher.destroyed", Item("publisher", "destroyed")),
        ("subscriber.destroyed", Item("subscriber", "destroyed")),
        ("subscriber(al-1).connected", Item("subscriber(al-1)", "connected")),
        ("subscriber(al).destroyed(peerConnection is disconnected)",
         Item("subscriber(al)", "destroyed", "peerConnection is disconnected")),
        ("signal", Item("session", "signal")),
        ("signal:chat(hello world) of al", Item("session", "signal:chat", "hello world", "al")),
        ("streamDestroyed of guests-3", Item("session", "streamDestroyed", None, "guests-3")),
        ("streamDestroyed(reset) of al", Item("session", "streamDestroyed", "reset", "al")),
    ],
)  # fmt: skip
def test_an_item_is_an_event_maybe_with_a_reason_and_an_owner(sentence, item):
    clause = parse(f"bob sees {sentence}")
    assert isinstance(clause, Sees)
    assert clause.sequence == (Then(item),)
    assert str(item) == sentence


@pytest.mark.parametrize(
    ("who", "subject"),
    [
        ("bob", BOB),
        ("guests-2", Subject("everyone", "guests-2")),
        ("everyone", Subject("everyone")),
        ("somebody", Subject("somebody")),
        ("nobody", Subject("nobody")),
        ("everyone but bob", Subject("everyone", "", ("bob",))),
        ("everyone but ann, bob and eve", Subject("everyone", "", ("ann", "bob", "eve"))),
        ("everyone but ann, bob, and eve", Subject("everyone", "", ("ann", "bob", "eve"))),
    ],
)
def test_a_subject_is_a_name_or_a_quantity(who, subject):
    assert parse(f"{who} sees sessionConnected").subject == subject
    assert parse(f"at the end {who} is connected").subject == subject


@pytest.mark.parametrize(
    ("rest", "least", "most", "start", "end"),
    [
        ("never sees sessionConnected", 0, 0, 0, None),
        ("never sees sessionConnected after 2min", 0, 0, 2 * MINUTE, None),
        ("sees sessionConnected once", 1, 1, 0, None),
        ("sees sessionConnected twice", 2, 2, 0, None),
        ("sees sessionConnected 3 times", 3, 3, 0, None),
        ("sees sessionConnected exactly 1 time", 1, 1, 0, None),
        ("sees sessionConnected exactly once", 1, 1, 0, None),
        ("sees sessionConnected at least twice", 2, None, 0, None),
        ("sees sessionConnected at most 5 times", 0, 5, 0, None),
        ("sees sessionConnected at most once before 9s", 0, 1, 0, 9 * SECOND),
        ("sees sessionConnected between 1s and 2min 6s", 1, None, SECOND, 126 * SECOND),
        ("sees sessionConnected before 9s", 1, None, 0, 9 * SECOND),
        ("sees sessionConnected after 9s", 1, None, 9 * SECOND, None),
    ],
)  # fmt: skip
def test_counts_and_times(rest, least, most, start, end):
    text = f"bob {rest}"
    assert parse(text) == Counts(text, BOB, CONNECTED, least, most, start, end)


def test_a_sequence_may_say_how_soon():
    clause = parse("bob sees signal, then signal:a within 2min 6s, then signal")
    signal = Item("session", "signal")
    later = Then(Item("session", "signal:a"), 2 * MINUTE + 6 * SECOND)
    assert clause.sequence == (Then(signal), later, Then(signal))


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        ("eventually within 60s: everyone agrees who is here", lambda t: Agrees(t, MINUTE)),
        ("at the end bob is disconnected", lambda t: EndsAs(t, BOB, "disconnected")),
        ("at the end bob has 2 subscribers", lambda t: EndsWith(t, BOB, 2, "subscriber")),
        ("at the end bob has 1 publisher", lambda t: EndsWith(t, BOB, 1, "publisher")),
        ("at the end bob has no publishers", lambda t: EndsWith(t, BOB, 0, "publisher")),
        ("law one-end holds", lambda t: LawVerdict(t, "one-end", True)),
        ("law one-end breaks", lambda t: LawVerdict(t, "one-end", False)),
    ],
)
def test_the_other_forms(sentence, clause):
    assert parse(sentence) == clause(sentence)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_that_an_error_names_is_one(form):
    example = form.replace("<who>", "bob").replace("<event>", "signal").replace("<name>", "one-end")
    assert parse(example).text == example


def test_spaces_and_line_ends_do_not_matter():
    assert parse(" bob  sees\n sessionConnected ") == parse("bob sees sessionConnected")


def test_plurals_are_allowed():
    assert parse("guests see signal").subject.name == "guests"
    assert parse("guests never see signal").most == 0
    assert parse("at the end guests are connected").state == "connected"
    assert parse("at the end guests have no subscribers").number == 0


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("", "'' is not an expectation: allowed are <who> sees <event>, then <event>"),
        ("42", "'42' is not an expectation"),
        ("bob", "after 'bob' expected sees or never sees, got the end"),
        ("bob saw signal", "after 'bob' expected sees or never sees, got 'saw signal'"),
        ("bob seesaw", "after 'bob' expected sees or never sees, got 'seesaw'"),
        ("bob sees", "after 'bob sees' expected an event such as sessionDisconnected(networkDisc"),
        ("bob sees (x)", "after 'bob sees' expected an event"),
        ("bob sees signall", "'signall' is not an event: did you mean 'signal'? Allowed are"),
        ("bob sees publisher.signal", "'publisher.signal' is not an event"),
        ("bob sees audioLevelUpdated", "'audioLevelUpdated' is not an event"),
        ("bob sees sessionConnected(x)", "sessionConnected has no reason: leave (x) out"),
        ("bob sees sessionDisconnected(reset)", "'reset' is not a reason of sessionDisconnected"),
        ("bob sees sessionDisconnected()", "'' is not a reason of sessionDisconnected"),
        ("bob sees signal of", "after 'bob sees signal of' expected a name, got the end"),
        ("bob sees signal, then", "after 'bob sees signal, then' expected an event"),
        ("bob sees signal twice, then signal", "expected the end of the sentence, got ', then"),
        ("bob sees signal before 3", "expected a duration such as 2min 6s, got '3'"),
        ("bob sees signal before 3 weeks", "'3 weeks' is not a duration"),
        ("bob sees signal between 3s", "expected and, got the end"),
        ("bob sees signal between 3s and 2s", "the time after 'and' must not be before the one"),
        ("everyone but sees signal", "after 'everyone but sees' expected sees or never sees"),
        ("everyone but", "expected a name, got the end"),
        ("eventually within a while: x", "expected a duration such as 2min 6s, got 'a while: x'"),
        ("eventually within 6s", "after 'eventually within 6s' expected ':', got the end"),
        ("eventually within 6s: all is well", "expected 'everyone agrees who is here', got 'all"),
        ("at the end bob was here", "after 'at the end bob' expected is or has, got 'was here'"),
        ("at the end bob is happy", "'happy' is not a state of a session: allowed are connected"),
        ("at the end bob has two cats", "expected a number, got 'two cats'"),
        ("at the end bob has 2 cats", "'cats' is not a thing to count: allowed are publisher"),
        ("law x is good", "after 'law x' expected holds or breaks, got 'is good'"),
        ("law X holds", "after 'law' expected the name of a law, got 'X holds'"),
        ("law x holds now", "expected the end of the sentence, got 'now'"),
        ("bob sees signal " * 100, "an expectation may have 1000 characters, not 1599"),
    ],
)
def test_a_wrong_sentence_is_told_what_is_wrong_and_what_is_allowed(sentence, wrong):
    with pytest.raises(ValueError) as caught:
        parse(sentence)
    assert wrong in str(caught.value)


WORDS = st.sampled_from(
    (*" ,.():", "bob", "sees", "never", "then", "signal", "within", "3s", "at the end", "is", "has",
     "law", "connected", "everyone", "but", "and", "exactly", "2 times", "of", "subscriber(bob)",
     "destroyed", "between", "after", "publisher.", "sessionDisconnected(reset)", "é", "\n")
)  # fmt: skip


@given(st.text(max_size=40) | st.lists(WORDS, max_size=9).map(" ".join))
def test_any_text_is_a_clause_or_a_sentence_about_what_is_wrong(text):
    clause = wrong = None
    try:
        clause = parse(text)
    except ValueError as error:
        wrong = str(error)
    assert wrong is None or (wrong and "\n" not in wrong)
    assert clause is None or parse(clause.text) == clause


def test_a_clause_names_its_people():
    clause = parse("everyone but ann sees subscriber(bob).destroyed, then streamDestroyed of eve")
    assert people_in(clause) == ("ann", "eve", "bob") or set(people_in(clause)) == {
        "ann",
        "bob",
        "eve",
    }
    assert people_in(parse("bob never sees signal of bob")) == ("bob",)
    assert people_in(parse("law one-end holds")) == ()


def test_expected_breaches_are_the_laws_that_are_said_to_break():
    sentences = ("law one-end breaks", "law cleanup holds", "bob sees signal", "law signals breaks")
    assert expected_breaches(tuple(map(parse, sentences))) == ("one-end", "signals")


def test_the_vocabulary_is_the_catalogues_but_for_what_is_out_of_scope():
    assert heard("sessionDisconnected") is HEARD["sessionDisconnected"]
    assert heard("signal:a.b~c_d-e") is HEARD["signal:<type>"]
    assert [
        heard(name) for name in ("signal:", "signal:<type>", "signal: a", "archiveStarted", "x")
    ] == [None] * 5
