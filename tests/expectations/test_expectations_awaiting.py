"""Waiting until an expectation comes true."""

import pytest

from sim.expectations import Await
from sim.trace import Person, Record

PEOPLE = {name: Person() for name in ("alice", "bob", "guests-1", "guests-2")}


def record(second, client, name, kind="event", object="session", **data):
    return Record(second * 1_000_000, second, client, object, kind, name, data, None)


def test_it_is_met_by_the_record_that_makes_it_true():
    waiting = Await("bob sees signal:a, then signal:b within 2s", PEOPLE, [])
    told = []
    for second, name in ((1, "a"), (4, "b"), (5, "a"), (7, "b")):
        waiting(record(second, "bob", f"signal:{name}"))
        told.append((waiting.met, waiting.missing))
    assert [met for met, _ in told] == [False, False, False, True]
    assert told[1][1].startswith("bob saw signal:a at 0:01.000, #1, then no signal:b within 2s, ")
    assert told[1][1].endswith("but at 0:04.000, #4: signal:b")
    assert told[3][1] == ""


@pytest.mark.parametrize(
    ("sentence", "met"),
    [
        ("bob sees signal at least twice", [False, True, True]),
        ("bob sees signal after 2s", [False, True, True]),
        ("guests see signal", [False, False, True]),
        ("somebody sees signal at least 2 times", [False, True, True]),
        ("bob sees signal within 1s of alice's crash", [False, True, True]),
    ],
)
def test_counts_groups_and_what_follows_may_be_waited_for(sentence, met):
    waiting, seen = Await(sentence, PEOPLE, []), []
    for second, people in ((1, ("bob", "guests-1")), (2, ("bob",)), (3, ("guests-2",))):
        if second == 2:
            waiting(record(2, "alice", "crash", "fault", "browser"))
        for person in people:
            waiting(record(second, person, "signal"))
        seen.append(waiting.met)
    assert seen == met


def test_who_is_who_is_known_from_the_past_but_nothing_else_is():
    past = [
        record(1, "bob", "joined", "state", "platform", connection="8f4c"),
        record(2, "alice", "streamCreated", connection="8f4c"),
    ]
    waiting = Await("alice sees streamCreated of bob", PEOPLE, past)
    assert not waiting.met
    waiting(record(3, "alice", "streamCreated", connection="8f4c"))
    assert waiting.met


def test_one_who_comes_while_it_is_waited_counts():
    people = dict(PEOPLE)
    waiting = Await("somebody sees signal(hi)", people, [])
    people["zoe"] = Person()
    waiting(record(1, "zoe", "signal", data="hi"))
    assert waiting.met


# -- what there was instead ------------------------------------------------------------------------


def threw(second, client, event="signal", error="KeyError: 'to'"):
    return record(second, client, "listenerThrew", "callback", event=event, error=error)


def waited(sentence, past=(), then=(), since=9_000_000):
    waiting = Await(sentence, PEOPLE, past, since)
    for each in then:
        waiting(each)
    return waiting.missing


def test_who_is_told_nothing_is_told_nothing_since_the_waiting_began():
    assert waited("bob sees signal") == "bob saw no signal; bob was told nothing since 0:09.000"
    assert waited("bob sees signal", since=0) == "bob saw no signal; bob was told nothing at all"
    assert waited("bob sees signal within 1s of alice's crash") == (
        "alice's crash never came since 0:09.000"
    )


def test_what_came_before_the_waiting_is_named():
    past = [
        record(2, "bob", "signal"),
        record(3, "bob", "signal"),
        record(4, "alice", "muteForced"),
    ]
    assert waited("bob sees signal", past) == (
        "bob saw no signal; bob was told nothing since 0:09.000; "
        "before 0:09.000 it came, at 0:03.000, #3: signal"
    )
    assert "it came" not in waited("bob sees muteForced", past)
    assert waited("bob sees signal(hi)", past, [record(10, "bob", "signal")]) == (
        "bob saw no signal(hi), but at 0:10.000, #10: signal"
    )


def test_of_a_sequence_the_missing_item_is_looked_for_before_the_waiting():
    then = [record(10, "bob", "sessionReconnecting")]
    past = [record(2, "bob", "sessionReconnected"), record(3, "bob", "sessionReconnecting")]
    assert waited("bob sees sessionReconnecting, then sessionReconnected", past, then).endswith(
        "; before 0:09.000 it came, at 0:02.000, #2: sessionReconnected"
    )


def test_what_the_app_threw_is_named_before_the_waiting_and_in_it():
    said = "; bob's listener of signal threw KeyError: 'to', #{}"
    assert waited("bob sees signal", [threw(3, "bob")]).endswith(said.format(3))
    assert waited("bob sees signal", [threw(3, "bob")], [threw(10, "bob")]).endswith(
        said.format(10)
    )
    assert "threw" not in waited("bob sees signal", [threw(3, "alice")])
    both = waited("everyone sees signal", [threw(3, "alice")], [threw(10, "bob")])
    assert "alice's listener of signal threw" in both
    assert both.endswith(said.format(10))


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("timeout", "a timeout of bob's app threw KeyError: 'to', #3"),
        ("load", "bob's app, in a fresh page, threw KeyError: 'to', #3"),
        ("callback of publish", "bob's callback of publish threw KeyError: 'to', #3"),
        ("then of signal", "bob's then of signal threw KeyError: 'to', #3"),
        ("streamDestroyed", "bob's listener of streamDestroyed threw KeyError: 'to', #3"),
    ],
)
def test_where_an_app_threw_is_said(event, said):
    assert waited("bob sees muteForced", [threw(3, "bob", event)]).endswith(f"; {said}")


def test_of_many_apps_that_threw_few_are_named():
    errors = [threw(n, name) for n, name in enumerate(PEOPLE, 1)]
    missing = waited("everyone sees muteForced", errors)
    assert missing.count("listener of") == 3
    assert missing.endswith("; the apps of 1 more threw, too")


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("bob never sees signal", "can only be judged at the end"),
        ("bob sees signal exactly once", "can only be judged at the end"),
        ("bob sees signal at most once", "can only be judged at the end"),
        ("nobody sees signal", "can only be judged at the end"),
        ("at the end bob is connected", "can only be judged at the end"),
        ("eventually within 5s: everyone agrees who is here", "can only be judged at the end"),
        ("alice sees a ghost for more than 5s", "can only be judged at the end"),
        ("alice has two pictures of bob", "can only be judged at the end"),
        ("law one-end holds", "can only be judged at the end"),
        ("zoe sees signal", "'zoe' is not somebody here"),
        ("everybody sees signal", "did you mean 'everyone'?"),
        ("bob sees signal within 1s of alic's crash", "did you mean 'alice'?"),
        ("bob looks", "expected sees"),
    ],
)
def test_what_cannot_come_to_be_seen_is_refused(sentence, wrong):
    with pytest.raises(ValueError) as caught:
        Await(sentence, PEOPLE, [])
    assert wrong in str(caught.value)
    assert "\n" not in str(caught.value)
