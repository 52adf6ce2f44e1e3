"""Ghosts and pictures: what stays so for a while."""

import pytest
from witness import Witness


class Room(Witness):
    """Alice, Bob and Carol in one session, each told of the others; ids say nothing."""

    def __init__(self, *sentences):
        super().__init__(*sentences, people=("alice", "bob", "carol"))
        for person in self.checker._cast.people:
            self.joins("0s", person, f"id {person}")

    def joins(self, at, person, connection):
        self.record(at, person, "session", "call", "connect")
        self.platform(at, person, "joined", connection)
        for other in ("alice", "bob", "carol"):
            own = connection if other == person else f"id {other}"
            self.sees(at, other, "connectionCreated", connection=connection, own=own)
            if other != person:
                self.sees(at, person, "connectionCreated", connection=f"id {other}", own=connection)

    def told(self, at, who, connection, name="connectionDestroyed"):
        self.sees(at, who, name, connection=connection, own=f"id {who}")

    def shows(self, at, who, element, change="inserted"):
        self.record(at, who, "page", "state", change, element=element)


NOBODY = "nobody sees a ghost for more than 10s"
ENDS = {
    "crash": lambda room, at: room.record(at, "bob", "browser", "fault", "crash"),
    "closed page": lambda room, at: room.record(at, "bob", "browser", "call", "closeBrowser"),
    "disconnect": lambda room, at: room.record(at, "bob", "session", "call", "disconnect"),
    "told": lambda room, at: room.sees(at, "bob", "sessionDisconnected", own="id bob"),
    "removed": lambda room, at: room.platform(at, "bob", "left", "id bob"),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(("told", "held"), [("30s", True), ("30s 1us", False)])
def test_a_ghost_is_who_has_gone_until_it_is_told(end, told, held):
    room = Room(NOBODY, "alice sees no ghost for more than 10s")
    ENDS[end](room, "20s")
    for who in ("alice", "carol"):
        room.told(told, who, "id bob")
    assert [outcome.held for outcome in room.outcomes()] == [held, held]


def test_a_ghost_begins_with_the_first_that_ends_somebody():
    room = Room(NOBODY)
    ENDS["crash"](room, "20s")
    ENDS["removed"](room, "75s")
    for who in ("alice", "carol"):
        room.told("75s", who, "id bob")
    number = len(room.records)
    assert room.outcome().why == (
        f"alice saw a ghost of bob from 0:20.000, #22, until 1:15.000, #{number - 1}: 55s; "
        f"carol saw a ghost of bob from 0:20.000, #22, until 1:15.000, #{number}: 55s"
    )


def test_a_ghost_that_is_there_at_the_end_has_lasted_until_then():
    room = Room(NOBODY)
    ENDS["crash"](room, "20s")
    assert room.outcome("30s").held
    outcome = room.outcome("30s 1us")
    assert not outcome.held
    assert "alice saw a ghost of bob from 0:20.000, #22, until the end" in outcome.why


@pytest.mark.parametrize("end", ["crash", "closed page", "told"])
def test_who_is_gone_sees_no_ghosts(end):
    room = Room("bob sees no ghost for more than 10s")
    room.record("20s", "alice", "browser", "fault", "crash")
    ENDS[end](room, "25s")
    assert room.outcome().held


def test_one_who_comes_after_the_end_sees_the_ghost_from_then_on():
    room = Room("carol sees no ghost for more than 10s")
    ENDS["crash"](room, "1s")
    room.told("2s", "carol", "id bob")
    room.told("20s", "carol", "id bob", "connectionCreated")
    assert room.outcome("30s").held
    assert not room.outcome("31s").held


def test_one_who_comes_back_sees_his_own_ghost_but_not_himself():
    room = Room("bob sees a ghost of bob for more than 10s", "alice sees a ghost for more than 40s")
    ENDS["crash"](room, "20s")
    room.joins("30s", "bob", "id bob 2")
    room.sees("30s", "bob", "connectionCreated", connection="id bob", own="id bob 2")
    assert [outcome.held for outcome in room.outcomes("35s")] == [False, False]
    assert [outcome.held for outcome in room.outcomes("1min 1s")] == [True, True]


def test_one_whom_the_platform_lets_in_too_late_is_a_ghost_from_the_beginning():
    room = Room("alice sees no ghost for more than 10s")
    ENDS["disconnect"](room, "20s")
    room.told("20s", "alice", "id bob")
    room.platform("21s", "bob", "joined", "late")
    room.told("21s", "alice", "late", "connectionCreated")
    assert room.outcome("31s").held
    assert not room.outcome("32s").held


def test_a_stream_alone_makes_a_ghost_too():
    room = Room("alice sees no ghost for more than 10s")
    room.told("1s", "alice", "id bob", "streamCreated")
    ENDS["crash"](room, "20s")
    room.told("25s", "alice", "id bob")
    assert not room.outcome("31s").held
    room.told("31s", "alice", "id bob", "streamDestroyed")
    assert not room.outcome().held


def test_a_ghost_may_be_of_somebody():
    room = Room("alice never sees a ghost of carol for more than 10s")
    ENDS["crash"](room, "20s")
    assert room.outcome().held


def test_who_saw_none_for_so_long_is_told_the_longest():
    room = Room("alice sees a ghost for more than 10s")
    assert room.outcome().why == "alice never did"
    ENDS["crash"](room, "20s")
    room.told("25s", "alice", "id bob")
    assert room.outcome().why == (
        "at most alice saw a ghost of bob from 0:20.000, #22, until 0:25.000, #23: 5s"
    )


# -- pictures --------------------------------------------------------------------------------------


def test_two_pictures_of_one_person_are_two_elements_at_a_time():
    room = Room("alice never has two pictures of bob", "alice never has two pictures of carol")
    room.shows("1s", "alice", "subscriber(bob)")
    room.shows("2s", "alice", "subscriber(carol)")
    room.shows("3s", "alice", "publisher")
    assert [outcome.held for outcome in room.outcomes()] == [True, True]
    room.shows("4s", "alice", "subscriber(bob)", "removed")
    room.shows("4s", "alice", "subscriber(bob)#1")
    room.shows("5s", "alice", "subscriber(bob)#2")
    room.shows("7s", "alice", "subscriber(bob)#1", "removed")
    bob, carol = room.outcomes()
    assert carol.held
    assert not bob.held
    assert bob.why == "but alice had 2 pictures of bob from 0:05.000, #27, until 0:07.000, #28: 2s"


def test_two_pictures_for_no_time_at_all_are_seen_by_nobody():
    room = Room("alice never has two pictures of bob")
    room.shows("1s", "alice", "subscriber(bob)")
    room.shows("4s", "alice", "subscriber(bob)#1")
    room.shows("4s", "alice", "subscriber(bob)", "removed")
    assert room.outcome().held


def test_alone_with_two_pictures_is_who_has_no_other():
    sentences = [
        f"alice is never alone with two pictures of bob{time}" for time in ("", " for more than 5s")
    ]
    room = Room(*sentences)
    room.shows("1s", "alice", "subscriber(carol)")
    room.shows("2s", "alice", "subscriber(bob)")
    room.shows("3s", "alice", "subscriber(bob)#1")
    assert [outcome.held for outcome in room.outcomes()] == [True, True]
    room.shows("10s", "alice", "subscriber(carol)", "removed")
    room.shows("15s", "alice", "subscriber(carol)#1")
    assert [outcome.held for outcome in room.outcomes()] == [False, True]
    assert "alice had 2 pictures of bob and of nobody else" in room.outcomes()[0].why


def test_pictures_may_be_of_the_same_person_whoever_that_is_and_be_wanted():
    room = Room("alice never has two pictures of the same person", "alice has 3 pictures of bob")
    room.shows("1s", "alice", "subscriber(carol)")
    room.shows("1s", "alice", "subscriber(bob)")
    assert [outcome.held for outcome in room.outcomes()] == [True, False]
    room.shows("2s", "alice", "subscriber(bob)#1")
    room.shows("2s", "alice", "subscriber(bob)#2")
    assert [outcome.held for outcome in room.outcomes()] == [False, True]


@pytest.mark.parametrize(("kind", "name"), [("fault", "crash"), ("call", "closeBrowser")])
def test_a_page_that_is_gone_shows_nothing(kind, name):
    room = Room("alice never has two pictures of bob for more than 10s")
    room.shows("1s", "alice", "subscriber(bob)")
    room.shows("1s", "alice", "subscriber(bob)#1")
    room.record("5s", "alice", "browser", kind, name)
    assert room.outcome().held
