"""What ``docs/quirks.md`` says of both profiles, in short runs."""

import pytest

import sim
from sim.client.faces import behind_subscriber
from sim.protocol.quirks import PROFILES

SLOW = {"delay": "500ms"}
PAIR = {"alice": {"publish": "camera"}, "bob": {"publish": "camera"}}


@pytest.fixture(params=PROFILES)
def seen(request):
    """Run a story under this profile."""

    def run(clients=PAIR, script=(), duration="1min", apps=None, **more):
        people = {name: sim.Person(**keys) for name, keys in clients.items()}
        steps = [sim.Step(**step) for step in script]
        story = sim.Scenario(name="story", duration=duration, clients=people, script=steps, **more)
        return sim.run(story, profile=request.param, apps=apps or {})

    return run


def told(result, client, since=0):
    """The events that an app is told from ``since`` (seconds), in words."""
    return [
        f"{'' if object == 'session' else object + '.'}{event}" + (f"({why})" if why else "")
        for time, object, event, why in result.clients[client].events
        if time >= since * 1_000_000
    ]


def answers(result, client, call):
    """How the calls of that name end: ``ok``, or the error's name and code."""
    return [
        "ok" if record.data["ok"] else (record.data["error"], record.data["code"])
        for record in result.records
        if (record.client, record.kind, record.name) == (client, "callback", call)
    ]


def step(at, client, do, **keys):
    return {"at": at, "client": client, "do": do, **keys}


def test_who_leaves_is_not_told_of_the_others(seen):
    result = seen(script=[step("10s", "bob", "disconnect")])
    assert told(result, "bob", since=10) == [
        "sessionDisconnected(clientDisconnected)",
        "publisher.streamDestroyed(clientDisconnected)",
        "publisher.destroyed",
        "subscriber(alice).destroyed(clientDisconnected)",
    ]


def test_of_oneself_only_the_connection_is_told_and_not_its_end(seen):
    result = seen({"bob": {"publish": "camera"}}, [step("10s", "bob", "disconnect")])
    assert told(result, "bob") == [
        "sessionConnected",
        "connectionCreated",
        "publisher.streamCreated",
        "sessionDisconnected(clientDisconnected)",
        "publisher.streamDestroyed(clientDisconnected)",
        "publisher.destroyed",
    ]


def test_preventing_the_end_of_a_stream_keeps_the_subscriber_and_not_its_media(seen):
    people = {**PAIR, "bob": {"on": {"streamDestroyed": {"prevent-default": True}}}}
    states = {}
    result = seen(people, [step("10s", "alice", "disconnect")], apps={"bob": watch(states)})
    assert told(result, "bob", since=10) == [
        "streamDestroyed(clientDisconnected)",
        "connectionDestroyed(clientDisconnected)",
    ]
    assert result.clients["bob"].left["elements"] == 1
    assert [s.state for s in states["session"].subscribers] == ["NotSubscribing"]


def watch(into, **listeners):
    """An app that keeps the Session and registers listeners on it."""

    def app(app):
        into["session"] = app.session
        for name, listener in listeners.items():
            app.session.on(name, listener)

    return app


def fail(_):
    raise RuntimeError


def test_a_listener_that_throws_at_the_beginning_leaves_connect_unanswered(seen):
    result = seen(apps={"bob": watch({}, sessionConnected=fail)}, duration="10s")
    assert answers(result, "bob", "connect") == []
    assert "publisher.streamCreated" not in told(result, "bob")  # the app's own listener came later
    assert "connectionCreated" in told(result, "bob")


def test_a_listener_that_throws_at_the_end_leaves_disconnect_unanswered(seen):
    apps = {"bob": watch({}, sessionDisconnected=fail)}
    result = seen(script=[step("10s", "bob", "disconnect")], apps=apps)
    assert answers(result, "bob", "disconnect") == []
    assert told(result, "bob", since=10)[-1] == "subscriber(alice).destroyed(clientDisconnected)"


def test_off_removes_what_the_client_itself_listens_with(seen):
    kept = {}

    def leave(_):
        kept["session"].disconnect()
        kept["session"].off("sessionDisconnected")

    result = seen(script=[step("10s", "alice", "signal")], apps={"bob": watch(kept, signal=leave)})
    assert answers(result, "bob", "disconnect") == []
    assert "sessionDisconnected(clientDisconnected)" in told(result, "bob")


def test_leaving_while_the_request_to_join_is_under_way_fails_connect(seen):
    result = seen({"bob": {"network": SLOW}}, [step("6.5s", "bob", "disconnect")])
    assert answers(result, "bob", "connect") == [("OT_UNEXPECTED_SERVER_RESPONSE", 2001)]
    assert told(result, "bob") == []


def test_a_second_connect_is_ignored_and_never_answered(seen):
    result = seen(script=[step("10s", "bob", "connect")])
    assert answers(result, "bob", "connect") == ["ok"]
    assert told(result, "bob", since=10) == []


