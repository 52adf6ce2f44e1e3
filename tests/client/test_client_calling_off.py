"""Connecting twice, and disconnecting before one is connected."""

import pytest
from harness import Stage
from openings import meeting, starting
from orders import ORDERS

from sim.protocol.frames import Disconnect
from sim.protocol.units import parse_duration

QUIRK = "disconnect-while-socket-opens-hangs"
UNANSWERED = "disconnect-while-connecting-leaves-connect-unanswered"
CALLED_OFF = ["connect failed OT_UNEXPECTED_SERVER_RESPONSE 2001", "disconnect ok"]


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
@pytest.mark.parametrize(
    ("profile", "told"), [("documented", CALLED_OFF), ("opentok.js-2.35.2", ["disconnect ok"])]
)
def test_disconnecting_before_a_socket_exists_resolves_and_tells_no_end(when, profile, told):
    stage, alice = starting(profile=profile)
    stage.run(when)
    stage.act(alice, alice.session.disconnect)
    assert alice.session.state == "disconnected"
    stage.run("1min")
    assert stage.story() == told
    assert stage.dials == []


def test_in_the_shipped_client_the_abandoned_connect_completes_with_the_next_one():
    stage, alice = starting(quirks={UNANSWERED: True})
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
    assert stage.story() == CALLED_OFF
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
    assert stage.story() == CALLED_OFF
    assert stage.fetches == [0]


def test_disconnecting_while_the_socket_opens_resolves_as_documented():
    stage, alice = starting()
    stage.run("3ms")
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    assert stage.story() == CALLED_OFF
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


@pytest.mark.parametrize(
    ("profile", "told", "at"),
    [
        ("documented", CALLED_OFF, "5ms"),
        ("opentok.js-2.35.2", CALLED_OFF[:1], "106ms"),  # recorded: the promise stays open
    ],
)
def test_disconnecting_while_joining_fails_the_connect_and_tells_no_end(profile, told, at):
    stage, alice = starting(profile=profile)
    stage.run("5ms")
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    assert stage.story() == told
    assert stage.when(CALLED_OFF[0]) == [parse_duration(at)]
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
    client = Stage().client()
    assert client.outputs == []
    assert client.next_deadline() is None
