"""Other people come, go, and switch their cameras; the platform moves."""

import pytest
from openings import meeting, prevent
from orders import ORDERS, SPECIFICATION

from sim.protocol.frames import Message, Status
from sim.protocol.units import SECOND

BARE = "early-signal-loses-type-and-data"


def later(stage, method, resource, content):
    """Tell Alice something now; returns what she is told of it."""
    at = stage.now
    stage.platform.tell("alice#1", method, resource, content)
    stage.run("5ms")
    return stage.story(since=at)


# -- others leave --------------------------------------------------------------------------------


def others(*, stream_first=True, reason="forceDisconnected", prepare=lambda _alice: None):
    stage, alice, _, subscriber = meeting()
    stage.platform.stream_first = stream_first
    prepare(alice)
    at = stage.now
    stage.platform.remove("bob#1", reason)
    stage.run("1s")
    return stage, alice, subscriber, at


@pytest.mark.parametrize("reason", SPECIFICATION["reasons"]["connectionDestroyed"])
def test_a_leaver_s_stream_its_subscriber_and_its_connection_end_with_one_reason(reason):
    stage, *_, at = others(reason=reason)
    assert stage.order(since=at) == [
        step.replace("reason", reason) for step in ORDERS["remote_leave"]
    ]


def test_the_client_keeps_the_platforms_order():
    stage, *_, at = others(stream_first=False)
    stream, subscriber, connection = ORDERS["remote_leave"]
    assert stage.order(since=at) == [
        step.replace("reason", "forceDisconnected") for step in (connection, stream, subscriber)
    ]


def test_no_reason_is_told_as_client_disconnected():
    stage, *_, at = others(reason=None)
    assert {r.data["reason"] for r in stage.told(since=at)} == {"clientDisconnected"}


def test_the_end_of_a_connection_alone_ends_no_stream():
    stage, alice, *_ = meeting()
    told = later(stage, "deleted", "connection", {"id": "bob#1", "reason": "networkDisconnected"})
    assert told == ["connectionDestroyed bob#1 networkDisconnected"]
    assert "bob#1.1" in alice.session.streams


def test_a_stream_is_out_of_the_collection_when_its_end_is_told():
    seen = []

    def prepare(alice):
        alice.session.on("streamDestroyed", lambda _: seen.append(list(alice.session.streams)))

    others(prepare=prepare)
    assert seen == [["alice#1.1"]]


def test_preventing_keeps_the_subscriber_without_its_media():
    stage, alice, subscriber, at = others(
        prepare=lambda alice: alice.session.on("streamDestroyed", prevent)
    )
    assert stage.story(since=at) == [
        "streamDestroyed bob#1.1 forceDisconnected",
        "connectionDestroyed bob#1 forceDisconnected",
    ]
    assert subscriber.state == "NotSubscribing"
    assert alice.left()["subscribers"] == 1
    at = stage.now
    assert stage.act(alice, lambda: alice.session.unsubscribe(subscriber))
    assert stage.story(since=at) == ["subscriber(bob): destroyed Unsubscribe"]
    assert alice.left()["subscribers"] == 0


def test_every_subscriber_of_the_stream_is_destroyed_once():
    stage, alice, *_ = meeting()
    stage.subscribing(alice, "bob#1.1")
    at = stage.now
    stage.platform.unpublish("bob#1.1", "forceUnpublished")
    stage.run("1s")
    assert stage.story(since=at) == [
        "streamDestroyed bob#1.1 forceUnpublished",
        "subscriber(bob): destroyed forceUnpublished",
        "subscriber(bob)#1: destroyed forceUnpublished",
    ]


def test_a_subscription_under_way_fails_before_its_subscriber_is_destroyed():
    stage, alice, *_ = meeting()
    stage.act(alice, lambda: alice.session.subscribe(alice.session.streams["bob#1.1"]))
    stage.run("10ms")
    at = stage.now
    stage.platform.unpublish("bob#1.1", "clientDisconnected")
    stage.run("1s")
    assert stage.story(since=at)[-2:] == [
        "subscribe failed OT_STREAM_DESTROYED None",
        "subscriber(bob)#1: destroyed clientDisconnected",
    ]


