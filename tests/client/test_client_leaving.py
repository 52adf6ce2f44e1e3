"""Leaving by disconnect()."""

import pytest
from harness import Stage
from openings import leaving, meeting
from orders import ORDERS

from sim.protocol.frames import Disconnect, Status
from sim.protocol.units import MILLISECOND

LEFT_NOTHING = {"elements": 0, "subscribers": 0, "publishers": 0}


# -- disconnect() --------------------------------------------------------------------------------


def test_disconnecting_tells_the_events_in_the_specified_order():
    stage, _, _, _, at = leaving()
    stage.run("1s")
    assert stage.order(since=at) == ORDERS["local_disconnect"]


def test_the_call_returns_first_and_the_state_is_disconnecting():
    stage, alice, _, _, at = leaving()
    assert stage.order(since=at) == []
    assert alice.session.state == "disconnecting"
    assert not alice.session.is_connected()
    assert alice.session.connection is not None
    assert list(alice.session.streams) == ["bob#1.1", "alice#1.1"]


def test_the_platform_is_told_goodbye_and_the_socket_is_closed_after_the_drain():
    stage, _, _, _, at = leaving()
    stage.run("1s")
    goodbyes = [(t, f.reconnect) for t, _, f in stage.sent if isinstance(f, Disconnect)]
    assert goodbyes == [(at, False)]
    assert stage.hangups == [(at + 100 * MILLISECOND, "alice", 1000)]


def test_the_event_comes_two_turns_after_the_drain():
    stage, _, _, _, at = leaving()
    stage.run("1s")
    assert {record.time - at for record in stage.told(since=at)} == {102 * MILLISECOND}


def test_when_the_end_is_told_the_session_is_empty():
    seen = []
    stage, alice, _, _, _ = leaving()
    session = alice.session
    session.on(
        "sessionDisconnected",
        lambda _: seen.append(
            (session.state, session.connection, session.streams, session.connections)
        ),
    )
    stage.run("1s")
    assert seen == [("disconnected", None, {}, {})]
    assert set(session.capabilities.values()) == {0}


def test_the_page_is_cleaned_one_element_after_the_other():
    stage, alice, _, _, at = leaving()
    stage.run("1s")
    pages = [r.data["page"] for r in stage.told(since=at) if r.kind == "event"]
    assert [(page["publishers"], page["subscribers"]) for page in pages] == [
        (1, 1),
        (1, 1),
        (0, 1),
        (0, 0),
    ]
    assert alice.left() == LEFT_NOTHING


def test_the_event_can_be_prevented_and_says_why():
    events = []
    stage, alice, _, _, _ = leaving()
    alice.session.on("sessionDisconnected", events.append)
    stage.run("1s")
    (event,) = events
    assert (event.type, event.reason, event.cancelable) == (
        "sessionDisconnected",
        "clientDisconnected",
        True,
    )
    assert event.target is alice.session
    assert not event.is_default_prevented()


def test_publishers_end_in_the_order_of_their_publishing_before_any_subscriber():
    stage, alice, _, _ = meeting()
    stage.publishing(alice)
    stage.subscribing(alice, "bob#1.1")
    at = stage.now
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    assert stage.story(since=at) == [
        "sessionDisconnected clientDisconnected",
        "publisher: streamDestroyed alice#1.1 clientDisconnected",
        "publisher: destroyed",
        "publisher1: streamDestroyed alice#1.2 clientDisconnected",
        "publisher1: destroyed",
        "subscriber(bob): destroyed clientDisconnected",
        "subscriber(bob)#1: destroyed clientDisconnected",
        "disconnect ok",
    ]


def test_disconnecting_twice_tells_one_end_and_resolves_both():
    stage, alice, _, _, at = leaving()
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    assert stage.order(since=at) == [*ORDERS["local_disconnect"], "disconnect promise"]


def test_disconnecting_when_not_connected_resolves_and_tells_nothing():
    stage = Stage()
    alice = stage.client()
    promise = stage.act(alice, alice.session.disconnect)
    assert promise.outcome == (None,)
    assert stage.story() == ["disconnect ok"]


def test_disconnecting_in_the_listener_of_session_connected_still_tells_who_is_here():
    stage = Stage()
    stage.platform.guest("bob", stream=True)
    alice = stage.client()
    alice.session.on("sessionConnected", lambda _: alice.session.disconnect())
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    assert stage.story() == [
        "sessionConnected",
        "connect ok",
        "connectionCreated bob#1",
        "connectionCreated alice#1",
        "streamCreated bob#1.1",
        "sessionDisconnected clientDisconnected",
        "disconnect ok",
    ]
    states = [r.data["state"] for r in stage.told() if r.kind == "event"]
    assert states == ["connected", *["disconnecting"] * 3, "disconnected"]


