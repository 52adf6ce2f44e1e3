"""Publishing that fails, or is refused at once."""

import pytest
from harness import Stage
from openings import lone, meeting, prevent, publishing_attempt

from sim.protocol.timers import Timers
from sim.protocol.units import SECOND

ASKED = Timers().acquire_media + Timers().prepare_publishing
"""From publish() until the request for the stream."""

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
    publisher, at = publishing_attempt(alice, stage, status)
    assert stage.story(since=at) == ["publisher: streamDestroyed reset", words]
    assert stage.requests(since=at) == ["create stream alice#1.1", "delete stream alice#1.1"]
    assert publisher.state == "MediaBound"
    assert alice.left()["publishers"] == 1
    assert alice.membership.publishers == []


def test_any_status_that_begins_with_2_is_success():
    stage, alice = lone()
    publisher, _ = publishing_attempt(alice, stage, 202, run="202ms")
    assert publisher.state == "PublishingToSession"


def test_a_publisher_that_has_failed_may_be_published_again():
    stage, alice = lone()
    publisher, at = publishing_attempt(alice, stage, 500)
    stage.act(alice, lambda: alice.session.publish(publisher))
    stage.run("1s")
    assert stage.story(since=at)[-2:] == ["publisher: streamCreated alice#1.2", "publish ok"]


def test_without_an_announcement_publishing_times_out_after_15_s():
    stage, alice = lone()
    publisher, at = publishing_attempt(alice, stage, None, run="1min")
    assert stage.story(since=at) == [
        "publisher: streamDestroyed reset",
        "publish failed OT_TIMEOUT 1500",
    ]
    assert stage.when("publish failed OT_TIMEOUT 1500") == [at + ASKED + 15 * SECOND]
    assert stage.requests(since=at) == ["create stream alice#1.1", "delete stream alice#1.1"]
    assert publisher.state == "MediaBound"


def test_the_time_of_an_earlier_publishing_does_not_count():
    stage, alice, publisher, _ = meeting()
    stage.run("10s")
    publisher.on("streamDestroyed", prevent)
    stage.platform.answers["create stream"] = [None]
    at = stage.now
    stage.act(alice, lambda: (alice.session.unpublish(publisher), alice.session.publish(publisher)))
    stage.run("1min")
    late = alice.timers.prepare_publishing + 15 * SECOND
    assert stage.when("publish failed OT_TIMEOUT 1500") == [at + late]


def test_an_announcement_that_comes_after_the_timeout_is_not_told():
    stage, alice = lone()
    _, at = publishing_attempt(alice, stage, None, run="16s")
    stage.platform.publish("alice#1", {"id": "alice#1.1"})
    stage.run("1s")
    assert stage.story(since=at)[-1] == "publish failed OT_TIMEOUT 1500"


def test_an_answered_stream_that_is_never_announced_times_out_too():
    stage, alice = lone()
    _, at = publishing_attempt(alice, stage, 202, run="1min")
    assert stage.when("publish failed OT_TIMEOUT 1500") == [at + ASKED + 15 * SECOND]


def test_publishing_waits_as_long_as_it_takes_for_the_camera():
    stage = Stage()
    alice = stage.joined(timers=Timers(acquire_media=20 * SECOND))
    publisher, at = publishing_attempt(alice, stage, run="16s")
    assert stage.story(since=at) == []
    assert publisher.state == "GetUserMedia"
    stage.run("10s")
    assert stage.story(since=at) == ["publisher: streamCreated alice#1.1", "publish ok"]


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
