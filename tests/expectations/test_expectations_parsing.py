"""Sentences to clauses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.expectations import FORMS, expected_breaches, parse, people_in
from sim.expectations.clauses import (
    Agrees,
    Anchor,
    Counts,
    EndsAs,
    EndsWith,
    Follows,
    Ghost,
    Item,
    LawVerdict,
    Pictures,
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


EVENT = Item("session", "signal")
SAYING = "expected sees, never sees, never has or is never alone with"


@pytest.mark.parametrize(
    ("anchor", "is_"),
    [
        ("mia's crash", Anchor("mia", "crash")),
        ("mia’s close-browser", Anchor("mia", "close-browser")),
        ("guests' network down", Anchor("guests", "network down")),
        ("guests-1's platform close-socket", Anchor("guests-1", "platform close-socket")),
        ("al's force-disconnect of bob", Anchor("al", "force-disconnect", "bob")),
        ("al's sessionDisconnected(mediaIdle)",
         Anchor("al", Item("session", "sessionDisconnected", "mediaIdle"))),
        ("al's subscriber(bob).destroyed", Anchor("al", Item("subscriber(bob)", "destroyed"))),
        ("al's connectionDestroyed of bob",
         Anchor("al", Item("session", "connectionDestroyed", None, "bob"))),
        ("al's signal", Anchor("al", "signal")),
        ("al's signal:chat(hi)", Anchor("al", Item("session", "signal:chat", "hi"))),
    ],
)  # fmt: skip
def test_an_event_may_follow_a_deed_or_another_event(anchor, is_):
    text = f"bob sees signal within 2min 6s of {anchor}"
    assert parse(text) == Follows(text, BOB, EVENT, 1, None, 126 * SECOND, is_)
    assert people_in(parse(text))[0] == "bob"
    assert is_.person in people_in(parse(text))


@pytest.mark.parametrize(
    ("beginning", "least", "most"),
    [
        ("bob never sees signal", 0, 0),
        ("bob sees signal exactly once", 1, 1),
        ("bob sees signal at least twice", 2, None),
    ],
)
def test_what_follows_may_be_counted(beginning, least, most):
    text = f"{beginning} within 1s of mia's crash"
    crash = Anchor("mia", "crash")
    assert parse(text) == Follows(text, BOB, EVENT, least, most, SECOND, crash)


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        ("nobody sees a ghost for more than 10s",
         lambda t: Ghost(t, Subject("nobody"), False, 10 * SECOND)),
        ("bob sees a ghost of eve for more than 1s", lambda t: Ghost(t, BOB, False, SECOND, "eve")),
        ("bob sees no ghost for more than 1s", lambda t: Ghost(t, BOB, True, SECOND)),
        ("bob never sees a ghost for more than 1s", lambda t: Ghost(t, BOB, True, SECOND)),
        ("bob never has two pictures of eve", lambda t: Pictures(t, BOB, True, 0, 2, "eve")),
        ("bob has 3 pictures of eve", lambda t: Pictures(t, BOB, False, 0, 3, "eve")),
        ("bob never has 1 picture of the same person", lambda t: Pictures(t, BOB, True, 0, 1)),
        ("bob is never alone with two pictures of eve for more than 1s",
         lambda t: Pictures(t, BOB, True, SECOND, 2, "eve", True)),
    ],
)  # fmt: skip
def test_ghosts_and_pictures(sentence, clause):
    assert parse(sentence) == clause(sentence)
    assert ("eve" in people_in(parse(sentence))) is ("of eve" in sentence)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_that_an_error_names_is_one(form):
    example = form.replace("<who>", "bob").replace("<event>", "signal").replace("<name>", "one-end")
    example = example.replace("<person>", "eve").replace("<deed>", "crash")
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
        (
            "bob",
            f"after 'bob' {SAYING}, got the end",
        ),
        (
            "bob saw signal",
            f"after 'bob' {SAYING}, got 'saw signal'",
        ),
        (
            "bob seesaw",
            f"after 'bob' {SAYING}, got 'seesaw'",
        ),
        ("bob sees", "after 'bob sees' expected an event such as sessionDisconnected(networkDisc"),
        ("bob sees (x)", "after 'bob sees' expected an event"),
        ("bob sees signall", "'signall' is not an event: did you mean 'signal'? Allowed are"),
        ("bob sees publisher.signal", "'publisher.signal' is not an event: did you mean 'signal'?"),
        ("bob sees connected", "'connected' is not an event: did you mean 'subscriber.connected'?"),
        ("bob sees disconnected", "did you mean 'subscriber.disconnected'?"),
        ("bob sees destroyed", "mean 'publisher.destroyed' or 'subscriber.destroyed'?"),
        ("bob sees publisher.disconnected", "did you mean 'subscriber.disconnected'?"),
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
        (
            "everyone but sees signal",
            f"after 'everyone but sees' {SAYING}",
        ),
        ("everyone but", "expected a name, got the end"),
        ("eventually within a while: x", "expected a duration such as 2min 6s, got 'a while: x'"),
        ("eventually within 6s", "after 'eventually within 6s' expected ':', got the end"),
        ("eventually within 6s: all is well", "expected 'everyone agrees who is here', got 'all"),
        ("at the end bob was here", "after 'at the end bob' expected is or has, got 'was here'"),
        ("at the end bob is happy", "'happy' is not a state of a session: allowed are connected"),
        ("at the end bob has two cats", "expected a number, got 'two cats'"),
        ("at the end bob has 2 cats", "'cats' is not a thing to count: allowed are publisher"),
        (
            "bob sees signal within 3s",
            "such as of mia's crash, got the end; or write 'before 3s'",
        ),
        (
            "bob sees signal within 3s of mia",
            "expected somebody's deed or event, such as",
        ),
        (
            "bob sees signal within 3s of mia's",
            "of mia's\" expected a deed such as crash, or an event",
        ),
        (
            "bob sees signal within 3s of mia's crsh",
            "'crsh' is neither a deed nor an event: did you mean 'crash'? Allowed are the ev",
        ),
        ("bob sees signal within 3s of mia's network dwon", "did you mean 'network down'?"),
        ("bob sees signal within 3s of mia's forceDisconnect", "did you mean 'force-disconnect'?"),
        (
            "bob sees signal within 3s of mia's subscriber(x).destroid",
            "did you mean 'subscriber.destroyed'?",
        ),
        (
            "bob sees signal within 3s of mia's sessionDisconnected(x)",
            "'x' is not a reason of sessionDisconnected: allowed are",
        ),
        (
            "bob sees signal, then signal within 3s of mia's crash",
            "'within' counts from the event before in a sequence",
        ),
        ("bob sees a ghost", "after 'bob sees a ghost' expected 'for more than' and a duration"),
        ("bob sees no signal", "'no' is not an event"),
        ("bob never has 0 pictures of eve", "pictures are counted from 1, not from 0"),
        ("bob never has some pictures", "expected two pictures or another number, got 'some"),
        ("bob never has two cats", "expected pictures, got 'cats'"),
        ("bob never has two pictures", "expected of and a name, or of the same person, got the"),
        ("bob is alone with two pictures of eve", "expected sees, never sees, never has or is"),
        ("law x is good", "after 'law x' expected holds or breaks, got 'is good'"),
        ("bob sees signal ٣ times", "expected"),
        ("bob sees signal within ٣s of mia's crash", "expected a duration"),
        ("bob has ٣ pictures of eve", "expected two pictures or another number"),
        ("law X holds", "after 'law' expected the name of a law, got 'X holds'"),
        ("law x holds now", "expected the end of the sentence, got 'now'"),
        ("bob sees signal " * 100, "an expectation may have 1000 characters, not 1599"),
    ],
)
def test_a_wrong_sentence_is_told_what_is_wrong_and_what_is_allowed(sentence, wrong):
    with pytest.raises(ValueError) as caught:
        parse(sentence)
    assert wrong in str(caught.value)


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        *(
            (f"bob never sees {event} of alice", f"{event} is not about anybody's connection")
            for event in ("sessionConnected", "sessionDisconnected", "muteForced")
        ),
        ("bob sees signal within 1s of mia's sessionReconnected of bob", "leave 'of bob' out"),
        ("bob never sees subscriber(alice).destroyed of bob",
         "subscriber(alice) shows alice: leave 'of bob' out, or write 'subscriber.destroyed of b"),
        ("bob sees signal, then publisher.streamDestroyed of alice",
         "'alice sees publisher.streamDestroyed' is what alice is told"),
        ("everyone but alice sees publisher.destroyed of alice", "and to nobody else"),
        ("bob sees signal within 1s of guests' network down of bob",
         "network down is not done to anybody else: leave 'of bob' out; 'of' somebody may be subs"),
        ("bob sees signal within 1s of al's connect of bob", "leave 'of bob' out"),
        ("bob sees signal within 1s of al's platform rotate of bob", "leave 'of bob' out"),
    ],
)  # fmt: skip
def test_what_can_never_be_of_somebody_is_refused(sentence, wrong):
    with pytest.raises(ValueError, match="'") as caught:
        parse(sentence)
    assert wrong in str(caught.value)


@pytest.mark.parametrize(
    "sentence",
    [
        "bob sees publisher.streamDestroyed of bob",
        "guests see publisher.destroyed of guests-2",
        "guests-2 sees publisher.destroyed of guests",
        "somebody sees publisher.destroyed of bob",
        "bob sees subscriber(guests).destroyed of guests-1",
        "bob sees subscriber(alice).destroyed of alice",
        "bob sees subscriber.destroyed of alice",
        *(f"bob never sees {name.replace('<type>', 'x')} of alice"
          for name, event in HEARD.items()
          if event.object == "Session" and {"connection", "stream", "from"} & {*event.fields}),
    ],
)  # fmt: skip
def test_what_may_be_of_somebody_is_a_sentence(sentence):
    assert parse(sentence).text == sentence


WORDS = st.sampled_from(
    (*" ,.():", "bob", "sees", "never", "then", "signal", "within", "3s", "at the end", "is", "has",
     "law", "connected", "everyone", "but", "and", "exactly", "2 times", "of", "subscriber(bob)",
     "destroyed", "between", "after", "mia's", "crash", "network down", "a ghost", "for more than",
     "two pictures", "never has", "the same person",
     "publisher.", "sessionDisconnected(reset)", "é", "\n")
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


def test_what_it_follows_is_written_as_one_writes_it():
    assert str(Anchor("mia", "crash")) == "mia's crash"
    assert str(Anchor("guests", "force-disconnect", "bob")) == "guests' force-disconnect of bob"
    for name in ("mia", "guests", "guests-1"):
        clause = parse(f"bob sees signal within 1s of {Anchor(name, 'crash')}")
        assert clause.anchor == Anchor(name, "crash")