# -- others come -----------------------------------------------------------------------------------


def test_who_comes_is_told_and_then_what_they_publish():
    stage, *_ = meeting()
    at = stage.now
    stage.platform.guest("carol", stream=True)
    stage.run("10ms")
    assert stage.story(since=at) == ["connectionCreated carol#1", "streamCreated carol#1.1"]


def test_what_is_announced_twice_is_told_once():
    stage, *_ = meeting()
    carol = {"id": "carol#1", "client": "carol", "permissions": []}
    stream = {"id": "carol#1.1", "connection": "carol#1"}
    assert later(stage, "created", "connection", carol) != []
    assert later(stage, "created", "connection", carol) == []
    assert later(stage, "created", "stream", stream) != []
    assert later(stage, "created", "stream", stream) == []


@pytest.mark.parametrize("resource", ["connection", "stream"])
def test_the_end_of_something_unknown_is_not_told(resource):
    stage, *_ = meeting()
    assert later(stage, "deleted", resource, {"id": "nobody#1"}) == []


def test_a_stream_that_comes_before_its_connection_waits_for_it():
    stage, *_ = meeting()
    stream = {"id": "carol#1.1", "connection": "carol#1"}
    assert later(stage, "created", "stream", stream) == []
    assert later(stage, "created", "connection", {"id": "carol#1", "client": "carol"}) == [
        "connectionCreated carol#1",
        "streamCreated carol#1.1",
    ]


@pytest.mark.parametrize(
    ("quirks", "told"),
    [
        ({}, ["signal 'hi' from carol#1", "signal:chat 'hi' from carol#1"]),
        ({BARE: True}, ["signal - from carol#1"]),
    ],
)
def test_a_signal_that_comes_before_its_connection_waits_for_it(quirks, told):
    stage, *_ = meeting(quirks=quirks)
    signal = {"id": "carol#1/s1", "from": "carol#1", "type": "chat", "data": "hi"}
    assert later(stage, "create", "signal", signal) == []
    assert later(stage, "created", "connection", {"id": "carol#1", "client": "carol"}) == [
        "connectionCreated carol#1",
        *told,
    ]


def test_what_has_waited_for_somebody_is_forgotten_with_the_session():
    stage, alice, *_ = meeting()
    later(stage, "created", "stream", {"id": "carol#1.1", "connection": "carol#1"})
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    assert alice.membership.waiting == {}


def test_a_message_that_nobody_knows_is_acknowledged_and_ignored():
    stage, *_ = meeting()
    at = stage.now
    assert later(stage, "updated", "archive", {"id": "x"}) == []
    acknowledgements = [f for t, _, f in stage.sent if t >= at and isinstance(f, Status)]
    assert [status.status for status in acknowledgements] == [200]


def test_a_message_that_is_sent_again_is_acknowledged_again_and_told_once():
    stage, alice, *_ = meeting()
    attempt = stage.dials[-1][1].attempt
    signal = Message(77, "create", "signal", {"id": "s", "from": None, "data": "hi"}, None)
    at = stage.now
    for _ in range(2):
        alice.receive(attempt, signal, stage.now, None)
    stage.flush()
    assert stage.story(since=at) == ["signal 'hi' from None"]
    sent = [f.txn for t, _, f in stage.sent if t >= at and isinstance(f, Status)]
    assert sent == [77, 77]


# -- mute, properties ------------------------------------------------------------------------------


def test_a_muted_publisher_is_told_and_the_session_is_not():
    stage, *_ = meeting()
    mute = {"id": "alice#1.1", "reason": "mute", "active": True}
    assert later(stage, "update", "stream", mute) == ["publisher: muteForced"]


