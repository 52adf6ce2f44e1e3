"""Everything that is written down names what made it happen."""

import pytest
from openings import leaving, meeting

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
    if name != "publish":
        assert sent == [call.number]
    else:
        camera = next(r for r in stage.records if r.name == "inserted" and r.time == at)
        assert sent == [camera.cause]


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
