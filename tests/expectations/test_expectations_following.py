"""What is seen within so long of something that happens to somebody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from witness import Witness

from sim.expectations.vocabulary import DEEDS

PEOPLE = ("alice", "mia", "zoe", "guests-1", "guests-2")


def witness(*sentences):
    here = Witness(*sentences, people=PEOPLE)
    for person in PEOPLE:
        here.platform("0s", person, "joined", f"id of {person}")
    return here


def crash(here, at, person="mia"):
    here.record(at, person, "browser", "fault", "crash")


def told(here, at, person="mia", who="alice", **data):
    here.sees(at, who, "connectionDestroyed", connection=f"id of {person}", **data)


SENTENCE = "alice sees connectionDestroyed of mia within 10s of mia's crash"


@pytest.mark.parametrize(("at", "held"), [("20s", True), ("30s", True), ("30s 1us", False)])
def test_the_time_begins_with_the_deed_and_includes_its_end(at, held):
    here = witness(SENTENCE)
    crash(here, "20s")
    told(here, at)
    assert here.outcome().held is held


def test_what_came_before_the_deed_does_not_count():
    here = witness(SENTENCE)
    told(here, "20s")
    crash(here, "20s")
    assert here.outcome().why == (
        "within 10s of mia's crash at 0:20.000, #7, alice saw no connectionDestroyed of mia, "
        "but at 0:20.000, #6: connectionDestroyed of mia"
    )


def test_it_must_be_so_after_every_occurrence():
    here = witness(SENTENCE)
    crash(here, "20s")
    told(here, "21s")
    assert here.outcome().why == "so it was after mia's crash, once"
    crash(here, "40s")
    told(here, "51s", reason="networkDisconnected")
    outcome = here.outcome()
    assert not outcome.held
    assert outcome.why == (
        "within 10s of mia's crash at 0:40.000, #8, alice saw no connectionDestroyed of mia, "
        "but at 0:51.000, #9: connectionDestroyed(networkDisconnected) of mia"
    )


def test_one_event_may_follow_two_occurrences():
    here = witness(SENTENCE)
    crash(here, "20s")
    crash(here, "25s")
    told(here, "29s")
    assert here.outcome().held


def test_what_never_happens_is_no_proof():
    outcome = witness(SENTENCE).outcome()
    assert (outcome.held, outcome.why) == (False, "mia's crash never came")
    here = witness(SENTENCE.replace("sees", "never sees"))
    assert here.outcome().held


def test_an_event_that_never_happens_is_told_by_what_did():
    here = witness("alice sees signal within 1s of mia's sessionDisconnected(forceDisconnected)")
    here.sees("1s", "mia", "sessionDisconnected", reason="networkDisconnected")
    assert here.outcome().why == (
        "mia saw no sessionDisconnected(forceDisconnected), "
        "but at 0:01.000, #6: sessionDisconnected(networkDisconnected)"
    )


@pytest.mark.parametrize(
    ("sentence", "ended", "held"),
    [
        (SENTENCE, "29s", False),
        (SENTENCE, "31s", True),
        (SENTENCE.replace(" within", " exactly once within"), "31s", False),
        (SENTENCE.replace("sees", "never sees"), "31s", False),
    ],
)
def test_the_end_of_the_story_decides_only_what_nothing_more_can_change(sentence, ended, held):
    here = witness(sentence)
    crash(here, "25s")
    told(here, "30s") if ended == "31s" else None
    assert here.outcome(ended).held is held


def test_an_occurrence_shortly_before_the_end_is_not_judged_beside_another():
    here = witness(SENTENCE)
    crash(here, "10s")
    told(here, "11s")
    crash(here, "55s")
    assert here.outcome("1min").held
    assert not here.outcome("1min 5s").held


def test_a_story_that_ends_too_soon_says_so():
    here = witness(SENTENCE)
    crash(here, "25s")
    why = "the story ends 4s after it, at 0:25.000, #6: too soon to say"
    assert here.outcome("29s").why == why


@pytest.mark.parametrize(
    ("how_often", "good"),
    [("never", {0}), ("once", {1}), ("at least twice", {2, 3}), ("at most once", {0, 1})],
)
def test_events_are_counted_after_each(how_often, good):
    if how_often == "never":
        sentence = "alice never sees signal within 10s of mia's crash"
    else:
        sentence = f"alice sees signal {how_often} within 10s of mia's crash"
    for number in range(4):
        here = witness(sentence)
        crash(here, "20s")
        for _ in range(number):
            here.sees("21s", "alice", "signal")
        here.sees("31s", "alice", "signal")
        outcome = here.outcome()
        assert outcome.held is (number in good)
        assert outcome.held or "#6" in outcome.why


DONE = {
    **{word: (deed.object, deed.kind, deed.name, deed.told) for word, deed in DEEDS.items()},
    "sessionDisconnected": ("session", "event", "sessionDisconnected", {}),
    "publisher.streamCreated": ("publisher", "event", "streamCreated", {}),
    "subscriber(zoe).destroyed": ("subscriber(zoe)#1", "event", "destroyed", {}),
}


@pytest.mark.parametrize("word", DONE)
def test_every_deed_and_every_event_may_be_what_it_follows(word):
    object, kind, name, data = DONE[word]
    victim = DEEDS[word].victim if word in DEEDS else ""

    def happens(at, person):
        named = {victim: f"id of {person}"} if victim else {}
        here.record(at, "" if victim else person, object, kind, name, **data, **named)

    here = witness(f"alice sees signal within 1s of mia's {word}")
    happens("1s", "zoe")
    here.sees("10s", "alice", "signal")
    happens("20s", "mia")
    here.sees("21s", "alice", "signal")
    assert here.outcome().held


def test_a_deed_may_be_limited_to_whom_it_is_about():
    here = witness("alice sees signal within 2s of alice's force-disconnect of mia")
    for at, target in (("1s", "zoe"), ("10s", "mia")):
        here.record(at, "alice", "session", "call", "forceDisconnect", connection=f"id of {target}")
    here.sees("12s", "alice", "signal")
    assert here.outcome().held


def test_another_switch_than_the_one_named_is_not_meant():
    here = witness("alice sees signal within 1s of mia's mute-video")
    for channel, active in (("audio1", False), ("video1", True)):
        here.record("1s", "mia", "publisher", "call", "switch", channel=channel, active=active)
    assert here.outcome().why == "mia's mute-video never came"


# -- groups ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("genitive", ["guests'", "guests's", "guests’"])
def test_where_a_group_is_named_twice_the_same_member_is_meant(genitive):
    sentence = f"alice sees connectionDestroyed of guests within 10s of {genitive} crash"
    here = witness(sentence)
    crash(here, "20s", "guests-1")
    crash(here, "21s", "guests-2")
    told(here, "29s", "guests-2")
    assert not here.outcome().held
    told(here, "29s", "guests-1")
    assert here.outcome().held


def test_a_group_that_sees_what_follows_its_own_is_judged_member_by_member():
    here = witness("guests see sessionReconnecting within 10s of guests' network down")
    for person in ("guests-1", "guests-2"):
        here.record("20s", person, "network", "fault", "down")
    here.sees("29s", "guests-1", "sessionReconnecting")
    assert not here.outcome().held
    here.sees("29s", "guests-2", "sessionReconnecting")
    assert here.outcome().held


def test_a_group_that_something_is_done_to_is_judged_member_by_member():
    here = witness("guests see signal within 10s of alice's force-disconnect of guests")
    for at, member in (("20s", "guests-1"), ("40s", "guests-2")):
        here.record(at, "alice", "session", "call", "forceDisconnect", connection=f"id of {member}")
        here.sees(at, member, "signal")
    assert here.outcome().held


@pytest.mark.parametrize(("who", "seers"), [("nobody", ()), ("somebody", ("zoe",))])
def test_quantities_are_what_they_say(who, seers):
    here = witness(f"{who} sees signal within 10s of mia's crash")
    crash(here, "20s")
    for seer in seers:
        here.sees("21s", seer, "signal")
    assert here.outcome().held


# -- by trying everything --------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=12), st.integers(0, 40))
def test_it_holds_if_and_only_if_every_time_that_is_over_has_its_event(steps, after):
    here, time, deeds, events = witness(SENTENCE), 0, [], []
    for gap, deed in steps:
        time += gap
        (deeds if deed else events).append((time, len(here.records)))
        crash(here, f"{time}s") if deed else told(here, f"{time}s")
    end = time + after

    def followed(at, number):
        return any(at <= seen <= at + 10 and order > number for seen, order in events)

    over = [followed(*deed) for deed in deeds if deed[0] + 10 <= end]
    open_ = [True for deed in deeds if deed[0] + 10 > end and followed(*deed)]
    assert here.outcome(f"{end}s").held is (bool(over or open_) and all(over))
