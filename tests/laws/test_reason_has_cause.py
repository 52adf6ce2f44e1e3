import pytest
from lawful_room import LawfulRoom
from spoiling import altered, assert_broken, assert_held, assert_not_exercised, verdict, without

LAW = "reason-has-cause"


def unexplained(who, what, about, reason):
    return f"{who}: {what} of {about} says {reason}, but nothing in the trace explains it"


def full():
    room = LawfulRoom().join("alice").join("bob").join("carol").wait(1)
    return room.publish("alice").publish("bob").wait(1)


def eventful():
    room = full().unsubscribe("carol").unpublish("bob").wait(1).publish("bob").wait(1)
    room.stop("alice", "bob").wait(1).publish("bob").wait(1).kick("alice", "bob").wait(1)
    room.join("bob").wait(1).publish("bob").wait(1).cut("bob").wait(100).mend("bob").join("bob")
    return room.wait(1).publish("bob").wait(1).close("bob").wait(1).crash("carol").wait(100)


def test_holds_when_everything_has_a_cause():
    assert_held(eventful(), LAW)


def test_breaks_when_an_end_was_nobodys_wish():
    room = LawfulRoom().join("alice").join("bob").wait(1).leave("bob").wait(1)
    records = without(room, kind="call", name="disconnect")
    reason = "clientDisconnected"
    assert_broken(
        room,
        LAW,
        records,
        unexplained("bob session", "sessionDisconnected", "bob#1", reason),
        unexplained("bob platform", "left", "bob#1", reason),
        unexplained("alice session", "connectionDestroyed", "bob#1", reason),
    )


@pytest.mark.parametrize(
    "reason", ["networkDisconnected", "forceDisconnected", "mediaIdle", "serverRotation", "boredom"]
)
def test_breaks_when_the_session_gives_another_reason(reason):
    room = LawfulRoom().join("bob").wait(1).leave("bob").wait(1)
    records = altered(room, {"reason": reason}, name="sessionDisconnected")
    assert_broken(
        room, LAW, records, unexplained("bob session", "sessionDisconnected", "bob#1", reason)
    )


def test_breaks_when_the_network_had_recovered_long_ago():
    room = LawfulRoom().join("bob").wait(1).cut("bob").wait(8).mend("bob").wait(1)
    room.leave("bob").wait(1)
    records = altered(room, {"reason": "networkDisconnected"}, name="sessionDisconnected")
    assert_broken(
        room,
        LAW,
        records,
        unexplained("bob session", "sessionDisconnected", "bob#1", "networkDisconnected"),
    )


@pytest.mark.parametrize(
    ("object", "kind", "name", "client"),
    [
        ("network", "fault", "reset", "bob"),
        ("network", "fault", "change", "bob"),
        ("network", "fault", "down", "bob"),
        ("network", "fault", "down", ""),
        ("network", "decision", "loss", "bob"),
        ("platform", "state", "lost", "bob"),
    ],
)
def test_trouble_with_the_network_explains_its_loss(object, kind, name, client):
    room = LawfulRoom().join("bob").wait(1)
    room.note(client, object, kind, name, connection="bob#1")
    room.event(room.members["bob"], "sessionDisconnected", reason="networkDisconnected")
    assert_held(room, LAW)


def test_a_socket_that_the_client_has_changed_for_no_cause_is_no_trouble():
    room = LawfulRoom().join("bob").wait(1)
    bob = room.members["bob"]
    outage = room.event(bob, "sessionReconnecting", 1)
    room.platform(bob, "lost", 1)
    room.platform(bob, "lost", outage)
    room.event(bob, "sessionDisconnected", outage, reason="networkDisconnected")
    assert verdict(room, LAW).outcome == "broken"


def test_trouble_of_somebody_else_explains_nothing():
    room = LawfulRoom().join("bob").wait(1)
    room.note("carol", "network", "fault", "reset")
    room.event(room.members["bob"], "sessionDisconnected", reason="networkDisconnected")
    assert verdict(room, LAW).outcome == "broken"


def test_a_link_that_is_still_down_explains_a_second_loss():
    room = LawfulRoom().join("bob").wait(1)
    bob = room.members["bob"]
    room.note("bob", "network", "fault", "down", direction="up")
    room.event(bob, "sessionReconnected")
    room.event(bob, "sessionDisconnected", reason="networkDisconnected")
    assert_held(room, LAW)


@pytest.mark.parametrize("reason", ["mediaIdle", "serverRotation"])
def test_the_platforms_decision_explains_its_reason(reason):
    room = LawfulRoom().join("bob").wait(1)
    room.note("bob", "platform", "decision", reason, connection="bob#1")
    room.event(room.members["bob"], "sessionDisconnected", reason=reason)
    assert_held(room, LAW)


def test_breaks_when_a_stream_ends_without_a_wish():
    room = full().unpublish("bob").wait(1)
    records = without(room, kind="call", name="unpublish")
    found = verdict(room, LAW, records)
    assert found.breaches[0].sentence == unexplained(
        "bob publisher", "streamDestroyed", "bob#1.1", "unpublished"
    )
    assert found.broken == 6  # publisher, platform, two sessions and their subscribers


def test_a_publisher_that_is_destroyed_or_stops_unpublishes():
    room = full()
    bob = room.members["bob"]
    room.event(bob, "streamDestroyed", None, "publisher", stream="bob#1.1", reason="reset")
    room._end_stream(bob, "clientDisconnected", None)
    room.wait(1)
    assert_held(room, LAW)


def test_breaks_when_a_subscriber_was_not_unsubscribed():
    room = full().unsubscribe("carol")
    records = without(room, kind="call", name="unsubscribe")
    subscriber = "subscriber(alice)#0"
    assert_broken(
        room,
        LAW,
        records,
        unexplained(f"carol {subscriber}", "destroyed", subscriber, "Unsubscribe"),
    )


def test_breaks_when_a_subscriber_gives_a_reason_of_its_own():
    room = full().leave("carol").wait(1)
    subscriber = "subscriber(bob)#1"
    records = altered(room, {"reason": "networkDisconnected"}, object=subscriber, name="destroyed")
    assert_broken(
        room,
        LAW,
        records,
        unexplained(f"carol {subscriber}", "destroyed", subscriber, "networkDisconnected"),
    )


def test_reasons_from_inside_the_page_are_not_judged():
    room = full()
    carol = room.members["carol"]
    room._destroy(carol, "subscriber(bob)#1", "peerConnection is disconnected", None)
    assert_not_exercised(room, LAW)


def test_is_not_exercised_while_nothing_ends():
    assert_not_exercised(full(), LAW)


def test_ends_are_forgotten_when_nobody_can_be_told_any_more():
    room = full().leave("bob").wait(200)
    data = {"connection": "bob#1", "reason": "clientDisconnected"}
    room.event(room.members["alice"], "connectionDestroyed", **data)
    assert verdict(room, LAW).outcome == "broken"
