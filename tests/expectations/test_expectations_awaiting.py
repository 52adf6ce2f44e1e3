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
