"""A Subscriber's media: what ICE makes of the path between two people, and what the app is told."""

import pytest
from harness import Stage
from hypothesis import given
from hypothesis import strategies as st
from openings import meeting, prevent, publishing_attempt
from orders import ORDERS

from sim.client import ending
from sim.client.durations import Durations
from sim.client.faces import behind_subscriber
from sim.client.loop import Loop
from sim.client.media import Ice
from sim.client.paths import Path
from sim.protocol.quirks import PROFILES
from sim.protocol.states import ICE
from sim.protocol.timers import Timers
from sim.protocol.units import MILLISECOND, SECOND

CONNECTED, DISCONNECTED = "subscriber(bob): connected", "subscriber(bob): disconnected"
DESTROYED = "subscriber(bob): destroyed peerConnection is disconnected"
TURN = 1 * MILLISECOND


def after_cut(duration="1min", *, near=False, far=True, **options):
    """Bob's media does not arrive any more; returns the stage and what is told, with times."""
    stage, *people = meeting(**options)
    at = stage.now
    stage.media(near=near, far=far)
    stage.run(duration)
    return stage, *people, at


def told(stage, at):
    times = [record.time - at for record in stage.told(since=at)]
    return list(zip(times, stage.story(since=at), strict=True))


# -- dropping and resuming -------------------------------------------------------------------------


def test_media_that_stops_is_told_after_the_consent_has_run_out():
    stage, *_, at = after_cut("6s")
    assert told(stage, at) == [(5 * SECOND + TURN, DISCONNECTED)]


def test_media_that_resumes_is_told_when_it_is_checked():
    stage, _, _, subscriber, _ = after_cut("6s")
    at = stage.now
    stage.media()
    stage.run("1min")
    assert told(stage, at) == [(300 * MILLISECOND + TURN, CONNECTED)]
    assert subscriber.state == "Subscribing"


def test_a_short_gap_is_not_told():
    stage, *_, at = after_cut("4s")
    stage.media()
    stage.run("1min")
    assert told(stage, at) == []


def test_a_path_that_stays_as_it_is_changes_nothing():
    stage, *_ = meeting()
    at = stage.now
    stage.media()
    stage.run("1min")
    assert told(stage, at) == []


def test_only_the_subscribers_of_that_person_are_concerned():
    stage, alice, *_ = meeting()
    stage.platform.guest("carol", stream=True)
    stage.run("10ms")
    stage.subscribing(alice, "carol#1.1")
    at = stage.now
    stage.media("carol", near=False)
    stage.run("6s")
    assert stage.story(since=at) == ["subscriber(carol): disconnected"]
    alice.paths_changed(None, stage.now, None)
    stage.run("6s")
    assert stage.story(since=at) == ["subscriber(carol): disconnected"]


# -- failing ---------------------------------------------------------------------------------------


def test_media_that_does_not_resume_destroys_the_subscriber_12_s_later():
    stage, alice, *_, at = after_cut()
    assert told(stage, at) == [(5 * SECOND + TURN, DISCONNECTED), (17 * SECOND, DESTROYED)]
    assert alice.left()["subscribers"] == 0


def test_routed_media_that_the_publisher_has_stopped_sending_destroys_nothing():
    stage, alice, *_, at = after_cut("10min", near=True, far=False)
    assert stage.story(since=at) == [DISCONNECTED]
    assert alice.left()["subscribers"] == 1


def test_peer_to_peer_either_link_may_fail_the_connection():
    stage, *_, at = after_cut(near=True, far=False, peer_to_peer=True)
    assert stage.story(since=at) == [DISCONNECTED, DESTROYED]


def test_while_the_socket_is_down_a_failed_subscriber_waits_for_the_reconnection():
    stage, alice, *_ = meeting()
    at = stage.now
    stage.kill(then="hanging")
    stage.media(near=False)
    stage.run("20s")
    assert stage.story(since=at) == ["sessionReconnecting", DISCONNECTED]
    stage.media()
    stage.restore()
    stage.run("10s")
    assert stage.story(since=at)[2:] == ["sessionReconnected", CONNECTED]
    assert alice.left()["subscribers"] == 1


