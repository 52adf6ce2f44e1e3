from lawful_room import LawfulRoom
from spoiling import (
    altered,
    assert_broken,
    assert_held,
    assert_not_exercised,
    repeated,
    swapped,
    without,
)

LAW = "cleanup"
SUBSCRIBER = "subscriber(alice)#0"


def left(**more):
    room = LawfulRoom(**more).join("alice").join("bob").join("carol").wait(1)
    return room.publish("alice").publish("bob").wait(1).leave("carol").wait(1)


def test_holds_after_a_default_cleanup():
    assert_held(left(), LAW)


def test_breaks_when_a_subscriber_is_leaked():
    room = left()
    records = without(room, client="carol", object=SUBSCRIBER, name="destroyed")
    assert_broken(
        room,
        LAW,
        records,
        "the session ended for carol and the default was not prevented, but subscriber(alice)#0"
        " remained",
    )


def test_breaks_when_an_element_stays_in_the_page():
    room = left()
    records = without(room, client="carol", name="removed", element=SUBSCRIBER)
    assert_broken(
        room,
        LAW,
        records,
        "the session ended for carol and the default was not prevented, but subscriber(alice)#0"
        " remained",
    )


def test_breaks_on_another_reason():
    room = left()
    records = altered(room, {"reason": "networkDisconnected"}, object=SUBSCRIBER, name="destroyed")
    assert_broken(
        room,
        LAW,
        records,
        "subscriber(alice)#0 of carol was destroyed with reason networkDisconnected, but the"
        " session had ended with clientDisconnected",
    )


def test_breaks_when_destroyed_comes_twice():
    room = left()
    assert_broken(
        room,
        LAW,
        repeated(room, object=SUBSCRIBER, name="destroyed"),
        "subscriber(alice)#0 of carol dispatched destroyed twice",
    )


def test_breaks_when_cleaning_up_takes_its_time():
    room = left()
    records = altered(
        room, {"time": room.now}, client="carol", object="subscriber(bob)#1", name="destroyed"
    )
    records.sort(key=lambda record: record.time)
    assert_broken(
        room,
        LAW,
        records,
        "the session ended for carol and the default was not prevented, but subscriber(bob)#1"
        " remained",
    )


def test_an_app_may_unsubscribe_in_its_own_listener():
    room = left()
    records = altered(room, {"reason": "Unsubscribe"}, object=SUBSCRIBER, name="destroyed")
    assert_held(room, LAW, records)


def watching():
    room = LawfulRoom().join("alice").join("bob").join("carol").wait(1)
    return room.publish("alice").wait(1)


def test_holds_when_a_stream_ends():
    room = watching()
    assert_held(room.unpublish("alice").wait(1), LAW)


def test_breaks_when_a_subscriber_outlives_its_stream():
    room = watching().unpublish("alice").wait(1)
    records = without(room, client="carol", object=SUBSCRIBER, name="destroyed")
    assert_broken(
        room,
        LAW,
        records,
        "alice#1.1 ended for carol and the default was not prevented, but subscriber(alice)#0"
        " remained",
    )


def test_breaks_on_another_reason_than_the_streams():
    room = watching().unpublish("alice").wait(1)
    changes = {"reason": "networkDisconnected"}
    records = altered(room, changes, client="carol", object=SUBSCRIBER, name="destroyed")
    assert_broken(
        room,
        LAW,
        records,
        "subscriber(alice)#0 of carol was destroyed with reason networkDisconnected, but the"
        " stream had ended with clientDisconnected",
    )


def kept():
    """Carol's app keeps its Subscriber when alice's stream ends."""
    room = watching()
    carol = room.members["carol"]
    data = {"stream": "alice#1.1", "reason": "clientDisconnected"}
    event = room.event(carol, "streamDestroyed", **data)
    room.note("carol", "session", "call", "preventDefault", event, event="streamDestroyed")
    return room


def test_is_not_exercised_when_the_app_prevents_the_default_of_a_stream():
    assert_not_exercised(kept(), LAW)


def test_the_end_of_the_session_destroys_what_was_kept_before():
    room = kept()
    room._end_session(room.members["carol"], "networkDisconnected", None)
    assert_held(room, LAW)
    assert_broken(
        room,
        LAW,
        without(room, client="carol", object=SUBSCRIBER, name="destroyed"),
        "the session ended for carol and the default was not prevented, but subscriber(alice)#0"
        " remained",
    )


def test_preventing_later_does_not_help():
    room = watching().leave("carol").wait(1)
    event = next(r.seq for r in room.records if r.name == "sessionDisconnected")
    room.note("carol", "session", "call", "preventDefault", event, event="sessionDisconnected")
    assert_held(room, LAW)


def test_a_page_that_is_closed_needs_no_cleanup():
    room = LawfulRoom().join("alice").join("carol").wait(1).publish("alice").wait(1)
    room.leave("carol").wait(0.5)
    records = [r for r in room.records if r.name != "destroyed"]
    ended = next(i for i, r in enumerate(records) if r.name == "sessionDisconnected")
    room.note("carol", "browser", "call", "closeBrowser")
    closed = room.records[-1]._replace(time=records[ended].time)
    assert_not_exercised(room, LAW, [*records[: ended + 1], closed, *records[ended + 1 :]])


def test_is_not_exercised_when_the_app_prevents_the_default():
    room = LawfulRoom(prevents=("carol",)).join("alice").join("carol").wait(1)
    assert_not_exercised(room.publish("alice").wait(1).leave("carol").wait(1), LAW)


def test_is_not_exercised_without_subscribers():
    assert_not_exercised(LawfulRoom().join("bob").wait(1).leave("bob").wait(1), LAW)


def test_what_a_page_makes_while_it_is_being_closed_does_not_remain():
    room = LawfulRoom().join("alice").join("carol").wait(1).publish("alice").wait(1).close("carol")
    made = {"subscriber": "subscriber(alice)#9", "stream": "alice#1.1", "by": "app"}
    room.note("carol", "session", "call", "subscribe", **made)
    assert_held(room.wait(1).join("carol").wait(1).leave("carol").wait(1), LAW)


def kicked():
    room = LawfulRoom().join("alice").join("bob").join("carol").wait(1)
    return room.publish("alice").publish("bob").wait(1).kick("alice", "carol").wait(1)


def test_breaks_when_a_subscriber_is_destroyed_before_the_end_is_told():
    room = kicked()
    end = {"client": "carol", "name": "sessionDisconnected"}
    records = swapped(room, end, {"client": "carol", "object": SUBSCRIBER, "name": "destroyed"})
    told = "subscriber(alice)#0 of carol was destroyed before sessionDisconnected, whose default"
    assert_broken(room, LAW, records, f"{told} that is")


def test_one_that_ends_for_another_reason_before_the_end_is_told_is_no_default():
    room = kicked()
    early = altered(room, {"reason": "unknown"}, object=SUBSCRIBER, name="destroyed")
    room.records = early
    end = {"client": "carol", "name": "sessionDisconnected"}
    records = swapped(room, end, {"client": "carol", "object": SUBSCRIBER, "name": "destroyed"})
    assert_held(room, LAW, records)
