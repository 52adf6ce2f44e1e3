"""Everything that is written down names what made it happen."""

import pytest
from harness import Stage
from openings import away, leaving, lone, meeting, starting

from sim.client.paths import Path
from sim.protocol.frames import Disconnect, Message

CALLS = {
    "connect": lambda a, p, s: a.session.connect(),
    "publish": lambda a, p, s: a.session.publish(a.init_publisher()),
    "publish nothing": lambda a, p, s: a.session.publish(None),
    "unpublish": lambda a, p, s: a.session.unpublish(p),
    "destroy": lambda a, p, s: p.destroy(),
    "switch": lambda a, p, s: p.publish_audio(False),
    "subscribe": lambda a, p, s: a.session.subscribe(a.session.streams["bob#1.1"]),
    "subscribe nothing": lambda a, p, s: a.session.subscribe(None),
    "unsubscribe": lambda a, p, s: a.session.unsubscribe(s),
    "signal": lambda a, p, s: a.session.signal("chat", "hi"),
    "signal wrongly": lambda a, p, s: a.session.signal("a b"),
    "forceDisconnect": lambda a, p, s: a.session.force_disconnect("bob#1"),
    "forceDisconnect nobody": lambda a, p, s: a.session.force_disconnect({}),
    "forceUnpublish": lambda a, p, s: a.session.force_unpublish("bob#1.1"),
    "forceMuteAll": lambda a, p, s: a.session.force_mute_all(),
    "disconnect": lambda a, p, s: a.session.disconnect(),
}
REQUESTS = {
    "publish": "create stream",
    "unpublish": "delete stream",
    "subscribe": "create subscriber",
    "unsubscribe": "delete subscriber",
    "signal": "create signal",
    "forceDisconnect": "delete connection",
    "forceUnpublish": "delete stream",
    "forceMuteAll": "update session",
    "switch": "update channel",
}


def calls(stage, name):
    return [r for r in stage.records if r.kind == "call" and r.name == name]


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_not_the_cause_of_what_comes_after_it(name):
    stage, alice, publisher, subscriber = meeting(role="moderator")
    causes = []

    def task():
        CALLS[name](alice, publisher, subscriber)
        causes.append(alice.loop.cause)

    alice.act(stage.now, 7, task)
    assert causes == [7]


@pytest.mark.parametrize("name", [n for n in CALLS if n not in ("destroy", "switch")])
def test_a_call_names_what_made_the_app_make_it(name):
    stage, alice, publisher, subscriber = meeting(role="moderator")
    before = len(stage.records)
    alice.act(stage.now, 7, lambda: CALLS[name](alice, publisher, subscriber))
    (call,) = [r for r in stage.records[before:] if r.kind == "call"]
    assert call.cause == 7
    assert call.data["by"] == "app"


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_names_its_call(name):
    stage, alice, publisher, subscriber = meeting(role="moderator")
    at = stage.now
    stage.act(alice, lambda: CALLS[name](alice, publisher, subscriber))
    stage.run("250ms")  # until the camera is bound
    call = calls(stage, name)[-1]
    sent = [
        frame.cause
        for when, _, frame in stage.sent
        if when >= at
        and isinstance(frame, Message)
        and f"{frame.method} {frame.resource}" == REQUESTS[name]
    ]
    assert sent == [call.number]


def test_what_a_call_does_at_once_names_the_call():
    stage, alice, publisher, subscriber = meeting()
    stage.act(alice, lambda: alice.session.unpublish(publisher))
    stage.act(alice, lambda: alice.session.unsubscribe(subscriber))
    (unpublish,), (unsubscribe,) = calls(stage, "unpublish"), calls(stage, "unsubscribe")
    ended, *_ = (r for r in stage.told() if r.name == "streamDestroyed")
    *_, destroyed = (r for r in stage.told() if r.name == "destroyed")
    assert (ended.cause, destroyed.cause) == (unpublish.number, unsubscribe.number)


def test_the_end_names_the_call_and_is_the_cause_of_what_ends_with_it():
    stage, *_ = leaving()
    stage.run("1s")
    (call,) = calls(stage, "disconnect")
    told = {(r.object, r.name): r for r in stage.told()}
    end = told["session", "sessionDisconnected"]
    assert end.cause == call.number
    assert told["publisher", "streamDestroyed"].cause == end.number
    assert told["publisher", "destroyed"].cause == told["publisher", "streamDestroyed"].number
    assert told["subscriber(bob)", "destroyed"].cause == end.number
    assert told["session", "disconnect"].data["call"] == call.number
    (goodbye,) = [frame for _, _, frame in stage.sent if isinstance(frame, Disconnect)]
    assert goodbye.cause == call.number


def test_the_end_of_an_outage_that_does_not_heal_names_its_beginning():
    stage, *_ = meeting()
    stage.kill(then="hanging")
    stage.run("1min")
    told = {r.name: r for r in stage.told() if r.object == "session"}
    assert told["sessionDisconnected"].cause == told["sessionReconnecting"].number


def test_attempts_to_reconnect_name_the_outage():
    stage, alice, *_ = meeting()
    alice.closed(stage.dials[-1][1].attempt, 1006, stage.now, 7)
    (begun,) = [r for r in stage.told() if r.name == "sessionReconnecting"]
    assert begun.cause == 7
    assert [output.cause for output in alice.outputs] == [begun.number]


def test_what_a_message_makes_happen_names_the_messages_cause():
    stage, alice, *_ = meeting()
    attempt = stage.dials[-1][1].attempt
    gone = Message(99, "deleted", "stream", {"id": "bob#1.1", "reason": "forceUnpublished"}, 7)
    alice.receive(attempt, gone, stage.now, 7)
    ended, destroyed = stage.told()[-2:]
    assert ended.cause == 7
    assert destroyed.cause == ended.number


