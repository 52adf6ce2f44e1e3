"""Publishing, unpublishing and destroying a Publisher."""

import pytest
from openings import lone, meeting, prevent, publishing_attempt
from orders import ORDERS

from sim.client.faces import behind
from sim.protocol.frames import Message, Status
from sim.protocol.units import MILLISECOND

# -- success -----------------------------------------------------------------------------------


def test_the_publisher_tells_its_stream_and_then_the_call_completes():
    stage, alice = lone()
    publisher, at = publishing_attempt(alice, stage)
    assert stage.story(since=at) == ["publisher: streamCreated alice#1.1", "publish ok"]
    assert publisher.stream.id == "alice#1.1"
    assert "alice#1.1" in alice.session.streams


def test_the_stream_is_asked_for_when_the_camera_is_bound():
    stage, alice = lone()
    _, at = publishing_attempt(alice, stage, run="0s")
    assert stage.requests(since=at) == []
    stage.run("200ms")
    assert stage.requests(since=at) == ["create stream alice#1.1"]
    content = next(f.content for _, _, f in reversed(stage.sent) if isinstance(f, Message))
    assert content == {"id": "alice#1.1", "name": "publisher", "hasAudio": True, "hasVideo": True}


def test_a_publisher_whose_camera_is_bound_asks_in_no_time():
    stage, alice = lone()
    publisher = stage.act(alice, alice.init_publisher)
    stage.run("1s")
    assert publisher.state == "MediaBound"
    at = stage.now
    assert stage.act(alice, lambda: alice.session.publish(publisher)) is publisher
    stage.run("30ms")
    assert stage.requests(since=at) == ["create stream alice#1.1"]


def test_a_publisher_goes_through_the_states_of_its_table():
    stage, alice = lone()
    publishing_attempt(alice, stage)
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
    publisher, _ = publishing_attempt(alice, stage, run="201ms")
    assert publisher.state == "PublishingToSession"
    stage.run("1ms")
    assert publisher.state == "Publishing"


def test_publishers_are_named_in_the_order_of_their_making():
    stage, alice = lone()
    made = [stage.act(alice, alice.init_publisher).label for _ in range(3)]
    assert made == ["publisher", "publisher1", "publisher2"]
    assert list(alice.page.document.elements) == made


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
    assert alice.membership.publishers == []


def test_times_are_those_of_the_table():
    stage, alice = lone()
    _, at = publishing_attempt(alice, stage)
    assert stage.when("publish ok") == [at + 202 * MILLISECOND]


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


def test_unpublishing_while_publishing_cancels_the_call_last():
    stage, alice = lone()
    publisher, at = publishing_attempt(alice, stage, None)
    stage.act(alice, lambda: alice.session.unpublish(publisher))
    assert stage.story(since=at) == [
        "publisher: streamDestroyed unpublished",
        "publisher: destroyed",
        "publish failed OT_CANCEL None",
    ]


def test_an_announcement_that_comes_after_unpublishing_is_not_told():
    stage, alice = lone()
    publisher, at = publishing_attempt(alice, stage, run="201ms")
    stage.act(alice, lambda: alice.session.unpublish(publisher))
    stage.run("1s")
    assert stage.story(since=at)[-1] == "publish failed OT_CANCEL None"
    assert alice.session.streams == {}


def test_an_announcement_of_what_was_not_asked_for_is_not_told():
    stage, alice = lone()
    publisher, at = publishing_attempt(alice, stage, run="1ms")
    stage.platform.publish("alice#1", {"id": "alice#1.1"})
    stage.run("5ms")
    assert stage.story(since=at) == []
    assert publisher.state == "GetUserMedia"


def test_a_refusal_that_comes_after_the_announcement_changes_nothing():
    stage, alice = lone()
    publisher, at = publishing_attempt(alice, stage, None, run="201ms")
    stage.platform.publish("alice#1", {"id": "alice#1.1"})
    stage.run("5ms")
    refusal = Status(stage.platform.requests[-1].txn, 403, {}, None)
    alice.receive(stage.dials[-1][1].attempt, refusal, stage.now, None)
    stage.run("1min")
    assert stage.story(since=at) == ["publisher: streamCreated alice#1.1", "publish ok"]
    assert publisher.state == "Publishing"


def test_a_late_refusal_of_an_earlier_publishing_does_not_touch_the_next():
    stage, alice = lone()
    publisher, _ = publishing_attempt(alice, stage, 403, run="201ms")  # the refusal is on its way
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


def test_destroying_while_publishing_cancels_the_call_last():
    stage, alice = lone()
    publisher, at = publishing_attempt(alice, stage, None)
    stage.act(alice, publisher.destroy)
    assert stage.story(since=at) == [
        "publisher: streamDestroyed reset",
        "publisher: destroyed",
        "publish failed OT_CANCEL None",
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
        "publisher: streamDestroyed alice#1.1 reset",
        "publisher: destroyed",
        "publish failed OT_CANCEL None",
    ]


def test_a_destroyed_publisher_has_no_listeners_any_more():
    stage, alice, publisher, _ = meeting()
    heard = []
    publisher.on("destroyed", heard.append)
    stage.act(alice, publisher.destroy)
    behind(publisher).dispatch("destroyed")
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
