"""Moderators and the app server: who may do what, what the victim and the others are told."""

import pytest
from platform_stage import Stage

from sim.protocol.roles import ROLES, Capability

COMMANDS = {
    Capability.FORCE_DISCONNECT: ("delete", "connection", {"id": "bob#1"}, "forceDisconnect"),
    Capability.FORCE_UNPUBLISH: ("delete", "stream", {"id": "bob#1.1"}, "forceUnpublish"),
    Capability.FORCE_MUTE: (
        "update",
        "stream",
        {"id": "bob#1.1", "reason": "mute", "active": True},
        "forceMuteStream",
    ),
}


def room(role: str = "moderator", **settings):
    """A commander of that role, a victim who publishes, and a third person; talk forgotten."""
    stage = Stage(**settings)
    people = stage.join("mod", role), stage.join("bob"), stage.join("carol")
    stage.publish(people[1])
    stage.forget_talk()
    return stage, *people


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("capability", COMMANDS)
def test_a_command_takes_the_capability(role, capability) -> None:
    stage, mod, bob, carol = room(role)
    method, resource, content, command = COMMANDS[capability]
    before = stage.platform.present(), stage.platform.streams()
    number = stage.ask(mod, method, resource, 77, **content)
    if capability in ROLES[role]:
        assert stage.status(mod, number) == 200
        data = {"command": command, "target": content["id"], "by": "mod#1"}
        assert stage.record("accepted")[1:] == ("mod", "platform", "decision", "accepted", data, 77)
    else:
        assert stage.status(mod, number) == 403
        data = {"command": command, "status": 403, "by": "mod#1"}
        assert stage.record("refused")[1:] == ("mod", "platform", "decision", "refused", data, 77)
        assert mod.statuses[number].cause == stage.record("refused")[0]
        assert bob.heard == carol.heard == []
        assert (stage.platform.present(), stage.platform.streams()) == before


@pytest.mark.parametrize("capability", COMMANDS)
def test_a_target_that_is_not_there_is_not_found(capability) -> None:
    stage, mod, *_ = room()
    method, resource, content, command = COMMANDS[capability]
    number = stage.ask(mod, method, resource, **(content | {"id": "nobody"}))
    assert stage.status(mod, number) == 404
    data = {"command": command, "status": 404, "by": "mod#1"}
    assert stage.names("decision") == [("mod", "refused", data)]


@pytest.mark.parametrize("order", ["ack-first", "ack-last"])
@pytest.mark.parametrize("capability", COMMANDS)
def test_a_command_is_acknowledged_first_or_last(order, capability) -> None:
    stage, mod, *_ = room(force_ack=order)
    stage.publish(mod)
    stage.forget_talk()
    method, resource, content, _ = COMMANDS[capability]
    if capability is Capability.FORCE_MUTE:
        content = content | {"id": "mod#1.1"}
    stage.ask(mod, method, resource, **content)
    assert mod.story().index("200") == (0 if order == "ack-first" else len(mod.heard) - 1)
    assert len(mod.heard) > 1


@pytest.mark.parametrize("order", ["stream-first", "connection-first"])
@pytest.mark.parametrize("told", [True, False])
def test_a_victim_hears_of_its_end_and_by_choice_of_its_streams(order, told) -> None:
    stage, mod, bob, carol = room(leave_order=order, tell_victim_of_own_stream=told)
    stage.kick(mod, "bob#1")
    both = ["deleted stream bob#1.1", "deleted connection bob#1"]
    both = both if order == "stream-first" else both[::-1]
    assert bob.story() == (both if told else ["deleted connection bob#1"])
    assert carol.story() == both == mod.story()[1:]
    assert bob.ended == "forceDisconnected"
    assert {notice.content["reason"] for notice in carol.heard} == {"forceDisconnected"}


def test_a_removal_names_the_command_as_its_cause() -> None:
    stage, mod, bob, carol = room()
    stage.kick(mod, "bob#1", cause=77)
    accepted, left = stage.record("accepted"), stage.record("left")
    assert (accepted[6], left[6], stage.record("unpublished")[6]) == (77, accepted[0], accepted[0])
    assert left[1:6] == (
        "bob",
        "platform",
        "state",
        "left",
        {"connection": "bob#1", "reason": "forceDisconnected"},
    )
    assert bob.heard[-1].cause == left[0] == carol.heard[-1].cause
    assert mod.statuses[mod.number].cause == accepted[0]


@pytest.mark.parametrize("closes", [True, False])
def test_a_victims_socket_is_closed_if_the_platform_does_so(closes) -> None:
    stage, mod, bob, _ = room(close_victims_socket=closes, victim_close_code=4000)
    stage.kick(mod, "bob#1")
    assert bob.closed_with == (4000 if closes else None)
    assert bob.ended == "forceDisconnected"


@pytest.mark.parametrize("order", ["ack-first", "ack-last"])
def test_a_moderator_may_remove_itself_and_is_answered(order) -> None:
    stage, mod, *_ = room(force_ack=order, close_victims_socket=True)
    number = stage.kick(mod, "mod#1")
    assert stage.status(mod, number) == 200
    assert mod.ended == "forceDisconnected"
    assert mod.closed_with == 1000


def test_a_lost_victim_is_removed_at_once() -> None:
    stage, mod, bob, carol = room(close_victims_socket=True)
    stage.cut(bob)
    stage.kick(mod, "bob#1")
    assert carol.told("deleted", "connection") == [{"id": "bob#1", "reason": "forceDisconnected"}]
    assert list(stage.platform.present()) == ["mod#1", "carol#1"]
    assert stage.closes == []


