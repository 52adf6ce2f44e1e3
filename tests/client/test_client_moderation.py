"""A moderator's commands: what is checked in which order, what goes out, how it fails."""

from types import SimpleNamespace

import pytest
from harness import Stage
from orders import SPECIFICATION

from sim.client.moderation import COMMANDS

CALLS = {
    "forceDisconnect": lambda session, target: session.force_disconnect(target),
    "forceUnpublish": lambda session, target: session.force_unpublish(target),
    "forceMuteStream": lambda session, target: session.force_mute_stream(target),
    "forceMuteAll": lambda session, exclusion: session.force_mute_all(exclusion),
    "disableForceMute": lambda session, _: session.disable_force_mute(),
}
GOOD = {
    "forceDisconnect": "bob#1",
    "forceUnpublish": "bob#1.1",
    "forceMuteStream": "bob#1.1",
    "forceMuteAll": (),
    "disableForceMute": (),
}
WRONG = {
    "forceDisconnect": {},
    "forceUnpublish": None,
    "forceMuteStream": None,
    "forceMuteAll": "everybody",
}
CODES = {
    "forceDisconnect": 1520,
    "forceUnpublish": 1530,
    "forceMuteStream": 1540,
    "forceMuteAll": 1540,
    "disableForceMute": 1540,
}


def lone(role="moderator"):
    stage = Stage()
    stage.platform.guest("bob", stream=True)
    return stage, stage.joined(role=role)


def command(stage, alice, call, target):
    """What is told of one command."""
    at = stage.now
    stage.act(alice, lambda: CALLS[call](alice.session, target))
    stage.run("10ms")
    return [words for words in stage.story(since=at) if words.startswith(call)]


# -- the checks, in the specified order ------------------------------------------------------------


def test_the_commands_that_are_checked_locally_are_the_specified_ones():
    checked = {str(row.capability) for row in COMMANDS.values()} | {"publish"}
    assert checked == set(SPECIFICATION["checked_locally"])


@pytest.mark.parametrize("call", [c for c in CALLS if c != "forceUnpublish"])
def test_a_session_that_is_not_connected_is_told_first(call):
    stage = Stage()
    alice = stage.client(role="moderator")
    words = [f"{call} failed OT_NOT_CONNECTED 1010"]
    assert command(stage, alice, call, WRONG.get(call)) == words
    assert command(stage, alice, call, GOOD[call]) == words


def test_force_unpublish_looks_at_its_argument_before_anything_else():
    stage = Stage()
    alice = stage.client(role="subscriber")
    assert command(stage, alice, "forceUnpublish", None) == [
        "forceUnpublish failed OT_INVALID_PARAMETER 1011"
    ]
    assert command(stage, alice, "forceUnpublish", "bob#1.1") == [
        "forceUnpublish failed OT_NOT_CONNECTED 1010"
    ]


@pytest.mark.parametrize("call", ["forceDisconnect", "forceUnpublish"])
def test_the_argument_is_looked_at_before_the_permission(call):
    stage, alice = lone("publisher")
    assert command(stage, alice, call, WRONG[call]) == [f"{call} failed OT_INVALID_PARAMETER 1011"]


@pytest.mark.parametrize("call", ["forceMuteStream", "forceMuteAll"])
def test_of_the_mute_commands_the_permission_is_looked_at_first(call):
    stage, alice = lone("publisher")
    assert command(stage, alice, call, WRONG[call]) == [f"{call} failed OT_PERMISSION_DENIED 1540"]


@pytest.mark.parametrize("role", ["subscriber", "publisher", "publisheronly"])
@pytest.mark.parametrize("call", CALLS)
def test_without_the_capability_a_command_fails_and_nothing_is_sent(call, role):
    stage, alice = lone(role)
    assert command(stage, alice, call, GOOD[call]) == [
        f"{call} failed OT_PERMISSION_DENIED {CODES[call]}"
    ]
    assert stage.requests() == ["create connection alice#1"]


@pytest.mark.parametrize("call", WRONG)
def test_a_wrong_argument_is_refused(call):
    stage, alice = lone()
    assert command(stage, alice, call, WRONG[call]) == [f"{call} failed OT_INVALID_PARAMETER 1011"]


def test_force_disconnect_of_nothing_is_rejected_with_a_type_error():
    stage, alice = lone()
    words = command(stage, alice, "forceDisconnect", None)
    assert words == ["forceDisconnect failed TypeError None"]


