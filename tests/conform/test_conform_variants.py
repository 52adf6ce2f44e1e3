"""Cases that were never recorded: recordings with other choices, and what the fact sheet predicts.

The numbers in the names are sections of the fact sheet.
"""

import pytest
from recordings import after_setup, answers, at, case_of, differences, raw, story

from sim.conform import reenact

ALONE_AND_TOGETHER = raw("01b")
LEAVING_BY_FORCE = [
    "publisher.streamDestroyed(forceDisconnected)",
    "publisher.destroyed",
    "sessionDisconnected(forceDisconnected)",
    "subscriber(mod).destroyed(forceDisconnected)",
    "subscriber(third).destroyed(forceDisconnected)",
]
NETWORK_ENDS = [
    "sessionDisconnected(networkDisconnected)",
    "publisher.streamDestroyed(networkDisconnected)",
    "publisher.destroyed",
    "subscriber(bob).destroyed(networkDisconnected)",
]
CLIENT_ENDS = [each.replace("network", "client") for each in NETWORK_ENDS]
BACK = ["sessionReconnecting", "sessionReconnected"]


def room(*steps, name="01b", lasts=5_000, listeners=(), prevents=(), client="alice", **platform):
    data = after_setup(raw(name), *steps, lasts=lasts, **platform)
    data["clients"][client]["listeners"] = list(listeners)
    data["clients"][client]["prevent_default"] = list(prevents)
    return data


# -- how a socket ends (3.3) -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "reconnection", "told"),
    [
        (1000, True, BACK),
        (1001, True, BACK),
        (1006, True, BACK),
        (4001, True, BACK),
        (1003, True, NETWORK_ENDS),
        (1011, True, NETWORK_ENDS),
        (1000, False, CLIENT_ENDS),
        (1001, False, CLIENT_ENDS),
        (1006, False, NETWORK_ENDS),
        (1003, False, NETWORK_ENDS),
        (1011, False, NETWORK_ENDS),
        (4001, False, NETWORK_ENDS),
    ],
)
def test_what_a_close_by_the_server_means_depends_on_its_code(code, reconnection, told):
    close = at(100, "alice", platform=f"server closes with {code}")
    assert story(room(close, reconnection_enabled=reconnection), "alice") == told


def test_a_close_without_a_client_is_about_whoever_is_told_of_it():
    data = room({"t_ms": 100, "platform": "server closes with 1011"})
    ended = {"t_ms": data["setup_ends_ms"] + 110, "object": "session", "reason": "x"}
    data["expect"]["alice"].append(ended | {"event": "sessionDisconnected"})
    assert next(iter(data["clients"])) == "bob"
    assert story(data, "alice") == NETWORK_ENDS
    assert story(data, "bob") == []


def test_silence_without_reconnection_ends_as_if_the_client_had_left():
    data = room(at(100, "alice", network="blackhole"), lasts=60_000, reconnection_enabled=False)
    assert story(data, "alice") == CLIENT_ENDS


@pytest.mark.parametrize(
    ("network", "told"),
    [
        ("kill+refuse", [BACK[0], *NETWORK_ENDS]),
        ("kill+blackhole", [BACK[0], *NETWORK_ENDS]),
        ("blackhole", [BACK[0], *NETWORK_ENDS]),
        ("kill+accept", BACK),
        ("kill", BACK),
    ],
)
def test_what_becomes_of_an_outage_depends_on_the_network(network, told):
    assert story(room(at(100, "alice", network=network), lasts=45_000), "alice") == told


@pytest.mark.parametrize("after", [2_000, 9_000, 20_000])
@pytest.mark.parametrize("network", ["kill+refuse", "kill+blackhole", "blackhole"])
def test_a_network_that_is_restored_in_time_brings_the_client_back(network, after):
    steps = at(100, "alice", network=network), at(after, "alice", network="restored")
    unnoticed = network == "blackhole" and after < 4_000
    told = story(room(*steps, lasts=after + 5_000), "alice")
    assert told == ([] if unnoticed else BACK)


# -- who is sent away (2.4, 2.5, 2.12) -------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "told_of_own_stream", "told"),
    [
        ("stream-first", True, LEAVING_BY_FORCE),
        ("stream-first", False, None),
        ("connection-first", True, None),
        ("connection-first", False, None),
    ],
)
@pytest.mark.parametrize("closes", [True, False])
def test_a_victim_is_told_in_one_of_two_orders(order, told_of_own_stream, told, closes):
    data = room(
        at(100, "mod", do="forceDisconnect", target="victim"),
        name="03_forceDisconnect__ack-first",
        client="mod",
        leave_order=order,
        victim_told_of_own_stream=told_of_own_stream,
        platform_closes_victims_socket=closes,
    )
    by_session = LEAVING_BY_FORCE[2:3] + LEAVING_BY_FORCE[:2] + LEAVING_BY_FORCE[3:]
    assert story(data, "victim") == (told or by_session)


