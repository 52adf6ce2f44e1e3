"""Joining: what the newcomer and the others are told, and who is refused."""

import pytest
from platform_stage import Stage

from sim.protocol.roles import ROLES, permissions
from sim.protocol.units import SECOND


def test_the_newcomer_hears_of_itself_first_then_who_is_here() -> None:
    stage = Stage()
    stage.join("alice")
    bob = stage.join("bob", "subscriber")
    assert bob.story() == ["created connection bob#1", "200"]
    state = bob.statuses[1].content
    assert state == {
        "connections": [
            {"id": "alice#1", "client": "alice", "permissions": ["publish", "subscribe"]},
            {"id": "bob#1", "client": "bob", "permissions": ["subscribe"]},
        ],
        "streams": [],
        "mute": False,
    }


def test_the_others_hear_of_the_newcomer_unless_they_do_not_want_to() -> None:
    stage = Stage()
    alice = stage.join("alice")
    quiet = stage.join("quiet", suppressed=True)
    stage.join("bob")
    assert alice.told("created", "connection")[-1]["id"] == "bob#1"
    assert [notice["id"] for notice in quiet.told("created", "connection")] == ["quiet#1"]


def test_a_suppressed_client_still_hears_of_departures_and_streams() -> None:
    stage = Stage()
    quiet = stage.join("quiet", suppressed=True)
    bob = stage.join("bob")
    stage.publish(bob)
    stage.leave(bob)
    assert quiet.story()[2:] == [
        "created stream bob#1.1",
        "deleted stream bob#1.1",
        "deleted connection bob#1",
    ]


def test_joining_is_recorded_with_its_cause_and_the_notices_name_the_record() -> None:
    stage = Stage()
    alice = stage.join("alice")
    bob = stage.enter("bob")
    stage.ask(bob, "create", "connection", 77, id="bob#1", client="bob", role="moderator")
    number, *rest = stage.record("joined")
    data = {"connection": "bob#1", "role": "moderator"}
    assert rest == ["bob", "platform", "state", "joined", data, 77]
    assert alice.heard[-1].cause == number
    assert [frame.cause for frame in bob.heard] == [number, number]


@pytest.mark.parametrize("role", ROLES)
def test_the_permissions_are_those_of_the_role(role) -> None:
    person = Stage().join("anyone", role)
    assert person.told("created", "connection")[0]["permissions"] == permissions(role)


def test_streams_are_listed_in_publishing_order_as_they_are_now() -> None:
    stage = Stage()
    alice, bob = stage.join("alice"), stage.join("bob")
    stage.publish(bob, name="desk", hasAudio=False)
    stage.publish(alice)
    stage.ask(alice, "update", "channel", stream="alice#1.1", channel="video1", active=False)
    carol = stage.join("carol")
    assert carol.statuses[1].content["streams"] == [
        {
            "id": "bob#1.1",
            "connection": "bob#1",
            "client": "bob",
            "name": "desk",
            "hasAudio": False,
            "hasVideo": True,
        },
        {
            "id": "alice#1.1",
            "connection": "alice#1",
            "client": "alice",
            "name": "",
            "hasAudio": True,
            "hasVideo": False,
        },
    ]


def test_a_lost_connection_is_still_listed() -> None:
    stage = Stage()
    alice = stage.join("alice")
    stage.publish(alice)
    stage.cut(alice)
    bob = stage.join("bob")
    assert [one["id"] for one in bob.statuses[1].content["connections"]] == ["alice#1", "bob#1"]
    assert [one["id"] for one in bob.statuses[1].content["streams"]] == ["alice#1.1"]


def refused(stage: Stage, person, **content) -> tuple[int, str]:
    number = stage.ask(person, "create", "connection", **content)
    status = person.statuses[number]
    return status.status, status.content["reason"]


def test_every_attempt_is_refused_if_the_platform_rejects_them() -> None:
    stage = Stage(reject_connect=(404, "connectionLimitExceeded"))
    alice = stage.join("alice")
    assert alice.statuses[1].status == 404
    assert alice.statuses[1].content == {"reason": "connectionLimitExceeded"}
    data = {"command": "connect", "status": 404, "by": "alice#1"}
    assert stage.names() == [("alice", "refused", data)]
    assert stage.platform.present() == {}


