"""Each quirk, off and on: the same story, and what an app sees of it."""

import pytest
from harness import Stage
from openings import lone, meeting, prevent

from sim.protocol.quirks import QUIRKS


def fatal_close(quirks):
    stage, *_ = meeting(quirks=quirks)
    at = stage.now
    stage.close("alice", 1011)
    stage.run("10s")
    return stage.story(since=at)[:2]


def silence_without_reconnection(quirks):
    stage, *_ = meeting(reconnection=False, quirks=quirks)
    at = stage.now
    stage.blackhole()
    stage.run("1min")
    return stage.story(since=at)[:2]


def clean_close_without_reconnection(quirks):
    stage, *_ = meeting(reconnection=False, quirks=quirks)
    at = stage.now
    stage.close("alice", 1001)
    stage.run("1s")
    return stage.story(since=at)[:2]


def reset_without_reconnection(quirks):
    stage, *_ = meeting(reconnection=False, quirks=quirks)
    at = stage.now
    stage.kill()
    stage.run("1s")
    return stage.story(since=at)[:2]


def disconnecting_in_the_listener_of_the_outage(quirks):
    stage, alice, *_ = meeting(quirks=quirks)
    alice.session.on("sessionReconnecting", lambda _: alice.session.disconnect())
    at = stage.now
    stage.kill(then="hanging")
    stage.run("10s")
    return [words for words in stage.story(since=at) if ": " not in words]


def disconnecting_while_the_socket_opens(quirks):
    stage = Stage()
    alice = stage.client(quirks=quirks)
    stage.act(alice, alice.session.connect)
    stage.run("3ms")
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    return [*stage.story(), alice.session.state]


def disconnecting_before_there_is_a_socket(quirks):
    stage = Stage()
    alice = stage.client(quirks=quirks)
    stage.act(alice, alice.session.connect)
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    return stage.story()


def failed_media_peer_to_peer(quirks):
    stage, alice, *_ = meeting(peer_to_peer=True, quirks=quirks)
    at = stage.now
    stage.media(near=False)
    stage.run("1min")
    return [*stage.story(since=at), f"{alice.left()['subscribers']} left"]


def early_signal(quirks):
    stage, *_ = meeting(quirks=quirks)
    at = stage.now
    signal = {"id": "carol#1/s1", "from": "carol#1", "type": "chat", "data": "hi"}
    stage.platform.tell("alice#1", "create", "signal", signal)
    stage.platform.tell("alice#1", "created", "connection", {"id": "carol#1", "client": "carol"})
    stage.run("10ms")
    return stage.story(since=at)


def repeated_after_31_s(quirks):
    """A signal is heard, its acknowledgement lost, and the platform repeats it after an outage."""
    stage, *_ = meeting(quirks=quirks)
    at = stage.now
    stage.platform.signal(None, {"id": "server/s1", "data": "hi"})
    stage.run("1ms")
    stage.blackhole()
    stage.run("34s")
    stage.restore()
    stage.run("1s")
    return [words for words in stage.story(since=at) if words.startswith("signal")]


def kept_while_binding(quirks):
    """Alice's Subscriber has said connected, and subscribing has not ended yet."""
    stage = Stage()
    stage.platform.guest("bob", stream=True)
    alice = stage.joined(quirks=quirks)
    alice.session.on("sessionDisconnected", prevent)
    stage.act(alice, lambda: alice.session.subscribe(alice.session.streams["bob#1.1"]))
    stage.run("310ms")
    at = stage.now
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    return [*stage.story(since=at), f"{alice.left()['subscribers']} left"]


def kept_publisher(quirks):
    stage, alice, publisher, _ = meeting(quirks=quirks)
    publisher.once("streamDestroyed", prevent)
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    at = stage.now
    stage.act(alice, lambda: alice.session.publish(publisher))
    stage.run("1s")
    stage.act(alice, lambda: alice.session.unpublish(publisher))
    return stage.story(since=at)


