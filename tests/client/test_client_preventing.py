"""The end of a session: what may be prevented, and what listeners may do."""

import pytest
from harness import Stage
from openings import leaving, meeting, prevent
from orders import ORDERS

LEFT_NOTHING = {"elements": 0, "subscribers": 0, "publishers": 0}


# -- preventing ------------------------------------------------------------------------------------


def test_preventing_the_end_keeps_subscribers_but_not_publishers():
    stage, alice, _, subscriber, at = leaving()
    alice.session.on("sessionDisconnected", prevent)
    stage.run("1s")
    assert stage.order(since=at) == [
        step for step in ORDERS["local_disconnect"] if not step.startswith("Subscriber")
    ]
    assert subscriber.state == "NotSubscribing"
    assert alice.left() == {"elements": 1, "subscribers": 1, "publishers": 0}


def test_what_was_kept_is_cleaned_by_unsubscribing():
    stage, alice, _, subscriber, _ = leaving()
    alice.session.on("sessionDisconnected", prevent)
    stage.run("1s")
    at = stage.now
    assert stage.act(alice, lambda: alice.session.unsubscribe(subscriber))
    assert stage.story(since=at) == ["subscriber(bob): destroyed Unsubscribe"]
    assert alice.left() == LEFT_NOTHING


def test_preventing_is_written_down_right_after_its_event():
    stage, alice, _, _, _ = leaving()
    alice.session.on("sessionDisconnected", prevent)
    alice.session.on("sessionDisconnected", prevent)
    stage.run("1s")
    story = [r for r in stage.records if r.level == 0]
    (at,) = [i for i, r in enumerate(story) if r.name == "sessionDisconnected"]
    assert story[at + 1].name == "preventDefault"
    assert story[at + 1].data == {"event": "sessionDisconnected"}
    assert story[at + 1].cause == story[at].number
    assert [r.name for r in story].count("preventDefault") == 1


def test_preventing_too_late_has_no_effect():
    stage, alice, _, _, at = leaving()
    kept = []

    def listener(event):
        kept.append(event)
        alice.page.microtask(event.prevent_default)  # as in Promise.resolve().then(...)

    alice.session.on("sessionDisconnected", listener)
    stage.run("1s")
    assert stage.order(since=at) == ORDERS["local_disconnect"]
    assert not kept[0].is_default_prevented()
    assert [r for r in stage.records if r.name == "preventDefault"] == []


def test_preventing_an_event_that_cannot_be_prevented_has_no_effect():
    stage = Stage()
    alice = stage.client()
    events = []
    alice.session.on("sessionConnected", events.append)
    alice.session.on("sessionConnected", prevent)
    stage.act(alice, alice.session.connect)
    stage.run("10ms")
    assert not events[0].cancelable
    assert not events[0].is_default_prevented()


def test_preventing_the_publishers_event_keeps_the_publisher_and_its_element():
    stage, alice, publisher, _, at = leaving()
    publisher.on("streamDestroyed", prevent)
    stage.run("1s")
    assert stage.order(since=at) == [
        step for step in ORDERS["local_disconnect"] if step != "Publisher.destroyed"
    ]
    assert publisher.state == "MediaBound"
    assert alice.left() == {"elements": 1, "subscribers": 0, "publishers": 1}


# -- listeners -------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["destroy", "unpublish"])
def test_a_publisher_that_a_listener_of_the_end_lets_go_is_not_told_twice(how):
    stage, alice, publisher, _, at = leaving()

    def let_go(_):
        publisher.destroy() if how == "destroy" else alice.session.unpublish(publisher)

    alice.session.on("sessionDisconnected", let_go)
    stage.run("1s")
    reason = {"destroy": "reset", "unpublish": "unpublished"}[how]
    assert stage.story(since=at) == [
        "sessionDisconnected clientDisconnected",
        f"publisher: streamDestroyed alice#1.1 {reason}",
        "publisher: destroyed",
        "subscriber(bob): destroyed clientDisconnected",
        "disconnect ok",
    ]


def test_a_subscriber_that_a_listener_of_the_end_unsubscribes_is_not_told_twice():
    stage, alice, _, subscriber, at = leaving()
    alice.session.on("sessionDisconnected", lambda _: alice.session.unsubscribe(subscriber))
    stage.run("1s")
    destroyed = [words for words in stage.story(since=at) if words.startswith("subscriber")]
    assert destroyed == ["subscriber(bob): destroyed Unsubscribe"]


def test_a_throwing_listener_silences_the_later_ones_but_the_default_action_runs():
    stage, alice, _, _ = meeting()
    at = stage.now

    def throw(_):
        raise RuntimeError("app bug")

    alice.session.on("sessionDisconnected", throw)
    promise = stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    assert stage.story(since=at) == [
        "sessionDisconnected clientDisconnected",
        "threw in sessionDisconnected",
        *[
            "publisher: streamDestroyed alice#1.1 clientDisconnected",
            "publisher: destroyed",
            "subscriber(bob): destroyed clientDisconnected",
        ],
    ]
    assert promise.outcome is None
    assert "RuntimeError: app bug" in [r.data.get("error") for r in stage.records]


def test_removing_all_listeners_removes_the_one_that_settles_the_promise():
    stage, alice, _, _, _ = leaving()
    alice.session.off("sessionDisconnected")
    stage.run("1s")
    assert "disconnect ok" not in stage.story()
