from lawful_room import LawfulRoom
from spoiling import altered, assert_broken, assert_held, assert_not_exercised, repeated, without

LAW = "one-end"


def left():
    return LawfulRoom().join("alice").join("bob").wait(1).leave("bob").wait(1)


def test_holds_when_each_connection_ends_once():
    room = left().join("bob").wait(1).leave("bob").wait(1)
    assert_held(room, LAW)


def test_breaks_on_a_second_end():
    room = left()
    assert_broken(
        room,
        LAW,
        repeated(room, name="sessionDisconnected"),
        "bob#1 got a second sessionDisconnected",
    )


def test_breaks_on_a_second_beginning():
    room = left()
    assert_broken(
        room,
        LAW,
        repeated(room, client="bob", name="sessionConnected"),
        "bob#1 got a second sessionConnected",
    )


def test_breaks_on_an_end_without_a_beginning():
    room = left()
    assert_broken(
        room,
        LAW,
        without(room, client="bob", name="sessionConnected"),
        "bob#1 got sessionDisconnected without being connected",
    )


def test_breaks_when_the_end_never_comes_after_disconnect():
    room = left()
    assert_broken(
        room,
        LAW,
        without(room, name="sessionDisconnected"),
        "bob#1 has ended, but no sessionDisconnected came within 7.9s",
    )


def test_breaks_when_one_who_was_removed_never_ends():
    room = LawfulRoom().join("alice").join("bob").wait(1).kick("alice", "bob")
    assert_broken(
        room,
        LAW,
        room.records,
        "bob#1 has ended, but no sessionDisconnected came within 58.8s",
    )


def test_breaks_when_the_end_is_that_of_another_connection():
    room = left()
    assert_broken(
        room,
        LAW,
        altered(room, {"own": "bob#7"}, name="sessionDisconnected"),
        "bob#7 got sessionDisconnected without being connected",
        "bob#1 has ended, but no sessionDisconnected came within 7.9s",
    )


def test_a_crash_and_a_closed_browser_need_no_end():
    room = LawfulRoom().join("alice").join("bob").join("carol").wait(1)
    room.crash("bob").close("carol").wait(120)
    assert_not_exercised(room, LAW)
