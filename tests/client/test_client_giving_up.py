"""Outages that do not heal: attempts, the window, and the end."""

import pytest
from harness import HOP
from openings import away, ends, meeting
from orders import ORDERS

from sim.protocol.units import MILLISECOND, SECOND

RECONNECTING, RECONNECTED = "sessionReconnecting", "sessionReconnected"
SHIPPED = "opentok.js-2.35.2"


# -- giving up -----------------------------------------------------------------------------------


def test_an_outage_that_does_not_heal_tells_the_specified_order():
    stage, *_, at = away()
    stage.run("1min")
    assert stage.order(since=at) == [
        step for step in ORDERS["network_lost"] if not step.startswith("pending")
    ]


def test_hanging_attempts_start_at_0_and_15_s_and_the_end_comes_at_30_s():
    stage, alice, *_ = meeting()
    stage.blackhole()
    lost = alice.silence_at
    stage.run("1min")
    assert [t - lost for t, _ in stage.dials[1:]] == [0, 15 * SECOND]
    assert ends(stage, lost) == [30 * SECOND + MILLISECOND]


def test_refused_attempts_are_slowed_by_the_browser_and_the_first_after_30_s_is_the_last():
    stage, *_, at = away()
    stage.run("1min")
    doubled = [3 * SECOND >> halvings for halvings in range(8, 0, -1) for _ in range(2)]
    pauses = [*[10 * MILLISECOND] * 13, *doubled, *[3 * SECOND] * 8]
    dials = [0]
    for pause in pauses:
        dials.append(dials[-1] + HOP + pause)
    assert [t - at for t, _ in stage.dials[1:]] == dials
    assert dials[-2] < 30 * SECOND <= dials[-1]
    assert ends(stage, at) == [dials[-1] + HOP + MILLISECOND]


def test_the_window_runs_from_the_first_loss_whatever_opens_meanwhile():
    stage, *_ = meeting()
    at = stage.now
    stage.silent.add("alice")
    stage.kill(then="up")
    stage.run("1min")
    again = 2 * HOP + 5_900 * MILLISECOND
    assert ends(stage, at) == [6 * again + MILLISECOND]


def test_a_healed_outage_opens_a_new_window():
    stage, *_, at = away("hanging")
    stage.run("20s")
    stage.restore()
    stage.run("5s")
    stage.kill(then="refused")
    stage.run("20s")
    assert ends(stage, at) == []
    stage.run("20s")
    assert stage.when("sessionDisconnected networkDisconnected") != []


def test_nothing_is_tried_after_the_end():
    stage, *_ = away()
    stage.run("1min")
    tried = len(stage.dials)
    stage.restore()
    stage.run("10min")
    assert len(stage.dials) == tried


def test_open_calls_fail_in_the_order_of_their_making_before_the_end_is_told():
    stage, alice, *_, at = away(role="moderator")

    def everything():
        session = alice.session
        session.signal("chat", "hi")
        session.force_disconnect("bob#1")
        session.force_unpublish("bob#1.1")
        session.force_mute_all()

    stage.act(alice, everything)
    stage.run("20s")
    stage.act(alice, lambda: alice.session.subscribe(alice.session.streams["bob#1.1"]))
    stage.run("20s")
    assert stage.story(since=at)[1:7] == [
        "signal failed OT_NOT_CONNECTED 500",
        "forceDisconnect failed OT_INVALID_PARAMETER 1011",
        "forceUnpublish failed OT_UNEXPECTED_SERVER_RESPONSE 2001",
        "subscribe failed OT_UNABLE_TO_SUBSCRIBE 1501",
        "forceMuteAll failed OT_UNEXPECTED_SERVER_RESPONSE 2001",  # by its promise
        "sessionDisconnected networkDisconnected",
    ]


def test_a_call_that_fails_then_may_leave_and_connect_again():
    stage, alice, *_, at = away("hanging")

    def again(_):
        alice.session.disconnect()
        alice.session.connect()

    stage.act(alice, lambda: alice.session.signal("chat", "hi", completion=again))
    stage.run("29s")
    stage.links["alice"] = "up"  # for the next socket; the present attempt hangs on
    stage.run("1min")
    told = [words for words in stage.story(since=at) if "session" in words]
    assert told == [
        RECONNECTING,
        "sessionDisconnected clientDisconnected",
        "sessionConnected",
    ]
    assert alice.session.connection.id == "alice#2"


# -- without reconnection --------------------------------------------------------------------------

END = "sessionDisconnected "


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1006, 1011, 4001])
def test_without_reconnection_a_close_is_announced_and_then_final_as_documented(code):
    stage, *_ = meeting(reconnection=False)
    at = stage.now
    stage.close("alice", code)
    stage.run("1min")
    assert stage.story(since=at)[:2] == [RECONNECTING, END + "networkDisconnected"]
    assert ends(stage, at) == [MILLISECOND]
    assert len(stage.dials) == 1


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (1000, "clientDisconnected"),
        (1001, "clientDisconnected"),
        (1003, "networkDisconnected"),
        (1006, "networkDisconnected"),
        (1011, "networkDisconnected"),
        (4001, "networkDisconnected"),
    ],
)
def test_without_reconnection_the_shipped_client_ends_at_once(code, reason):
    stage, *_ = meeting(reconnection=False, profile=SHIPPED)
    at = stage.now
    stage.close("alice", code)
    stage.run("1min")
    assert stage.story(since=at)[0] == END + reason


@pytest.mark.parametrize(
    ("profile", "story"),
    [
        ("documented", [RECONNECTING, END + "networkDisconnected"]),
        (SHIPPED, [END + "clientDisconnected"]),
    ],
)
def test_without_reconnection_silence_takes_49_900_ms(profile, story):
    stage, alice, *_ = meeting(reconnection=False, profile=profile)
    last = alice.silence_at - 49_900 * MILLISECOND
    stage.blackhole()
    stage.run("2min")
    assert [s for s in stage.story(since=last) if s.startswith("session")] == story
    assert ends(stage, last) == [49_901 * MILLISECOND]
