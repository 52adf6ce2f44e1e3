"""Leaving: goodbyes, idleness, rotation; what is told to whom, in which order."""

import pytest
from platform_stage import Stage

from sim.protocol.units import HOUR, SECOND

ORDERS = {
    "stream-first": ["deleted stream bob#1.1", "deleted connection bob#1"],
    "connection-first": ["deleted connection bob#1", "deleted stream bob#1.1"],
    "connection-only": ["deleted connection bob#1"],
}


@pytest.mark.parametrize("order", ORDERS)
def test_a_leavers_end_is_told_and_recorded_in_the_chosen_order(order) -> None:
    stage = Stage(leave_order=order)
    alice, bob = stage.join("alice"), stage.join("bob")
    stage.publish(bob)
    stage.forget_talk()
    stage.leave(bob)
    assert alice.story() == ORDERS[order]
    ends = [name for _, name, _ in stage.names("state") if name in ("left", "unpublished")]
    expected = ["unpublished", "left"]
    assert ends == (expected if order == "stream-first" else expected[::-1])
    assert bob.story() == []


def test_the_records_of_a_goodbye_name_it_and_the_notices_name_the_records() -> None:
    stage = Stage(leave_reason="bye")
    alice, bob = stage.join("alice"), stage.join("bob")
    stage.publish(bob)
    stage.leave(bob, cause=77)
    unpublished, left = stage.record("unpublished"), stage.record("left")
    data = {"connection": "bob#1", "stream": "bob#1.1", "reason": "bye"}
    assert unpublished[1:] == ("bob", "platform", "state", "unpublished", data, 77)
    data = {"connection": "bob#1", "reason": "bye"}
    assert left[1:] == ("bob", "platform", "state", "left", data, 77)
    assert [frame.cause for frame in alice.heard[-2:]] == [unpublished[0], left[0]]
    assert alice.told("deleted", "stream") == [
        {"id": "bob#1.1", "connection": "bob#1", "reason": "bye"}
    ]
    assert alice.told("deleted", "connection") == [{"id": "bob#1", "reason": "bye"}]


def test_a_second_goodbye_is_ignored() -> None:
    stage = Stage()
    stage.join("alice")
    bob = stage.join("bob")
    socket = bob.socket
    stage.leave(bob)
    bob.socket = socket
    before = len(stage.records)
    stage.leave(bob)
    assert len(stage.records) == before


def test_whoever_neither_publishes_nor_subscribes_is_removed_after_four_hours() -> None:
    stage = Stage(detection=5 * HOUR)
    idle, active, viewer = stage.join("idle"), stage.join("active"), stage.join("viewer")
    stage.publish(active)
    stage.ask(viewer, "create", "subscriber", id="viewer#1/sub1", stream="active#1.1")
    stage.wait(4 * HOUR - 1)
    assert idle.ended is None
    stage.wait(1)
    assert idle.ended == "mediaIdle"
    assert list(stage.platform.present()) == ["active#1", "viewer#1"]
    joined = next(record for record in stage.records if record[4] == "joined")
    decision = stage.record("mediaIdle")
    assert decision[1:] == (
        "idle",
        "platform",
        "decision",
        "mediaIdle",
        {"connection": "idle#1"},
        joined[0],
    )
    assert stage.record("left")[6] == decision[0]


def test_nobody_is_idle_if_the_platform_does_not_mind() -> None:
    stage = Stage(media_idle=None, detection=50 * HOUR)
    stage.join("idle")
    stage.wait(49 * HOUR)
    assert list(stage.platform.present()) == ["idle#1"]


def test_a_lost_connection_can_be_found_idle() -> None:
    stage = Stage(media_idle=5 * SECOND)
    idle = stage.join("idle")
    stage.cut(idle)
    stage.wait(5 * SECOND)
    assert stage.record("left")[5]["reason"] == "mediaIdle"


def test_one_can_be_removed_as_idle_at_any_time() -> None:
    stage = Stage()
    alice = stage.join("alice")
    assert stage.platform.remove_idle("alice", stage.now, 7)
    stage.pump()
    assert alice.ended == "mediaIdle"
    assert stage.record("mediaIdle")[6] == 7
    assert not stage.platform.remove_idle("alice", stage.now)


def test_a_rotation_ends_the_connection_or_asks_the_client_to_move() -> None:
    stage = Stage()
    alice, bob = stage.join("alice"), stage.join("bob")
    assert stage.platform.rotate("bob", stage.now, 7)
    stage.pump()
    assert bob.ended == "serverRotation"
    assert stage.record("left")[6] == stage.record("serverRotation")[0]
    assert stage.record("serverRotation")[6] == 7
    assert stage.platform.rotate("alice", stage.now, migrate=True)
    stage.pump()
    assert alice.told("notify", "session") == [{"reason": "serverRotation"}]
    assert list(stage.platform.present()) == ["alice#1"]
    assert not stage.platform.rotate("nobody", stage.now)


def test_one_who_is_gone_is_answered_that_it_has_no_connection() -> None:
    stage = Stage()
    alice = stage.join("alice")
    stage.platform.server_force_disconnect("alice", stage.now)
    stage.pump()
    assert stage.status(alice, stage.signal(alice, "s1")) == 404
    again = stage.ask(alice, "create", "connection", id="alice#2", client="alice", role="publisher")
    assert stage.status(alice, again) == 404
    assert stage.platform.present() == {}
