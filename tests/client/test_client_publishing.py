"""Publishing and unpublishing."""

import pytest
from harness import Stage, meeting, prevent
from orders import ORDERS

from sim.protocol.frames import Message, Status
from sim.protocol.units import MILLISECOND, SECOND


def attempt(alice, stage, *statuses, run="1s"):
    """Alice tries to publish; her requests are answered so. Returns her Publisher and when."""
    stage.platform.answers["create stream"] = list(statuses)
    at = stage.now
    publisher = stage.act(alice, alice.init_publisher)
    stage.act(alice, lambda: alice.session.publish(publisher))
    stage.run(run)
    return publisher, at


def lone(**options):
    stage = Stage()
    return stage, stage.joined(**options)


# -- success -----------------------------------------------------------------------------------


def test_the_publisher_tells_its_stream_and_then_the_call_completes():
    stage, alice = lone()
    publisher, at = attempt(alice, stage)
    assert stage.story(since=at) == ["publisher: streamCreated alice#1.1", "publish ok"]
    assert publisher.stream.id == "alice#1.1"
    assert "alice#1.1" in alice.session.streams


def test_the_stream_is_asked_for_when_the_camera_is_bound():
    stage, alice = lone()
    _, at = attempt(alice, stage, run="0s")
    assert stage.requests(since=at) == []
    stage.run("200ms")
    assert stage.requests(since=at) == ["create stream alice#1.1"]
    content = next(f.content for _, _, f in reversed(stage.sent) if isinstance(f, Message))
    assert content == {"id": "alice#1.1", "name": "publisher", "hasAudio": True, "hasVideo": True}


def test_a_publisher_whose_camera_is_bound_asks_at_once():
    stage, alice = lone()
    publisher = stage.act(alice, alice.init_publisher)
    stage.run("1s")
    assert publisher.state == "MediaBound"
    at = stage.now
    assert stage.act(alice, lambda: alice.session.publish(publisher)) is publisher
    assert stage.requests(since=at) == ["create stream alice#1.1"]


def test_a_publisher_goes_through_the_states_of_its_table():
    stage, alice = lone()
    attempt(alice, stage)
    states = [r.name for r in stage.records if r.object == "publisher" and r.kind == "state"]
    assert states == [
        "GetUserMedia",
        "BindingMedia",
        "MediaBound",
        "PublishingToSession",
        "Publishing",
    ]


def test_it_is_publishing_at_the_announcement_and_not_at_the_answer():
    stage, alice = lone()
    publisher, _ = attempt(alice, stage, run="201ms")
    assert publisher.state == "PublishingToSession"
    stage.run("1ms")
    assert publisher.state == "Publishing"


def test_publishers_are_named_in_the_order_of_their_making():
    stage, alice = lone()
    made = [stage.act(alice, alice.init_publisher).label for _ in range(3)]
    assert made == ["publisher", "publisher1", "publisher2"]
    assert list(alice.page.elements) == made


def test_a_publisher_published_while_the_session_is_muted_is_told_so_first():
    stage, alice = lone()
    stage.platform.tell("alice#1", "update", "session", {"reason": "mute", "active": True})
    stage.run("10ms")
    publisher = stage.act(alice, alice.init_publisher)
    at = stage.now
    stage.act(alice, lambda: alice.session.publish(publisher))
    assert stage.story(since=at) == ["publisher: muteForced"]


def test_a_publisher_that_is_destroyed_by_that_listener_is_not_published():
    stage, alice = lone()
    stage.platform.tell("alice#1", "update", "session", {"reason": "mute", "active": True})
    stage.run("10ms")
    publisher = stage.act(alice, alice.init_publisher)
    publisher.on("muteForced", lambda _: publisher.destroy())
    at = stage.now
    stage.act(alice, lambda: alice.session.publish(publisher))
    stage.run("1min")
    assert stage.story(since=at) == [
        "publisher: muteForced",
        "publisher: destroyed",
        "publish failed OT_CANCEL None",
    ]
    assert alice.session.publishers == []


