from lawful_room import LawfulRoom
from spoiling import assert_broken, assert_held, assert_not_exercised, without

LAW = "reconnect-first"


def lost():
    room = LawfulRoom()
    room.join("alice").join("bob").wait(1)
    return room.cut("bob").wait(120)


def test_holds_when_reconnecting_came_first():
    assert_held(lost(), LAW)


def test_breaks_when_it_did_not():
    room = lost()
    assert_broken(
        room,
        LAW,
        without(room, name="sessionReconnecting"),
        "bob#1 ended as networkDisconnected, but no sessionReconnecting had come since it was last"
        " connected",
    )


def test_breaks_when_the_reconnecting_had_been_answered():
    room = LawfulRoom().join("bob").wait(1)
    room.cut("bob").wait(8).mend("bob").wait(1)
    bob = room.members["bob"]
    room._end_session(bob, "networkDisconnected", None)
    assert_broken(
        room,
        LAW,
        room.records,
        "bob#1 ended as networkDisconnected, but no sessionReconnecting had come since it was last"
        " connected",
    )


def test_is_not_exercised_by_other_reasons():
    room = LawfulRoom().join("bob").wait(1).leave("bob").wait(1)
    assert_not_exercised(room, LAW)