def test_peer_to_peer_there_is_no_restart_after_the_reconnection():
    stage, *_ = meeting(peer_to_peer=True)
    at = stage.now
    stage.kill(then="hanging")
    stage.media(near=False)
    stage.run("20s")
    stage.media()
    stage.restore()
    stage.run("10s")
    assert stage.story(since=at) == ["sessionReconnecting", DISCONNECTED, "sessionReconnected"]


def test_an_outage_that_begins_after_the_failure_does_not_save_the_subscriber():
    stage, *_, at = after_cut("16s")
    stage.kill(then="hanging")
    stage.run("5s")
    assert stage.story(since=at) == [DISCONNECTED, "sessionReconnecting", DESTROYED]


def test_a_restart_after_the_failure_saves_the_subscriber():
    stage, *_, at = after_cut("16s")
    stage.media()
    stage.kill(then="up")
    stage.platform.guest("carol")  # her announcement ends the outage at once
    stage.run("1min")
    assert [words for words in stage.story(since=at) if "subscriber" in words] == [
        DISCONNECTED,
        CONNECTED,
    ]


# -- a Publisher that is over ----------------------------------------------------------------------


def window_over(stage, alice, publisher):
    stage.kill(then="refused")
    stage.run("40s")


def removed(stage, alice, publisher):
    stage.platform.remove("alice#1", "forceDisconnected", told=True)
    stage.run("2ms")


def stopped_by_a_moderator(stage, alice, publisher):
    stage.platform.unpublish("alice#1.1", "forceUnpublished")
    stage.run("2ms")


def disconnected(stage, alice, publisher):
    stage.act(alice, alice.session.disconnect)
    stage.run("101ms")  # the socket is drained first


def closed(stage, alice, publisher):
    alice.close_browser(stage.now, None)
    stage.flush()


ENDS = {
    "unpublish": lambda s, a, p: s.act(a, lambda: a.session.unpublish(p)),
    "destroy": lambda s, a, p: s.act(a, p.destroy),
    "disconnect": disconnected,
    "window over": window_over,
    "removed": removed,
    "unpublished by a moderator": stopped_by_a_moderator,
    "page closed": closed,
}


@pytest.mark.parametrize("kept", [False, True], ids=["", "kept"])
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("end", ENDS)
def test_a_publisher_that_is_over_sends_nothing(end, profile, kept):
    stage, alice, publisher, _ = meeting(profile=profile)
    if kept:
        publisher.on("streamDestroyed", prevent)
    assert alice.sends("alice#1.1")
    ENDS[end](stage, alice, publisher)
    assert not alice.sends("alice#1.1")
    assert [stream for _, stream in stage.stopped] == ["alice#1.1"]


def test_the_peer_connections_are_closed_before_the_end_is_told():
    stage, alice, _publisher, _ = meeting()
    alice.session.on("sessionDisconnected", lambda _: stage.stopped.append((stage.now, "told")))
    stage.act(alice, alice.session.disconnect)
    stage.run("1s")
    (closed_at, stream), (told_at, _) = stage.stopped
    assert stream == "alice#1.1"
    assert closed_at < told_at


def test_a_page_that_has_crashed_and_is_opened_again_sends_nothing_of_before():
    stage, alice, *_ = meeting()
    alice.crash()
    assert not alice.sends("alice#1.1")
    alice.reload()
    stage.act(alice, alice.session.connect)
    stage.run("1s")
    stage.publishing(alice)
    assert [alice.sends(stream) for stream in ("alice#1.1", "alice#2.1")] == [False, True]


def test_a_publishing_that_fails_sends_nothing():
    stage = Stage()
    alice = stage.joined()
    publisher, _ = publishing_attempt(alice, stage, 500)
    assert publisher.is_alive
    assert not alice.sends("alice#1.1")


def watching(peer_to_peer=True, **options):
    """Alice has subscribed to Bob, who is a client, too."""
    stage = Stage(peer_to_peer=peer_to_peer)
    bob = stage.joined("bob")
    publisher = stage.publishing(bob)
    alice = stage.joined(**options)
    stage.subscribing(alice, "bob#1.1")
    return stage, alice, bob, publisher