@pytest.mark.parametrize("order", ["ack-first", "ack-last"])
@pytest.mark.parametrize("call", ["forceDisconnect", "forceUnpublish"])
def test_a_moderator_is_answered_either_way(call, order):
    data = room(
        at(100, "mod", do=call, target="victim"),
        name="04_forceUnpublish__ack-first",
        client="mod",
        force_ack=order,
    )
    assert answers(data, "mod") == {call: "ok"}


def test_a_victim_that_prevents_the_default_keeps_dead_subscribers():
    data = room(
        at(100, "mod", do="forceDisconnect", target="victim"),
        at(2_000, "victim", do="unsubscribe leftover", args={"subscriber": 0}),
        at(3_000, "victim", do="unsubscribe again", args={"subscriber": 0}),
        name="03_forceDisconnect__ack-first",
        client="victim",
        prevents=["session:sessionDisconnected"],
    )
    assert story(data, "victim") == [
        *LEAVING_BY_FORCE[:3],
        "subscriber(mod).destroyed(Unsubscribe)",
    ]


def test_a_publisher_that_is_kept_when_its_stream_is_ended_can_be_published_again():
    data = room(
        at(100, "mod", do="forceUnpublish", target="victim"),
        at(1_500, "victim", do="publish again", args={"publisher": "the same as before"}),
        name="04_forceUnpublish__ack-first",
        client="victim",
        prevents=["publisher:streamDestroyed"],
    )
    assert story(data, "victim") == [
        "publisher.streamDestroyed(forceUnpublished)",
        "publisher.streamCreated",
    ]
    assert answers(data, "victim") == {"publish again": "ok"}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("mediaIdle", "mediaIdle"),
        ("serverRotation", "serverRotation"),
        ("forceDisconnect by the app's server", "forceDisconnected"),
    ],
)
def test_the_platform_removes_a_client_of_itself(words, reason):
    data = room(at(100, "alice", platform=words), victim_told_of_own_stream=False)
    assert story(data, "alice") == [
        each.replace("clientDisconnected", reason) for each in CLIENT_ENDS
    ]
    assert story(data, "bob")[-1] == f"connectionDestroyed({reason})"


def test_a_client_that_is_asked_to_move_is_told_nothing():
    data = room(at(100, "alice", platform="serverRotation notification"))
    assert story(data, "alice") == []


def test_a_signal_of_the_apps_server_is_from_nobody():
    sent = at(100, "alice", platform="server signal", args={"type": "chat", "data": "hello"})
    assert story(room(sent), "alice") == ["signal", "signal:chat"]
    assert story(room(sent), "bob") == []
    everybody = {key: sent[key] for key in ("t_ms", "platform", "args")}
    assert story(room(everybody), "bob") == ["signal", "signal:chat"]


# -- who comes back too late -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "told", "answer"),
    [
        ("close", [BACK[0]], None),
        ("deleted", [*BACK, *NETWORK_ENDS], ("OT_NOT_CONNECTED", 500)),
        ("silent", BACK, ("OT_NOT_FOUND", 404)),
    ],
)
def test_how_the_platform_greets_one_who_comes_back_too_late(word, told, answer):
    data = room(
        at(100, "alice", network="kill+refuse"),
        at(2_000, "alice", platform="grace expired"),
        at(3_000, "alice", network="restored"),
        at(9_000, "alice", do="signal", args={"data": "x"}),
        lasts=12_000,
        reattach_when_gone=word,
    )
    assert story(data, "alice") == told
    assert answers(data, "alice").get("signal") == answer


def test_a_platform_that_speaks_first_lets_the_client_notice_at_once():
    steps = at(100, "alice", network="kill+accept"), at(1_000, "alice", platform="---")
    data = room(*steps, lasts=1_000, speaks_first_on_reconnect=True)
    assert story(data, "alice") == BACK


def test_without_a_replay_what_was_missed_is_never_told():
    steps = (
        at(100, "alice", network="kill+refuse"),
        at(500, "bob", do="signal", args={"data": "x"}),
        at(1_000, "alice", network="restored"),
    )
    assert story(room(*steps), "alice") == [*BACK, "signal"]
    assert story(room(*steps, replays_what_was_missed=False), "alice") == BACK


