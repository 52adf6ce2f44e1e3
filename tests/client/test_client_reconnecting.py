"""Outages: how they are noticed, what is told, what is sent again, and when the client gives up."""

import pytest
from harness import HOP, Stage, meeting
from orders import ORDERS, SPECIFICATION

from sim.protocol.frames import Disconnect, Message, Pong, Status
from sim.protocol.units import MILLISECOND, SECOND

RECONNECTING, RECONNECTED = "sessionReconnecting", "sessionReconnected"
SHIPPED = "opentok.js-2.35.2"


def out(how="refused", **options):
    """Alice, in the meeting, loses her socket; returns also when."""
    stage, alice, publisher, subscriber = meeting(**options)
    at = stage.now
    stage.kill(then=how)
    return stage, alice, publisher, subscriber, at


def ends(stage, at):
    """When after ``at`` the end was told."""
    return [r.time - at for r in stage.told(since=at) if r.name == "sessionDisconnected"]


def lone(**options):
    stage = Stage()
    return stage, stage.joined(**options)


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


def test_silence_for_5900_ms_is_a_lost_network():
    stage, alice, *_ = meeting()
    last = alice.session.socket.silence_at - 5_900 * MILLISECOND
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
    stage, alice, _, _, at = out()
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
    stage, alice, publisher, subscriber, at = out()
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
    stage, *_, at = out("up")
    stage.run("1s")
    first, second = (line.hello for _, line in stage.dials)
    assert (first.reconnect, second.reconnect) == (False, True)
    assert first.socket == second.socket
    assert stage.requests(since=at) == []


def test_the_outage_is_over_at_the_first_frame_and_not_when_the_socket_opens():
    stage, *_, at = out("up")
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
    stage, *_, at = out("hanging")
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
    stage, *_, at = out("up")
    stage.run("5s")
    stage.kill(then="up")
    stage.run("5s")
    assert stage.story(since=at) == [RECONNECTING, RECONNECTED] * 2


def test_what_belongs_to_an_earlier_attempt_is_ignored():
    stage, alice, *_, at = out("hanging")
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
    stage, *_ = meeting(explain=lambda what: {"silence": 7, "recovery": 8}[what])
    stage.blackhole()
    stage.run("8s")
    stage.restore()
    stage.run("1s")
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
    stage, *_, at = out("up")
    stage.run("5s")
    begun, over = stage.told(since=at)
    assert over.cause == begun.number


# -- giving up -----------------------------------------------------------------------------------


def test_an_outage_that_does_not_heal_tells_the_specified_order():
    stage, *_, at = out()
    stage.run("1min")
    assert stage.order(since=at) == [
        step for step in ORDERS["network_lost"] if not step.startswith("pending")
    ]


def test_hanging_attempts_start_at_0_and_15_s_and_the_end_comes_at_30_s():
    stage, alice, *_ = meeting()
    stage.blackhole()
    lost = alice.session.socket.silence_at
    stage.run("1min")
    assert [t - lost for t, _ in stage.dials[1:]] == [0, 15 * SECOND]
    assert ends(stage, lost) == [30 * SECOND + MILLISECOND]


def test_refused_attempts_are_slowed_by_the_browser_and_the_first_after_30_s_is_the_last():
    stage, *_, at = out()
    stage.run("1min")
    pauses = [10, 20, 40, 80, 160, 320, 640, 1280, *[2000] * 14]
    dials = [0]
    for pause in pauses:
        dials.append(dials[-1] + HOP + pause * MILLISECOND)
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
    stage, *_, at = out("hanging")
    stage.run("20s")
    stage.restore()
    stage.run("5s")
    stage.kill(then="refused")
    stage.run("20s")
    assert ends(stage, at) == []
    stage.run("20s")
    assert stage.when("sessionDisconnected networkDisconnected") != []


def test_nothing_is_tried_after_the_end():
    stage, *_ = out()
    stage.run("1min")
    tried = len(stage.dials)
    stage.restore()
    stage.run("10min")
    assert len(stage.dials) == tried


def test_open_calls_fail_in_the_order_of_their_making_before_the_end_is_told():
    stage, alice, *_, at = out(role="moderator")

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
    stage, alice, *_, at = out("hanging")

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
    last = alice.session.socket.silence_at - 49_900 * MILLISECOND
    stage.blackhole()
    stage.run("2min")
    assert [s for s in stage.story(since=last) if s.startswith("session")] == story
    assert ends(stage, last) == [49_901 * MILLISECOND]


