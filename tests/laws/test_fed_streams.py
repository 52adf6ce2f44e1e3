import pytest
from attrs import evolve
from lawful_room import SECOND, LawfulRoom, judge
from spoiling import (
    assert_broken,
    assert_held,
    assert_not_exercised,
    find,
    renumbered,
    verdict,
    without,
)

LAW = "fed-streams"
SHOWS = "subscriber(bob)#0"


def published():
    """Bob publishes, and Alice has subscribed."""
    return LawfulRoom().join("alice").join("bob").wait(1).publish("bob").wait(1)


def shared():
    """Her Subscriber is connected, too."""
    return media(published(), "connected")


def media(room, name):
    """What Alice's Subscriber says."""
    room.event(room.members["alice"], name, None, SHOWS)
    return room


def publisher(room, name, **data):
    """What Bob's Publisher says."""
    room.event(room.members["bob"], name, None, "publisher", **data)
    return room


def no_publisher(after, since):
    return (
        f"the platform still had bob#1.1 of bob, which has no Publisher any more since #{since},"
        f" {after} after it could have been told"
    )


# -- streams without a Publisher -------------------------------------------------------------------


def test_holds_when_the_platform_is_told_that_a_publisher_has_ended():
    assert_held(published().unpublish("bob").wait(100), LAW)


def test_breaks_when_the_platform_keeps_its_stream():
    room = published().unpublish("bob").wait(100)
    assert_broken(room, LAW, without(room, name="unpublished"), no_publisher("17.9s", 23))


def test_the_bound_counts_from_the_end_of_the_publisher():
    room = published().unpublish("bob").wait(100)
    records = without(room, name="unpublished")
    ended = records[find(records, object="publisher", name="streamDestroyed")].time
    assert verdict(room, LAW, records, ended + 17_900_000).outcome == "held"
    assert verdict(room, LAW, records, ended + 17_900_001).outcome == "broken"


def test_breaks_when_the_stream_of_a_publisher_comes_after_its_end():
    room = published().wait(100)
    records = list(room.records)
    place = find(records, name="published")
    ends = records[place]._replace(
        object="publisher", kind="event", name="destroyed", data={"own": "bob#1"}
    )
    records.insert(place, ends)
    assert_broken(room, LAW, renumbered(records)[:-1], no_publisher("17.9s", place + 1))


def test_breaks_when_the_stream_of_a_publishing_that_failed_stays():
    room = published().wait(100)
    records = list(room.records)
    answer = find(records, client="bob", name="publish", kind="callback")
    failed = {**records[answer].data, "ok": False, "error": "OT_TIMEOUT", "code": 1500}
    records[answer] = records[answer]._replace(data=failed)
    assert_broken(room, LAW, records[:-1], no_publisher("17.9s", answer + 1))


def test_one_who_is_away_is_given_time_until_it_is_back():
    room = published().cut("bob").wait(8)
    publisher(room, "destroyed").wait(20).mend("bob").wait(0)
    back = room.now
    room.wait(100)
    assert verdict(room, LAW, ended=back + 17_900_000).outcome == "held"
    assert verdict(room, LAW, ended=back + 17_900_001).outcome == "broken"


def test_one_who_does_not_come_back_is_given_time_until_it_is_forgotten():
    room = published().cut("bob").wait(8)
    publisher(room, "destroyed").wait(300)
    assert_held(room, LAW)


@pytest.mark.parametrize("end", ["crash", "close", "leave"])
def test_breaks_when_the_stream_of_a_page_or_session_that_is_over_stays(end):
    room = getattr(published(), end)("bob").wait(0.001)
    over = room.now
    records = without(room.wait(300), name="unpublished")
    assert verdict(room, LAW, records, over + 62_890_000).outcome == "held"
    assert verdict(room, LAW, records, over + 62_900_001).outcome == "broken"
    breach = verdict(room, LAW, records).breaches[0]
    assert breach.sentence == no_publisher("1min 2.9s", breach.record.seq)


def test_is_not_exercised_by_a_publisher_that_stays():
    assert_not_exercised(published().wait(100), LAW)


def test_is_not_exercised_by_a_publisher_without_a_stream():
    room = LawfulRoom({"alice": "subscriber"}).join("alice").wait(1).publish("alice").wait(100)
    assert_not_exercised(room, LAW)