# -- the page (2.3) --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "label", ["close page", "closeBrowser", "page.close()", "unload", "reload"]
)
def test_a_page_that_is_closed_says_goodbye_and_tells_its_session_nothing(label):
    data = room(at(100, "alice", do=label))
    assert story(data, "alice") == ["publisher.streamDestroyed(reset)"]
    assert story(data, "bob") == [
        "streamDestroyed(clientDisconnected)",
        "subscriber(alice).destroyed(clientDisconnected)",
        "connectionDestroyed(clientDisconnected)",
    ]


def test_a_page_that_crashes_says_nothing_and_a_new_one_can_connect():
    data = room(at(100, "alice", do="crash"), at(1_000, "alice", do="connect again"))
    assert story(data, "alice") == [
        "sessionConnected",
        "connectionCreated",
        "connectionCreated",
        "connectionCreated",
        "streamCreated",
        "streamCreated",
    ]
    assert story(data, "bob") == ["connectionCreated"]


# -- calls that fail (5.2) -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "status", "error"),
    [
        ("signal", 403, ("OT_PERMISSION_DENIED", 403)),
        ("signal", 429, ("OT_UNEXPECTED_SERVER_RESPONSE", 2001)),
        ("forceDisconnect", 403, ("OT_INVALID_PARAMETER", 1011)),
        ("forceUnpublish", 403, ("OT_PERMISSION_DENIED", 1530)),
        ("forceUnpublish", 404, ("OT_NOT_FOUND", None)),
        ("forceMuteStream", 500, ("OT_UNEXPECTED_SERVER_RESPONSE", 2001)),
        ("forceMuteAll", 403, ("OT_PERMISSION_DENIED", 1540)),
        ("disableForceMute", 404, ("OT_NOT_FOUND", None)),
        ("publish", 409, ("OT_STREAM_CREATE_FAILED", 1500)),
        ("publish", 500, ("OT_UNEXPECTED_SERVER_RESPONSE", 2001)),
        ("subscribe", 403, ("OT_UNABLE_TO_SUBSCRIBE", 2001)),
        ("subscribe", 404, ("OT_STREAM_NOT_FOUND", 1501)),
    ],
)
@pytest.mark.parametrize("said_in", ["label", "args"])
def test_the_answer_of_the_server_becomes_the_error_of_the_call(call, status, error, said_in):
    labelled = said_in == "label"
    label = f"{call} server={status}" if labelled else call
    args = {"stream_of": "bob"} if "isconnect" not in call else {"connection_of": "bob"}
    args |= {} if labelled else {"platform_answers": str(status)}
    args = {key: args[key] for key in args if call not in ("publish", "signal") or key[0] == "p"}
    data = room(
        at(50, "alice", do="signal before", args={"data": 1}),
        at(100, "alice", do=label, args=args),
        name="10_api_errors__connected_as_moderator",
    )
    data["completions"].append(  # without it the camera of a new Publisher would wait for ever
        {"t_ms": data["setup_ends_ms"] + 300, "client": "alice", "call": label, "by": "callback"}
        | {"ok": False, "error": error[0]}
    )
    assert answers(data, "alice") == {"signal before": "ok", label: error}


def test_what_the_server_refuses_is_not_done_unless_somebody_was_told_of_it():
    data = room(at(100, "alice", do="signal server=403", args={"data": "x"}))
    assert story(data, "bob") == []
    heard = {"t_ms": data["setup_ends_ms"] + 120, "object": "session", "event": "signal"}
    data["expect"]["bob"].append(heard | {"from": "alice", "data": "x"})
    assert story(data, "bob") == ["signal"]
    assert answers(data, "alice") == {"signal server=403": ("OT_PERMISSION_DENIED", 403)}


def test_a_publishing_that_is_called_off_while_the_camera_is_asked_for():
    data = room(at(100, "alice", do="publish"), at(400, "alice", do="unpublish"), name="08d")
    ended = {"t_ms": data["setup_ends_ms"] + 400, "client": "alice", "call": "publish"}
    data["completions"].append(ended | {"by": "callback", "ok": False, "error": "OT_CANCEL"})
    assert story(data, "alice") == ["publisher.streamDestroyed(unpublished)", "publisher.destroyed"]
    assert answers(data, "alice") == {"publish": ("OT_CANCEL", None)}


