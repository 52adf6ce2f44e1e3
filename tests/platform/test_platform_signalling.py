"""Signals: who gets them, who may send them, when they are acknowledged."""

import pytest
from platform_stage import Stage


def trio(**settings):
    stage = Stage(**settings)
    people = (
        stage.join("alice"),
        stage.join("bob", "subscriber"),
        stage.join("carol", "publisheronly"),
    )
    stage.forget_talk()
    return stage, *people


@pytest.mark.parametrize("order", ["ack-first", "ack-last"])
def test_a_signal_goes_to_everybody_and_is_acknowledged_first_or_last(order) -> None:
    stage, alice, bob, carol = trio(signal_ack=order)
    number = stage.ask(alice, "create", "signal", 77, id="alice#1/s1", type="chat", data="hi")
    talk = ["200", "create signal alice#1/s1"]
    assert alice.story() == (talk if order == "ack-first" else talk[::-1])
    notice = {
        "id": "alice#1/s1",
        "from": "alice#1",
        "client": "alice",
        "type": "chat",
        "data": "hi",
    }
    assert bob.told("create", "signal") == carol.told("create", "signal") == [notice]
    assert bob.heard[0].cause == 77
    assert alice.statuses[number].cause == 77


def test_without_echo_the_sender_hears_the_answer_alone() -> None:
    stage, alice, bob, _ = trio(signal_echo=False)
    stage.signal(alice, "s1")
    assert alice.story() == ["200"]
    assert bob.told("create", "signal") == [{"id": "s1", "from": "alice#1", "client": "alice"}]


def test_a_signal_to_one_goes_to_that_one_even_to_oneself() -> None:
    stage, alice, bob, carol = trio(signal_echo=False)
    stage.signal(alice, "s1", to="bob#1", data=None)
    stage.signal(alice, "s2", to="alice#1")
    assert bob.told("create", "signal") == [
        {"id": "s1", "from": "alice#1", "client": "alice", "data": None}
    ]
    assert alice.told("create", "signal") == [{"id": "s2", "from": "alice#1", "client": "alice"}]
    assert carol.heard == []


def test_a_signal_to_the_session_goes_to_everybody() -> None:
    stage, alice, bob, carol = trio(session_id="S")
    stage.signal(alice, "s1", to="S")
    assert all(person.told("create", "signal") for person in (alice, bob, carol))


def test_an_unknown_recipient_is_not_found() -> None:
    stage, alice, bob, _ = trio()
    number = stage.signal(alice, "s1", to="nobody")
    assert stage.status(alice, number) == 404
    assert bob.heard == []
    data = {"command": "signal", "status": 404, "by": "alice#1"}
    assert stage.names("decision") == [("alice", "refused", data)]


@pytest.mark.parametrize("role", ["subscriber", "publisheronly"])
@pytest.mark.parametrize("allowed", [True, False])
def test_whether_a_role_may_signal_is_the_platforms_choice(role, allowed) -> None:
    stage = Stage(**{f"{role}_may_signal": allowed})
    alice, person = stage.join("alice", "moderator"), stage.join("person", role)
    assert stage.status(person, stage.signal(person, "s1")) == (200 if allowed else 403)
    assert stage.status(alice, stage.signal(alice, "s2")) == 200
    other = stage.join("other", "publisher")
    assert stage.status(other, stage.signal(other, "s3")) == 200


def test_the_app_server_signals_from_nobody() -> None:
    stage, alice, bob, _ = trio()
    assert stage.platform.server_signal("server/s1", stage.now, 77, type="chat", data="hi")
    assert stage.platform.server_signal("server/s2", stage.now, to="bob")
    assert not stage.platform.server_signal("server/s3", stage.now, to="nobody")
    stage.pump()
    first = {"id": "server/s1", "from": None, "type": "chat", "data": "hi"}
    assert alice.told("create", "signal") == [first]
    assert alice.heard[0].cause == 77
    assert bob.told("create", "signal") == [first, {"id": "server/s2", "from": None}]


def test_the_app_server_can_signal_an_empty_room_to_nobody() -> None:
    assert not Stage().platform.server_signal("server/s1", 0)