def test_the_limit_of_connections_holds_and_a_departure_makes_room() -> None:
    stage = Stage(connection_limit=1)
    alice = stage.join("alice")
    bob = stage.enter("bob")
    wish = {"id": "bob#1", "client": "bob", "role": "publisher"}
    assert refused(stage, bob, **wish) == (404, "connectionLimitExceeded")
    stage.leave(alice)
    number = stage.ask(bob, "create", "connection", **wish)
    assert stage.status(bob, number) == 200


def test_an_unknown_role_a_second_connection_and_a_taken_name_are_refused() -> None:
    stage = Stage()
    alice, bob = stage.join("alice"), stage.enter("bob")
    wish = {"id": "bob#1", "client": "bob", "role": "king"}
    assert refused(stage, bob, **wish) == (400, "unknown role king")
    assert refused(stage, bob, **(wish | {"id": "alice#1", "role": "publisher"}))[0] == 409
    assert refused(stage, alice, **(wish | {"role": "publisher"}))[0] == 409
    assert list(stage.platform.present()) == ["alice#1"]


def test_a_malformed_wish_to_join_is_refused() -> None:
    stage = Stage()
    assert refused(stage, stage.enter("bob"), id="bob#1") == (400, "bad request")


def test_nothing_can_be_asked_before_joining() -> None:
    stage = Stage()
    bob = stage.enter("bob")
    assert stage.status(bob, stage.signal(bob, "s1")) == 404


def test_the_session_info_says_whether_to_reconnect_or_why_not_to_connect() -> None:
    assert Stage().platform.session_info("bob") == (
        200,
        {"reconnection": True, "peer_to_peer": False},
    )
    assert Stage(reconnection=False).platform.session_info("bob") == (
        200,
        {"reconnection": False, "peer_to_peer": False},
    )
    stage = Stage(info_status={"e403": 403})
    assert stage.platform.session_info("e403") == (403, {})
    assert stage.platform.session_info("bob")[0] == 200


def test_a_muted_session_says_so_to_whoever_joins() -> None:
    assert Stage(mute_on_entry=True).join("alice").statuses[1].content["mute"] is True


def test_the_news_of_a_newcomer_may_take_their_time_while_its_messages_do_not() -> None:
    stage = Stage(announce_after=2 * SECOND)
    alice = stage.join("alice")
    alice.heard.clear()
    bob = stage.join("bob")
    stage.wait(SECOND)
    stage.signal(bob, "s1")
    carol = stage.join("carol")
    assert alice.story() == ["create signal s1"]
    assert carol.connections == {"alice#1", "bob#1", "carol#1"}
    stage.wait_alive(3 * SECOND, alice, bob, carol)
    assert alice.story()[1:3] == ["created connection bob#1", "created connection carol#1"]
    assert carol.told("created", "connection") == [{"id": "carol#1", "client": "carol"} | RIGHTS]


def test_one_who_leaves_before_it_was_announced_is_announced_then() -> None:
    stage = Stage(announce_after=2 * SECOND)
    alice, dave = stage.join("alice"), stage.join("dave")
    stage.wait_alive(3 * SECOND, alice, dave)
    stage.forget_talk()
    bob = stage.join("bob")
    stage.leave(dave)
    stage.leave(bob)
    stage.wait_alive(3 * SECOND, alice)
    assert alice.story()[:3] == [
        "deleted connection dave#1",
        "created connection bob#1",
        "deleted connection bob#1",
    ]
    assert dave.told("created", "connection") == []


RIGHTS = {"permissions": ["publish", "subscribe"]}


def test_one_whose_stream_ends_before_it_was_announced_is_announced_then() -> None:
    stage = Stage(announce_after=2 * SECOND)
    alice = stage.join("alice")
    bob = stage.join("bob")
    alice.heard.clear()
    stage.ask(bob, "delete", "stream", id=stage.publish(bob))
    assert alice.story() == [
        "created stream bob#1.1",
        "created connection bob#1",
        "deleted stream bob#1.1",
    ]