def test_publishing_into_an_outage_times_out():
    data = room(
        at(100, "alice", network="kill+refuse"),
        at(200, "alice", do="publish"),
        at(20_000, "alice", network="restored"),
        name="08d",
        lasts=25_000,
    )
    ended = {"t_ms": data["setup_ends_ms"] + 15_200, "client": "alice", "call": "publish"}
    data["completions"].append(ended | {"by": "callback", "ok": False, "error": "OT_TIMEOUT"})
    assert story(data, "alice") == [BACK[0], "publisher.streamDestroyed(reset)", BACK[1]]
    assert answers(data, "alice") == {"publish": ("OT_TIMEOUT", 1500)}


def test_a_subscription_without_media_times_out_and_its_subscriber_stays():
    data = room(at(100, "alice", do="subscribe subscriber(bob)"), name="08d", lasts=35_000)
    assert story(data, "alice") == []
    assert answers(data, "alice") == {"subscribe subscriber(bob)": ("OT_TIMEOUT", 1501)}


def test_unsubscribing_while_connecting_ends_the_call_with_a_nameless_error():
    data = room(
        at(100, "alice", do="subscribe subscriber(bob)"),
        at(300, "alice", do="unsubscribe subscriber(bob)"),
        name="08d",
    )
    assert story(data, "alice") == ["subscriber(bob).destroyed(Unsubscribe)"]
    assert answers(data, "alice") == {"subscribe subscriber(bob)": ("Error", None)}


@pytest.mark.parametrize(
    ("answered", "state"),
    [
        ((), "disconnecting"),
        (("disconnect",), "disconnected"),
        (("connect",), "disconnected"),
    ],
    ids=["opening", "asking", "joining"],
)
def test_how_far_connecting_had_come_is_seen_from_what_was_answered(answered, state):
    data = raw("11g") | {"left": {}, "completions": [], "expect": {"alice": []}}
    data["script"] = [
        {"t_ms": 5, "client": "alice", "do": "connect"},
        {"t_ms": 900, "client": "alice", "do": "disconnect"},
        {"t_ms": 3_000, "platform": "---"},
    ]
    for number, call in enumerate(answered):
        ok = call == "disconnect"
        error = {} if ok else {"error": "OT_UNEXPECTED_SERVER_RESPONSE", "code": 2001}
        data["completions"].append(
            {"t_ms": 901 + number, "client": "alice", "call": call, "ok": ok, **error}
            | {"by": "promise" if ok else "callback"}
        )
    data["left"] = {"alice": {"session_state": state}}
    assert differences(data) == []


def test_a_socket_that_is_refused_from_the_beginning_is_seen_from_the_error():
    data = raw("10_api_errors__connect_socket_refuse")
    data["completions"][0] |= {"error": "OT_CONNECT_FAILED", "code": 1006, "t_ms": 1_900}
    assert differences(data) == []


# -- listeners -------------------------------------------------------------------------------------


def test_connecting_again_inside_the_listener_of_the_end():
    data = room(
        at(100, "alice", do="disconnect"),
        listeners=[{"event": "sessionDisconnected", "does": "connect()"}],
    )
    assert story(data, "alice") == [
        *CLIENT_ENDS,
        "sessionConnected",
        "connectionCreated",
        "connectionCreated",
        "streamCreated",
    ]


@pytest.mark.parametrize(
    "does",
    [
        "session.unsubscribe(subscriber)",
        "{ e.preventDefault(); unsubscribe(); }",
        "setTimeout(() => unsubscribe(), 50)",
        "Promise.resolve().then(() => { unsubscribe() })",
        "queueMicrotask(function () { unsubscribe() })",
    ],
)
def test_a_listener_may_unsubscribe_at_once_or_later(does):
    data = room(
        at(100, "bob", do="signal", args={"data": 1}),
        listeners=[{"event": "signal", "does": does}],
    )
    assert story(data, "alice") == ["signal", "subscriber(bob).destroyed(Unsubscribe)"]


def test_a_listener_of_a_publisher_may_publish_anew_and_send_a_signal():
    data = room(
        at(100, "alice", do="unpublish"),
        listeners=[
            {"event": "publisher:destroyed", "does": "publish(); signal({type: 'x', data: 'y'})"}
        ],
    )
    told = {"t_ms": data["setup_ends_ms"] + 200, "object": "publisher1", "event": "streamCreated"}
    data["expect"]["alice"].append(told)
    assert story(data, "alice") == [
        "publisher.streamDestroyed(unpublished)",
        "publisher.destroyed",
        "signal",
        "signal:x",
        "publisher1.streamCreated",
    ]