# -- calls meanwhile -------------------------------------------------------------------------------


def test_signals_are_queued_and_sent_in_order_and_complete_after_the_outage():
    stage, alice, *_, at = out("hanging")
    for text in ("one", "two", "three"):
        stage.act(alice, lambda text=text: alice.session.signal("chat", text))
    stage.run("3s")
    assert stage.requests(since=at) == []
    stage.restore()
    stage.run("1s")
    sent = [f.content["data"] for t, _, f in stage.sent if t >= at and isinstance(f, Message)]
    assert sent == ["one", "two", "three"]
    story = stage.story(since=at)
    assert story[:2] == [RECONNECTING, RECONNECTED]
    assert story.count("signal ok") == 3
    assert [s for s in story if s.startswith("signal:")] == [
        f"signal:chat {text!r} from alice#1" for text in ("one", "two", "three")
    ]


def test_a_signal_that_is_not_to_be_retried_fails_at_once():
    stage, alice, *_, at = out()
    stage.run("1s")
    stage.act(alice, lambda: alice.session.signal("chat", "hi", retry_after_reconnect=False))
    assert stage.story(since=at) == [RECONNECTING, "signal failed OT_NOT_CONNECTED 500"]
    stage.restore()
    stage.run("10s")
    assert stage.requests(since=at) == []


def test_a_signal_without_an_answer_that_is_not_to_be_retried_fails_before_the_outage_is_told():
    stage, alice, *_ = meeting()
    at = stage.now
    stage.act(alice, lambda: alice.session.signal("chat", "a", retry_after_reconnect=False))
    stage.act(alice, lambda: alice.session.signal("chat", "b"))
    stage.kill(then="up")
    stage.run("5s")
    assert stage.story(since=at)[:2] == ["signal failed OT_NOT_CONNECTED 500", RECONNECTING]
    sent = [f.content["data"] for t, _, f in stage.sent if t >= at and isinstance(f, Message)]
    assert sent == ["a", "b", "b"]


def test_an_answered_request_is_not_sent_again():
    stage, alice, *_ = meeting()
    stage.act(alice, lambda: alice.session.signal("chat", "hi"))
    stage.run("10ms")
    at = stage.now
    stage.kill(then="up")
    stage.run("5s")
    assert stage.requests(since=at) == []


def test_a_signal_that_arrived_but_whose_answer_was_lost_is_not_passed_on_twice():
    stage, alice, *_ = meeting()
    at = stage.now
    stage.act(alice, lambda: alice.session.signal("chat", "hi"))
    stage.run(HOP)
    stage.kill(then="up")
    stage.run("5s")
    story = stage.story(since=at)
    assert story.count("signal ok") == 1
    assert story.count("signal:chat 'hi' from alice#1") == 1


def test_publishing_meanwhile_is_accepted_and_done_after_the_outage():
    stage, alice, _, _, at = out("hanging")
    stage.act(alice, lambda: alice.session.publish(alice.init_publisher()))
    stage.run("3s")
    stage.restore()
    stage.run("1s")
    assert stage.story(since=at) == [
        RECONNECTING,
        RECONNECTED,
        "publisher1: streamCreated alice#1.2",
        "publish ok",
    ]


def test_publishing_meanwhile_times_out_after_15_s_and_is_not_asked_for_later():
    stage, alice, _, _, at = out("hanging")
    stage.act(alice, lambda: alice.session.publish(alice.init_publisher()))
    stage.run("17s")
    stage.restore()
    stage.run("5s")
    assert stage.story(since=at) == [
        RECONNECTING,
        "publish failed OT_TIMEOUT 1500",
        "publisher1: streamDestroyed reset",
        RECONNECTED,
    ]
    assert stage.told(since=at)[1].time == at + 15 * SECOND
    assert stage.requests(since=at) == []


def test_unpublishing_and_unsubscribing_meanwhile_tell_at_once_and_ask_later():
    stage, alice, publisher, subscriber, at = out("hanging")
    stage.act(alice, lambda: alice.session.unpublish(publisher))
    stage.act(alice, lambda: alice.session.unsubscribe(subscriber))
    assert stage.order(since=at)[1:] == [*ORDERS["unpublish"], *ORDERS["unsubscribe"]]
    assert stage.requests(since=at) == []
    stage.run("3s")
    stage.restore()
    stage.run("5s")
    assert stage.requests(since=at) == [
        "delete stream alice#1.1",
        "delete subscriber subscriber(bob)",
    ]
    assert stage.order(since=at)[4:] == ["Session.sessionReconnected"]


