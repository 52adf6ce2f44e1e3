"""Whatever an app calls in a listener of its own Publisher or Subscriber: each is destroyed once.

What the real client does: recordings m18 and m19.
"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openings import lone, meeting, prevent

SHIPPED = "opentok.js-2.35.2"
PROFILES = ("documented", SHIPPED)

# -- what a listener calls, and what brings its event about ----------------------------------------


DEEDS = {
    "destroy": lambda alice, publisher, _: publisher.destroy(),
    "unpublish": lambda alice, publisher, _: alice.session.unpublish(publisher),
    "publish": lambda alice, publisher, _: alice.session.publish(publisher),
    "unsubscribe": lambda alice, _, subscriber: alice.session.unsubscribe(subscriber),
    "disconnect": lambda alice, *_: alice.session.disconnect(),
    "connect": lambda alice, *_: alice.session.connect(),
}


def remove(stage, alice):
    content = {"id": "alice#1", "reason": "forceDisconnected"}
    if "alice#1" in stage.platform.members:
        stage.platform.tell("alice#1", "deleted", "connection", content)


def end_streams(stage, alice):
    for stream in list(stage.platform.streams):
        stage.platform.unpublish(stream, "forceUnpublished")


ENDS = {
    "unpublish": lambda stage, alice: stage.act(
        alice, lambda: [alice.session.unpublish(each) for each in alice.publishers]
    ),
    "destroy": lambda stage, alice: stage.act(
        alice, lambda: [each.destroy() for each in alice.publishers]
    ),
    "disconnect": lambda stage, alice: stage.act(alice, alice.session.disconnect),
    "the end of the streams": end_streams,
    "removal": remove,
    "a close for good": lambda stage, alice: stage.close("alice", 1011),
    "failed media": lambda stage, alice: stage.media(near=False),
}
EVENTS = ("streamCreated", "streamDestroyed", "destroyed", "connected", "disconnected")
REACTIONS = st.tuples(
    st.booleans(),
    st.sampled_from(EVENTS),
    st.booleans(),
    st.lists(st.sampled_from(sorted(DEEDS)), max_size=2),
)
"""Whose listener, of the Publisher or else of the Subscriber; of what; whether it prevents the
default first; and what it calls."""


def react(alice, publisher, subscriber, reaction):
    owns, event, prevents, deeds = reaction

    def listener(told):
        if prevents:
            prevent(told)
        for deed in deeds:
            DEEDS[deed](alice, publisher, subscriber)

    (publisher if owns else subscriber).once(event, listener)


@example(
    False, [(True, "streamDestroyed", False, ["destroy"])], ["the end of the streams"], "documented"
)
@example(False, [(True, "streamDestroyed", False, ["publish"])], ["unpublish"], "documented")
@example(True, [], ["failed media"], SHIPPED)
@given(
    st.booleans(),
    st.lists(REACTIONS, max_size=3),
    st.lists(st.sampled_from(sorted(ENDS)), min_size=1, max_size=2),
    st.sampled_from(PROFILES),
)
def test_each_is_destroyed_once_and_then_silent(peer_to_peer, reactions, ends, profile):
    """But for the ``destroyed`` without a reason of a Subscriber whose media fail peer to peer."""
    stage, alice, publisher, subscriber = meeting(peer_to_peer=peer_to_peer, profile=profile)
    for reaction in reactions:
        react(alice, publisher, subscriber, reaction)
    for end in ends:
        ENDS[end](stage, alice)
        stage.run("1s")
    stage.run("1min")
    gone, failed = set(), False
    for record in stage.told():
        if record.kind != "event" or record.object == "session":
            continue
        ends = record.name == "destroyed"
        if ends and record.object == "subscriber(bob)" and "reason" not in record.data:
            assert (peer_to_peer, profile, failed) == (True, SHIPPED, False)
            failed = True
            continue
        assert record.object not in gone, record
        if ends:
            gone.add(record.object)
    assert ("publisher" in gone) == (not publisher.is_alive)
    assert ("subscriber(bob)" in gone) == (not subscriber.is_alive)


# -- the end of a Publisher's stream ---------------------------------------------------------------

MADE = "publisher: streamDestroyed alice#1.1"


@pytest.mark.parametrize("deed", ["destroy", "unpublish"])
@pytest.mark.parametrize("end", ["unpublish", "the end of the streams"])
@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_left_to_the_default_action_when_a_listener_was_faster(deed, end, profile):
    """The session is let go of before the end of the stream is told: nothing."""
    stage, alice, publisher, subscriber = meeting(profile=profile)
    react(alice, publisher, subscriber, (True, "streamDestroyed", False, [deed]))
    at = stage.now
    ENDS[end](stage, alice)
    stage.run("1s")
    reason = "unpublished" if end == "unpublish" else "forceUnpublished"
    told = [words for words in stage.story(since=at) if words.startswith("publisher")]
    assert told == [f"{MADE} {reason}", "publisher: destroyed"]
    assert stage.requests().count("delete stream alice#1.1") == 1


@pytest.mark.parametrize(("deed", "reason"), [("destroy", "reset"), ("unpublish", "unpublished")])
def test_at_the_end_of_a_session_the_end_of_the_stream_is_told_again_by_a_quirk(deed, reason):
    """The shipped client still has the session then, and says so when that is what shows."""
    for profile, again in (("documented", []), (SHIPPED, [f"{MADE} {reason}"])):
        stage, alice, publisher, subscriber = meeting(profile=profile)
        react(alice, publisher, subscriber, (True, "streamDestroyed", False, [deed]))
        at = stage.now
        stage.act(alice, alice.session.disconnect)
        stage.run("1s")
        told = [words for words in stage.story(since=at) if words.startswith("publisher")]
        assert told == [f"{MADE} clientDisconnected", *again, "publisher: destroyed"]
        quirks = [record.name for record in stage.records if record.kind == "quirk"]
        assert quirks == (["kept-publisher-stays-attached"] if again else [])


@pytest.mark.parametrize("profile", PROFILES)
def test_publishing_again_at_the_end_of_a_session_is_refused(profile):
    stage, alice, publisher, subscriber = meeting(profile=profile)
    react(alice, publisher, subscriber, (True, "streamDestroyed", False, ["publish"]))
    at = stage.now
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    assert "publish failed OT_NOT_CONNECTED 1010" in stage.story(since=at)
    assert list(alice.publishers) == []
    assert [record for record in stage.records if record.kind == "quirk"] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_what_a_listener_publishes_again_is_destroyed_with_its_publisher(profile):
    """Unless it prevents the default. Recorded with app code that conform does not understand."""
    stage, alice, publisher, subscriber = meeting(profile=profile)
    react(alice, publisher, subscriber, (True, "streamDestroyed", False, ["publish"]))
    at = stage.now
    stage.act(alice, lambda: alice.session.unpublish(publisher))
    stage.run("1min")
    answer = [] if profile == SHIPPED else ["publish failed OT_CANCEL None"]
    assert stage.story(since=at) == [
        f"{MADE} unpublished",
        "publisher: streamDestroyed reset",
        "publisher: destroyed",
        *answer,
    ]
    assert "create stream alice#1.2" not in stage.requests()
    assert list(stage.platform.streams) == ["bob#1.1"]


# -- the end of a session --------------------------------------------------------------------------


def test_of_two_requests_open_at_the_end_the_first_fails_with_it():
    """And throws: the second is left to its time-out."""
    stage, alice = lone(profile=SHIPPED)
    stage.blackhole()
    for _ in range(2):
        stage.act(alice, lambda: alice.session.publish(alice.init_publisher()))
        stage.run("100ms")
    stage.run("1s")
    stage.act(alice, alice.session.disconnect)
    at = stage.now
    stage.run("1min")
    assert stage.story(since=at) == [
        "publisher: streamDestroyed reset",
        "publish failed OT_UNEXPECTED_SERVER_RESPONSE 2001",
        "publisher1: streamDestroyed reset",
        "publish failed OT_TIMEOUT 1500",
    ]
