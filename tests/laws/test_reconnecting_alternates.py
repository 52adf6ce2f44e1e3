from lawful_room import LawfulRoom
from spoiling import assert_broken, assert_held, assert_not_exercised, repeated, without

LAW = "reconnecting-alternates"


def outages():
    room = LawfulRoom().join("alice").join("bob").wait(1)
    for _ in range(2):
        room.cut("bob").wait(8).mend("bob").wait(1)
    return room


def test_holds_over_two_outages():
    assert_held(outages(), LAW)


def test_breaks_when_reconnecting_comes_twice():
    room = outages()
    assert_broken(
        room,
        LAW,
        repeated(room, name="sessionReconnecting"),
        "bob#1 got sessionReconnecting while it was reconnecting already",
    )


def test_breaks_when_reconnecting_is_missing():
    room = outages()
    assert_broken(
        room,
        LAW,
        without(room, name="sessionReconnecting", which=1),
        "bob#1 got sessionReconnected without a sessionReconnecting before it",
    )


def test_an_end_answers_too():
    room = LawfulRoom().join("bob").wait(1).cut("bob").wait(120).mend("bob").join("bob").wait(1)
    room.cut("bob").wait(8)
    assert_held(room, LAW)


def test_is_not_exercised_without_an_outage():
    assert_not_exercised(LawfulRoom().join("bob").wait(1), LAW)