def connecting_while_disconnecting(quirks):
    stage, alice, *_ = meeting(quirks=quirks)
    at = stage.now
    stage.act(alice, alice.session.disconnect)
    stage.run("97ms")
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    before = [*stage.story(since=at), f"{alice.left()['subscribers']} left"]
    at = stage.now
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    return before, stage.story(since=at)


def connecting_at_once_after_a_removal(quirks):
    stage, alice, *_ = meeting(quirks=quirks)
    at = stage.now
    alice.session.once("sessionDisconnected", lambda _: alice.session.connect())
    stage.platform.remove("alice#1", "forceDisconnected", told=True)
    stage.run("1s")
    story = stage.story(since=at)
    return story[story.index("connect ok") + 1 :], alice.session.state


def a_first_attempt_that_fails(quirks):
    """The platform does not know the socket of the first attempt, and turns it away."""
    stage = Stage()
    alice = stage.client(quirks=quirks)
    stage.links["alice"] = "refused"
    stage.act(alice, alice.session.connect)
    stage.run("5ms")
    stage.restore()
    stage.run("1min")
    return [*stage.story(), alice.session.state]


def an_outage_while_joining(quirks):
    stage = Stage()
    stage.platform.answers["create connection"] = [None]
    alice = stage.client(quirks=quirks)
    stage.act(alice, alice.session.connect)
    stage.run("8ms")
    stage.platform.peers["alice#1/2"].answers.clear()
    stage.kill(then="up")
    stage.run("1s")
    return stage.story()


def a_signal_after_the_socket_is_open_again(quirks):
    stage, alice, *_ = meeting(quirks=quirks)
    at = stage.now
    stage.kill(then="up")
    stage.run("1s")
    stage.act(alice, lambda: alice.session.signal("chat", "now", retry_after_reconnect=False))
    stage.run("3s")
    return stage.story(since=at)


def publishing_into_the_end(quirks):
    """The socket is closed while a request for a stream is open."""
    stage, alice = lone(quirks=quirks)
    stage.platform.answers["create stream"] = [None]
    at = stage.now
    stage.act(alice, lambda: alice.session.publish(alice.init_publisher()))
    stage.run("1s")
    stage.act(alice, alice.session.disconnect)
    stage.run("1min")
    return [*stage.story(since=at), alice.session.state]


def destroying_before_the_request(quirks):
    stage, alice = lone(quirks=quirks)
    at = stage.now
    publisher = stage.act(alice, alice.init_publisher)
    stage.act(alice, lambda: alice.session.publish(publisher))
    stage.run("185ms")
    stage.act(alice, publisher.destroy)
    stage.run("1min")
    return stage.story(since=at)


def destroying_after_the_request(quirks):
    stage, alice = lone(quirks=quirks)
    publisher = stage.act(alice, alice.init_publisher)
    stage.act(alice, lambda: alice.session.publish(publisher))
    stage.run("201ms")
    stage.act(alice, publisher.destroy)
    stage.run("1min")
    return [*stage.requests()[1:], *alice.session.streams]


def kept_before_its_camera(quirks):
    stage, alice = lone(quirks=quirks)
    publisher = stage.act(alice, alice.init_publisher)
    publisher.on("streamDestroyed", prevent)
    stage.act(alice, lambda: alice.session.publish(publisher))
    stage.act(alice, lambda: alice.session.unpublish(publisher))
    stage.run("1s")
    at = stage.now
    stage.act(alice, lambda: alice.session.publish(publisher))
    stage.run("1min")
    return stage.story(since=at)