def test_a_listener_that_throws_silences_those_after_it():
    throws = {"event": "streamDestroyed", "does": "throw new Error('boom')"}
    dies = {"event": "streamDestroyed", "object": "session", "does": "disconnect()"}
    leaves = at(100, "bob", do="disconnect")
    assert "sessionDisconnected(clientDisconnected)" in story(
        room(leaves, listeners=[dies]), "alice"
    )
    assert story(room(leaves, listeners=[throws, dies]), "alice") == [
        "streamDestroyed(clientDisconnected)",
        "subscriber(bob).destroyed(clientDisconnected)",
        "connectionDestroyed(clientDisconnected)",
    ]


@pytest.mark.parametrize("does", ["setTimeout(() => { throw 'x' }, 5)", "session.off()"])
def test_what_a_listener_throws_later_reaches_nobody_and_it_may_remove_listeners(does):
    data = room(
        at(100, "bob", do="signal", args={"data": 1}),
        at(1_000, "bob", do="signal", args={"data": 2}),
        listeners=[{"event": "signal", "does": does}],
    )
    assert story(data, "alice") == ["signal", "signal"]


def test_destroying_in_a_listener_and_by_script():
    destroys = {"event": "subscriber:destroyed", "does": "publisher.destroy()"}
    data = room(at(100, "bob", do="unpublish"), listeners=[destroys])
    assert "publisher.streamDestroyed(reset)" not in story(data, "alice")  # it was the Subscriber
    destroys = {"event": "connectionDestroyed", "does": "publisher.destroy()"}
    data = room(at(100, "bob", do="disconnect"), listeners=[destroys])
    assert story(data, "alice")[-2:] == ["publisher.streamDestroyed(reset)", "publisher.destroyed"]
    data = room(at(100, "alice", do="publisher.destroy()"))
    assert story(data, "alice") == ["publisher.streamDestroyed(reset)", "publisher.destroyed"]


@pytest.mark.parametrize(("label", "left"), [("publisher.destroy()", 0), ("unpublish", 1)])
def test_a_publisher_that_is_destroyed_has_left_the_page_when_it_tells_so(label, left):
    case = case_of(room(at(100, "alice", do=label)))
    told = next(t for t in reenact(case).expect["alice"] if t.event == "streamDestroyed")
    assert told.fields["page"] == {"publishers": left, "subscribers": 1}


def test_an_app_may_hold_on_to_the_connection_and_the_stream_of_somebody_who_has_left():
    data = room(
        at(100, "bob", do="disconnect"),
        at(1_000, "alice", do="signal", args={"to": {"connection_of": "bob"}, "data": "x"}),
        at(1_500, "alice", do="subscribe again", args={"stream_of": "bob"}),
        at(2_000, "alice", do="subscribe to nobody", args={"stream_of": "zoe"}),
    )
    assert answers(data, "alice") == {
        "signal": ("OT_NOT_FOUND", 404),
        "subscribe again": ("OT_STREAM_NOT_FOUND", 1501),
        "subscribe to nobody": ("OT_INVALID_PARAMETER", 1501),
    }


# -- mutes and toggles (2.14) ----------------------------------------------------------------------


def test_a_muted_session_is_told_before_it_is_connected():
    data = raw("11f")
    data["platform"]["mute_active"] = True
    assert story(data, "alice")[:2] == ["muteForced", "sessionConnected"]


@pytest.mark.parametrize("told_by", ["session", "publisher"])
def test_the_server_carries_out_mutes_if_anybody_was_told(told_by):
    data = room(
        at(100, "alice", do="forceMuteAll()", args={}),
        name="10_api_errors__connected_as_moderator",
    )
    assert story(data, "bob") == []
    told = {"t_ms": data["setup_ends_ms"] + 150, "object": told_by, "event": "muteForced"}
    data["expect"]["bob"].append(told)
    muted = ["muteForced", "publisher.muteForced"]
    assert story(data, "bob") == muted[: 1 + (told_by == "publisher")]


def test_a_toggled_camera_is_told_to_the_others():
    data = room(
        at(100, "bob", do="publisher.publishVideo(false)"),
        at(1_000, "bob", do="publishVideo", args={"value": True}),
        at(2_000, "bob", do="publishAudio(false)"),
    )
    assert story(data, "alice") == [
        "streamPropertyChanged",
        "subscriber(bob).videoDisabled(publishVideo)",
        "streamPropertyChanged",
        "subscriber(bob).videoEnabled(publishVideo)",
        "streamPropertyChanged",
    ]
