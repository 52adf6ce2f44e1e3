"""What a script can make happen: each word, and what becomes of it."""

import pytest
from stories import found, seen, times, told

import sim
from sim.protocol.units import SECOND
from sim.scenario import Step, actions
from sim.world.actions import ACTIONS
from sim.world.script import NETWORK, PLATFORM

ROOM = {
    "alice": {"role": "moderator", "publish": "camera"},
    "bob": {"publish": "camera"},
    "carol": {"subscribe": "nobody"},
}


def run(*script, people=ROOM, duration="30s", **more):
    return sim.run(told(duration, people, *script, **more))


def after(result, client, since):
    """What an app was told after a time in seconds."""
    events = result.clients[client].events
    told_later = [(name, reason) for time, _, name, reason in events if time >= since * SECOND]
    return [name if reason is None else f"{name}({reason})" for name, reason in told_later]


def test_every_word_of_the_language_is_carried_out():
    """A word that scenarios know and the world does not would do nothing, quietly."""
    assert list(ACTIONS) == list(actions.DO)
    assert list(NETWORK) == list(actions.NETWORK)
    assert list(PLATFORM) == list(actions.PLATFORM)


def test_steps_are_done_in_the_order_of_time_however_they_are_written():
    result = run(("20s", "bob", {"do": "unpublish"}), ("10s", "alice", {"do": "unpublish"}))
    assert [(r.client, r.time) for r in found(result, kind="call", name="unpublish")] == [
        ("alice", 10 * SECOND),
        ("bob", 20 * SECOND),
    ]


def test_a_step_at_the_very_beginning_comes_before_people_arrive():
    result = run(("0s", "carol", {"network": "down"}))
    (down,) = found(result, kind="fault")
    assert (down.time, down.seq) == (0, 1)


# -- apps ------------------------------------------------------------------------------------------


def test_an_app_subscribes_and_unsubscribes_by_script():
    result = run(
        ("10s", "carol", {"do": "subscribe", "target": "bob"}),
        ("20s", "carol", {"do": "unsubscribe", "target": "bob"}),
    )
    assert after(result, "carol", 10) == ["connected", "destroyed(Unsubscribe)"]


def test_subscribing_to_one_who_does_not_publish_fails():
    result = run(("10s", "bob", {"do": "subscribe", "target": "carol"}))
    answer = found(result, client="bob", kind="callback", name="subscribe")[-1]
    assert (answer.time, answer.data["error"]) == (10 * SECOND, "OT_INVALID_PARAMETER")


def test_unsubscribing_from_one_who_is_not_subscribed_to_is_nothing():
    result = run(("10s", "carol", {"do": "unsubscribe", "target": "bob"}))
    assert found(result, kind="call", name="unsubscribe") == []


@pytest.mark.parametrize(
    ("given", "heard"),
    [
        ({"type": "chat"}, {"alice", "bob", "carol"}),
        ({"type": "chat", "to": "carol"}, {"carol"}),
        ({"data": "hello"}, {"alice", "bob", "carol"}),
    ],
)
def test_a_signal_reaches_whom_it_is_for(given, heard):
    result = run(("10s", "bob", {"do": "signal", **given}))
    assert {r.client for r in found(result, kind="event", name="signal")} == heard


def test_a_signal_to_one_who_is_not_there_is_refused():
    result = run(
        ("10s", "carol", {"do": "disconnect"}), ("20s", "bob", {"do": "signal", "to": "carol"})
    )
    (answer,) = found(result, kind="callback", name="signal")
    assert answer.data["error"] == "OT_INVALID_PARAMETER"


def test_whether_a_signal_waits_for_the_connection_is_the_script_s_choice():
    away = ("10s", "bob", {"network": "down", "lasting": "8s"})
    waits = run(away, ("17s", "bob", {"do": "signal", "type": "chat"}))
    not_so = {"do": "signal", "type": "chat", "retry_after_reconnect": False}
    assert "signal:chat" in seen(waits, "alice")
    assert "signal:chat" not in seen(run(away, ("17s", "bob", not_so)), "alice")


def test_a_moderator_removes_somebody():
    result = run(("10s", "alice", {"do": "force-disconnect", "target": "bob"}))
    assert seen(result, "bob", "session")[-1] == "sessionDisconnected(forceDisconnected)"


def test_a_moderator_ends_a_stream():
    result = run(("10s", "alice", {"do": "force-unpublish", "target": "bob"}))
    assert after(result, "bob", 10)[:2] == ["streamDestroyed(forceUnpublished)", "destroyed"]
    assert after(result, "carol", 10) == ["streamDestroyed(forceUnpublished)"]


@pytest.mark.parametrize("word", ["force-disconnect", "force-unpublish", "force-mute-stream"])
def test_one_who_may_not_moderate_is_refused(word):
    result = run(("10s", "bob", {"do": word, "target": "alice"}))
    answer = result.records[-1]
    assert (answer.kind, answer.data["error"]) == ("callback", "OT_PERMISSION_DENIED")


@pytest.mark.parametrize("word", ["force-disconnect", "force-unpublish", "force-mute-stream"])
def test_commands_about_one_who_has_gone_fail(word):
    result = run(
        ("10s", "bob", {"do": "disconnect"}), ("20s", "alice", {"do": word, "target": "bob"})
    )
    (answer,) = [r for r in found(result, client="alice", kind="callback") if r.time > 19 * SECOND]
    assert answer.data["ok"] is False


