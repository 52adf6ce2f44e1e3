"""Subscribing and unsubscribing."""

from types import SimpleNamespace

import pytest
from harness import Stage
from openings import meeting, prevent
from orders import ORDERS

from sim.client.faces import behind_subscriber
from sim.protocol.quirks import PROFILES
from sim.protocol.timers import Timers
from sim.protocol.units import MILLISECOND, SECOND


def attempt(*answers, run="1s", **options):
    """Alice has joined and tries to subscribe to Bob; her request is answered so."""
    stage = Stage()
    stage.platform.guest("bob", stream=True)
    alice = stage.joined(**options)
    stage.platform.answers["create subscriber"] = list(answers)
    at = stage.now
    subscriber = stage.act(alice, lambda: alice.session.subscribe(alice.session.streams["bob#1.1"]))
    stage.run(run)
    return stage, alice, subscriber, at


# -- success -----------------------------------------------------------------------------------


def test_the_subscriber_tells_that_it_is_connected_and_then_the_call_completes():
    stage, _, subscriber, at = attempt()
    assert stage.story(since=at) == ["subscriber(bob): connected", "subscribe ok"]
    assert subscriber.state == "Subscribing"
    assert stage.requests(since=at) == ["create subscriber subscriber(bob)"]


def test_a_subscriber_goes_through_the_states_of_its_table():
    stage, *_ = attempt()
    states = [r.name for r in stage.records if r.object == "subscriber(bob)" and r.kind == "state"]
    own = [state for state in states if not state.startswith("ice")]
    assert own == ["Init", "Connecting", "BindingRemoteStream", "Subscribing"]


def test_its_element_is_in_the_page_from_the_call_on():
    stage, alice, _, at = attempt(run="0s")
    assert list(alice.page.document.elements) == ["subscriber(bob)"]
    (inserted,) = [r for r in stage.records if r.name == "inserted"]
    (call,) = [r for r in stage.records if r.kind == "call" and r.name == "subscribe"]
    assert (inserted.time, inserted.cause) == (at, call.number)


def test_subscribers_are_named_after_the_person_and_counted():
    stage, alice, *_ = meeting()
    again = stage.subscribing(alice, "bob#1.1")
    third = stage.subscribing(alice, "bob#1.1")
    assert [again.label, third.label] == ["subscriber(bob)#1", "subscriber(bob)#2"]


def test_any_status_that_begins_with_2_is_success():
    _, _, subscriber, _ = attempt(202)
    assert subscriber.state == "Subscribing"


# -- between connected and the end of subscribe() --------------------------------------------------


def binding(run="310ms", **options):
    """Alice's Subscriber has said connected, and its media are being bound."""
    stage, alice, subscriber, at = attempt(run=run, **options)
    assert stage.story(since=at) == ["subscriber(bob): connected"]
    assert subscriber.state == "BindingRemoteStream"
    return stage, alice, subscriber, stage.now


def test_unsubscribing_in_the_listener_of_connected_fails_the_call():
    stage = Stage()
    stage.platform.guest("bob", stream=True)
    alice = stage.joined()
    at = stage.now
    subscriber = stage.act(alice, lambda: alice.session.subscribe(alice.session.streams["bob#1.1"]))
    subscriber.on("connected", lambda event: alice.session.unsubscribe(event.target))
    stage.run("1min")
    assert stage.story(since=at) == [
        "subscriber(bob): connected",
        "subscribe failed Error None",
        "subscriber(bob): destroyed Unsubscribe",
    ]


def test_unsubscribing_while_media_are_bound_fails_the_call():
    stage, alice, subscriber, at = binding()
    stage.act(alice, lambda: alice.session.unsubscribe(subscriber))
    stage.run("1min")
    assert stage.story(since=at) == [
        "subscribe failed Error None",
        "subscriber(bob): destroyed Unsubscribe",
    ]


def test_a_stream_that_ends_while_its_media_are_bound_fails_the_call():
    stage, _, _, at = binding()
    stage.platform.unpublish("bob#1.1", "clientDisconnected")
    stage.run("1min")
    assert stage.story(since=at) == [
        "streamDestroyed bob#1.1 clientDisconnected",
        "subscribe failed OT_STREAM_DESTROYED None",
        "subscriber(bob): destroyed clientDisconnected",
    ]


