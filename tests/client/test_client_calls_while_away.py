"""What an app may do during an outage."""

import pytest
from harness import HOP
from openings import away, ends, meeting
from orders import ORDERS

from sim.protocol.frames import Message
from sim.protocol.units import MILLISECOND, SECOND

RECONNECTING, RECONNECTED = "sessionReconnecting", "sessionReconnected"
SHIPPED = "opentok.js-2.35.2"


# -- calls meanwhile -------------------------------------------------------------------------------


def test_signals_are_queued_and_sent_in_order_and_complete_after_the_outage():
    stage, alice, *_, at = away("hanging")
    for text in ("one", "two", "three"):
        stage.act(alice, lambda text=text: alice.session.signal("chat", text))
    stage.run("3s")
    assert stage.requests(since=at) == []
    stage.restore()
    stage.run("1s")
    sent = [f.content["data"] for t, _, f in stage.sent if t >= at and isinstance(f, Message)]
    assert sent == ["one", "two", "three"]
    story = stage.story(since=at)
    assert story[:2] == [RECONNECTING, RECONNECTED]
    assert story.count("signal ok") == 3
    assert [s for s in story if s.startswith("signal:")] == [
        f"signal:chat {text!r} from alice#1" for text in ("one", "two", "three")
    ]


def test_a_signal_that_is_not_to_be_retried_fails_at_once():
    stage, alice, *_, at = away()
    stage.run("1s")
    stage.act(alice, lambda: alice.session.signal("chat", "hi", retry_after_reconnect=False))
    assert stage.story(since=at) == [RECONNECTING, "signal failed OT_NOT_CONNECTED 500"]
    stage.restore()
    stage.run("10s")
    assert stage.requests(since=at) == []


def test_a_signal_without_an_answer_that_is_not_to_be_retried_fails_before_the_outage_is_told():
    stage, alice, *_ = meeting()
    at = stage.now
    stage.act(alice, lambda: alice.session.signal("chat", "a", retry_after_reconnect=False))
    stage.act(alice, lambda: alice.session.signal("chat", "b"))
    stage.kill(then="up")
    stage.run("5s")
    assert stage.story(since=at)[:2] == ["signal failed OT_NOT_CONNECTED 500", RECONNECTING]
    sent = [f.content["data"] for t, _, f in stage.sent if t >= at and isinstance(f, Message)]
    assert sent == ["a", "b", "b"]


def test_an_answered_request_is_not_sent_again():
    stage, alice, *_ = meeting()
    stage.act(alice, lambda: alice.session.signal("chat", "hi"))
    stage.run("10ms")
    at = stage.now
    stage.kill(then="up")
    stage.run("5s")
    assert stage.requests(since=at) == []


def test_a_signal_that_arrived_but_whose_answer_was_lost_is_not_passed_on_twice():
    stage, alice, *_ = meeting()
    at = stage.now
    stage.act(alice, lambda: alice.session.signal("chat", "hi"))
    stage.run(HOP)
    stage.kill(then="up")
    stage.run("5s")
    story = stage.story(since=at)
    assert story.count("signal ok") == 1
    assert story.count("signal:chat 'hi' from alice#1") == 1


def test_publishing_meanwhile_is_accepted_and_done_after_the_outage():
    stage, alice, _, _, at = away("hanging")
    stage.act(alice, lambda: alice.session.publish(alice.init_publisher()))
    stage.run("3s")
    stage.restore()
    stage.run("1s")
    assert stage.story(since=at) == [
        RECONNECTING,
        RECONNECTED,
        "publisher1: streamCreated alice#1.2",
        "publish ok",
    ]


def test_publishing_meanwhile_times_out_after_15_s_and_is_not_asked_for_later():
    stage, alice, _, _, at = away("hanging")
    stage.act(alice, lambda: alice.session.publish(alice.init_publisher()))
    stage.run("17s")
    stage.restore()
    stage.run("5s")
    assert stage.story(since=at) == [
        RECONNECTING,
        "publisher1: streamDestroyed reset",
        "publish failed OT_TIMEOUT 1500",
        RECONNECTED,
    ]
    asked = alice.timers.acquire_media + alice.timers.prepare_publishing
    assert stage.told(since=at)[1].time == at + asked + 15 * SECOND
    assert stage.requests(since=at) == ["delete stream alice#1.2"]


def test_unpublishing_and_unsubscribing_meanwhile_tell_at_once_and_ask_later():
    stage, alice, publisher, subscriber, at = away("hanging")
    stage.act(alice, lambda: alice.session.unpublish(publisher))
    stage.act(alice, lambda: alice.session.unsubscribe(subscriber))
    assert stage.order(since=at)[1:] == [*ORDERS["unpublish"], *ORDERS["unsubscribe"]]
    assert stage.requests(since=at) == []
    stage.run("3s")
    stage.restore()
    stage.run("5s")
    assert stage.requests(since=at) == [
        "delete stream alice#1.1",
        "delete subscriber subscriber(bob)",
    ]
    assert stage.order(since=at)[4:] == ["Session.sessionReconnected"]