def test_open_calls_fail_before_the_end_is_told():
    stage, alice, _, _ = meeting()
    stage.platform.answers["create signal"] = [None]
    at = stage.now
    stage.act(alice, lambda: (alice.session.signal("chat", "hi"), alice.session.disconnect()))
    stage.run("1s")
    assert stage.story(since=at)[:2] == [
        "signal failed OT_NOT_CONNECTED 500",
        "sessionDisconnected clientDisconnected",
    ]


def test_a_subscription_without_an_answer_fails_as_unable_before_the_end_is_told():
    stage, alice, _, _ = meeting()
    stage.platform.answers["create subscriber"] = [None]
    at = stage.now
    stage.act(alice, lambda: alice.session.subscribe(alice.session.streams["bob#1.1"]))
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    assert stage.story(since=at)[0] == "subscribe failed OT_UNABLE_TO_SUBSCRIBE 1501"
    assert "subscriber(bob)#1: destroyed clientDisconnected" in stage.story(since=at)


def test_a_subscription_without_media_fails_as_destroyed_before_the_end_is_told():
    stage, alice, _, _ = meeting()
    at = stage.now
    stage.act(alice, lambda: alice.session.subscribe(alice.session.streams["bob#1.1"]))
    stage.run("10ms")
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    assert stage.story(since=at)[0] == "subscribe failed OT_STREAM_DESTROYED None"


def test_the_callback_of_such_a_subscription_may_unsubscribe_another():
    stage, alice, _, subscriber = meeting()
    at = stage.now

    def also(_):
        alice.session.unsubscribe(subscriber)

    stage.act(alice, lambda: alice.session.subscribe(alice.session.streams["bob#1.1"], also))
    stage.run("10ms")
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    assert stage.story(since=at)[:3] == [
        "subscribe failed OT_STREAM_DESTROYED None",
        "subscriber(bob): destroyed Unsubscribe",
        "sessionDisconnected clientDisconnected",
    ]
    assert alice.left() == LEFT_NOTHING


def test_a_publishing_under_way_fails_before_the_end_is_told():
    stage, alice, _, _ = meeting()
    stage.platform.answers["create stream"] = [None]
    at = stage.now
    stage.act(alice, lambda: alice.session.publish(alice.init_publisher()))
    stage.run("300ms")
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    assert stage.story(since=at)[:3] == [
        "publisher1: streamDestroyed reset",
        "publish failed OT_UNEXPECTED_SERVER_RESPONSE 2001",
        "sessionDisconnected clientDisconnected",
    ]


@pytest.mark.parametrize("quirks", [{}, {"kept-publisher-stays-attached": True}])
def test_a_publisher_that_waits_for_its_camera_fails_when_the_end_is_told(quirks):
    stage, alice, _, _ = meeting(quirks=quirks)
    at = stage.now
    stage.act(alice, lambda: alice.session.publish(alice.init_publisher()))
    stage.act(alice, alice.session.disconnect)
    stage.run("20s")
    assert stage.story(since=at) == [
        "sessionDisconnected clientDisconnected",
        "publisher: streamDestroyed alice#1.1 clientDisconnected",
        "publisher: destroyed",
        "publisher1: streamDestroyed clientDisconnected",
        "publisher1: destroyed",
        "subscriber(bob): destroyed clientDisconnected",
        "disconnect ok",
        "publish failed Error None",
    ]


@pytest.mark.parametrize("code", [1000, 1006])
def test_a_socket_that_fails_while_it_drains_changes_nothing(code):
    stage, _, _, _, at = leaving()
    stage.run("10ms")
    stage.close("alice", code)
    stage.run("1min")
    assert stage.order(since=at) == ORDERS["local_disconnect"]


def test_silence_while_the_socket_drains_changes_nothing():
    stage, alice, _, _ = meeting()
    stage.blackhole()
    stage.run(alice.silence_at - stage.now - 50 * MILLISECOND)
    at = stage.now
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    assert stage.order(since=at) == ORDERS["local_disconnect"]


def test_messages_that_arrive_while_the_socket_drains_are_not_told():
    stage, _, _, _, at = leaving()
    stage.platform.guest("carol")  # who is told to alice before her goodbye arrives
    stage.run("1s")
    assert stage.order(since=at) == ORDERS["local_disconnect"]


# -- several clients -------------------------------------------------------------------------------


def test_those_who_stay_see_the_leaver_s_stream_end_and_then_its_connection():
    stage = Stage()
    alice, bob = stage.joined("alice"), stage.joined("bob")
    stage.publishing(bob)
    stage.subscribing(alice, "bob#1.1")
    at = stage.now
    stage.act(bob, bob.session.disconnect)
    stage.run("1s")
    assert stage.order("alice", since=at) == [
        step.replace("reason", "clientDisconnected") for step in ORDERS["remote_leave"]
    ]


def test_an_acknowledgement_of_the_goodbye_is_not_needed():
    stage, alice, _, _, at = leaving()
    alice.receive(3, Status(999, 200, {}, None), at, None)
    stage.blackhole()
    stage.run("1s")
    assert stage.order(since=at) == ORDERS["local_disconnect"]