@pytest.mark.parametrize("exclusion", [["bob#1.1"], {"id": "bob#1.1"}, 7])
def test_those_spared_are_a_list_of_streams(exclusion):
    stage, alice = lone()
    words = command(stage, alice, "forceMuteAll", exclusion)
    assert words == ["forceMuteAll failed OT_INVALID_PARAMETER 1011"]


@pytest.mark.parametrize("exclusion", [None, [], ()])
def test_nobody_need_be_spared(exclusion):
    stage, alice = lone()
    assert command(stage, alice, "forceMuteAll", exclusion) == ["forceMuteAll ok"]


# -- what goes out ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "request_", "content"),
    [
        ("forceDisconnect", ("delete", "connection"), {"id": "bob#1"}),
        ("forceUnpublish", ("delete", "stream"), {"id": "bob#1.1"}),
        (
            "forceMuteStream",
            ("update", "stream"),
            {"id": "bob#1.1", "reason": "mute", "active": True},
        ),
        (
            "forceMuteAll",
            ("update", "session"),
            {"reason": "mute", "active": True, "exclusion": []},
        ),
        (
            "disableForceMute",
            ("update", "session"),
            {"reason": "mute", "active": False, "exclusion": []},
        ),
    ],
)
def test_a_command_becomes_its_request_and_completes_with_the_answer(call, request_, content):
    stage, alice = lone()
    assert command(stage, alice, call, GOOD[call]) == [f"{call} ok"]
    sent = stage.platform.requests[-1]
    assert (sent.method, sent.resource) == request_
    assert sent.content == content


def test_a_target_may_be_the_object_or_its_id():
    stage, alice = lone()
    command(stage, alice, "forceUnpublish", alice.session.streams["bob#1.1"])
    command(stage, alice, "forceDisconnect", alice.session.connections["bob#1"])
    command(stage, alice, "forceDisconnect", SimpleNamespace(id="nobody"))
    assert stage.requests()[1:] == [
        "delete stream bob#1.1",
        "delete connection bob#1",
        "delete connection nobody",
    ]


def test_those_spared_are_named_by_their_streams():
    stage, alice = lone()
    command(stage, alice, "forceMuteAll", [alice.session.streams["bob#1.1"]])
    assert stage.platform.requests[-1].content["exclusion"] == ["bob#1.1"]


def test_a_moderator_is_one_of_those_who_see_the_victim_leave():
    stage, alice = lone()
    at = stage.now
    stage.act(alice, lambda: alice.session.force_disconnect("bob#1"))
    stage.run("10ms")
    assert stage.story(since=at) == [
        "forceDisconnect ok",
        "streamDestroyed bob#1.1 forceDisconnected",
        "connectionDestroyed bob#1 forceDisconnected",
    ]


@pytest.mark.parametrize("call", CALLS)
def test_the_mute_commands_are_told_by_a_promise_and_the_others_by_a_callback(call):
    stage, alice = lone()
    command(stage, alice, call, GOOD[call])
    (told,) = [r for r in stage.told() if r.name == call]
    assert told.data["by"] == ("promise" if "Mute" in call else "callback")


# -- refusals of the platform ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "status", "words"),
    [
        ("forceDisconnect", 403, "OT_INVALID_PARAMETER 1011"),
        ("forceDisconnect", 404, "OT_INVALID_PARAMETER 1011"),
        ("forceDisconnect", 500, "OT_INVALID_PARAMETER 1011"),
        ("forceUnpublish", 403, "OT_PERMISSION_DENIED 1530"),
        ("forceUnpublish", 404, "OT_NOT_FOUND None"),
        ("forceUnpublish", 500, "OT_UNEXPECTED_SERVER_RESPONSE 2001"),
        *[
            (call, status, words)
            for call in ("forceMuteStream", "forceMuteAll", "disableForceMute")
            for status, words in (
                (403, "OT_PERMISSION_DENIED 1540"),
                (404, "OT_NOT_FOUND None"),
                (500, "OT_UNEXPECTED_SERVER_RESPONSE 2001"),
            )
        ],
    ],
)
def test_a_refused_command_fails_with_its_name_and_code(call, status, words):
    stage, alice = lone()
    row = COMMANDS[call]
    stage.platform.answers[f"{row.method} {row.resource}"] = [status]
    assert command(stage, alice, call, GOOD[call]) == [f"{call} failed {words}"]