def test_subscribing_meanwhile_is_done_after_the_outage():
    stage, alice, *_, at = out("hanging")
    stage.act(alice, lambda: alice.session.subscribe(alice.session.streams["bob#1.1"]))
    stage.run("3s")
    stage.restore()
    stage.run("1s")
    assert stage.story(since=at)[1:] == [
        RECONNECTED,
        "subscriber(bob)#1: connected",
        "subscribe ok",
    ]


def test_moderating_meanwhile_is_done_after_the_outage():
    stage, alice, *_, at = out("hanging", role="moderator")
    stage.act(alice, lambda: alice.session.force_unpublish("bob#1.1"))
    stage.run("3s")
    stage.restore()
    stage.run("1s")
    assert stage.story(since=at)[:3] == [RECONNECTING, RECONNECTED, "forceUnpublish ok"]


def test_connecting_meanwhile_is_ignored():
    stage, alice, *_, at = out("hanging")
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    assert stage.story(since=at) == [RECONNECTING]
    assert alice.session.own == "alice#1"


# -- disconnecting meanwhile -----------------------------------------------------------------------


@pytest.mark.parametrize("how", ["refused", "hanging"])
@pytest.mark.parametrize("profile", ["documented", SHIPPED])
def test_disconnecting_meanwhile_works_at_once(how, profile):
    stage, alice, *_ = out(how, profile=profile)
    stage.run("1.5s")
    left = stage.now
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    assert stage.order(since=left) == ORDERS["local_disconnect"]
    assert ends(stage, left) == [2 * MILLISECOND]
    assert [t for t, _ in stage.dials if t > left] == []


def test_disconnecting_in_the_listener_of_the_outage_works_as_documented():
    stage, alice, *_ = meeting()
    alice.session.on(RECONNECTING, lambda _: alice.session.disconnect())
    at = stage.now
    stage.kill()
    stage.run("1min")
    assert stage.order(since=at) == ["Session.sessionReconnecting", *ORDERS["local_disconnect"]]
    assert ends(stage, at) == [2 * MILLISECOND]
    assert len(stage.dials) == 1


def test_disconnecting_in_the_listener_of_the_outage_breaks_the_shipped_client():
    stage, alice, *_ = meeting(profile=SHIPPED)
    alice.session.on(RECONNECTING, lambda _: alice.session.disconnect())
    at = stage.now
    stage.kill()
    stage.run("10s")
    assert stage.story(since=at) == [RECONNECTING, "disconnect failed Error None"]
    assert alice.session.state == "disconnecting"
    stage.run("1min")
    assert stage.order(since=at)[2:] == ORDERS["local_disconnect"][:-1]
    assert ends(stage, at)[0] > 30 * SECOND


def test_the_broken_session_may_even_reconnect():
    stage, alice, *_ = meeting(profile=SHIPPED)
    alice.session.on(RECONNECTING, lambda _: alice.session.disconnect())
    at = stage.now
    stage.kill(then="up")
    stage.run("5s")
    assert stage.story(since=at)[-1] == RECONNECTED
    assert alice.session.state == "disconnecting"


def test_the_broken_session_can_be_connected_again():
    stage, alice, *_ = meeting(profile=SHIPPED)
    alice.session.once(RECONNECTING, lambda _: alice.session.disconnect())
    at = stage.now
    stage.kill(then="up")
    stage.run("5s")
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    story = stage.story(since=at)
    assert story.count("sessionDisconnected clientDisconnected") == 1
    assert alice.session.connection.id == "alice#2"


def test_disconnecting_in_the_listener_of_the_recovery_works():
    stage, alice, *_ = meeting()
    alice.session.on(RECONNECTED, lambda _: alice.session.disconnect())
    at = stage.now
    stage.kill(then="hanging")
    stage.platform.guest("carol")
    stage.restore()
    stage.run("1s")
    assert stage.order(since=at) == [
        "Session.sessionReconnecting",
        "Session.sessionReconnected",
        *ORDERS["local_disconnect"],
    ]


def test_a_victim_that_was_away_hears_of_its_removal_when_it_is_back():
    stage, *_, at = out("hanging")
    stage.platform.tell_victim_of_stream = False
    stage.platform.remove("alice#1", "forceDisconnected", told=True)
    stage.run("3s")
    stage.restore()
    stage.run("1s")
    assert stage.order(since=at) == [
        "Session.sessionReconnecting",
        "Session.sessionReconnected",
        *ORDERS["force_disconnect_victim"],
    ]
