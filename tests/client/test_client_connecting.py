"""Connecting: what happens in which order, what goes wrong, what disconnect() does meanwhile."""

import pytest
from harness import Stage, meeting
from orders import ORDERS

from sim.client import Client
from sim.client.outputs import Dial, Fetch, Send
from sim.protocol.frames import Disconnect, Message, Status
from sim.protocol.units import MILLISECOND, SECOND

QUIRK = "disconnect-while-socket-opens-hangs"


def starting(**options):
    """Alice calls connect() and has not got any answer yet."""
    stage = Stage()
    alice = stage.client(**options)
    stage.act(alice, alice.session.connect)
    return stage, alice


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
    assert stage.story() == ["muteForced", "disconnect ok"]
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


# -- failure ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"has_key": False}, "connect failed OT_AUTHENTICATION_ERROR 1004"),
        ({"has_id": False}, "connect failed OT_INVALID_SESSION_ID 1005"),
        ({"has_key": False, "has_id": False}, "connect failed OT_AUTHENTICATION_ERROR 1004"),
    ],
)
def test_without_a_key_or_a_session_id_the_network_is_not_asked(given, words):
    stage = Stage()
    alice = stage.client()
    session = alice.init_session(**given)
    stage.act(alice, session.connect)
    assert stage.story() == []
    stage.run("1min")
    assert stage.story() == [words]
    assert stage.when(words) == [1 * MILLISECOND]
    assert stage.fetches == []
    assert session.state == "disconnected"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "connect failed OT_INVALID_SESSION_ID 1005"),
        (403, "connect failed OT_AUTHENTICATION_ERROR 1004"),
        (404, "connect failed OT_INVALID_SESSION_ID 1005"),
        (409, "connect failed OT_TERMS_OF_SERVICE_FAILURE 1026"),
        (500, "connect failed OT_UNEXPECTED_SERVER_RESPONSE 2001"),
    ],
)
def test_a_final_answer_about_the_session_fails_the_connect_at_once(status, words):
    stage = Stage()
    stage.info = [status]
    alice = stage.client()
    stage.act(alice, alice.session.connect)
    stage.run("1min")
    assert stage.story() == [words]
    assert stage.fetches == [0]
    assert alice.session.state == "disconnected"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (402, "connect failed OT_UNEXPECTED_ERROR_CODE 2001"),
        (None, "connect failed OT_CONNECT_FAILED 1006"),
    ],
)
def test_another_answer_is_asked_for_three_times_after_600_and_1200_ms(status, words):
    stage = Stage()
    stage.info = [status] * 3
    alice = stage.client()
    stage.act(alice, alice.session.connect)
    stage.run("1min")
    assert stage.fetches == [0, 602 * MILLISECOND, 1_804 * MILLISECOND]
    assert stage.story() == [words]
    assert stage.when(words) == [1_806 * MILLISECOND]


def test_the_second_try_may_succeed():
    stage = Stage()
    stage.info = [None]
    alice = stage.client()
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    assert stage.story()[:2] == ["sessionConnected", "connect ok"]


def test_a_refused_socket_is_tried_three_times_with_starts_3_s_apart():
    stage, alice = starting()
    stage.links["alice"] = "refused"
    stage.run("1min")
    assert stage.fetches == [0, 3 * SECOND, 6 * SECOND]
    assert stage.story() == ["connect failed OT_SOCKET_CLOSE_FALLBACK_CODE 4020"]
    assert stage.told()[0].time == 6 * SECOND + 3 * MILLISECOND
    assert alice.session.state == "disconnected"


def test_a_hanging_socket_takes_15_s_an_attempt_and_45_s_in_all():
    stage, _ = starting()
    stage.links["alice"] = "hanging"
    stage.run("1min")
    assert [at // SECOND for at, _ in stage.dials] == [0, 15, 30]
    assert stage.story() == ["connect failed OT_SOCKET_CLOSE_TIMEOUT 4010"]
    assert stage.told()[0].time // SECOND == 45


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (400, "connect failed OT_CONNECT_FAILED 1006"),
        (403, "connect failed OT_CONNECT_FAILED 1006"),
        (409, "connect failed OT_CONNECT_FAILED 1006"),
        (404, "connect failed OT_UNEXPECTED_SERVER_RESPONSE 2001"),
        (500, "connect failed OT_UNEXPECTED_SERVER_RESPONSE 2001"),
        (418, "connect failed OT_UNEXPECTED_SERVER_RESPONSE 2001"),
        (
            (404, {"reason": "connectionLimitExceeded"}),
            "connect failed OT_CONNECTION_LIMIT_EXCEEDED 1027",
        ),
    ],
)
def test_a_refused_join_is_tried_three_times_and_only_then_told(answer, words):
    stage = Stage()
    stage.platform.answers["create connection"] = [answer] * 3
    alice = stage.client()
    stage.act(alice, alice.session.connect)
    stage.run("1min")
    assert stage.fetches == [0, 3 * SECOND, 6 * SECOND]
    assert stage.story() == [words]
    assert alice.session.state == "disconnected"


