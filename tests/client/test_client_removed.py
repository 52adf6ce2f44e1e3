"""Being removed, and losing one's own stream."""

import pytest
from openings import meeting, prevent
from orders import ORDERS, SPECIFICATION

from sim.protocol.frames import Disconnect


def forced(*, stream_first=True, tell_stream=True, reason="forceDisconnected", **options):
    """Alice has been removed from the meeting."""
    stage, alice, publisher, subscriber = meeting(**options)
    stage.platform.stream_first = stream_first
    stage.platform.tell_victim_of_stream = tell_stream
    at = stage.now
    stage.platform.remove("alice#1", reason, told=True)
    stage.run("1s")
    return stage, alice, publisher, subscriber, at


# -- being removed -----------------------------------------------------------------------------


@pytest.mark.parametrize("told", [{"tell_stream": False}, {"stream_first": False}], ids=str)
def test_a_victim_that_hears_of_its_connection_only_or_first(told):
    stage, *_, at = forced(**told)
    assert stage.order(since=at) == ORDERS["force_disconnect_victim"]


def test_a_victim_that_hears_of_its_stream_first():
    stage, *_, at = forced()
    assert stage.order(since=at) == ORDERS["force_disconnect_victim_if_stream_deleted_first"]


def test_a_victim_leaves_at_once_says_goodbye_and_is_told_in_the_next_turn():
    stage, alice, *_, at = forced(tell_stream=False)
    states = [r.name for r in stage.records if r.object == "session" and r.kind == "state"]
    assert states[-2:] == ["connected", "disconnected"]
    assert [f.reconnect for t, _, f in stage.sent if isinstance(f, Disconnect)] == [False]
    (end,) = stage.when("sessionDisconnected forceDisconnected")
    assert end == at + 1_000 + 1_000  # a hop, then a turn
    assert alice.membership.socket is None


def test_the_close_of_a_victims_socket_is_ignored():
    stage, alice, *_, at = forced(tell_stream=False)
    before = stage.order(since=at)
    for line in stage.lines.values():
        alice.closed(line.attempt, 1006, stage.now, None)
    stage.run("1min")
    assert stage.order(since=at) == before


def test_a_victim_stays_out_until_it_connects_again():
    stage, alice, *_ = forced()
    stage.run("10min")
    assert alice.session.state == "disconnected"
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    assert alice.session.connection.id == "alice#2"


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        *[(reason, reason) for reason in SPECIFICATION["reasons"]["sessionDisconnected"]],
        *SPECIFICATION["reasons"]["rewritten"].items(),
        ("fired", "fired"),
        (None, SPECIFICATION["reasons"]["default_when_server_sends_none"]),
    ],
)
def test_the_reason_of_a_removal_is_told_of_everything_that_ends_with_it(sent, told):
    stage, *_, at = forced(reason=sent, tell_stream=False)
    assert stage.order(since=at) == [
        step.replace("forceDisconnected", told) for step in ORDERS["force_disconnect_victim"]
    ]


def test_calls_of_a_victim_fail_with_its_socket_after_its_end_has_been_told():
    """Recordings m20_removed_with_requests_open and m20_removed_with_commands_open."""
    stage, alice, *_ = meeting()
    stage.platform.answers["create signal"] = [None]
    at = stage.now
    stage.act(alice, lambda: alice.session.signal("chat", "hi"))
    stage.platform.remove("alice#1", "forceDisconnected", told=True)
    stage.run("1s")
    (failed,) = stage.when("signal failed OT_NOT_CONNECTED 500")
    (told,) = stage.when("sessionDisconnected forceDisconnected")
    assert at < told < failed == told + 100_000


def test_a_call_in_that_moment_finds_the_session_gone():
    stage, alice, *_ = meeting(role="moderator")
    stage.platform.answers["create signal"] = [None]
    at = stage.now

    def again(_):
        alice.session.force_disconnect("bob#1")
        alice.session.signal("chat", "again")
        alice.session.disconnect()

    stage.act(alice, lambda: alice.session.signal("chat", "hi", completion=again))
    stage.platform.remove("alice#1", "forceDisconnected", told=True)
    stage.run("1s")
    story = stage.story(since=at)
    assert "forceDisconnect failed OT_NOT_CONNECTED 1010" in story
    assert story.count("signal failed OT_NOT_CONNECTED 500") == 2
    assert story.count("sessionDisconnected forceDisconnected") == 1
    assert story[-1] == "disconnect ok"


# -- one's own stream is ended ---------------------------------------------------------------------


def unpublished_by_force(prepare=lambda _alice, _publisher: None):
    stage, alice, publisher, _ = meeting()
    prepare(alice, publisher)
    at = stage.now
    stage.platform.unpublish("alice#1.1", "forceUnpublished")
    stage.run("1s")
    return stage, alice, publisher, at


def test_a_victim_of_force_unpublish_hears_it_from_its_publisher_alone():
    stage, alice, _, at = unpublished_by_force()
    assert stage.order(since=at) == ORDERS["force_unpublish_victim"]
    assert alice.session.state == "connected"
    assert alice.left()["publishers"] == 0


def test_a_victim_of_force_unpublish_deletes_its_stream_once_more():
    stage, _, _, at = unpublished_by_force()
    assert stage.requests(since=at) == ["delete stream alice#1.1"]


def test_preventing_it_keeps_the_publisher_which_may_publish_again():
    stage, alice, publisher, at = unpublished_by_force(
        lambda _, publisher: publisher.on("streamDestroyed", prevent)
    )
    assert stage.order(since=at) == ORDERS["force_unpublish_victim"][:1]
    assert publisher.state == "MediaBound"
    stage.act(alice, lambda: alice.session.publish(publisher))
    stage.run("1s")
    assert stage.story(since=at)[-2:] == ["publisher: streamCreated alice#1.2", "publish ok"]


def test_subscribers_of_ones_own_stream_are_destroyed_whatever_is_prevented():
    stage, alice, publisher, _ = meeting()
    publisher.on("streamDestroyed", prevent)
    stage.subscribing(alice, "alice#1.1")
    at = stage.now
    stage.platform.unpublish("alice#1.1", "forceUnpublished")
    stage.run("1s")
    assert stage.story(since=at) == [
        "publisher: streamDestroyed alice#1.1 forceUnpublished",
        "subscriber(alice): destroyed forceUnpublished",
    ]
