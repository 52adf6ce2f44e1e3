from lawful_room import LawfulRoom
from spoiling import altered, assert_broken, assert_held, assert_not_exercised, verdict, without

LAW = "cleanup-prevented"
SUBSCRIBER = "subscriber(alice)#0"


def left(prevents=("carol",), promises=None):
    room = LawfulRoom(prevents=prevents, promises=promises).join("alice").join("carol").wait(1)
    return room.publish("alice").wait(1).leave("carol").wait(5)


def promised():
    return left(promises={"carol": 2_000_000})


def test_holds_when_the_app_keeps_its_promise():
    assert_held(promised(), LAW)


def test_holds_when_the_app_has_promised_nothing():
    assert_held(left(), LAW)


def test_breaks_when_the_sdk_destroys():
    room = promised()
    records = altered(room, {"reason": "clientDisconnected"}, object=SUBSCRIBER, name="destroyed")
    assert_broken(
        room,
        LAW,
        records,
        "subscriber(alice)#0 of carol was destroyed with reason clientDisconnected, though the app"
        " had prevented the default of sessionDisconnected",
    )


def test_breaks_when_the_promise_is_not_kept():
    room = promised()
    records = without(room, object=SUBSCRIBER, name="destroyed")
    assert_broken(
        room,
        LAW,
        records,
        "the app of carol promised to clean up after 2s, but subscriber(alice)#0 remained",
    )


def test_a_promise_may_be_cut_off_by_the_end_of_the_run():
    room = promised()
    records = without(room, object=SUBSCRIBER, name="destroyed")
    ended = next(r.time for r in records if r.name == "sessionDisconnected") + 2_000_000
    assert verdict(room, LAW, records, ended=ended).outcome == "held"


def test_the_next_end_may_destroy_what_was_kept():
    room = left().join("carol").wait(1)
    room.prevents = ()
    room.leave("carol").wait(1)
    assert_held(room, LAW)


def test_is_not_exercised_without_prevention():
    assert_not_exercised(left(prevents=()), LAW)


def test_is_not_exercised_when_another_default_is_prevented():
    room = left(prevents=())
    room.note("carol", "session", "call", "preventDefault", 3, event="streamDestroyed")
    assert_not_exercised(room, LAW)


def kept_picture():
    """Carol prevents the default of the end of alice's stream, and leaves later."""
    room = LawfulRoom().join("alice").join("carol").wait(1).publish("alice").wait(1)
    stream = room.members["alice"].stream
    carol, data = room.members["carol"], {"stream": stream, "reason": "clientDisconnected"}
    event = room.event(carol, "streamDestroyed", **data)
    room.note("carol", "session", "call", "preventDefault", event, event="streamDestroyed")
    return room.wait(1)


def test_holds_when_the_picture_of_an_ended_stream_stays():
    assert_held(kept_picture(), LAW)


def test_breaks_when_it_is_destroyed_all_the_same():
    room = kept_picture()
    room._destroy(room.members["carol"], SUBSCRIBER, "clientDisconnected", None)
    assert_broken(
        room,
        LAW,
        room.records,
        "subscriber(alice)#0 of carol was destroyed with reason clientDisconnected, though the app"
        " had prevented the default of streamDestroyed",
    )


def test_the_app_may_end_it_and_so_may_the_end_of_the_session():
    assert_held(kept_picture().unsubscribe("carol"), LAW)
    assert_held(kept_picture().leave("carol").wait(1), LAW)