def test_one_who_is_away_sees_the_picture_of_an_ended_publisher_stop():
    stage, _, bob, publisher = watching()
    stage.kill("alice", then="hanging")
    at = stage.now
    stage.act(bob, publisher.destroy)
    stage.run("20s")
    assert told(stage, at)[1:] == [(5 * SECOND + TURN, DISCONNECTED)]
    stage.restore("alice")
    stage.run("5s")
    assert stage.story(since=at)[2:] == [
        "sessionReconnected",
        "streamDestroyed bob#1.1 clientDisconnected",
        "subscriber(bob): destroyed clientDisconnected",
    ]


def test_peer_to_peer_a_ghost_s_subscriber_fails_whatever_the_platform_says():
    stage, _, bob, _ = watching(profile="opentok.js-2.35.2")
    stage.kill("bob", then="refused")
    at = stage.now
    stage.act(bob, bob.session.disconnect)
    stage.run("1min")
    assert told(stage, at) == [
        (5 * SECOND + 2 * TURN, DISCONNECTED),
        (17 * SECOND + TURN, "subscriber(bob): destroyed"),
    ]


def test_routed_a_ghost_s_subscriber_waits_for_the_platform():
    stage, alice, bob, _ = watching(peer_to_peer=False)
    stage.kill("bob", then="refused")
    at = stage.now
    stage.act(bob, bob.session.disconnect)
    stage.run("1min")
    assert stage.story(since=at) == [DISCONNECTED]
    assert alice.left()["subscribers"] == 1


def test_one_who_subscribes_to_a_stream_without_a_publisher_never_sees_it():
    stage = Stage()
    bob = stage.joined("bob")
    publisher = stage.publishing(bob)
    stage.kill("bob", then="refused")
    stage.act(bob, publisher.destroy)
    alice = stage.joined()
    at = stage.now
    stage.act(alice, lambda: alice.session.subscribe(alice.session.streams["bob#1.1"]))
    stage.run("31s")
    assert stage.story(since=at) == ["subscribe failed OT_TIMEOUT 1501"]


# -- what has no media any more --------------------------------------------------------------------


@pytest.mark.parametrize("path", [{"near": False}, {}], ids=["broken", "whole"])
def test_a_subscriber_that_was_kept_without_media_hears_of_no_path(path):
    stage, alice, _, subscriber = meeting()
    alice.session.on("streamDestroyed", lambda event: event.prevent_default())
    stage.platform.remove("bob#1", "clientDisconnected")
    stage.run("1s")
    at = stage.now
    stage.media(near=False)
    stage.run("6s")
    stage.media(**path)
    stage.kill(then="up")
    stage.run("1min")
    assert [words for words in stage.story(since=at) if "subscriber" in words] == []
    assert subscriber.state == "NotSubscribing"


def test_a_destroyed_subscriber_hears_of_no_path():
    stage, alice, _, subscriber = meeting()
    stage.act(alice, lambda: alice.session.unsubscribe(subscriber))
    at = stage.now + 1
    stage.run("1ms")
    behind_subscriber(subscriber).path_changed()
    stage.media(near=False)
    stage.run("1min")
    assert stage.story(since=at) == []


def subscribing_without_media():
    """Alice subscribes to Bob, whose media does not get through."""
    stage = Stage()
    stage.platform.guest("bob", stream=True)
    stage.paths["bob"] = Path(near=False)
    alice = stage.joined()
    at = stage.now
    stage.act(alice, lambda: alice.session.subscribe(alice.session.streams["bob#1.1"]))
    return stage, at


def test_media_that_never_comes_times_out_and_is_not_told_later():
    stage, at = subscribing_without_media()
    stage.run("1min")
    stage.media()
    stage.run("1min")
    assert stage.story(since=at) == ["subscribe failed OT_TIMEOUT 1501"]


def test_media_that_comes_late_completes_the_subscription():
    stage, at = subscribing_without_media()
    stage.run("20s")
    stage.media()
    stage.run("1min")
    assert stage.story(since=at) == [CONNECTED, "subscribe ok"]


class Endless(Durations):
    """Media that never connect."""

    def media(self, subscriber, what, now):
        return None