RECONNECTING = "sessionReconnecting"
FAILED = "publish failed OT_UNEXPECTED_SERVER_RESPONSE 2001"
RESET = "publisher: streamDestroyed reset"
NETWORK = "sessionDisconnected networkDisconnected"
CLIENT = "sessionDisconnected clientDisconnected"
GONE = "publisher: streamDestroyed alice#1.1 networkDisconnected"
LEFT = "publisher: streamDestroyed alice#1.1 clientDisconnected"
GONE_FROM_PAGE = "publisher: destroyed"
SUBSCRIBER_LEFT = "subscriber(bob): destroyed clientDisconnected"
JOINED = ["sessionConnected", "connect ok", "connectionCreated alice#1"]
BACK = [
    "sessionConnected",
    "connect ok",
    "connectionCreated bob#1",
    "connectionCreated alice#2",
    "streamCreated bob#1.1",
]

STORIES = {
    "unanswered-publish-swallows-the-end": (
        publishing_into_the_end,
        [RESET, FAILED, "sessionDisconnected clientDisconnected", "disconnect ok", "disconnected"],
        [RESET, FAILED, "disconnecting"],
    ),
    "publish-cut-short-is-never-answered": (
        destroying_before_the_request,
        [RESET, "publisher: destroyed", "publish failed OT_CANCEL None"],
        [RESET, "publisher: destroyed"],
    ),
    "destroy-while-publishing-leaves-stream": (
        destroying_after_the_request,
        ["create stream alice#1.1", "delete stream alice#1.1"],
        ["create stream alice#1.1", "alice#1.1"],
    ),
    "unpublish-before-camera-spoils-publisher": (
        kept_before_its_camera,
        ["publisher: streamCreated alice#1.2", "publish ok"],
        [RESET, "publish failed OT_TIMEOUT 1500"],
    ),
    "fatal-close-skips-reconnecting": (
        fatal_close,
        [RECONNECTING, "sessionReconnected"],
        [NETWORK, GONE],
    ),
    "silence-without-reconnection-is-client-disconnected": (
        silence_without_reconnection,
        [RECONNECTING, NETWORK],
        [RECONNECTING, CLIENT],
    ),
    "clean-close-without-reconnection-is-client-disconnected": (
        clean_close_without_reconnection,
        [RECONNECTING, NETWORK],
        [RECONNECTING, CLIENT],
    ),
    "without-reconnection-no-reconnecting-event": (
        reset_without_reconnection,
        [RECONNECTING, NETWORK],
        [NETWORK, GONE],
    ),
    "disconnect-in-reconnecting-listener-hangs": (
        disconnecting_in_the_listener_of_the_outage,
        [RECONNECTING, CLIENT, "disconnect ok"],
        [RECONNECTING, "disconnect failed Error None"],
    ),
    "disconnect-while-socket-opens-hangs": (
        disconnecting_while_the_socket_opens,
        ["connect failed OT_UNEXPECTED_SERVER_RESPONSE 2001", "disconnect ok", "disconnected"],
        ["disconnecting"],
    ),
    "disconnect-while-connecting-leaves-connect-unanswered": (
        disconnecting_before_there_is_a_socket,
        [
            "connect failed OT_UNEXPECTED_SERVER_RESPONSE 2001",
            "disconnect ok",
            "sessionConnected",
            "connect ok",
            "connectionCreated alice#2",
        ],
        [
            "disconnect ok",
            "sessionConnected",
            "connect ok",
            "connect ok",
            "connectionCreated alice#2",
        ],
    ),
    "connect-while-disconnecting-swallows-the-end": (
        connecting_while_disconnecting,
        (
            [CLIENT, LEFT, GONE_FROM_PAGE, SUBSCRIBER_LEFT, "disconnect ok", *BACK, "0 left"],
            [CLIENT, "disconnect ok"],
        ),
        (
            [*BACK, "1 left"],
            [CLIENT, LEFT, GONE_FROM_PAGE, SUBSCRIBER_LEFT, "disconnect ok", "disconnect ok"],
        ),
    ),
    "connect-at-once-after-removal-ends-again": (
        connecting_at_once_after_a_removal,
        (BACK[2:], "connected"),
        ([*BACK[2:], CLIENT], "disconnected"),
    ),
    "failed-attempt-to-connect-lives-on": (
        a_first_attempt_that_fails,
        [*JOINED, "connected"],
        [RECONNECTING, *JOINED, "disconnected"],
    ),
    "reconnecting-while-connecting": (
        an_outage_while_joining,
        JOINED,
        [RECONNECTING, "sessionReconnected", *JOINED],
    ),
    "signal-not-to-be-retried-is-sent-before-reconnected": (
        a_signal_after_the_socket_is_open_again,
        [RECONNECTING, "signal failed OT_NOT_CONNECTED 500", "sessionReconnected"],
        [
            RECONNECTING,
            "sessionReconnected",
            "signal ok",
            "signal 'now' from alice#1",
            "signal:chat 'now' from alice#1",
        ],
    ),
    "peer-to-peer-failure-leaves-subscriber": (
        failed_media_peer_to_peer,
        [
            "subscriber(bob): disconnected",
            "subscriber(bob): destroyed peerConnection is disconnected",
            "0 left",
        ],
        ["subscriber(bob): disconnected", "subscriber(bob): destroyed", "1 left"],
    ),
    "early-signal-loses-type-and-data": (
        early_signal,
        [
            "connectionCreated carol#1",
            "signal 'hi' from carol#1",
            "signal:chat 'hi' from carol#1",
        ],
        ["connectionCreated carol#1", "signal - from carol#1"],
    ),
    "subscriber-kept-while-binding-is-destroyed": (
        kept_while_binding,
        [
            "subscribe failed OT_STREAM_DESTROYED None",
            "sessionDisconnected clientDisconnected",
            "disconnect ok",
            "1 left",
        ],
        [
            "subscribe failed OT_STREAM_DESTROYED None",
            "sessionDisconnected clientDisconnected",
            "disconnect ok",
            "subscriber(bob): destroyed Unknown",
            "0 left",
        ],
    ),
    "forgotten-message-is-told-again": (
        repeated_after_31_s,
        ["signal 'hi' from None"],
        ["signal 'hi' from None"] * 2,
    ),
    "kept-publisher-stays-attached": (
        kept_publisher,
        [
            "publisher: streamCreated alice#2.1",
            "publish ok",
            "publisher: streamDestroyed alice#2.1 unpublished",
            "publisher: destroyed",
        ],
        [
            "publish failed OT_INVALID_PARAMETER 1500",
            "publisher: streamDestroyed alice#1.1 unpublished",
            "publisher: destroyed",
        ],
    ),
}


