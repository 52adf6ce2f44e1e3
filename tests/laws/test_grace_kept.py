from lawful_room import BOUNDS, LawfulRoom
from spoiling import altered, assert_broken, assert_held, assert_not_exercised

LAW = "grace-kept"


def crashed():
    room = LawfulRoom().join("alice").join("bob").wait(1)
    return room.crash("bob").wait(100)


def early(room, **changes):
    """The story with an end that comes a second before the grace is over."""
    lost = next(record for record in room.records if record.name == "lost")
    time = lost.time + BOUNDS.grace - 1_000_000
    return altered(room, {"time": time, **changes}, name="left", client="bob")


def test_holds_when_the_grace_is_over():
    assert_held(crashed(), LAW)


def test_holds_for_one_who_comes_back():
    room = LawfulRoom().join("alice").join("bob").wait(1).cut("bob").wait(20).mend("bob").wait(9)
    assert_held(room, LAW)


def test_breaks_when_the_lost_are_given_up_too_soon():
    room = crashed()
    assert_broken(
        room,
        LAW,
        early(room),
        "bob#1 was given up 44s after it was lost, before its grace of 45s was over",
    )


def test_a_command_or_the_script_may_end_it_sooner():
    room = crashed()
    room.records = early(room, cause=1)
    assert_not_exercised(room, LAW)


def test_is_not_exercised_by_a_goodbye():
    room = LawfulRoom().join("alice").join("bob").wait(1).leave("bob").wait(100)
    assert_not_exercised(room, LAW)