# -- why a call fails ------------------------------------------------------------------------------


def failure(stage, name):
    """The record of the last failure of a call, and the record that it names as its cause."""
    failed = [r for r in stage.records if (r.kind, r.name) == ("callback", name)][-1]
    assert not failed.data["ok"]
    return failed, next((r for r in stage.records if r.number == failed.cause), None)


def test_a_call_before_any_connect_fails_for_itself():
    stage = Stage()
    alice = stage.client()
    stage.act(alice, lambda: alice.session.signal("chat", "hi"))
    failed, cause = failure(stage, "signal")
    assert cause.number == failed.data["call"]


UNCONNECTED = {
    "signal": lambda session: session.signal("chat", "hi"),
    "publish": lambda session: session.publish(None),
    "subscribe": lambda session: session.subscribe(next(iter(session.streams.values()), None)),
    "forceDisconnect": lambda session: session.force_disconnect("bob#1"),
}


@pytest.mark.parametrize("name", UNCONNECTED)
def test_a_call_after_the_end_fails_because_of_the_end(name):
    stage, alice, *_ = leaving(role="moderator")
    stage.run("1s")
    stage.act(alice, lambda: UNCONNECTED[name](alice.session))
    _, cause = failure(stage, name)
    assert cause.name == "sessionDisconnected"


@pytest.mark.parametrize("name", UNCONNECTED)
def test_a_call_while_disconnecting_fails_because_of_the_goodbye(name):
    stage, alice, *_ = leaving(role="moderator")
    stage.act(alice, lambda: UNCONNECTED[name](alice.session))
    _, cause = failure(stage, name)
    assert (cause.kind, cause.name) == ("call", "disconnect")


def test_a_call_while_connecting_fails_because_connecting_is_not_over():
    stage, alice = starting()
    stage.act(alice, lambda: alice.session.signal("chat", "hi"))
    _, cause = failure(stage, "signal")
    assert (cause.kind, cause.name) == ("call", "connect")


def test_a_call_that_is_not_to_be_retried_fails_because_of_the_outage():
    stage, alice, *_ = away("hanging")
    stage.act(alice, lambda: alice.session.signal("chat", retry_after_reconnect=False))
    _, cause = failure(stage, "signal")
    assert cause.name == "sessionReconnecting"


def test_a_wrong_call_fails_because_of_itself_also_after_the_end():
    stage, alice, *_ = meeting()
    stage.act(alice, lambda: alice.session.signal("a b"))
    failed, cause = failure(stage, "signal")
    assert cause.number == failed.data["call"]


@pytest.mark.parametrize("back_after", ["3s", "12s", "1min"])
def test_publishing_that_an_outage_has_kept_waiting_times_out_because_of_the_outage(back_after):
    stage, alice = lone()
    stage.platform.answers["create stream"] = [None]
    stage.kill(then="hanging")
    stage.act(alice, lambda: alice.session.publish(alice.init_publisher()))
    stage.run(back_after)
    stage.restore()
    stage.run("1min")
    failed, cause = failure(stage, "publish")
    assert (failed.data["error"], cause.name) == ("OT_TIMEOUT", "sessionReconnecting")
    undone = next(r for r in stage.told() if r.name == "streamDestroyed")
    assert undone.cause == failed.cause


def test_publishing_that_is_never_answered_times_out_because_of_the_call():
    stage, alice = lone()
    stage.kill(then="up")
    stage.run("5s")
    stage.platform.answers["create stream"] = [None]
    stage.act(alice, lambda: alice.session.publish(alice.init_publisher()))
    stage.run("1min")
    failed, cause = failure(stage, "publish")
    assert cause.number == failed.data["call"]


def test_subscribing_whose_media_are_cut_off_times_out_because_of_the_cut():
    stage = Stage()
    stage.platform.guest("bob", stream=True)
    alice = stage.joined()
    stage.act(alice, lambda: alice.session.subscribe(alice.session.streams["bob#1.1"]))
    stage.paths["bob"] = Path(near=False)
    alice.paths_changed("bob", stage.now, 7)
    stage.run("1min")
    failed, _ = failure(stage, "subscribe")
    assert (failed.data["error"], failed.cause) == ("OT_TIMEOUT", 7)


def test_a_window_that_ends_after_one_was_turned_away_names_why_one_was_turned_away():
    stage, alice, *_ = meeting()
    stage.kill(then="up")
    removed = 7
    while alice.session.state == "connected":
        stage.run("2ms")
        if stage.dials[-1][1].open:
            stage._forget(stage.dials[-1][1])
            alice.closed(stage.dials[-1][1].attempt, 4001, stage.now, removed)
            stage.flush()
    stage.run("10ms")
    end = next(r for r in stage.told() if r.name == "sessionDisconnected")
    assert end.cause == removed


def test_a_publish_that_fails_is_withdrawn_because_of_what_has_failed_it():
    stage, alice = lone()
    stage.act(alice, lambda: alice.session.publish(alice.init_publisher()))
    stage.run("190ms")
    stage.kill(then="hanging")
    stage.run("20s")
    (publish,) = calls(stage, "publish")
    (withdrawal,) = [each for each in stage.records if each.name == "withdrawal"]
    outage = next(each for each in stage.records if each.name == "sessionReconnecting")
    assert withdrawal.cause == outage.number
    assert withdrawal.data == {"stream": "alice#1.1", "besides": [publish.number]}