# -- unpublishing ----------------------------------------------------------------------------------


def test_unpublishing_tells_everything_inside_the_call():
    stage, alice, publisher, _ = meeting()
    at = stage.now
    stage.act(alice, lambda: alice.session.unpublish(publisher))
    assert stage.order(since=at) == ORDERS["unpublish"]
    assert stage.requests(since=at) == ["delete stream alice#1.1"]
    stage.run("1s")
    assert stage.order(since=at) == ORDERS["unpublish"]
    assert "alice#1.1" not in alice.session.streams


def test_unpublishing_prevented_keeps_the_publisher_which_may_publish_again_in_the_same_turn():
    stage, alice, publisher, _ = meeting()
    publisher.on("streamDestroyed", prevent)
    at = stage.now
    stage.act(alice, lambda: (alice.session.unpublish(publisher), alice.session.publish(publisher)))
    stage.run("1s")
    assert stage.story(since=at) == [
        "publisher: streamDestroyed alice#1.1 unpublished",
        "publisher: streamCreated alice#1.2",
        "publish ok",
    ]
    assert alice.left()["publishers"] == 1


def test_unpublishing_nothing_or_what_is_not_published_does_nothing():
    stage, alice, publisher, _ = meeting()
    stage.act(alice, lambda: alice.session.unpublish(publisher))
    stage.run("1ms")
    at = stage.now
    stage.act(alice, lambda: (alice.session.unpublish(), alice.session.unpublish(publisher)))
    stage.run("1s")
    assert stage.story(since=at) == []


def test_unpublishing_while_publishing_cancels_the_call_first():
    stage, alice = lone()
    publisher, at = attempt(alice, stage, None)
    stage.act(alice, lambda: alice.session.unpublish(publisher))
    assert stage.story(since=at) == [
        "publish failed OT_CANCEL None",
        "publisher: streamDestroyed unpublished",
        "publisher: destroyed",
    ]


def test_an_announcement_that_comes_after_unpublishing_is_not_told():
    stage, alice = lone()
    publisher, at = attempt(alice, stage, run="201ms")
    stage.act(alice, lambda: alice.session.unpublish(publisher))
    stage.run("1s")
    assert stage.story(since=at)[-1] == "publisher: destroyed"
    assert alice.session.streams == {}


def test_an_announcement_of_what_was_not_asked_for_is_not_told():
    stage, alice = lone()
    publisher, at = attempt(alice, stage, run="1ms")
    stage.platform.publish("alice#1", {"id": "alice#1.1"})
    stage.run("5ms")
    assert stage.story(since=at) == []
    assert publisher.state == "GetUserMedia"


def test_a_refusal_that_comes_after_the_announcement_changes_nothing():
    stage, alice = lone()
    publisher, at = attempt(alice, stage, None, run="201ms")
    stage.platform.publish("alice#1", {"id": "alice#1.1"})
    stage.run("5ms")
    refusal = Status(stage.platform.requests[-1].txn, 403, {}, None)
    alice.receive(stage.dials[-1][1].attempt, refusal, stage.now, None)
    stage.run("1min")
    assert stage.story(since=at) == ["publisher: streamCreated alice#1.1", "publish ok"]
    assert publisher.state == "Publishing"


def test_a_late_refusal_of_an_earlier_publishing_does_not_touch_the_next():
    stage, alice = lone()
    publisher, _ = attempt(alice, stage, 403, run="201ms")  # the refusal is on its way
    publisher.on("streamDestroyed", prevent)
    at = stage.now
    stage.act(alice, lambda: (alice.session.unpublish(publisher), alice.session.publish(publisher)))
    stage.run("1s")
    assert stage.story(since=at)[-2:] == ["publisher: streamCreated alice#1.2", "publish ok"]


# -- destroying ------------------------------------------------------------------------------------


