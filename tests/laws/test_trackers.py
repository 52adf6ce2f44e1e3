"""What the laws know in common: presence, the room, views. They bear what does not fit."""

import pytest
from lawful_room import LawfulRoom

from sim.laws.catalogue import catalogue, page, sections
from sim.laws.presence import Presence
from sim.laws.room import Room
from sim.laws.views import Views
from sim.trace import Header


def tracked(tracker, records):
    for record in records:
        handler = tracker.HANDLERS.get((record.kind, record.name))
        if handler is not None:
            handler(tracker, record)
    return tracker


@pytest.fixture
def room():
    return LawfulRoom().join("alice").join("bob").wait(1).publish("alice").wait(1)


def attending(room):
    return list(tracked(Presence(Header()), room.records).attending)


def test_those_attend_who_are_connected_and_not_reconnecting(room):
    assert attending(room) == ["alice", "bob"]
    room.cut("bob").wait(8)
    assert attending(room) == ["alice"]
    room.mend("bob").wait(1)
    assert attending(room) == ["alice", "bob"]


def test_those_do_not_attend_whom_the_platform_misses(room):
    bob = room.members["bob"]
    room.platform(bob, "lost", None)
    assert attending(room) == ["alice"]
    room.platform(bob, "back", None, missed=0)
    assert attending(room) == ["alice", "bob"]


def test_those_do_not_attend_who_are_leaving_or_gone(room):
    room.leave("alice")
    assert attending(room) == ["bob"]
    room.close("bob")
    assert attending(room) == []


def test_a_connect_that_is_ignored_changes_nothing(room):
    data = {"connection": "bob#1", "ignored": True}
    room.note("bob", "session", "call", "connect", **data)
    assert attending(room) == ["alice", "bob"]


@pytest.mark.parametrize(
    "name",
    ["sessionConnected", "sessionReconnecting", "sessionReconnected", "sessionDisconnected"],
)
def test_what_an_earlier_connection_says_changes_nothing(room, name):
    room.event(room.members["bob"], name, own="bob#0")
    assert attending(room) == ["alice", "bob"]


@pytest.mark.parametrize("name", ["joined", "left", "lost", "back"])
def test_what_becomes_of_an_earlier_connection_changes_nothing(room, name):
    room.note("bob", "platform", "state", name, connection="bob#0")
    assert attending(room) == ["alice", "bob"]


def test_a_state_of_another_object_changes_nothing(room):
    room.note("bob", "socket", "state", "disconnected")
    assert attending(room) == ["alice", "bob"]


def test_a_session_without_a_call_of_connect_is_followed_all_the_same(room):
    records = [record for record in room.records if record.name != "connect"]
    presence = tracked(Presence(Header()), records)
    assert presence.of("bob").connection == "bob#1"
    assert presence.of("bob").connected


def test_the_room_is_what_the_platform_says(room):
    found = tracked(Room(Header()), room.records)
    assert list(found.connections) == ["alice#1", "bob#1"]
    assert list(found.streams) == ["alice#1.1"]


def test_equal_rooms_have_equal_marks_however_they_came_about(room):
    before = tracked(Room(Header()), room.records)
    room.publish("bob").wait(1).unpublish("bob").wait(1).join("carol").wait(1).leave("carol").wait(
        1
    )
    after = tracked(Room(Header()), room.records)
    assert after.connections.keys() == before.connections.keys()
    marks = ("connections_mark", "streams_mark")
    assert [getattr(before, mark) for mark in marks] == [getattr(after, mark) for mark in marks]


def test_what_the_platform_says_twice_changes_the_room_once(room):
    once = tracked(Room(Header()), room.records)
    room.leave("bob").unpublish("alice").wait(1)
    gone = tracked(Room(Header()), room.records)
    doubled = [record for record in room.records for _ in range(2)]
    twice = tracked(Room(Header()), doubled)
    assert twice.connections.keys() == gone.connections.keys() != once.connections.keys()
    assert (twice.connections_mark, twice.streams_mark) == (
        gone.connections_mark,
        gone.streams_mark,
    )


def test_a_view_is_what_a_client_was_told(room):
    views = tracked(Views(Header()), room.records)
    assert list(views.of("bob").connections) == ["alice#1", "bob#1"]
    assert list(views.of("bob").streams) == ["alice#1.1"]
    assert list(views.of("alice").streams) == []
    room.event(room.members["bob"], "sessionDisconnected", own="bob#0", reason="x")
    assert tracked(Views(Header()), room.records).of("bob") is not None
    room.leave("bob").wait(1)
    assert tracked(Views(Header()), room.records).of("bob") is None


def test_the_page_of_the_laws_has_a_section_for_each():
    assert sections() in page()
    assert [line for line in sections().splitlines() if line.startswith("## ")] == [
        f"## `{name}`" for name in catalogue()
    ]
    assert page().startswith("# The laws\n")