def test_a_subscription_that_times_out_leaves_a_failed_subscriber(seen):
    kept = {}
    people = {"alice": {"publish": "camera"}, "bob": {}}
    timers = {"ice-checking": "10min"}
    result = seen(people, apps={"bob": watch(kept)}, timers=timers)
    assert answers(result, "bob", "subscribe") == [("OT_TIMEOUT", 1501)]
    assert [s.state for s in kept["session"].subscribers] == ["Failed"]
    assert result.clients["bob"].left["elements"] == 1
    assert "subscriber(alice).destroyed" not in " ".join(told(result, "bob"))


def test_unsubscribing_while_connecting_answers_with_a_nameless_error(seen):
    people = {"alice": {"publish": "camera"}, "bob": {}}
    script = [step("10s", "bob", "unsubscribe", target="alice")]
    result = seen(people, script, timers={"ice-checking": "10min"})
    assert answers(result, "bob", "subscribe") == [("Error", None)]
    assert told(result, "bob", since=10) == ["subscriber(alice).destroyed(Unsubscribe)"]


def test_with_connection_events_suppressed_the_end_is_told_all_the_same(seen):
    people = {**PAIR, "bob": {"connection_events_suppressed": True}}
    result = seen(people, [step("10s", "alice", "disconnect")])
    assert "connectionCreated" not in told(result, "bob")
    assert told(result, "bob", since=10) == [
        "streamDestroyed(clientDisconnected)",
        "subscriber(alice).destroyed(clientDisconnected)",
        "connectionDestroyed(clientDisconnected)",
    ]


def test_a_failed_publish_ends_a_stream_that_never_was(seen):
    people = {"alice": {"publish": "camera"}, "bob": {"arrive": "5s", "publish": "camera"}}
    result = seen(people, platform={"stream-limit": 1})
    assert answers(result, "bob", "publish") == [("OT_STREAM_CREATE_FAILED", 1500)]
    assert "publisher.streamDestroyed(reset)" in told(result, "bob")
    assert "publisher.streamCreated" not in told(result, "bob")


def test_whatever_the_platform_answers_to_a_removal_is_1011(seen):
    people = {"alice": {"role": "moderator"}, "bob": {}}
    script = [
        step("10s", "bob", "disconnect"),
        step("20s", "alice", "force-disconnect", target="bob"),
    ]
    result = seen(people, script)
    assert answers(result, "alice", "forceDisconnect") == [("OT_INVALID_PARAMETER", 1011)]


def test_without_the_moderator_s_role_a_removal_is_1520(seen):
    script = [step("20s", "alice", "force-disconnect", target="bob")]
    assert answers(seen(script=script), "alice", "forceDisconnect") == [
        ("OT_PERMISSION_DENIED", 1520)
    ]


def test_a_closed_page_is_told_of_its_publisher_and_of_no_end(seen):
    result = seen(script=[step("10s", "bob", "close-browser")])
    assert told(result, "bob", since=10) == ["publisher.streamDestroyed(reset)"]


def test_a_plain_listener_sees_the_full_type_of_a_signal(seen):
    types = []
    apps = {"bob": watch({}, signal=lambda event: types.append(event.type))}
    seen(script=[step("10s", "alice", "signal", type="chat")], apps=apps)
    assert types == ["signal:chat"]


def test_connecting_inside_the_listener_of_the_end_works_and_the_old_objects_go(seen):
    people = {
        **PAIR,
        "bob": {"publish": "camera", "on": {"sessionDisconnected": {"do": "connect"}}},
    }
    result = seen(people, [step("10s", "bob", "disconnect")])
    assert told(result, "bob", since=10)[:6] == [
        "sessionDisconnected(clientDisconnected)",
        "publisher.streamDestroyed(clientDisconnected)",
        "publisher.destroyed",
        "subscriber(alice).destroyed(clientDisconnected)",
        "sessionConnected",
        "connectionCreated",
    ]


def test_a_destroyed_subscriber_has_no_listeners_left(seen):
    kept, heard = {}, []

    def listen(_):
        for subscriber in kept["session"].subscribers:
            subscriber.on("destroyed", heard.append)
            kept["subscriber"] = subscriber

    seen(
        script=[
            step("10s", "alice", "signal"),
            step("20s", "bob", "unsubscribe", target="alice"),
        ],
        apps={"bob": watch(kept, signal=listen)},
    )
    behind_subscriber(kept["subscriber"]).dispatch("destroyed")
    assert len(heard) == 1


def test_the_end_of_an_outage_is_cancelable_and_waits_for_the_first_word(seen):
    result = seen(script=[{"at": "10s", "client": "bob", "network": "reset"}])
    (back,) = (r for r in result.records if r.name == "sessionReconnected")
    assert back.data["cancelable"]
    assert back.time >= 12_000_000  # the answer to the first ping


def test_media_events_go_their_own_way(seen):
    result = seen(script=[{"at": "10s", "client": "bob", "network": "reset"}])
    assert "subscriber(alice).connected" in told(result, "bob")
    assert told(result, "bob", since=10) == ["sessionReconnecting", "sessionReconnected"]