def test_a_session_that_ends_while_media_are_bound_fails_the_call_before_it_is_told():
    stage, alice, _, at = binding()
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    assert stage.story(since=at) == [
        "subscribe failed OT_STREAM_DESTROYED None",
        "sessionDisconnected clientDisconnected",
        "subscriber(bob): destroyed clientDisconnected",
        "disconnect ok",
    ]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_subscriber_that_was_bound_is_kept_where_the_app_wants_it(profile):
    stage, alice, subscriber, _ = binding(profile=profile)
    stage.run("300ms")
    alice.session.on("streamDestroyed", prevent)
    at = stage.now
    stage.platform.unpublish("bob#1.1", "clientDisconnected")
    stage.run("1min")
    assert stage.story(since=at) == ["streamDestroyed bob#1.1 clientDisconnected"]
    assert subscriber.state == "NotSubscribing"


@pytest.mark.parametrize("wait", ["0s", "280ms"])
def test_in_the_shipped_client_one_kept_while_binding_goes_when_the_binding_fails(wait):
    stage, alice, _, at = binding(profile="opentok.js-2.35.2")
    stage.run(wait)
    alice.session.on("streamDestroyed", prevent)
    stage.platform.unpublish("bob#1.1", "clientDisconnected")
    stage.run("1min")
    assert stage.story(since=at) == [
        "streamDestroyed bob#1.1 clientDisconnected",
        "subscribe failed OT_STREAM_DESTROYED None",
        "subscriber(bob): destroyed Unknown",
    ]
    (connected,) = stage.when("subscriber(bob): connected")
    assert stage.when("subscriber(bob): destroyed Unknown") == [connected + 1_900 * MILLISECOND]


@pytest.mark.parametrize(("ahead", "destroyed"), [(99, True), (101, False)])
def test_one_that_is_kept_just_before_its_media_connect_was_being_bound_already(ahead, destroyed):
    """Media begin to be bound 0.1 s before connected, which would come after 302 ms."""
    stage, alice, _, at = attempt(run="0s", profile="opentok.js-2.35.2")
    alice.session.on("streamDestroyed", prevent)
    connects = at + 302 * MILLISECOND
    stage.run(connects - ahead * MILLISECOND - 1 * MILLISECOND - stage.now)
    stage.platform.unpublish("bob#1.1", "clientDisconnected")
    stage.run("1min")
    gone = stage.when("subscriber(bob): destroyed Unknown")
    assert gone == ([connects + 1_900 * MILLISECOND] if destroyed else [])


def test_one_that_was_kept_while_binding_may_be_unsubscribed_before_it_goes():
    stage, alice, subscriber, _ = binding(profile="opentok.js-2.35.2")
    alice.session.on("sessionDisconnected", prevent)
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    at = stage.now
    stage.act(alice, lambda: alice.session.unsubscribe(subscriber))
    stage.run("1min")
    assert stage.story(since=at) == ["subscriber(bob): destroyed Unsubscribe"]


def test_media_that_come_and_go_while_they_are_bound_are_told():
    stage, _, subscriber, at = binding(timers=Timers(bind_media=10 * SECOND))
    stage.media(near=False)
    stage.run("6s")
    stage.media()
    stage.run("1min")
    assert stage.story(since=at) == [
        "subscriber(bob): disconnected",
        "subscriber(bob): connected",
        "subscribe ok",
    ]
    assert subscriber.state == "Subscribing"


def test_binding_may_take_too_long():
    stage, _, subscriber, at = binding(timers=Timers(bind_media=40 * SECOND))
    stage.run("1min")
    assert stage.story(since=at) == ["subscribe failed OT_TIMEOUT 1501"]
    assert subscriber.state == "Failed"


def test_media_that_flow_at_the_very_last_come_too_late():
    limit = 303 * MILLISECOND
    stage, _, subscriber, at = attempt(timers=Timers(subscribe_timeout=limit), run="1min")
    assert stage.story(since=at) == ["subscribe failed OT_TIMEOUT 1501"]
    assert subscriber.state == "Failed"


def test_binding_may_take_no_time():
    stage, _, _, _at = attempt(timers=Timers(bind_media=0))
    (connected,) = stage.when("subscriber(bob): connected")
    assert stage.when("subscribe ok") == [connected]