def test_a_moderator_mutes_one():
    result = run(("10s", "alice", {"do": "force-mute-stream", "target": "bob"}))
    assert after(result, "bob", 10) == ["muteForced"]
    assert after(result, "carol", 10) == []


def test_a_moderator_mutes_all_and_whoever_publishes_later_until_that_is_over():
    result = run(
        ("10s", "alice", {"do": "force-mute-all"}),
        ("12s", "carol", {"do": "publish"}),
        ("15s", "alice", {"do": "disable-force-mute"}),
        ("20s", "carol", {"do": "unpublish"}),
        ("21s", "carol", {"do": "publish"}),
    )
    muted = found(result, client="carol", name="muteForced")
    assert [(r.object, r.data.get("active")) for r in muted] == [
        ("session", True),
        ("publisher", None),
        ("session", False),
    ]


@pytest.mark.parametrize(
    ("word", "changed", "heard"),
    [("audio", "hasAudio", []), ("video", "hasVideo", ["videoDisabled", "videoEnabled"])],
)
def test_publishers_switch_their_sound_and_picture(word, changed, heard):
    result = run(("10s", "bob", {"do": f"mute-{word}"}), ("20s", "bob", {"do": f"unmute-{word}"}))
    told_of = found(result, client="alice", name="streamPropertyChanged")
    assert [(r.data["changedProperty"], r.data["newValue"]) for r in told_of] == [
        (changed, False),
        (changed, True),
    ]
    assert [
        name.partition("(")[0] for name in seen(result, "alice", "subscriber(bob)")[1:]
    ] == heard


@pytest.mark.parametrize("word", ["mute-audio", "mute-video"])
def test_one_without_a_publisher_has_nothing_to_switch(word):
    assert found(run(("10s", "carol", {"do": word})), name="switch") == []


# -- the platform ----------------------------------------------------------------------------------


def test_the_platform_closes_a_socket():
    result = run(("10s", "bob", {"platform": "close-socket", "code": 1001}))
    (decision,) = found(result, name="close-socket")
    assert decision.data == {"by": "script", "code": 1001}
    assert after(result, "bob", 10) == ["sessionReconnecting", "sessionReconnected"]
    assert found(result, client="bob", name="lost")[0].cause == decision.seq


def test_the_platform_rotates_a_node():
    result = run(("10s", "bob", {"platform": "rotate"}))
    assert seen(result, "bob", "session")[-1] == "sessionDisconnected(serverRotation)"


def test_a_client_that_is_asked_to_migrate_does_so_quietly():
    result = run(("5s", "bob", {"platform": "rotate", "migrate": True}))
    states = [
        (r.name, r.time // SECOND)
        for r in found(result, client="bob", object="session", kind="state")
    ]
    assert states[-2:] == [("migrating", 5), ("connected", 25)]
    assert after(result, "bob", 5) == []


def test_the_platform_gives_up_a_lost_connection_before_its_time():
    result = run(
        ("10s", "bob", {"network": "down", "mode": "refused"}),
        ("15s", "bob", {"platform": "expire-grace"}),
    )
    (decision,) = found(result, name="expire-grace")
    (left,) = found(result, name="left")
    assert (left.time, left.cause, left.data["reason"]) == (
        15 * SECOND,
        decision.seq,
        "networkDisconnected",
    )


def test_the_app_s_server_removes_and_signals_people():
    result = run(
        ("10s", "bob", {"platform": "signal", "type": "news", "data": "hello"}),
        ("20s", "bob", {"platform": "force-disconnect"}),
    )
    (signal,) = found(result, kind="event", object="session", name="signal:news")
    assert (signal.client, signal.data["data"], signal.data["from"]) == ("bob", "hello", None)
    assert found(result, name="accepted")[0].data["by"] == "server"
    assert seen(result, "bob", "session")[-1] == "sessionDisconnected(forceDisconnected)"


def test_server_signals_are_counted():
    result = run(*((f"{n}s", "bob", {"platform": "signal"}) for n in (10, 20)))
    assert [r.data["signal"] for r in found(result, kind="event", name="signal")] == [
        "server/s1",
        "server/s2",
    ]


@pytest.mark.parametrize("word", ["close-socket", "rotate", "expire-grace", "force-disconnect"])
def test_what_is_done_to_one_who_is_not_there_does_nothing(word):
    given = {"platform": word} | ({"code": 1000} if word == "close-socket" else {})
    people = {**ROOM, "dave": {"connect": False}}
    result = run(("10s", "dave", given), people=people)
    assert found(result, client="dave", kind="state") == []


def test_a_group_is_removed_one_by_one():
    story = told(
        "20s", {"guests": {"count": 2}}, ("10s", "guests", {"platform": "force-disconnect"})
    )
    result = sim.run(story)
    assert times(found(result, name="left")) == [10 * SECOND] * 2


def test_one_who_stands_behind_a_cut_off_link_is_reset_when_the_platform_gives_up():
    result = run(("10s", "bob", {"network": "down", "lasting": "12s"}), duration="40s")
    assert [r.name for r in found(result, client="bob", object="platform")] == [
        "joined",
        "published",
        "lost",
        "back",
    ]


def test_a_step_says_what_and_when():
    step = Step(at="2min", client="bob", network="down", lasting="9s")
    assert (step.at, step.lasting) == (120 * SECOND, 9 * SECOND)
