from attrs import evolve
from lawful_room import LawfulRoom
from spoiling import (
    altered,
    assert_broken,
    assert_held,
    assert_not_exercised,
    repeated,
    swapped,
    verdict,
    without,
)

LAW = "seen-once"


def left():
    room = LawfulRoom().join("alice").join("bob").join("carol").wait(1).publish("bob").wait(1)
    return room.leave("bob").wait(1)


def test_holds_when_everybody_is_told():
    assert_held(left(), LAW)


def test_holds_for_one_who_was_away():
    room = LawfulRoom().join("alice").join("bob").join("carol").wait(1).publish("bob").wait(1)
    room.cut("carol").wait(8).leave("bob").wait(1).mend("carol").wait(1)
    assert_held(room, LAW)


def test_breaks_when_somebody_is_told_twice():
    room = left()
    assert_broken(
        room,
        LAW,
        repeated(room, client="carol", name="connectionDestroyed"),
        "carol was told twice that bob#1 ended",
    )


def test_breaks_when_somebody_is_not_told():
    room = left()
    assert_broken(
        room,
        LAW,
        without(room, client="carol", name="connectionDestroyed"),
        "carol, connected throughout, got no connectionDestroyed of bob#1 within 7.9s",
    )


def test_breaks_when_a_stream_ends_untold():
    room = left()
    assert_broken(
        room,
        LAW,
        without(room, client="carol", name="streamDestroyed"),
        "carol was told of the end of bob#1 before that of bob#1.1, which had ended first",
        "carol, connected throughout, got no streamDestroyed of bob#1.1 within 7.9s",
    )


def test_breaks_on_another_order_than_the_platforms():
    room = left()
    records = swapped(
        room,
        {"client": "carol", "name": "streamDestroyed"},
        {"client": "carol", "name": "connectionDestroyed"},
    )
    assert_broken(
        room,
        LAW,
        records,
        "carol was told of the end of bob#1 before that of bob#1.1, which had ended first",
    )


def test_breaks_on_another_reason():
    room = left()
    assert_broken(
        room,
        LAW,
        altered(room, {"reason": "networkDisconnected"}, client="carol", name="streamDestroyed"),
        "carol was told that bob#1.1 ended with reason networkDisconnected, but the platform had"
        " ended it with clientDisconnected",
    )


def test_breaks_on_an_end_that_the_platform_knows_nothing_of():
    room = LawfulRoom().join("alice").join("bob").wait(1)
    data = {"connection": "bob#1", "reason": "clientDisconnected"}
    room.event(room.members["alice"], "connectionDestroyed", **data)
    assert_broken(
        room,
        LAW,
        room.records,
        "alice was told that bob#1 ended, but the platform still has it",
    )


def test_a_run_may_end_before_all_are_told():
    room = left()
    records = without(room, client="carol", name="connectionDestroyed")
    left_at = next(r.time for r in records if r.name == "left")
    assert verdict(room, LAW, records, ended=left_at + 7_900_000).outcome == "held"
    assert verdict(room, LAW, records, ended=left_at + 7_900_001).outcome == "broken"


def test_one_who_asked_not_to_be_told_of_connections_is_not():
    room = left()
    records = [
        record
        for record in room.records
        if record.client != "carol" or not record.name.startswith("connection")
    ]
    quiet = evolve(room.header.people["carol"], suppressed=True)
    room.header = evolve(room.header, people={**room.header.people, "carol": quiet})
    assert_held(room, LAW, records)
    data = {"connection": "bob#1", "reason": "clientDisconnected"}
    room.event(room.members["carol"], "connectionDestroyed", **data)
    assert_held(room, LAW, [*records, room.records[-1]])


def test_what_ended_long_ago_is_forgotten():
    room = left().wait(200)
    alice = room.members["alice"]
    data = {"connection": "bob#1", "reason": "networkDisconnected"}
    room.event(alice, "connectionCreated", connection="bob#0")
    room.event(alice, "connectionDestroyed", **{**data, "connection": "bob#9"})
    assert_held(room, LAW)


def test_is_not_exercised_while_nobody_leaves():
    assert_not_exercised(LawfulRoom().join("alice").join("bob").wait(1), LAW)