def test_a_join_that_is_refused_once_succeeds_3_s_later_with_nothing_told_in_between():
    stage = Stage()
    stage.platform.answers["create connection"] = [500]
    alice = stage.client()
    stage.act(alice, alice.session.connect)
    stage.run("1min")
    assert stage.story()[:2] == ["sessionConnected", "connect ok"]
    assert stage.when("sessionConnected") == [3 * SECOND + 6 * MILLISECOND]


def test_a_socket_that_fails_while_joining_resumes_without_a_word():
    stage, _ = starting()
    stage.run("5ms")
    stage.kill(then="up")
    stage.run("1s")
    assert [line.hello.reconnect for _, line in stage.dials] == [False, True]
    assert stage.story() == ["sessionConnected", "connect ok", "connectionCreated alice#1"]


@pytest.mark.parametrize("profile", ["documented", "opentok.js-2.35.2"])
def test_without_reconnection_a_socket_that_fails_while_joining_starts_the_connect_over(profile):
    stage = Stage(reconnection=False)
    alice = stage.client(profile=profile)
    stage.act(alice, alice.session.connect)
    stage.run("5ms")
    stage.kill(then="up")
    stage.run("1min")
    assert stage.fetches == [0, 3 * SECOND]
    assert stage.story() == ["sessionConnected", "connect ok", "connectionCreated alice#1"]


@pytest.mark.parametrize("profile", ["documented", "opentok.js-2.35.2"])
def test_a_connect_whose_sockets_all_fail_while_joining_fails_and_no_end_is_told(profile):
    stage = Stage(reconnection=False)
    alice = stage.client(profile=profile)
    stage.act(alice, alice.session.connect)
    for _ in range(3):
        stage.run("5ms")
        stage.kill(then="up")
        stage.run("2995ms")
    stage.run("1min")
    assert stage.fetches == [0, 3 * SECOND, 6 * SECOND]
    assert stage.story() == ["connect failed OT_UNEXPECTED_SERVER_RESPONSE 2001"]


def test_a_socket_that_falls_silent_for_good_while_joining_fails_that_attempt():
    stage, _ = starting()
    stage.run("5ms")
    stage.blackhole()
    stage.run("3min")
    assert stage.story() == ["connect failed OT_SOCKET_CLOSE_TIMEOUT 4010"]
    assert len(stage.fetches) == 3


def test_after_a_failed_connect_the_next_one_may_succeed():
    stage = Stage()
    stage.info = [403]
    alice = stage.client()
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    assert stage.story() == [
        "connect failed OT_AUTHENTICATION_ERROR 1004",
        "sessionConnected",
        "connect ok",
        "connectionCreated alice#2",
    ]


def test_the_completion_handler_of_a_failed_connect_may_connect_again():
    stage = Stage()
    stage.info = [403]
    alice = stage.client()
    stage.act(alice, lambda: alice.session.connect(lambda error: error and alice.session.connect()))
    stage.run("1s")
    assert alice.session.connection.id == "alice#2"


# -- connecting twice ------------------------------------------------------------------------------


def test_a_second_connect_is_ignored_while_connecting_and_while_connected():
    stage, alice = starting()
    stage.act(alice, alice.session.connect)
    stage.run("10ms")
    stage.act(alice, alice.session.connect)
    stage.run("1min")
    assert stage.story() == ["sessionConnected", "connect ok", "connectionCreated alice#1"]
    ignored = [r.data.get("ignored", False) for r in stage.records if r.name == "connect"]
    assert ignored.count(True) == 2
    assert stage.fetches == [0]


def test_connecting_while_disconnecting_ends_the_old_connection_first():
    stage, alice, _, _ = meeting()
    at = stage.now
    stage.act(alice, alice.session.disconnect)
    stage.run("10ms")
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    assert stage.order(since=at)[:5] == ORDERS["local_disconnect"]
    assert stage.story(since=at)[5:] == [
        "sessionConnected",
        "connect ok",
        "connectionCreated bob#1",
        "connectionCreated alice#2",
        "streamCreated bob#1.1",
    ]
    ends = [r.data["own"] for r in stage.told(since=at) if r.name == "sessionDisconnected"]
    assert ends == ["alice#1"]


