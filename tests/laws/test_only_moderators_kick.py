from lawful_room import LawfulRoom
from spoiling import altered, assert_broken, assert_held, assert_not_exercised, verdict, without

LAW = "only-moderators-kick"


def removed():
    room = LawfulRoom().join("alice").join("bob").join("carol").wait(1).publish("bob").wait(1)
    return room.stop("alice", "bob").wait(1).publish("bob").wait(1).kick("alice", "bob").wait(1)


def test_holds_when_a_moderator_did_it():
    assert_held(removed(), LAW)


def test_holds_when_the_app_server_did_it():
    room = removed()
    records = altered(room, {"client": "", "by": "server"}, name="accepted", which=-1)
    assert_held(room, LAW, records)


def test_breaks_when_somebody_without_the_right_did_it():
    room = removed()
    records = altered(
        room, {"client": "carol", "by": "carol#1"}, name="accepted", command="forceUnpublish"
    )
    found = verdict(room, LAW, records)
    assert found.breaches[0].sentence == (
        "carol#1 has not the capability forceUnpublish, but had bob#1.1 removed"
    )


def test_breaks_when_nobody_did_it():
    room = LawfulRoom().join("alice").join("bob").wait(1)
    room.leave("bob").wait(1)
    records = altered(room, {"reason": "forceDisconnected"}, name="sessionDisconnected")
    assert_broken(
        room,
        LAW,
        records,
        "bob session: sessionDisconnected of bob#1 says forceDisconnected, but nobody with the"
        " right to do so had it removed",
    )


def test_breaks_at_the_platform_and_at_every_client():
    room = removed()
    records = without(room, name="accepted", command="forceDisconnect")
    about = "of bob#1 says forceDisconnected, but nobody with the right to do so had it removed"
    assert_broken(
        room,
        LAW,
        records,
        f"bob platform: unpublished {about}",
        f"bob platform: left {about}",
        f"alice session: streamDestroyed {about}",
        f"carol session: streamDestroyed {about}",
        f"alice session: connectionDestroyed {about}",
        f"carol session: connectionDestroyed {about}",
        f"bob session: sessionDisconnected {about}",
    )


def test_breaks_when_nobody_ended_a_stream():
    room = removed()
    records = without(room, name="accepted", command="forceUnpublish")
    found = verdict(room, LAW, records)
    assert found.broken == 4  # the publisher, the platform and two sessions
    assert "says forceUnpublished, but nobody" in found.breaches[0].sentence


def test_other_commands_are_not_its_affair():
    room = LawfulRoom().join("alice").join("bob").wait(1)
    data = {"command": "forceMuteAll", "target": "session", "by": "alice#1"}
    room.note("alice", "platform", "decision", "accepted", **data)
    assert_not_exercised(room, LAW)


def test_what_was_accepted_is_remembered_for_those_who_come_back():
    room = LawfulRoom().join("alice").join("bob").join("carol").wait(1)
    room.cut("carol").wait(9).kick("alice", "bob").wait(20).mend("carol").wait(200)
    assert_held(room, LAW)