def test_subscribing_meanwhile_is_done_after_the_outage():
    stage, alice, *_, at = away("hanging")
    stage.act(alice, lambda: alice.session.subscribe(alice.session.streams["bob#1.1"]))
    stage.run("3s")
    stage.restore()
    stage.run("1s")
    assert stage.story(since=at)[1:] == [
        RECONNECTED,
        "subscriber(bob)#1: connected",
        "subscribe ok",
    ]


def test_moderating_meanwhile_is_done_after_the_outage():
    stage, alice, *_, at = away("hanging", role="moderator")
    stage.act(alice, lambda: alice.session.force_unpublish("bob#1.1"))
    stage.run("3s")
    stage.restore()
    stage.run("1s")
    assert stage.story(since=at)[:3] == [RECONNECTING, RECONNECTED, "forceUnpublish ok"]


def test_connecting_meanwhile_is_ignored():
    stage, alice, *_, at = away("hanging")
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    assert stage.story(since=at) == [RECONNECTING]
    assert alice.membership.own == "alice#1"


# -- disconnecting meanwhile -----------------------------------------------------------------------


@pytest.mark.parametrize("how", ["refused", "hanging"])
@pytest.mark.parametrize("profile", ["documented", SHIPPED])
def test_disconnecting_meanwhile_works_at_once(how, profile):
    stage, alice, *_ = away(how, profile=profile)
    stage.run("1.5s")
    left = stage.now
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    assert stage.order(since=left) == ORDERS["local_disconnect"]
    assert ends(stage, left) == [2 * MILLISECOND]
    assert [t for t, _ in stage.dials if t > left] == []


def test_disconnecting_in_the_listener_of_the_outage_works_as_documented():
    stage, alice, *_ = meeting()
    alice.session.on(RECONNECTING, lambda _: alice.session.disconnect())
    at = stage.now
    stage.kill()
    stage.run("1min")
    assert stage.order(since=at) == ["Session.sessionReconnecting", *ORDERS["local_disconnect"]]
    assert ends(stage, at) == [2 * MILLISECOND]
    assert len(stage.dials) == 1


def test_disconnecting_in_the_listener_of_the_outage_breaks_the_shipped_client():
    stage, alice, *_ = meeting(profile=SHIPPED)
    alice.session.on(RECONNECTING, lambda _: alice.session.disconnect())
    at = stage.now
    stage.kill()
    stage.run("10s")
    assert stage.story(since=at) == [RECONNECTING, "disconnect failed Error None"]
    assert alice.session.state == "disconnecting"
    stage.run("1min")
    assert stage.order(since=at)[2:] == ORDERS["local_disconnect"][:-1]
    assert ends(stage, at)[0] > 30 * SECOND


def test_the_broken_session_may_even_reconnect():
    stage, alice, *_ = meeting(profile=SHIPPED)
    alice.session.on(RECONNECTING, lambda _: alice.session.disconnect())
    at = stage.now
    stage.kill(then="up")
    stage.run("5s")
    assert stage.story(since=at)[-1] == RECONNECTED
    assert alice.session.state == "disconnecting"


def test_the_broken_session_can_be_connected_again():
    stage, alice, *_ = meeting(profile=SHIPPED)
    alice.session.once(RECONNECTING, lambda _: alice.session.disconnect())
    at = stage.now
    stage.kill(then="up")
    stage.run("5s")
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    end = "sessionDisconnected clientDisconnected"
    assert end not in stage.story(since=at)  # it is swallowed
    assert alice.session.connection.id == "alice#2"
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    assert stage.story(since=at).count(end) == 1


def test_disconnecting_in_the_listener_of_the_recovery_works():
    stage, alice, *_ = meeting()
    alice.session.on(RECONNECTED, lambda _: alice.session.disconnect())
    at = stage.now
    stage.kill(then="hanging")
    stage.platform.guest("carol")
    stage.restore()
    stage.run("1s")
    assert stage.order(since=at) == [
        "Session.sessionReconnecting",
        "Session.sessionReconnected",
        "Session.connectionCreated",  # what was heard is told all the same (recording m14)
        *ORDERS["local_disconnect"],
    ]


def test_a_victim_that_was_away_hears_of_its_removal_when_it_is_back():
    stage, *_, at = away("hanging")
    stage.platform.tell_victim_of_stream = False
    stage.platform.remove("alice#1", "forceDisconnected", told=True)
    stage.run("3s")
    stage.restore()
    stage.run("1s")
    assert stage.order(since=at) == [
        "Session.sessionReconnecting",
        "Session.sessionReconnected",
        *ORDERS["force_disconnect_victim"],
    ]