def test_checks_that_never_end_time_the_subscription_out():
    stage = Stage()
    stage.platform.guest("bob", stream=True)
    alice = stage.joined(takes=Endless(Timers()))
    at = stage.now
    stage.act(alice, lambda: alice.session.subscribe(alice.session.streams["bob#1.1"]))
    stage.run("1min")
    assert stage.story(since=at) == ["subscribe failed OT_TIMEOUT 1501"]


def test_a_path_that_breaks_and_heals_before_media_flows_is_checked_anew():
    stage, at = subscribing_without_media()
    stage.run("1s")
    stage.media()
    stage.run("200ms")
    stage.media(near=False)
    stage.run("1s")
    assert stage.story(since=at) == []
    stage.media()
    stage.run("1s")
    assert stage.story(since=at) == [CONNECTED, "subscribe ok"]


def test_the_end_of_the_session_comes_between_the_media_and_the_telling():
    stage, alice, *_ = meeting()
    stage.media(near=False)
    stage.run("5s")  # the consent has run out, and the app is told in a turn
    at = stage.now
    stage.platform.tell_victim_of_stream = False
    ending.removed(alice.membership, "forceDisconnected")
    stage.run("1min")
    assert stage.order(since=at) == ORDERS["force_disconnect_victim"]


# -- ICE by itself ---------------------------------------------------------------------------------

CHANGES = st.lists(
    st.tuples(
        st.integers(0, 15 * SECOND),
        st.booleans(),
        st.booleans(),
        st.sampled_from(["path", "start"]),
    ),
    max_size=20,
)


@given(st.booleans(), CHANGES)
def test_ice_never_leaves_its_table_and_ends_as_its_path_does(peer_to_peer, changes):
    loop, moves, told_of = Loop(lambda _, __, state: ice.move(state)), [], []
    ice = Ice(
        loop,
        Timers(),
        "subscriber(bob)",
        peer_to_peer,
        lambda what: 5 * SECOND if what == "losing" else 300 * MILLISECOND,
        lambda before, after: moves.append((before, after)),
        told_of.append,
    )
    ice.start(Path())
    path = Path()
    for delay, near, far, what in changes:
        now = loop.now + delay
        while (due := loop.next_deadline()) is not None and due <= now:
            loop.wake(due)
        loop.now, path = now, Path(near, far)
        restarts = what == "start" and ice.state in ("disconnected", "failed")
        (ice.start if restarts else ice.path_changed)(path)
    while (due := loop.next_deadline()) is not None:
        loop.wake(due)
    assert all(after in ICE[before] for before, after in moves)
    assert told_of == [after for _, after in moves if after != "checking"]
    if ice.state == "connected":
        assert path.carries
    ice.close()
    ice.path_changed(Path(not path.near, True))
    ice.start(Path())
    assert loop.next_deadline() is None


# -- failing while somebody lets go ----------------------------------------------------------------


@pytest.mark.parametrize("profile", PROFILES)
def test_peer_to_peer_a_failure_is_told_again_of_a_subscriber_destroyed_meanwhile(profile):
    """Recording m18: by the shipped client alone, and no listener is left to hear it."""
    stage, alice, _, subscriber, _ = after_cut("16s", peer_to_peer=True, profile=profile)
    heard = []
    subscriber.on("destroyed", heard.append)
    at = stage.now
    stage.act(alice, lambda: alice.session.unsubscribe(subscriber))
    stage.run("1min")
    again = ["subscriber(bob): destroyed"] if profile != "documented" else []
    assert stage.story(since=at) == ["subscriber(bob): destroyed Unsubscribe", *again]
    assert len(heard) == 1


@pytest.mark.parametrize("profile", PROFILES)
def test_a_subscriber_kept_after_its_media_have_failed_is_not_destroyed(profile):
    stage, alice, *_ = after_cut("16s", profile=profile)
    alice.session.on("streamDestroyed", prevent)
    at = stage.now
    stage.platform.unpublish("bob#1.1", "clientDisconnected")
    stage.run("1min")
    assert stage.story(since=at) == ["streamDestroyed bob#1.1 clientDisconnected"]
    assert alice.left()["subscribers"] == 1
