from lawful_room import LawfulRoom
from spoiling import assert_broken, assert_held, assert_not_exercised, verdict, without

LAW = "resolve-in-time"
SECOND = 1_000_000


def test_holds_when_the_client_comes_back_or_gives_up():
    room = LawfulRoom().join("alice").join("bob").wait(1)
    room.cut("bob").wait(8).mend("bob").wait(1).cut("alice").wait(120)
    assert_held(room, LAW)


def test_breaks_when_neither_happens():
    room = LawfulRoom().join("bob").wait(1).cut("bob").wait(120)
    assert_broken(
        room,
        LAW,
        without(room, name="sessionDisconnected"),
        "bob#1 has been reconnecting for more than 52.9s",
    )


def test_a_run_may_end_before_the_bound():
    room = LawfulRoom().join("bob").wait(1).cut("bob").wait(120)
    records = without(room, name="sessionDisconnected")
    bound = next(r.time for r in records if r.name == "sessionReconnecting") + 52_900_000
    assert verdict(room, LAW, records, ended=bound).outcome == "held"
    assert verdict(room, LAW, records, ended=bound + 1).outcome == "broken"


def test_a_crash_ends_the_wait():
    room = LawfulRoom().join("bob").wait(1).cut("bob").wait(8).crash("bob")
    assert_held(room, LAW)


def test_is_not_exercised_without_an_outage():
    assert_not_exercised(LawfulRoom().join("bob").wait(1), LAW)