@pytest.mark.parametrize("prevented", [False, True])
def test_destroying_tells_the_specified_order_whatever_is_prevented(prevented):
    stage, alice, publisher, _ = meeting()
    if prevented:
        publisher.on("streamDestroyed", prevent)
    at = stage.now
    stage.act(alice, publisher.destroy)
    assert stage.order(since=at) == ORDERS["publisher_destroy"]
    assert stage.requests(since=at) == ["delete stream alice#1.1"]
    assert alice.left()["publishers"] == 0
    stage.run("1s")
    assert stage.order(since=at) == ORDERS["publisher_destroy"]


def test_destroying_twice_tells_it_once():
    stage, alice, publisher, _ = meeting()
    at = stage.now
    stage.act(alice, lambda: (publisher.destroy(), publisher.destroy()))
    assert stage.order(since=at) == ORDERS["publisher_destroy"]


def test_destroying_what_was_never_published_tells_only_that():
    stage, alice = lone()
    publisher = stage.act(alice, alice.init_publisher)
    at = stage.now
    stage.act(alice, publisher.destroy)
    stage.run("1s")
    assert stage.order(since=at) == ["Publisher.destroyed"]
    assert publisher.state == "Destroyed"


def test_destroying_while_publishing_cancels_the_call_first():
    stage, alice = lone()
    publisher, at = attempt(alice, stage, None)
    stage.act(alice, publisher.destroy)
    assert stage.story(since=at) == [
        "publish failed OT_CANCEL None",
        "publisher: streamDestroyed reset",
        "publisher: destroyed",
    ]


def test_destroying_in_the_listener_of_stream_created_cancels_the_call():
    stage, alice = lone()
    publisher = stage.act(alice, alice.init_publisher)
    publisher.on("streamCreated", lambda _: publisher.destroy())
    at = stage.now
    stage.act(alice, lambda: alice.session.publish(publisher))
    stage.run("1s")
    assert stage.story(since=at) == [
        "publisher: streamCreated alice#1.1",
        "publish failed OT_CANCEL None",
        "publisher: streamDestroyed alice#1.1 reset",
        "publisher: destroyed",
    ]


def test_a_destroyed_publisher_has_no_listeners_any_more():
    stage, alice, publisher, _ = meeting()
    heard = []
    publisher.on("destroyed", heard.append)
    stage.act(alice, publisher.destroy)
    publisher.dispatch("destroyed")
    assert len(heard) == 1


# -- switching ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("switch", "channel"), [("publish_audio", "audio1"), ("publish_video", "video1")]
)
def test_switching_sound_or_picture_tells_the_platform(switch, channel):
    stage, alice, publisher, _ = meeting()
    at = stage.now
    stage.act(alice, lambda: getattr(publisher, switch)(False))
    (sent,) = [f for t, _, f in stage.sent if t >= at and isinstance(f, Message)]
    assert (sent.method, sent.resource) == ("update", "channel")
    assert sent.content == {"stream": "alice#1.1", "channel": channel, "active": False}
    (call,) = [r for r in stage.records if r.name == "switch"]
    assert sent.cause == call.number


def test_what_is_switched_before_publishing_is_said_with_the_stream():
    stage, alice = lone()
    publisher = stage.act(alice, alice.init_publisher)
    stage.act(alice, lambda: (publisher.publish_audio(False), alice.session.publish(publisher)))
    stage.run("1s")
    assert stage.requests()[1:] == ["create stream alice#1.1"]
    assert not alice.session.streams["alice#1.1"].has_audio
    assert alice.session.streams["alice#1.1"].has_video


# -- failing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "publish failed OT_STREAM_CREATE_FAILED 1500"),
        (404, "publish failed OT_STREAM_CREATE_FAILED 1500"),
        (405, "publish failed OT_STREAM_CREATE_FAILED 1500"),
        (409, "publish failed OT_STREAM_CREATE_FAILED 1500"),
        (500, "publish failed OT_UNEXPECTED_SERVER_RESPONSE 2001"),
        (418, "publish failed OT_UNEXPECTED_SERVER_RESPONSE 2001"),
    ],
)
def test_a_refused_stream_fails_the_call_and_resets_the_publisher(status, words):
    stage, alice = lone()
    publisher, at = attempt(alice, stage, status)
    assert stage.story(since=at) == [words, "publisher: streamDestroyed reset"]
    assert publisher.state == "MediaBound"
    assert alice.left()["publishers"] == 1
    assert alice.session.publishers == []