def test_an_unpublished_victim_stays_and_everybody_hears() -> None:
    stage, mod, bob, carol = room()
    stage.ask(mod, "delete", "stream", id="bob#1.1")
    notice = {"id": "bob#1.1", "connection": "bob#1", "reason": "forceUnpublished"}
    for person in (mod, bob, carol):
        assert person.told("deleted", "stream") == [notice]
    assert stage.record("unpublished")[1] == "bob"
    assert stage.record("unpublished")[6] == stage.record("accepted")[0]
    assert "bob#1" in stage.platform.present()


def test_muting_a_stream_is_told_to_its_owner_alone() -> None:
    stage, mod, bob, carol = room()
    stage.ask(mod, "update", "stream", id="bob#1.1", reason="mute", active=True)
    assert bob.told("update", "stream") == [{"id": "bob#1.1", "reason": "mute", "active": True}]
    assert bob.heard[0].cause == stage.record("accepted")[0]
    assert carol.heard == []


@pytest.mark.parametrize("reaches", [True, False])
def test_muting_everybody_reaches_the_streams_not_excluded_and_whoever_joins(reaches) -> None:
    stage, mod, bob, carol = room(mute_all_reaches_streams=reaches)
    stage.publish(carol)
    stage.publish(mod)
    stage.forget_talk()
    stage.ask(mod, "update", "session", reason="mute", active=True, exclusion=["carol#1.1"])
    for person in (mod, bob, carol):
        assert person.told("update", "session") == [{"reason": "mute", "active": True}]
    muted = [person.name for person in (mod, bob, carol) if person.told("update", "stream")]
    assert muted == (["mod", "bob"] if reaches else [])
    assert stage.join("dave").statuses[1].content["mute"] is True


def test_the_mute_can_be_lifted() -> None:
    stage, mod, bob, _ = room(mute_on_entry=True)
    stage.ask(mod, "update", "session", reason="mute", active=False, exclusion=None)
    assert bob.told("update", "session") == [{"reason": "mute", "active": False}]
    assert bob.told("update", "stream") == []
    data = {"command": "disableForceMute", "target": "session", "by": "mod#1"}
    assert stage.names("decision") == [("mod", "accepted", data)]
    assert stage.join("dave").statuses[1].content["mute"] is False


def test_only_moderators_mute_everybody() -> None:
    stage, anna, bob, _ = room("publisher")
    number = stage.ask(anna, "update", "session", reason="mute", active=True)
    assert stage.status(anna, number) == 403
    assert bob.heard == []


def test_the_app_server_needs_no_capability() -> None:
    stage, _, bob, carol = room("publisher", close_victims_socket=True)
    assert stage.platform.server_force_disconnect("bob", stage.now, 77)
    stage.pump()
    assert bob.ended == "forceDisconnected"
    assert bob.closed_with == 1000
    assert carol.told("deleted", "connection")
    data = {"command": "forceDisconnect", "target": "bob#1", "by": "server"}
    assert stage.record("accepted")[1:] == ("", "platform", "decision", "accepted", data, 77)
    assert not stage.platform.server_force_disconnect("bob", stage.now)


def test_what_is_not_2xx_by_choice_refuses_everything_but_joining() -> None:
    stage = Stage(ack_status=500)
    mod, bob = stage.join("mod", "moderator"), stage.join("bob")
    number = stage.kick(mod, "bob#1")
    assert stage.status(mod, number) == 500
    assert bob.ended is None
    data = {"command": "forceDisconnect", "status": 500, "by": "mod#1"}
    assert stage.names("decision") == [("mod", "refused", data)]


def test_another_2xx_is_a_success() -> None:
    stage = Stage(ack_status=202)
    mod, bob = stage.join("mod", "moderator"), stage.join("bob")
    assert stage.status(mod, stage.kick(mod, "bob#1")) == 202
    assert bob.ended == "forceDisconnected"


def test_the_next_request_of_one_person_can_be_given_an_answer() -> None:
    stage, mod, bob, _ = room()
    stage.platform.answer_next("mod", 403)
    assert stage.status(bob, stage.signal(bob, "s1")) == 200
    assert stage.status(mod, stage.kick(mod, "bob#1")) == 403
    assert stage.status(mod, stage.kick(mod, "bob#1")) == 200


def test_an_answer_can_be_given_to_one_command_and_the_command_be_done_all_the_same() -> None:
    stage, mod, bob, _ = room()
    stage.platform.answer_next("mod", 403, "forceDisconnect", done=True)
    stage.platform.answer_next("mod", 404, "unpublish")
    assert stage.status(mod, stage.signal(mod, "s1")) == 200
    assert stage.status(mod, stage.kick(mod, "bob#1")) == 403
    assert bob.ended == "forceDisconnected"
    assert stage.status(mod, stage.ask(mod, "delete", "stream", id="carol#1.1")) == 404


@pytest.mark.parametrize(
    ("method", "resource", "content"),
    [
        ("delete", "connection", {}),
        ("paint", "stream", {"id": "bob#1.1"}),
        ("update", "channel", {}),
    ],
)
def test_nonsense_is_answered_and_changes_nothing(method, resource, content) -> None:
    stage, mod, bob, carol = room()
    number = stage.ask(mod, method, resource, **content)
    assert stage.status(mod, number) == 400
    assert bob.heard == carol.heard == []
    assert not stage.names("decision")
