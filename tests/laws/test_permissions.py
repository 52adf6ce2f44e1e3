from lawful_room import LawfulRoom
from spoiling import altered, assert_broken, assert_held, assert_not_exercised, without

LAW = "permissions"


def denied():
    room = LawfulRoom().join("alice").join("bob").join("carol").wait(1).publish("bob").wait(1)
    room.publish("carol").stop("carol", "bob").kick("carol", "bob").wait(1)
    return room


def test_holds_when_calls_are_denied():
    assert_held(denied(), LAW)


def test_breaks_on_another_error():
    room = denied()
    changes = {"error": "OT_INVALID_PARAMETER", "code": 1011}
    assert_broken(
        room,
        LAW,
        altered(room, changes, kind="callback", name="forceDisconnect"),
        "carol may not forceDisconnect, but its call failed with OT_INVALID_PARAMETER 1011, not"
        " OT_PERMISSION_DENIED 1520",
    )


def test_breaks_on_another_code():
    room = denied()
    assert_broken(
        room,
        LAW,
        altered(room, {"code": 1530}, client="carol", kind="callback", name="publish"),
        "carol may not publish, but its call failed with OT_PERMISSION_DENIED 1530, not"
        " OT_PERMISSION_DENIED 1500",
    )


def test_breaks_on_success():
    room = denied()
    assert_broken(
        room,
        LAW,
        altered(room, {"ok": True}, kind="callback", name="forceUnpublish"),
        "carol may not forceUnpublish, but its call succeeded",
    )


def test_breaks_when_the_call_does_not_fail():
    room = denied()
    assert_broken(
        room,
        LAW,
        without(room, kind="callback", name="forceUnpublish"),
        "carol may not forceUnpublish, but its call did not fail within 2s",
    )


def test_a_crash_ends_the_wait():
    room = denied()
    room.records = without(room, kind="callback", name="forceUnpublish")
    assert_held(room.crash("carol"), LAW)


def test_breaks_when_the_platform_does_it_all_the_same():
    room = denied()
    data = {"command": "forceUnpublish", "target": "bob#1.1", "by": "carol#1"}
    room.note("carol", "platform", "decision", "accepted", **data)
    room.platform(room.members["carol"], "published", None, stream="carol#1.1")
    assert_broken(
        room,
        LAW,
        room.records,
        "carol#1 may not forceUnpublish, but the platform accepted it",
        "carol may not publish, but carol#1.1 exists",
    )


def test_any_error_will_do_for_subscribe():
    room = LawfulRoom({"alice": "publisher", "eve": "publisheronly"}).join("alice").join("eve")
    room.wait(1).publish("alice").wait(1)
    changes = {"ok": False, "error": "OT_UNABLE_TO_SUBSCRIBE", "code": 2001}
    records = altered(room, changes, client="eve", kind="callback", name="subscribe")
    assert_held(room, LAW, records)
    assert_broken(room, LAW, room.records, "eve may not subscribe, but its call succeeded")


def test_calls_that_fail_for_another_reason_first_do_not_count():
    room = LawfulRoom().join("carol")
    room.note("carol", "session", "call", "publish", publisher="publisher", by="script")
    room.wait(1)
    room.note("carol", "session", "call", "forceDisconnect", connection=None, by="script")
    assert_not_exercised(room, LAW)


def test_nobody_is_judged_whose_rights_are_unknown():
    room = denied()
    records = [record._replace(client="stranger") for record in room.records]
    assert_not_exercised(room, LAW, records)


def test_mutes_need_their_own_capability():
    room = LawfulRoom().join("alice").join("bob").wait(1)
    call = room.note("bob", "session", "call", "forceMuteAll", by="script")
    error = {"ok": False, "error": "OT_PERMISSION_DENIED", "code": 1540}
    room.note("bob", "session", "callback", "forceMuteAll", call, call=call, **error)
    assert_held(room, LAW)
