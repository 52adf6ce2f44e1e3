"""Connecting: what is told in which order, whatever the order of the platform's frames."""

import pytest
from harness import Stage
from openings import starting
from orders import ORDERS

from sim.client.outputs import Dial, Fetch, Send
from sim.protocol.frames import Message, Status
from sim.protocol.units import MILLISECOND, SECOND


def by_hand():
    """Alice's socket is open and she has asked to join; the test plays the platform."""
    stage = Stage()
    alice = stage.client()
    alice.act(0, None, alice.session.connect)
    (fetch,) = alice.outputs
    assert isinstance(fetch, Fetch)
    alice.informed(fetch.request, 200, {"reconnection": True}, 0, None)
    dial = alice.outputs[-1]
    assert isinstance(dial, Dial)
    alice.opened(dial.attempt, 0, None)
    send = alice.outputs[-1]
    assert isinstance(send, Send)
    assert isinstance(send.frame, Message)
    return stage, alice, dial.attempt, send.frame.txn


OWN = {"id": "alice#1", "client": "alice", "permissions": ["publish", "subscribe"]}
BOB = {"id": "bob#1", "client": "bob", "permissions": []}


def state_with(*connections):
    return {"connections": list(connections), "streams": [], "mute": False}


# -- success -----------------------------------------------------------------------------------


def test_connecting_tells_the_events_in_the_specified_order():
    stage = Stage()
    stage.platform.guest("bob", stream=True)
    stage.joined()
    assert stage.order() == [
        "Session.sessionConnected",
        "connect callback",
        "Session.connectionCreated",
        "Session.connectionCreated",
        "Session.streamCreated",
    ]
    kinds = list(dict.fromkeys(stage.order()))
    assert kinds == [step.rstrip("*") for step in ORDERS["connect"] if "archive" not in step]


def test_connections_and_streams_come_in_the_order_of_the_list_with_the_own_connection_in_it():
    stage = Stage()
    stage.platform.guest("bob", stream=True)
    stage.platform.guest("carol", stream=True)
    stage.joined()
    assert stage.story() == [
        "sessionConnected",
        "connect ok",
        "connectionCreated bob#1",
        "connectionCreated carol#1",
        "connectionCreated alice#1",
        "streamCreated bob#1.1",
        "streamCreated carol#1.1",
    ]


def test_the_own_connection_comes_first_if_the_platform_does_not_list_it():
    stage = Stage()
    stage.platform.lists_own = False
    stage.platform.guest("bob")
    alice = stage.joined()
    assert stage.story()[2:] == ["connectionCreated alice#1", "connectionCreated bob#1"]
    assert alice.session.capabilities["publish"] == 1


def test_the_completion_handler_runs_among_the_listeners_at_the_place_of_the_call():
    stage = Stage()
    alice = stage.client()
    heard = []
    alice.session.on("sessionConnected", lambda _: heard.append("before"))
    stage.act(alice, lambda: alice.session.connect(lambda _: heard.append("callback")))
    alice.session.on("sessionConnected", lambda _: heard.append("after"))
    stage.run("10ms")
    assert heard == ["before", "callback", "after"]


def test_everything_is_told_in_one_block_and_the_session_is_connected_in_it():
    stage = Stage()
    alice = stage.client()
    states = []
    alice.session.on("sessionConnected", lambda _: states.append(alice.session.state))
    alice.session.on("connectionCreated", lambda _: states.append(alice.session.is_connected()))
    stage.act(alice, alice.session.connect)
    stage.run("10ms")
    assert states == ["connected", True]
    assert len({record.time for record in stage.told()}) == 1


def test_asking_dialling_and_joining_follow_each_other():
    stage, alice = starting()
    assert alice.session.state == "connecting"
    stage.run("10ms")
    assert stage.fetches == [0]
    assert [at for at, _ in stage.dials] == [2 * MILLISECOND]
    assert [(at, frame.content) for at, _, frame in stage.sent if isinstance(frame, Message)] == [
        (
            4 * MILLISECOND,
            {"id": "alice#1", "client": "alice", "role": "publisher", "suppressed": False},
        )
    ]
    assert stage.when("sessionConnected") == [6 * MILLISECOND]