def test_any_status_that_begins_with_2_is_success():
    stage, alice = lone()
    publisher, _ = attempt(alice, stage, 202, run="202ms")
    assert publisher.state == "PublishingToSession"


def test_a_publisher_that_has_failed_may_be_published_again():
    stage, alice = lone()
    publisher, at = attempt(alice, stage, 500)
    stage.act(alice, lambda: alice.session.publish(publisher))
    stage.run("1s")
    assert stage.story(since=at)[-2:] == ["publisher: streamCreated alice#1.2", "publish ok"]


def test_without_an_announcement_publishing_times_out_after_15_s():
    stage, alice = lone()
    publisher, at = attempt(alice, stage, None, run="1min")
    assert stage.story(since=at) == [
        "publish failed OT_TIMEOUT 1500",
        "publisher: streamDestroyed reset",
    ]
    assert stage.when("publish failed OT_TIMEOUT 1500") == [at + 15 * SECOND]
    assert publisher.state == "MediaBound"


def test_an_announcement_that_comes_after_the_timeout_is_not_told():
    stage, alice = lone()
    _, at = attempt(alice, stage, None, run="16s")
    stage.platform.publish("alice#1", {"id": "alice#1.1"})
    stage.run("1s")
    assert stage.story(since=at)[-1] == "publisher: streamDestroyed reset"


def test_an_answered_stream_that_is_never_announced_times_out_too():
    stage, alice = lone()
    _, at = attempt(alice, stage, 202, run="1min")
    assert stage.when("publish failed OT_TIMEOUT 1500") == [at + 15 * SECOND]


def test_a_camera_that_takes_too_long_fails_the_call_and_is_bound_later():
    from sim.protocol.timers import Timers

    stage = Stage()
    alice = stage.joined(timers=Timers(acquire_media=20 * SECOND))
    publisher, at = attempt(alice, stage, run="16s")
    assert stage.story(since=at)[0] == "publish failed OT_TIMEOUT 1500"
    assert publisher.state == "GetUserMedia"
    stage.run("10s")
    assert publisher.state == "MediaBound"


# -- what is refused at once -----------------------------------------------------------------------


def refused(alice, stage, publisher):
    at = stage.now
    assert stage.act(alice, lambda: alice.session.publish(publisher)) is None
    return stage.story(since=at)


def test_publishing_when_not_connected_is_refused():
    stage = Stage()
    alice = stage.client()
    publisher = stage.act(alice, alice.init_publisher)
    assert refused(alice, stage, publisher) == ["publish failed OT_NOT_CONNECTED 1010"]


@pytest.mark.parametrize("argument", [None, {}, "publisher"])
def test_publishing_what_is_no_publisher_is_refused(argument):
    stage, alice = lone()
    assert refused(alice, stage, argument) == ["publish failed OT_INVALID_PARAMETER 1500"]


def test_publishing_twice_is_refused():
    stage, alice, publisher, _ = meeting()
    assert refused(alice, stage, publisher) == ["publish failed OT_INVALID_PARAMETER 1500"]


def test_publishing_what_is_destroyed_is_refused():
    stage, alice, publisher, _ = meeting()
    stage.act(alice, publisher.destroy)
    stage.run("1ms")
    assert refused(alice, stage, publisher) == ["publish failed OT_INVALID_PARAMETER 1500"]


@pytest.mark.parametrize("argument", [None, "publisher"])
def test_the_permission_is_looked_at_before_the_argument(argument):
    stage, alice = lone(role="subscriber")
    assert refused(alice, stage, argument) == ["publish failed OT_PERMISSION_DENIED 1500"]
    assert stage.requests()[1:] == []


def test_times_are_those_of_the_table():
    stage, alice = lone()
    _, at = attempt(alice, stage)
    assert stage.when("publish ok") == [at + 202 * MILLISECOND]
