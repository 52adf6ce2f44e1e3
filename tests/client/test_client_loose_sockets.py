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
def test_the_documented_client_loses_sight_of_no_socket_that_it_does_not_close(life):
    loop = live(BareLoop(NAMES, PLATFORM, "documented"), [*BEGINNING, *life])
    loose = [s for client in loop.clients.values() for s in client.membership.sockets.loose]
    assert not any(socket.exists for socket in loose)


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


# -- connect() after a removal ---------------------------------------------------------------------


def removed(profile, *, again=None, before=None):
    """The platform removes Alice; her app connects again ``again`` microseconds later."""
    stage, alice, *_ = meeting(profile=profile)
    if again is not None:

        def back(_):
            alice.page.timeout(again, alice.session.connect)

        alice.session.once("sessionDisconnected", back)
    if before is not None:
        before(stage, alice)
    at = stage.now
    stage.platform.remove("alice#1", "forceDisconnected", told=True)
    stage.run("1s")
    return stage, alice, at


@pytest.mark.parametrize(("again", "ends"), [(1_000, True), (80_000, True), (110_000, False)])
def test_the_socket_of_a_removed_connection_ends_the_session_that_has_followed(again, ends):
    """Recordings m20_removed_and_connected_again_at_once and r7710."""
    stage, alice, at = removed(SHIPPED, again=again)
    story = stage.story(since=at)
    assert story.count(END) == ends
    assert alice.session.state == ("disconnected" if ends else "connected")


@pytest.mark.parametrize("again", [1_000, 80_000, 110_000])
def test_a_documented_client_that_is_back_at_once_stays(again):
    stage, alice, at = removed("documented", again=again)
    assert stage.story(since=at).count(END) == 0
    assert alice.session.state == "connected"
    assert alice.membership.sockets.loose == ()


@pytest.mark.parametrize("profile", [SHIPPED, "documented"])
def test_what_a_removed_client_has_asked_fails_when_its_socket_is_closed(profile):
    """Recording m20_removed_with_commands_open."""

    def signal(stage, alice):
        stage.platform.answers["create signal"] = [None]
        stage.act(alice, lambda: alice.session.signal("chat", "now"))

    stage, _, at = removed(profile, before=signal)
    failed = stage.when("signal failed OT_NOT_CONNECTED 500")
    (told,) = stage.when("sessionDisconnected forceDisconnected")
    assert told < at + 20_000
    assert len(failed) == 1
    assert 100_000 <= failed[0] - told <= 102_000


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
