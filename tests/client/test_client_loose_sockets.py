"""Sockets that the shipped client loses sight of: they go on, and the Session says what they do."""

import pytest
from bare_loop import BareLoop
from harness import Stage
from hypothesis import given, settings
from openings import meeting
from test_client_copies import BEGINNING, LIVES, NAMES, PLATFORM, live

from sim.protocol.units import SECOND

SHIPPED = "opentok.js-2.35.2"
END = "sessionDisconnected clientDisconnected"
FAILED = "connect failed OT_UNEXPECTED_SERVER_RESPONSE 2001"


@given(LIVES)
@settings(max_examples=60)
def test_the_documented_client_loses_sight_of_no_socket(life):
    loop = live(BareLoop(NAMES, PLATFORM, "documented"), [*BEGINNING, *life])
    assert all(client.membership.sockets.loose == () for client in loop.clients.values())


# -- connect() while disconnecting -----------------------------------------------------------------


def test_the_end_of_the_old_socket_ends_a_session_that_is_connected_by_then():
    """Recording m12."""
    stage, alice, *_ = meeting(profile=SHIPPED)
    at = stage.now
    stage.act(alice, lambda: (alice.session.disconnect(), alice.session.connect()))
    stage.run("1s")
    story = stage.story(since=at)
    assert story[:2] == ["sessionConnected", "connect ok"]
    assert story.count(END) == story.count("disconnect ok") == 1
    assert story.index(END) > 2
    assert stage.when(END) == [at + 102_000]
    assert alice.session.state == "disconnected"
    assert alice.left() == {"elements": 0, "subscribers": 0, "publishers": 0}


def test_who_connects_while_an_abandoned_joining_ends_is_half_connected_and_then_is_not():
    """Recorded: connected without a word, and disconnected when a second attempt is due."""
    stage = Stage()
    stage.platform.guest("bob")
    alice = stage.client(profile=SHIPPED)
    stage.platform.answers["create connection"] = [None]
    stage.act(alice, alice.session.connect)
    stage.run("10ms")
    stage.act(alice, alice.session.disconnect)
    stage.run("96ms")
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    assert (stage.story(), alice.session.state) == ([], "connected")
    stage.run("3s")
    stage.platform.signal("bob#1", {"id": "bob#1/s1", "data": "hi"})
    stage.run("10ms")
    assert (stage.story(), alice.session.state) == (["signal 'hi' from bob#1"], "disconnected")


# -- attempts that have failed ---------------------------------------------------------------------


def revived():
    """Alice's first attempt was refused, her second has worked; the first is turned away."""
    stage = Stage()
    stage.platform.guest("bob")
    alice = stage.client(profile=SHIPPED)
    stage.links["alice"] = "refused"
    stage.act(alice, alice.session.connect)
    stage.run("5ms")
    stage.restore()
    stage.run("5s")
    assert alice.session.state == "connected"
    return stage, alice


def test_half_a_minute_after_the_first_failure_the_session_says_disconnected_without_an_event():
    stage, alice = revived()
    stage.run(28 * SECOND - 10_000 - stage.now + 2 * SECOND)
    told = stage.story()
    assert alice.session.state == "connected"
    stage.run("1s")
    assert (alice.session.state, stage.story()) == ("disconnected", told)
    assert alice.session.connection is not None


def test_afterwards_signals_still_come_and_none_can_be_sent():
    stage, alice = revived()
    stage.run("1min")
    at = stage.now
    stage.platform.signal("bob#1", {"id": "bob#1/s1", "data": "hi"})
    stage.run("10ms")
    stage.act(alice, lambda: alice.session.signal("chat", "hi"))
    assert stage.story(since=at) == ["signal 'hi' from bob#1", "signal failed OT_NOT_CONNECTED 500"]


def test_afterwards_disconnecting_is_over_at_once_and_connecting_again_hears_all_twice():
    stage, alice = revived()
    stage.run("1min")
    at = stage.now
    stage.act(alice, alice.session.disconnect)
    stage.platform.signal("bob#1", {"id": "bob#1/s1", "data": "gone"})
    stage.run("1s")
    assert stage.story(since=at) == ["disconnect ok"]
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    at = stage.now
    stage.platform.signal("bob#1", {"id": "bob#1/s2", "data": "hi"})
    stage.run("1s")
    assert stage.story(since=at) == ["signal 'hi' from bob#1"] * 2
    assert [m.client for m in stage.platform.members.values()].count("alice") == 2


def test_when_all_attempts_have_failed_their_sockets_go_on_all_the_same():
    stage = Stage()
    alice = stage.client(profile=SHIPPED)
    stage.links["alice"] = "refused"
    stage.act(alice, alice.session.connect)
    stage.run("10s")
    assert stage.story() == ["connect failed OT_SOCKET_CLOSE_FALLBACK_CODE 4020"]
    stage.restore()
    stage.run("5s")
    assert stage.story()[1:] == ["sessionReconnecting"] * 3
    stage.run("1min")
    assert stage.story()[4:] == []
    assert stage.dials[-1][0] <= 40 * SECOND  # 6 s, the window, and the longest pause
    assert alice.membership.sockets.all == ()


def test_the_socket_of_a_refused_join_stays_open_and_its_outages_are_told():
    stage = Stage()
    stage.platform.answers["create connection"] = [403] * 3
    stage.act(alice := stage.client(profile=SHIPPED), alice.session.connect)
    stage.run("10s")
    assert stage.story() == ["connect failed OT_CONNECT_FAILED 1006"]
    assert [line.open for line in stage.lines.values()] == [True] * 3
    stage.kill(then="up")
    stage.run("1s")
    assert stage.story()[1:] == ["sessionReconnecting"] * 3


def test_a_client_without_reconnection_leaves_no_socket_behind():
    stage = Stage(reconnection=False)
    stage.links[(alice := stage.client(profile=SHIPPED)).name] = "refused"
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    assert alice.membership.sockets.all == ()


@pytest.mark.parametrize("end", ["close_browser", "crash"])
def test_a_page_that_goes_takes_all_its_sockets_along(end):
    stage, alice = revived()
    if end == "crash":
        alice.crash()
    else:
        alice.close_browser(stage.now, None)
    stage.flush()
    assert alice.membership.sockets.all == ()
    assert alice.next_deadline() is None


# -- signals that must not be retried --------------------------------------------------------------


def test_a_signal_sent_too_early_fails_when_the_socket_is_lost_before_its_answer():
    stage, alice, *_ = meeting(profile=SHIPPED)
    at = stage.now
    stage.kill(then="up")
    stage.run("10ms")
    stage.platform.answers["create signal"] = [None]
    stage.act(alice, lambda: alice.session.signal("chat", "now", retry_after_reconnect=False))
    stage.run("10ms")
    assert "signal ok" not in stage.story(since=at)
    stage.kill(then="refused")
    assert stage.story(since=at) == ["sessionReconnecting", "signal failed OT_NOT_CONNECTED 500"]
