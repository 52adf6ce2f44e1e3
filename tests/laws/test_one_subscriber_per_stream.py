from lawful_room import LawfulRoom
from spoiling import altered, assert_broken, assert_held, assert_not_exercised, repeated

LAW = "one-subscriber-per-stream"


def watching():
    room = LawfulRoom(prevents=("carol",)).join("alice").join("carol").wait(1)
    return room.publish("alice").wait(1)


def doubled(room):
    again = repeated(room, later=10, client="carol", kind="call", name="subscribe")
    for index, record in enumerate(again):
        if record.name == "subscribe" and record.kind == "call":
            data = {**record.data, "subscriber": f"subscriber(alice)#{index}"}
            again[index] = record._replace(data=data)
    return again


def test_holds_when_a_stream_is_subscribed_to_again_after_it_was_left():
    room = watching().unsubscribe("carol")
    alice, carol = room.members["alice"], room.members["carol"]
    room._stream_created(carol, None, alice.stream)
    assert_held(room, LAW)


def test_breaks_when_two_are_alive():
    room = watching()
    records = doubled(room)
    first = next(r for r in records if r.name == "subscribe" and r.kind == "call")
    assert_broken(
        room,
        LAW,
        records,
        f"carol subscribed to alice#1.1 by itself, though {first.data['subscriber']} was alive",
    )


def test_one_that_the_app_keeps_over_the_end_of_its_session_is_not_alive():
    room = watching().leave("carol").wait(1).join("carol").wait(1)
    assert_held(room, LAW)


def test_one_that_failed_is_not_alive():
    room = watching()
    failed = altered(room, {"ok": False}, client="carol", kind="callback", name="subscribe")
    room.records = failed
    assert_held(room, LAW, doubled(room))


def test_one_whose_stream_has_ended_is_not_alive():
    room = watching()
    carol = room.members["carol"]
    room.event(carol, "streamDestroyed", stream="alice#1.1", reason="clientDisconnected")
    room._stream_created(carol, None, "alice#1.1")
    assert_held(room, LAW)


def test_two_of_a_script_are_its_own_affair():
    room = watching()
    room.records = [
        record._replace(data={**record.data, "by": "script"})
        if record.name == "subscribe"
        else record
        for record in room.records
    ]
    assert_not_exercised(room, LAW, doubled(room))


def test_a_call_that_makes_no_subscriber_does_not_count():
    room = watching()
    records = altered(room, {"subscriber": None}, kind="call", name="subscribe")
    assert_not_exercised(room, LAW, records)


def test_one_that_a_page_makes_while_it_is_being_closed_is_not_alive():
    room = watching().close("carol")
    made = {"subscriber": "subscriber(alice)#9", "stream": "alice#1.1", "by": "app"}
    room.note("carol", "session", "call", "subscribe", **made)
    assert_held(room.wait(1).join("carol").wait(1), LAW)
