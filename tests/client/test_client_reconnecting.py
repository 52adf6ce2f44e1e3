"""Outages that heal: how they are noticed, what is told, and when they are over."""

import pytest
from harness import HOP
from openings import away, lone, meeting
from orders import ORDERS, SPECIFICATION

from sim.protocol.frames import Disconnect, Message, Pong, Status
from sim.protocol.units import MILLISECOND, SECOND

RECONNECTING, RECONNECTED = "sessionReconnecting", "sessionReconnected"
SHIPPED = "opentok.js-2.35.2"


# -- noticing ------------------------------------------------------------------------------------


def test_a_heartbeat_goes_out_2_s_after_the_last_frame_that_was_sent():
    stage, alice = lone()
    last = max(at for at, _, _ in stage.sent)
    stage.run("5s")
    assert stage.pings() == [last + 2 * SECOND, last + 4 * SECOND]
    stage.act(alice, lambda: alice.session.signal("chat", "hi"))
    at = stage.now
    stage.run("2s")
    echo = at + 2 * HOP  # acknowledging one's own signal is the last frame sent
    assert stage.pings()[2:] == []
    stage.run("10ms")
    assert stage.pings()[2:] == [echo + 2 * SECOND]


def test_a_heartbeat_that_cannot_be_sent_waits_and_no_other_is_waited_for():
    stage, alice, *_ = meeting()
    stage.kill(then="hanging")
    before = len(stage.pings())
    stage.run("6s")
    assert len(stage.pings()) == before
    assert alice.membership.socket.ping_at is None
    stage.restore()
    opened = stage.now + 2 * HOP
    stage.run("2.1s")
    assert stage.pings()[before:] == [opened, opened + 2 * SECOND]


def test_silence_for_5900_ms_is_a_lost_network():
    stage, alice, *_ = meeting()
    last = alice.silence_at - 5_900 * MILLISECOND
    stage.blackhole()
    stage.run("5.9s")
    assert stage.when(RECONNECTING) == [last + 5_900 * MILLISECOND]


@pytest.mark.parametrize("frame", [Pong(), Status(99, 200, {}, None)])
def test_any_inbound_frame_begins_the_silence_anew(frame):
    stage, alice, *_ = meeting()
    stage.blackhole()
    stage.run("1s")
    alice.receive(stage.dials[-1][1].attempt, frame, stage.now, None)
    heard = stage.now
    stage.run("10s")
    assert stage.when(RECONNECTING) == [heard + 5_900 * MILLISECOND]


def test_a_quiet_session_is_kept_alive_by_heartbeats():
    stage, *_ = meeting()
    at = stage.now
    stage.run("10min")
    assert stage.story(since=at) == []


def test_a_reset_is_noticed_at_once():
    stage, alice, _, _, at = away()
    assert stage.when(RECONNECTING) == [at]
    assert alice.session.state == "connected"
    assert alice.session.is_connected()


@pytest.mark.parametrize("profile", ["documented", SHIPPED])
@pytest.mark.parametrize("code", [1000, 1001, 1006, 4001])
def test_a_close_with_any_common_code_is_an_outage(code, profile):
    stage, *_ = meeting(profile=profile)
    stage.close("alice", code)
    assert stage.order()[-1] == "Session.sessionReconnecting"


@pytest.mark.parametrize("code", SPECIFICATION["no_reconnect_close_codes"])
def test_a_fatal_close_is_an_outage_as_documented(code):
    stage, *_ = meeting()
    stage.close("alice", code)
    assert stage.order()[-1] == "Session.sessionReconnecting"


@pytest.mark.parametrize("code", SPECIFICATION["no_reconnect_close_codes"])
def test_a_fatal_close_ends_the_session_of_the_shipped_client_at_once(code):
    stage, *_ = meeting(profile=SHIPPED)
    at = stage.now
    stage.close("alice", code)
    stage.run("1s")
    assert stage.order(since=at) == ORDERS["network_lost"][2:]


# -- recovering ----------------------------------------------------------------------------------


def test_an_outage_that_heals_tells_two_events_and_changes_nothing_else():
    stage, alice, publisher, subscriber, at = away()
    stage.run("4s")
    stage.restore()
    stage.run("1min")
    assert stage.order(since=at) == [
        step for step in ORDERS["network_recovered"] if step.startswith("Session")
    ]
    assert alice.session.connection.id == "alice#1"
    assert list(alice.session.streams) == ["bob#1.1", "alice#1.1"]
    assert publisher.state == "Publishing"
    assert subscriber.state == "Subscribing"


def test_the_new_socket_resumes_the_old_one_and_nothing_is_joined_again():
    stage, *_, at = away("up")
    stage.run("1s")
    first, second = (line.hello for _, line in stage.dials)
    assert (first.reconnect, second.reconnect) == (False, True)
    assert first.socket == second.socket
    assert stage.requests(since=at) == []