def test_capabilities_are_those_of_the_role_while_connected_and_none_otherwise():
    stage = Stage()
    alice = stage.client(role="moderator")
    assert set(alice.session.capabilities.values()) == {0}
    stage.act(alice, alice.session.connect)
    stage.run("10ms")
    assert alice.session.capabilities == {
        "publish": 1,
        "subscribe": 1,
        "forceUnpublish": 1,
        "forceDisconnect": 1,
        "forceMute": 1,
    }
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    assert set(alice.session.capabilities.values()) == {0}


def test_a_mute_that_is_active_is_told_before_the_session_is_connected():
    stage = Stage()
    stage.platform.mute = True
    stage.joined()
    assert stage.story()[:2] == ["muteForced", "sessionConnected"]
    assert stage.told()[0].data["active"] is True


def test_a_listener_of_that_mute_may_call_the_connecting_off():
    stage = Stage()
    stage.platform.mute = True
    alice = stage.client()
    alice.session.on("muteForced", lambda _: alice.session.disconnect())
    stage.act(alice, alice.session.connect)
    stage.run("1min")
    assert stage.story() == [
        "muteForced",
        "connect failed OT_UNEXPECTED_SERVER_RESPONSE 2001",
        "disconnect ok",
    ]
    assert alice.session.state == "disconnected"


def test_with_connection_events_suppressed_no_connection_is_announced():
    stage = Stage()
    stage.platform.guest("bob", stream=True)
    stage.joined(suppressed=True)
    assert stage.story() == ["sessionConnected", "connect ok", "streamCreated bob#1.1"]


def test_with_connection_events_suppressed_later_comers_are_met_by_what_they_send():
    stage = Stage()
    alice = stage.joined(suppressed=True)
    at = stage.now
    stage.platform.guest("carol", stream=True)
    dave = stage.platform.guest("dave")
    stage.platform.signal(dave, {"id": "dave#1/s1", "type": "chat", "data": "hi"})
    stage.run("10ms")
    assert stage.story(since=at) == [
        "streamCreated carol#1.1",
        "signal 'hi' from dave#1",
        "signal:chat 'hi' from dave#1",
    ]
    subscriber = stage.subscribing(alice, "carol#1.1")
    assert subscriber.label == "subscriber(carol)"


@pytest.mark.parametrize("suppressed", [True, False])
def test_with_connection_events_suppressed_an_app_servers_signal_leaves_a_connection(
    suppressed,
):
    """Recording m15: of nobody, for good, and a new one each time."""
    stage = Stage()
    alice = stage.joined(suppressed=suppressed)
    for number in (1, 2):
        stage.platform.signal(None, {"id": f"server/s{number}", "data": number})
    stage.run("10ms")
    assert [line.split(" from")[0] for line in stage.story()[-2:]] == ["signal 1", "signal 2"]
    nobodies = 2 if suppressed else 0
    assert [c.client for c in alice.session.connections.values()] == ["alice", *[""] * nobodies]
    kept = alice.snapshot()
    alice.restore(kept)
    assert len(alice.session.connections) == 1 + nobodies


def test_with_connection_events_suppressed_the_end_of_a_known_connection_is_told_all_the_same():
    stage = Stage()
    bob = stage.platform.guest("bob", stream=True)
    stage.joined(suppressed=True)
    at = stage.now
    stage.platform.remove(bob, "clientDisconnected")
    stage.run("10ms")
    assert stage.story(since=at) == [
        "streamDestroyed bob#1.1 clientDisconnected",
        "connectionDestroyed bob#1 clientDisconnected",
    ]


# -- the order of the platform's frames ----------------------------------------------------------