# -- unsubscribing ---------------------------------------------------------------------------------


def test_unsubscribing_tells_it_inside_the_call():
    stage, alice, _, subscriber = meeting()
    at = stage.now
    assert stage.act(alice, lambda: alice.session.unsubscribe(subscriber)) is True
    assert stage.order(since=at) == ORDERS["unsubscribe"]
    assert stage.requests(since=at) == ["delete subscriber subscriber(bob)"]
    assert alice.left()["subscribers"] == 0


def test_unsubscribing_twice_does_nothing_the_second_time():
    stage, alice, _, subscriber = meeting()
    stage.act(alice, lambda: alice.session.unsubscribe(subscriber))
    stage.run("1ms")
    at = stage.now
    assert stage.act(alice, lambda: alice.session.unsubscribe(subscriber)) is False
    stage.run("1s")
    assert stage.story(since=at) == []
    assert stage.requests(since=at) == []


def test_unsubscribing_without_a_subscriber_throws():
    stage, alice, *_ = meeting()
    with pytest.raises(ValueError, match="unsubscribe needs a Subscriber"):
        stage.act(alice, lambda: alice.session.unsubscribe(None))


def test_unsubscribing_what_is_no_subscriber_does_nothing():
    stage, alice, *_ = meeting()
    assert stage.act(alice, lambda: alice.session.unsubscribe({})) is False


@pytest.mark.parametrize("run", ["0s", "10ms"], ids=["asking", "without media"])
def test_unsubscribing_while_subscribing_fails_the_call_with_a_nameless_error_first(run):
    stage, alice, subscriber, at = attempt(run=run)
    stage.act(alice, lambda: alice.session.unsubscribe(subscriber))
    stage.run("1min")
    assert stage.story(since=at) == [
        "subscribe failed Error None",
        "subscriber(bob): destroyed Unsubscribe",
    ]


def test_a_destroyed_subscriber_has_no_listeners_any_more():
    stage, alice, _, subscriber = meeting()
    heard = []
    subscriber.on("destroyed", heard.append)
    stage.act(alice, lambda: alice.session.unsubscribe(subscriber))
    behind_subscriber(subscriber).destroy("clientDisconnected")
    behind_subscriber(subscriber).dispatch("destroyed")
    assert [event.reason for event in heard] == ["Unsubscribe"]


# -- failing ---------------------------------------------------------------------------------------


def test_a_stream_that_the_platform_does_not_find_destroys_the_subscriber():
    stage, alice, _, at = attempt(404)
    assert stage.story(since=at) == [
        "subscribe failed OT_STREAM_NOT_FOUND 1501",
        "subscriber(bob): destroyed streamNotFound",
    ]
    assert alice.left()["subscribers"] == 0


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (403, "subscribe failed OT_UNABLE_TO_SUBSCRIBE 2001"),
        (405, "subscribe failed OT_UNABLE_TO_SUBSCRIBE 1501"),
        (409, "subscribe failed OT_UNABLE_TO_SUBSCRIBE 2001"),
        (
            (409, {"reason": "streamLimitExceeded"}),
            "subscribe failed OT_STREAM_LIMIT_EXCEEDED 1605",
        ),
        (500, "subscribe failed OT_UNABLE_TO_SUBSCRIBE 2001"),
    ],
)
def test_another_refusal_leaves_a_failed_subscriber_in_the_page(answer, words):
    stage, alice, subscriber, at = attempt(answer, run="1min")
    assert stage.story(since=at) == [words]
    assert subscriber.state == "Failed"
    assert alice.left() == {"elements": 1, "subscribers": 1, "publishers": 0}


def test_a_failed_subscriber_is_destroyed_with_the_session():
    stage, alice, _, at = attempt(500)
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    assert "subscriber(bob): destroyed clientDisconnected" in stage.story(since=at)
    assert alice.left()["subscribers"] == 0


def test_without_an_answer_subscribing_times_out_after_30_s_and_destroys_nothing():
    stage, alice, subscriber, at = attempt(None, run="2min")
    assert stage.story(since=at) == ["subscribe failed OT_TIMEOUT 1501"]
    assert stage.told(since=at)[0].time == at + 30 * SECOND
    assert subscriber.state == "Failed"
    assert alice.left()["elements"] == 1