def test_the_outage_is_over_at_the_first_frame_and_not_when_the_socket_opens():
    stage, *_, at = away("up")
    stage.run("1min")
    opened = at + 2 * HOP
    assert stage.when(RECONNECTED) == [opened + 2 * SECOND + 2 * HOP]  # the first pong


def test_a_heartbeat_that_fell_due_in_the_outage_goes_out_when_the_socket_opens():
    stage, *_ = meeting()
    stage.blackhole()
    stage.run("9s")
    healed = stage.now
    stage.restore()
    stage.run("1s")
    assert stage.when(RECONNECTED) == [healed + 4 * HOP]


def test_the_message_that_ends_the_outage_is_told_after_it():
    stage, *_, at = away("hanging")
    stage.platform.guest("carol")
    stage.run("1s")
    stage.restore()
    stage.run("1s")
    assert stage.story(since=at) == [RECONNECTING, RECONNECTED, "connectionCreated carol#1"]


def test_what_was_missed_is_told_in_its_order_and_what_was_heard_is_not_repeated():
    stage, alice, *_ = meeting()
    attempt = stage.dials[-1][1].attempt
    stage.platform.guest("carol")
    stage.silent.add("alice")  # her acknowledgement does not get through
    message = next(iter(next(iter(stage.platform.peers.values())).unacknowledged.values()))
    alice.receive(attempt, message, stage.now, None)
    at = stage.now
    stage.kill(then="hanging")
    stage.platform.publish("carol#1", {"id": "carol#1.1"})
    stage.platform.signal("carol#1", {"id": "carol#1/s1", "data": "hi"})
    stage.run("1s")
    stage.restore()
    stage.run("5s")
    assert stage.story(since=at) == [
        "connectionCreated carol#1",
        RECONNECTING,
        RECONNECTED,
        "streamCreated carol#1.1",
        "signal 'hi' from carol#1",
    ]


def test_a_second_outage_is_told_again():
    stage, *_, at = away("up")
    stage.run("5s")
    stage.kill(then="up")
    stage.run("5s")
    assert stage.story(since=at) == [RECONNECTING, RECONNECTED] * 2


def test_what_belongs_to_an_earlier_attempt_is_ignored():
    stage, alice, *_, at = away("hanging")
    first = stage.dials[0][1].attempt
    stage.run("1s")
    alice.receive(first, Message(99, "created", "connection", {}, None), stage.now, None)
    alice.opened(first, stage.now, None)
    alice.closed(first, 1006, stage.now, None)
    stage.run("1s")
    assert stage.story(since=at) == [RECONNECTING]
    assert len(stage.dials) == 2


def test_a_silent_new_socket_is_replaced_without_a_second_event():
    stage, *_ = meeting()
    at = stage.now
    stage.silent.add("alice")
    stage.kill(then="up")
    stage.run("14s")
    dials = [t - at for t, _ in stage.dials if t >= at]
    again = 2 * HOP + 5_900 * MILLISECOND
    assert dials == [0, again, 2 * again]
    assert stage.story(since=at) == [RECONNECTING]
    goodbyes = [f.reconnect for t, _, f in stage.sent if t >= at and isinstance(f, Disconnect)]
    assert goodbyes == [True, True]
    assert [(code, t - at) for t, _, code in stage.hangups] == [
        (4010, again),
        (4010, 2 * again),
    ]
    stage.silent.discard("alice")
    stage.run("10s")
    assert stage.story(since=at) == [RECONNECTING, RECONNECTED]


def test_events_name_what_the_driver_knows_as_their_cause():
    stage, alice, *_ = meeting()
    stage.blackhole()
    alice.silent(alice.silence_at, 7)
    stage.flush()
    stage.restore()
    stage.run("10ms")
    alice.receive(stage.dials[-1][1].attempt, Pong(), stage.now, None, 8)
    causes = {r.name: r.cause for r in stage.told()}
    assert (causes[RECONNECTING], causes[RECONNECTED]) == (7, 8)


def test_what_the_recovering_message_makes_happen_names_that_messages_cause():
    stage, alice, *_ = meeting()
    stage.kill(then="up")
    stage.run("5ms")
    carol = {"id": "carol#1", "client": "carol"}
    message = Message(99, "created", "connection", carol, 3)
    alice.receive(stage.dials[-1][1].attempt, message, stage.now, 3)
    over, told = stage.told()[-2:]
    assert (over.name, told.name) == (RECONNECTED, "connectionCreated")
    assert told.cause == 3
    assert over.cause != 3


def test_a_recovery_that_nobody_explains_names_the_outage():
    stage, *_, at = away("up")
    stage.run("5s")
    begun, over = stage.told(since=at)
    assert over.cause == begun.number