@pytest.mark.parametrize("announcement_first", [True, False])
def test_the_announcement_of_the_own_connection_and_the_answer_may_come_in_either_order(
    announcement_first,
):
    stage, alice, attempt, txn = by_hand()
    frames = [
        Message(1, "created", "connection", OWN, None),
        Status(txn, 200, state_with(OWN), None),
    ]
    for frame in frames if announcement_first else reversed(frames):
        assert stage.story() == []
        alice.receive(attempt, frame, 5, None)
    assert stage.story() == ["sessionConnected", "connect ok", "connectionCreated alice#1"]


def test_without_the_announcement_of_the_own_connection_connecting_does_not_end():
    stage = Stage()
    stage.platform.announces_own = False
    alice = stage.client()
    stage.act(alice, alice.session.connect)
    stage.run("1min")
    assert alice.session.state == "connecting"
    assert stage.story() == []


def test_what_comes_before_the_state_of_the_session_is_told_after_it():
    stage, alice, attempt, txn = by_hand()
    alice.receive(attempt, Message(1, "created", "connection", BOB, None), 5, None)
    alice.receive(attempt, Message(2, "created", "connection", OWN, None), 5, None)
    alice.receive(attempt, Status(txn, 200, state_with(OWN), None), 5, None)
    assert stage.story()[2:] == ["connectionCreated alice#1", "connectionCreated bob#1"]


def test_after_an_early_end_of_the_own_connection_nothing_else_that_came_early_is_told():
    stage, alice, attempt, txn = by_hand()
    gone = {"id": "alice#1", "reason": "forceDisconnected"}
    alice.receive(attempt, Message(1, "deleted", "connection", gone, None), 5, None)
    alice.receive(attempt, Message(2, "created", "connection", BOB, None), 5, None)
    alice.receive(attempt, Message(3, "created", "connection", OWN, None), 5, None)
    alice.receive(attempt, Status(txn, 200, state_with(OWN), None), 5, None)
    alice.wake(1 * SECOND)
    assert stage.story()[2:] == [
        "connectionCreated alice#1",
        "sessionDisconnected forceDisconnected",
    ]


def test_who_came_and_went_before_the_state_of_the_session_is_not_told():
    stage, alice, attempt, txn = by_hand()
    signal = {"id": "bob#1/s1", "from": "bob#1", "client": "bob", "type": "x"}
    stream = {"id": "bob#1.1", "connection": "bob#1", "client": "bob"}
    early = [
        ("created", "connection", BOB),
        ("created", "stream", stream),
        ("create", "signal", signal),
        ("deleted", "stream", {"id": "bob#1.1", "connection": "bob#1"}),
        ("deleted", "connection", {"id": "bob#1"}),
        ("created", "connection", {"id": "carol#1", "client": "carol"}),
        ("created", "connection", OWN),
    ]
    for number, (method, resource, content) in enumerate(early, 1):
        alice.receive(attempt, Message(number, method, resource, content, None), 5, None)
    alice.receive(attempt, Status(txn, 200, state_with(OWN), None), 5, None)
    assert stage.story()[2:] == ["connectionCreated alice#1", "connectionCreated carol#1"]


def test_whose_stream_alone_came_and_went_before_the_state_is_told():
    stage, alice, attempt, txn = by_hand()
    stream = {"id": "bob#1.1", "connection": "bob#1", "client": "bob"}
    early = [
        ("created", "connection", BOB),
        ("created", "stream", stream),
        ("deleted", "stream", {"id": "bob#1.1", "connection": "bob#1"}),
        ("created", "connection", OWN),
    ]
    for number, (method, resource, content) in enumerate(early, 1):
        alice.receive(attempt, Message(number, method, resource, content, None), 5, None)
    alice.receive(attempt, Status(txn, 200, state_with(OWN), None), 5, None)
    assert stage.story()[2:] == ["connectionCreated alice#1", "connectionCreated bob#1"]
