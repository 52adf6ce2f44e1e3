from attrs import evolve
from lawful_room import LawfulRoom
from spoiling import altered, assert_broken, assert_held, assert_not_exercised, repeated

LAW = "no-stale-events"


def left():
    room = LawfulRoom().join("alice").join("bob").wait(1).publish("bob").signal("bob").wait(1)
    return room.leave("bob").wait(1)


def test_holds_over_several_generations():
    room = left().join("bob").wait(1).publish("bob").wait(1).leave("bob").wait(1)
    assert_held(room, LAW)


def test_breaks_on_a_repeated_arrival():
    room = left()
    assert_broken(
        room,
        LAW,
        repeated(room, client="alice", name="connectionCreated", connection="bob#1"),
        "alice got connectionCreated about bob#1 again",
    )


def test_breaks_on_an_arrival_after_the_end():
    room = left()
    late = repeated(
        room, later=9_000_000, client="alice", name="connectionCreated", connection="bob#1"
    )
    assert_broken(
        room,
        LAW,
        late,
        "alice got connectionCreated about bob#1 which had ended for it before",
    )


def test_breaks_on_a_stream_of_a_connection_that_has_ended():
    room = left()
    late = repeated(room, later=9_000_000, client="alice", object="session", name="streamCreated")
    assert_broken(
        room, LAW, late, "alice got streamCreated about bob#1.1 which had ended for it before"
    )


def test_breaks_on_a_stream_that_begins_twice():
    room = left()
    assert_broken(
        room,
        LAW,
        repeated(room, client="alice", object="session", name="streamCreated"),
        "alice got streamCreated about bob#1.1 again",
    )


def test_breaks_on_a_repeated_end():
    room = left()
    assert_broken(
        room,
        LAW,
        repeated(room, later=9, client="alice", name="streamDestroyed"),
        "alice got streamDestroyed about bob#1.1 again",
    )
    assert_broken(
        room,
        LAW,
        repeated(room, later=9, client="alice", name="connectionDestroyed"),
        "alice got connectionDestroyed about bob#1 again",
    )


def test_breaks_on_the_end_of_something_unknown():
    room = left()
    changes = {"connection": "bob#7"}
    assert_broken(
        room,
        LAW,
        altered(room, changes, client="alice", name="connectionDestroyed"),
        "alice got connectionDestroyed about bob#7 it was never told of",
    )
    changes = {"stream": "bob#1.7"}
    assert_broken(
        room,
        LAW,
        altered(room, changes, client="alice", name="streamDestroyed"),
        "alice got streamDestroyed about bob#1.7 it was never told of",
    )


def test_breaks_on_an_event_on_behalf_of_an_earlier_connection():
    room = left().leave("alice").wait(1).join("alice").wait(1).join("bob").wait(1)
    assert_broken(
        room,
        LAW,
        altered(room, {"own": "alice#1"}, client="alice", name="connectionCreated", which=-1),
        "alice got connectionCreated about bob#2 on behalf of an earlier connection of its own",
    )


def test_breaks_on_an_event_without_a_session():
    room = left().leave("alice").wait(1)
    late = repeated(room, later=9_000_000, client="alice", name="connectionDestroyed")
    assert_broken(
        room, LAW, late, "alice got connectionDestroyed about bob#1 while it had no session"
    )
    late = repeated(room, later=9_000_000, client="alice", object="session", name="streamCreated")
    assert_broken(room, LAW, late, "alice got streamCreated about bob#1.1 while it had no session")
    late = repeated(room, later=9_000_000, client="alice", name="connectionCreated")
    assert_broken(
        room, LAW, late, "alice got connectionCreated about alice#1 while it had no session"
    )
    late = repeated(room, later=9_000_000, client="alice", name="streamDestroyed")
    assert_broken(
        room, LAW, late, "alice got streamDestroyed about bob#1.1 while it had no session"
    )


def test_breaks_on_a_change_of_a_stream_that_has_ended():
    room = left()
    alice = room.members["alice"]
    room.event(alice, "streamPropertyChanged", stream="alice#1.1")
    assert_held(room, LAW)
    room.event(alice, "streamPropertyChanged", stream="bob#1.1")
    assert_broken(
        room,
        LAW,
        room.records,
        "alice got streamPropertyChanged about bob#1.1 which had ended for it before",
    )


def test_breaks_on_a_signal_of_a_connection_that_has_ended():
    room = left()
    late = repeated(room, later=9_000_000, client="alice", name="signal")
    assert_broken(room, LAW, late, "alice got signal about bob#1 which had ended for it before")


def test_a_signal_may_come_from_the_platform():
    room = left()
    room.event(room.members["alice"], "signal", signal="hello", **{"from": None})
    assert_held(room, LAW)


def test_one_who_asked_not_to_be_told_may_hear_of_ends_only():
    room = left()
    records = [r for r in room.records if (r.client, r.name) != ("alice", "connectionCreated")]
    quiet = evolve(room.header.people["alice"], suppressed=True)
    room.header = evolve(room.header, people={**room.header.people, "alice": quiet})
    assert_held(room, LAW, records)


def test_the_end_of_another_connection_of_ones_own_is_not_the_own_end():
    """A ghost: bob#1 has crashed and is still here when bob#2 comes."""
    room = LawfulRoom().join("alice").join("bob").wait(1).crash("bob").wait(1)
    bob = room.members["bob"]
    room.event(bob, "sessionConnected", own="bob#2")
    for connection in ("alice#1", "bob#1", "bob#2"):
        room.event(bob, "connectionCreated", own="bob#2", connection=connection)
    data = {"connection": "bob#1", "reason": "networkDisconnected"}
    room.event(bob, "connectionDestroyed", own="bob#2", **data)
    assert_held(room, LAW)


def test_is_not_exercised_by_own_streams():
    room = LawfulRoom().join("alice").wait(1).publish("alice").wait(1)
    records = [record for record in room.records if record.name != "connectionCreated"]
    assert_not_exercised(room, LAW, records)