def test_an_answer_that_comes_after_unsubscribing_changes_nothing():
    stage, alice, subscriber, at = attempt(run="1ms")
    stage.act(alice, lambda: alice.session.unsubscribe(subscriber))
    stage.run("1s")
    assert stage.story(since=at)[-1] == "subscriber(bob): destroyed Unsubscribe"


# -- preparing -------------------------------------------------------------------------------------


def preparing():
    """Alice has called subscribe(), and her request goes out 650 ms later."""
    stage = Stage()
    stage.platform.guest("bob", stream=True)
    alice = stage.joined(timers=Timers(prepare_subscription=650 * MILLISECOND))
    at = stage.now
    subscriber = stage.act(alice, lambda: alice.session.subscribe(alice.session.streams["bob#1.1"]))
    stage.run("649ms")
    assert stage.requests(since=at) == []
    return stage, alice, subscriber, at


def test_a_subscriber_may_take_its_time_before_it_asks():
    stage, _, _, at = preparing()
    stage.run("1s")
    assert stage.requests(since=at) == ["create subscriber subscriber(bob)"]
    assert stage.when("subscriber(bob): connected") == [at + 953 * MILLISECOND]


def test_one_that_is_unsubscribed_meanwhile_never_asks():
    stage, alice, subscriber, at = preparing()
    stage.act(alice, lambda: alice.session.unsubscribe(subscriber))
    stage.run("1min")
    assert stage.requests(since=at) == ["delete subscriber subscriber(bob)"]
    assert stage.story(since=at) == [
        "subscribe failed Error None",
        "subscriber(bob): destroyed Unsubscribe",
    ]


# -- what is refused at once -----------------------------------------------------------------------


def refused(alice, stage, stream):
    at = stage.now
    assert stage.act(alice, lambda: alice.session.subscribe(stream)) is None
    return stage.story(since=at)


@pytest.mark.parametrize("stream", [None, {}, SimpleNamespace(id="bob#1.1")])
def test_subscribing_when_not_connected_is_refused_before_the_argument_is_looked_at(stream):
    stage = Stage()
    alice = stage.client()
    assert refused(alice, stage, stream) == ["subscribe failed OT_NOT_CONNECTED 1501"]


@pytest.mark.parametrize("stream", [None, {}, "bob#1.1"])
def test_subscribing_to_what_is_no_stream_is_refused(stream):
    stage, alice, *_ = meeting()
    assert refused(alice, stage, stream) == ["subscribe failed OT_INVALID_PARAMETER 1501"]


def test_subscribing_to_what_only_has_an_id_throws():
    stage, alice, *_ = meeting()
    with pytest.raises(TypeError, match="subscribe needs a Stream"):
        stage.act(alice, lambda: alice.session.subscribe(SimpleNamespace(id="nostream")))


def test_subscribing_is_not_checked_against_the_own_permissions():
    stage = Stage()
    stage.platform.guest("bob", stream=True)
    alice = stage.joined(role="publisheronly")
    assert alice.session.capabilities["subscribe"] == 0
    stage.act(alice, lambda: alice.session.subscribe(alice.session.streams["bob#1.1"]))
    assert stage.requests()[-1] == "create subscriber subscriber(bob)"


def test_times_are_those_of_the_table():
    stage, _, _, at = attempt()
    assert stage.when("subscriber(bob): connected") == [at + 303 * MILLISECOND]
    assert stage.when("subscribe ok") == [at + 603 * MILLISECOND]


def test_subscribing_while_disconnecting_makes_a_subscriber_that_fails_and_stays_until_the_end():
    """Recording r10105."""
    stage, alice, *_ = meeting()
    (stream,) = [each for each in alice.session.streams.values() if each.id == "bob#1.1"]
    at = stage.now
    stage.act(alice, alice.session.disconnect)
    subscriber = stage.act(alice, lambda: alice.session.subscribe(stream))
    stage.run("50ms")
    assert "subscribe failed OT_UNABLE_TO_SUBSCRIBE 1501" in stage.story(since=at)
    assert (subscriber.is_alive, subscriber.state) == (True, "Failed")
    stage.run("1s")
    assert "subscriber(bob)#1: destroyed clientDisconnected" in stage.story(since=at)
    assert alice.left()["subscribers"] == 0