def test_every_quirk_has_its_story():
    assert set(STORIES) == set(QUIRKS)


@pytest.mark.parametrize("quirk", STORIES)
def test_without_the_quirk_the_documentation_holds(quirk):
    story, off, _ = STORIES[quirk]
    assert story({}) == off


@pytest.mark.parametrize("quirk", STORIES)
def test_with_the_quirk_an_app_sees_what_the_shipped_client_does(quirk):
    story, _, on = STORIES[quirk]
    assert story({quirk: True}) == on


@pytest.mark.parametrize("quirk", STORIES)
def test_the_other_quirks_do_not_bring_it_about(quirk):
    story, off, on = STORIES[quirk]
    others = {other: other != quirk for other in QUIRKS}
    assert story(others) != on or off == on


def test_in_the_shipped_client_a_kept_publisher_is_published_again_after_unpublishing_twice_told():
    stage, alice, publisher, _ = meeting(profile="opentok.js-2.35.2")
    publisher.on("streamDestroyed", prevent)
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    at = stage.now
    stage.act(alice, lambda: alice.session.unpublish(publisher))
    stage.act(alice, lambda: alice.session.publish(publisher))
    stage.run("1s")
    assert stage.story(since=at) == [
        "publisher: streamDestroyed alice#1.1 unpublished",
        "publisher: streamCreated alice#2.1",
        "publish ok",
    ]