def test_the_muting_of_an_unknown_stream_is_ignored():
    stage, *_ = meeting()
    assert later(stage, "update", "stream", {"id": "alice#1.9", "active": True}) == []


@pytest.mark.parametrize("active", [True, False])
def test_the_muting_of_a_session_is_told_to_the_session(active):
    stage, alice, *_ = meeting()
    assert later(stage, "update", "session", {"reason": "mute", "active": active}) == ["muteForced"]
    assert stage.told()[-1].data["active"] is active
    assert alice.membership.mute_on_entry is active


def test_a_switched_camera_is_told_by_the_session_and_then_by_the_subscriber():
    stage, *_ = meeting()
    off = {"stream": "bob#1.1", "channel": "video1", "active": False}
    assert later(stage, "updated", "channel", off) == [
        "streamPropertyChanged bob#1.1",
        "subscriber(bob): videoDisabled publishVideo",
    ]
    change = stage.told()[-2].data
    assert (change["changedProperty"], change["oldValue"], change["newValue"]) == (
        "hasVideo",
        True,
        False,
    )
    assert later(stage, "updated", "channel", off | {"active": True}) == [
        "streamPropertyChanged bob#1.1",
        "subscriber(bob): videoEnabled publishVideo",
    ]


def test_a_switched_microphone_is_told_by_the_session_alone():
    stage, alice, *_ = meeting()
    off = {"stream": "bob#1.1", "channel": "audio1", "active": False}
    assert later(stage, "updated", "channel", off) == ["streamPropertyChanged bob#1.1"]
    assert stage.told()[-1].data["changedProperty"] == "hasAudio"
    assert not alice.session.streams["bob#1.1"].has_audio


@pytest.mark.parametrize(
    "content",
    [
        {"stream": "bob#1.1", "channel": "video1", "active": True},
        {"stream": "bob#1.1", "channel": "audio1", "active": True},
        {"stream": "carol#1.1", "channel": "audio1", "active": False},
    ],
)
def test_what_does_not_change_or_is_unknown_is_not_told(content):
    stage, *_ = meeting()
    assert later(stage, "updated", "channel", content) == []


# -- migration -------------------------------------------------------------------------------------


def migrating():
    stage, alice, *_ = meeting()
    assert later(stage, "notify", "session", {"reason": "serverRotation"}) == []
    return stage, alice


def test_a_server_rotation_migrates_the_session_for_20_s_without_an_event():
    stage, alice = migrating()
    assert alice.session.state == "migrating"
    assert alice.session.is_connected()
    stage.run(20 * SECOND - 10_000)
    assert alice.session.state == "migrating"
    stage.run("10ms")
    assert alice.session.state == "connected"
    assert stage.order()[-1] == "subscribe callback"


def test_another_notice_does_nothing():
    stage, alice, *_ = meeting()
    assert later(stage, "notify", "session", {"reason": "weather"}) == []
    assert alice.session.state == "connected"


def test_a_second_rotation_during_the_first_does_nothing():
    stage, alice = migrating()
    stage.run("10s")
    later(stage, "notify", "session", {"reason": "serverRotation"})
    stage.run("10s")
    assert alice.session.state == "connected"


def test_calls_work_while_migrating_and_connect_is_ignored():
    stage, alice = migrating()
    at = stage.now
    stage.act(alice, lambda: (alice.session.signal("chat", "hi"), alice.session.connect()))
    stage.run("10ms")
    assert stage.story(since=at)[0] == "signal ok"
    assert alice.membership.own == "alice#1"


def test_a_migrating_session_can_be_left_and_the_next_one_is_not_touched_by_it():
    stage, alice = migrating()
    at = stage.now
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    assert stage.order(since=at) == ORDERS["local_disconnect"]
    stage.act(alice, alice.session.connect)
    stage.run("10s")
    stage.platform.tell("alice#2", "notify", "session", {"reason": "serverRotation"})
    stage.run("15s")  # the first rotation would have ended meanwhile
    assert alice.session.state == "migrating"