def test_a_second_call_for_a_publisher_that_publishes_changes_nothing():
    room = published()
    data = {"publisher": "publisher", "by": "script"}
    call = room.note("bob", "session", "call", "publish", **data)
    error = {"ok": False, "error": "OT_INVALID_PARAMETER", "code": 1500}
    room.note("bob", "session", "callback", "publish", call, call=call, **error)
    room.unpublish("bob").wait(100)
    assert_broken(room, LAW, without(room, name="unpublished"), no_publisher("17.9s", 25))


def test_an_end_that_is_told_late_is_not_that_of_the_present_connection():
    room = published().leave("bob").wait(1).join("bob").wait(1).publish("bob").wait(1)
    room.event(room.members["bob"], "sessionDisconnected", own="bob#1", reason="clientDisconnected")
    assert_held(room.wait(300), LAW)


def test_holds_and_breaks_also_where_the_ends_of_streams_are_not_told_to_others():
    room = published().unpublish("bob").wait(100)
    header = evolve(room.header, unkept=("ends",))
    assert judge(header, room.records, [LAW])[LAW].outcome == "held"
    assert judge(header, without(room, name="unpublished"), [LAW])[LAW].outcome == "broken"


# -- pictures --------------------------------------------------------------------------------------

CRASHED = "subscriber(bob)#0 of alice still showed bob#1.1 7s after its Publisher had ended"


def test_breaks_when_a_picture_goes_on_without_its_publisher():
    room = shared().crash("bob").wait(100)
    assert_broken(room, LAW, room.records, CRASHED)


def test_breaks_so_also_where_the_ends_of_streams_are_not_told_to_others():
    room = shared().crash("bob").wait(100)
    header = evolve(room.header, unkept=("ends",))
    assert judge(header, room.records, [LAW])[LAW].outcome == "broken"


def test_a_subscription_that_has_failed_shows_nothing():
    """It may have timed out between ``connected`` and the binding of its media."""
    room = published()
    call = room.note(
        "alice", "session", "call", "subscribe", subscriber="subscriber(bob)#1", stream="bob#1.1"
    )
    room.event(room.members["alice"], "connected", None, "subscriber(bob)#1")
    error = {"ok": False, "error": "OT_TIMEOUT", "code": 1501}
    room.note("alice", "session", "callback", "subscribe", call, call=call, **error)
    assert_held(room.crash("bob").wait(100), LAW)


def test_holds_when_a_picture_stops_soon():
    room = media(shared().crash("bob").wait(5), "disconnected").wait(100)
    assert_held(room, LAW)


@pytest.mark.parametrize(
    "over",
    [
        lambda room: room.unsubscribe("alice"),
        lambda room: room.leave("alice"),
        lambda room: room.close("alice"),
        lambda room: room.crash("alice"),
    ],
    ids=["unsubscribe", "disconnect", "close-browser", "crash"],
)
def test_a_subscriber_that_is_over_shows_nothing(over):
    room = shared().crash("bob").wait(5)
    over(room)
    assert_held(room.wait(100), LAW)


def test_a_subscriber_that_is_kept_over_the_end_of_its_stream_shows_nothing():
    room = shared().unpublish("bob").wait(100)
    assert_held(room, LAW, without(room, name="destroyed", object=SHOWS))


def test_breaks_when_a_picture_comes_back_without_its_publisher():
    room = media(shared().crash("bob").wait(5), "disconnected").wait(5)
    media(room, "connected").wait(2)
    media(room, "disconnected").wait(100)
    assert_broken(
        room,
        LAW,
        room.records,
        "subscriber(bob)#0 of alice was connected to bob#1.1 10s after its Publisher had ended",
    )


def test_media_may_cross_with_the_end_of_their_publisher():
    room = LawfulRoom().join("alice").join("bob").wait(1).publish("bob").wait(1).crash("bob")
    room.now += SECOND // 1000
    media(room, "connected").wait(5)
    media(room, "disconnected").wait(100)
    assert_held(room, LAW)


def test_a_picture_may_come_back_while_its_publisher_lives():
    room = media(shared(), "disconnected").wait(30)
    media(room, "connected").wait(1).unpublish("bob").wait(100)
    assert_held(room, LAW)