def test_connecting_while_disconnecting_fails_the_calls_of_the_old_connection():
    stage = Stage()
    alice = stage.joined()
    stage.platform.answers["create signal"] = [None]
    at = stage.now

    def hurry():
        alice.session.signal("chat", "hi")
        alice.session.disconnect()
        alice.session.connect()

    stage.act(alice, hurry)
    stage.run("1s")
    assert stage.story(since=at)[:4] == [
        "signal failed OT_NOT_CONNECTED 500",
        "sessionDisconnected clientDisconnected",
        "disconnect ok",
        "sessionConnected",
    ]


def test_connecting_in_the_listener_of_the_end_works_and_the_old_objects_go_all_the_same():
    stage, alice, _, _ = meeting()
    at = stage.now
    alice.session.on("sessionDisconnected", lambda _: alice.session.connect())
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    assert stage.order(since=at)[:5] == ORDERS["local_disconnect"]
    assert [r.data["own"] for r in stage.told(since=at) if r.kind == "event"][:4] == ["alice#1"] * 4
    assert alice.session.connection.id == "alice#2"
    assert alice.left() == {"elements": 0, "subscribers": 0, "publishers": 0}


# -- disconnecting while connecting ----------------------------------------------------------------


@pytest.mark.parametrize("when", ["0s", "1ms"], ids=["at once", "before the socket"])
@pytest.mark.parametrize("profile", ["documented", "opentok.js-2.35.2"])
def test_disconnecting_before_a_socket_exists_resolves_and_connect_never_completes(when, profile):
    stage, alice = starting(profile=profile)
    stage.run(when)
    stage.act(alice, alice.session.disconnect)
    assert alice.session.state == "disconnected"
    stage.run("1min")
    assert stage.story() == ["disconnect ok"]
    assert stage.dials == []


def test_the_abandoned_connect_completes_with_the_next_one():
    stage, alice = starting()
    stage.act(alice, alice.session.disconnect)
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    assert stage.story() == [
        "disconnect ok",
        "sessionConnected",
        "connect ok",
        "connect ok",
        "connectionCreated alice#2",
    ]


def test_disconnecting_between_two_attempts_resolves_and_stops_trying():
    stage, alice = starting()
    stage.links["alice"] = "refused"
    stage.run("1s")
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    assert stage.story() == ["disconnect ok"]
    assert stage.fetches == [0]
    assert alice.session.state == "disconnected"


def test_disconnecting_between_two_questions_about_the_session_stops_asking():
    stage = Stage()
    stage.info = [None]
    alice = stage.client()
    stage.act(alice, alice.session.connect)
    stage.run("100ms")
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    assert stage.story() == ["disconnect ok"]
    assert stage.fetches == [0]


def test_disconnecting_while_the_socket_opens_resolves_as_documented():
    stage, alice = starting()
    stage.run("3ms")
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    assert stage.story() == ["disconnect ok"]
    assert alice.session.state == "disconnected"
    assert stage.sent == []


def test_disconnecting_while_the_socket_opens_hangs_in_the_shipped_client():
    stage, alice = starting(profile="opentok.js-2.35.2")
    stage.run("3ms")
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    assert stage.story() == []
    assert alice.session.state == "disconnecting"
    assert stage.sent == []


def test_a_session_that_hangs_in_disconnecting_can_be_connected_again():
    stage, alice = starting(quirks={QUIRK: True})
    stage.run("3ms")
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    assert stage.story()[0] == "sessionConnected"
    assert alice.session.connection.id == "alice#2"


@pytest.mark.parametrize("profile", ["documented", "opentok.js-2.35.2"])
def test_disconnecting_while_joining_fails_the_connect_and_tells_no_end(profile):
    stage, alice = starting(profile=profile)
    stage.run("5ms")
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    assert stage.story() == [
        "connect failed OT_UNEXPECTED_SERVER_RESPONSE 2001",
        "disconnect ok",
    ]
    assert alice.session.state == "disconnected"
    assert Disconnect(False, None) in [
        frame._replace(cause=None) for _, _, frame in stage.sent if isinstance(frame, Disconnect)
    ]


def test_an_answer_about_the_session_that_comes_after_disconnecting_changes_nothing():
    stage, alice = starting()
    stage.run("1ms")
    stage.act(alice, alice.session.disconnect)
    stage.act(alice, alice.session.connect)
    stage.run("1ms")
    assert stage.dials == []  # the first answer has come, and is not the one waited for
    stage.run("1s")
    assert len(stage.dials) == 1


def test_a_refusal_to_join_that_comes_after_disconnecting_changes_nothing():
    stage, alice = starting()
    stage.platform.answers["create connection"] = [500]
    stage.run("5ms")
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    assert stage.fetches == [0]


def test_a_client_that_nobody_has_told_to_connect_wants_nothing():
    client = Client("alice", Stage()._journal)
    assert client.outputs == []
    assert client.next_deadline() is None
