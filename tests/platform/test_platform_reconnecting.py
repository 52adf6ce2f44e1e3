"""Losing a socket, coming back, not coming back; what is repeated and what is not."""

import pytest
from platform_stage import Stage

from sim.platform import Presence
from sim.protocol.frames import PING, PONG, Disconnect, Hello, Message, Ping, Status
from sim.protocol.units import MINUTE, SECOND


def pair(**settings):
    stage = Stage(**settings)
    alice, bob = stage.join("alice"), stage.join("bob")
    stage.forget_talk()
    return stage, alice, bob


# ----------------------------------------------------------------------------------- heartbeats


def test_a_ping_is_answered_by_a_pong_on_the_same_socket() -> None:
    stage, alice, _ = pair()
    stage.platform.receive(alice.socket, Ping(), stage.now)
    assert stage.platform.outputs == [(alice.socket, PONG)]


def test_frames_of_unknown_sockets_and_stray_pongs_are_ignored() -> None:
    stage, alice, _ = pair()
    stage.platform.receive(99, PING, stage.now)
    stage.platform.receive(alice.socket, PONG, stage.now)
    stage.platform.receive(alice.socket, Status(99, 200, {}, None), stage.now)
    stage.platform.closed(99, stage.now, None)
    assert stage.platform.outputs == []


def test_a_silent_socket_is_taken_for_dead_and_no_sooner() -> None:
    stage, alice, bob = pair(detection=10 * SECOND, abandon_code=4999)
    stage.wait_alive(9 * SECOND, bob)
    assert stage.platform.present() == {"alice#1": Presence.JOINED, "bob#1": Presence.JOINED}
    stage.wait_alive(SECOND, bob)
    assert stage.platform.present() == {"alice#1": Presence.LOST, "bob#1": Presence.JOINED}
    assert stage.record("lost")[1:] == (
        "alice",
        "platform",
        "state",
        "lost",
        {"connection": "alice#1"},
        None,
    )
    assert alice.closed_with == 4999


def test_every_frame_counts_as_a_sign_of_life() -> None:
    stage, alice, _ = pair(detection=2 * SECOND)
    for number in range(20):
        stage.wait(SECOND)
        stage.signal(alice, f"s{number}")
    assert stage.platform.present() == {"alice#1": Presence.JOINED, "bob#1": Presence.JOINED}


def test_whoever_is_foreseen_to_be_heard_is_not_silent_until_that_turns_out_wrong() -> None:
    stage, alice, bob = pair(detection=10 * SECOND)
    begun = stage.now
    times = [begun + 2 * SECOND * number for number in range(1, 20)]
    heard = stage.platform.foresee(alice.socket, times)
    assert heard == begun
    stage.wait_alive(30 * SECOND, bob)
    assert stage.platform.present()["alice#1"] is Presence.JOINED
    stage.platform.heard_until(alice.socket, begun + 30 * SECOND)
    stage.wait_alive(9 * SECOND, bob)
    assert stage.platform.present()["alice#1"] is Presence.JOINED
    stage.wait_alive(SECOND, bob)
    assert stage.platform.present()["alice#1"] is Presence.LOST


def test_nobody_is_foreseen_who_would_be_silent_in_between_or_is_to_be_told_something() -> None:
    stage, alice, bob = pair(detection=10 * SECOND)
    foresee, soon = stage.platform.foresee, [stage.now + SECOND]
    assert foresee(99, soon) is None
    assert foresee(alice.socket, [*soon, stage.now + 11 * SECOND]) is None
    assert foresee(alice.socket, [stage.now + 10 * SECOND]) is None
    stage.platform._by_socket[bob.socket].farewell_due = True
    assert foresee(bob.socket, soon) is None
    assert foresee(alice.socket, soon) == stage.now


def test_the_driver_may_know_whom_to_blame_for_a_silence() -> None:
    stage = Stage(explain={"alice": 42}.get)
    stage.join("alice")
    stage.wait(10 * SECOND)
    assert stage.record("lost")[6] == 42


def test_many_silent_and_lively_people_are_told_apart() -> None:
    stage = Stage()
    people = [stage.join(f"p{number}") for number in range(30)]
    lively = people[::3]
    stage.wait_alive(30 * SECOND, *lively)
    lost = [name for name, state in stage.platform.present().items() if state is Presence.LOST]
    assert lost == [person.connection for person in people if person not in lively]


# ------------------------------------------------------------------------------- lost and back


def test_what_was_missed_is_sent_at_once_in_order_with_its_numbers() -> None:
    stage, alice, bob = pair()
    stage.cut(alice, cause=5)
    carol = stage.join("carol")
    stage.publish(carol)
    stage.signal(bob, "s1")
    stage.leave(carol)
    assert alice.heard == []
    stage.resume(alice, cause=6)
    assert alice.story() == [
        "created connection carol#1",
        "created stream carol#1.1",
        "create signal s1",
        "deleted stream carol#1.1",
        "deleted connection carol#1",
    ]
    assert [frame.txn for frame in alice.heard] == sorted(frame.txn for frame in alice.heard)
    assert stage.record("lost")[6] == 5
    assert stage.record("back")[1:] == (
        "alice",
        "platform",
        "state",
        "back",
        {"connection": "alice#1", "missed": 5},
        6,
    )


def test_what_is_told_late_leads_to_the_return_and_to_what_happened() -> None:
    stage, alice, bob = pair()
    stage.cut(alice, cause=5)
    stage.publish(bob)
    stage.signal(bob, "s1", cause=90)
    stage.signal(bob, "s2", cause=90)
    stage.resume(alice, cause=6)
    back, replayed = stage.record("back"), stage.record("replayed")
    happened = [stage.record("published")[0], 90]
    data = {"connection": "alice#1", "messages": 3, "of": happened}
    assert replayed[1:] == ("alice", "platform", "state", "replayed", data, back[0])
    assert [frame.cause for frame in alice.heard] == [replayed[0]] * 3


def test_a_replay_after_a_loss_that_was_not_noticed_leads_to_the_new_socket() -> None:
    stage, alice, bob = pair()
    alice.hears = False
    stage.signal(bob, "s1", cause=90)
    stage.resume(alice, cause=6)
    replayed = stage.record("replayed")
    assert (replayed[5]["of"], replayed[6]) == ([90], 6)
    alice.acknowledges, alice.heard = False, []
    stage.signal(bob, "s2", cause=91)
    stage.resume(alice, cause=7)
    assert [frame.cause for frame in alice.heard] == [91, stage.record("replayed")[0]]
    assert (stage.record("replayed")[5]["of"], stage.record("replayed")[6]) == ([91], 7)


def test_a_platform_that_does_not_replay_forgets_what_was_missed() -> None:
    stage, alice, bob = pair(replay=False)
    stage.cut(alice)
    stage.signal(bob, "s1")
    stage.resume(alice)
    assert alice.heard == []
    assert stage.record("back")[5]["missed"] == 1
    stage.signal(bob, "s2")
    assert alice.story() == ["create signal s2"]


def test_what_was_not_acknowledged_is_sent_again_and_what_was_is_not() -> None:
    stage, alice, bob = pair()
    stage.signal(bob, "s1")
    alice.acknowledges = False
    stage.signal(bob, "s2")
    alice.acknowledges = True
    stage.cut(alice)
    alice.heard.clear()
    stage.resume(alice)
    assert alice.story() == ["create signal s2"]
    stage.cut(alice)
    alice.heard.clear()
    stage.resume(alice)
    assert alice.heard == []


@pytest.mark.parametrize("speaks_first", [True, False])
def test_a_resumed_socket_hears_nothing_before_its_ping_unless_the_platform_speaks_first(
    speaks_first,
) -> None:
    stage, alice, _ = pair(speaks_first_on_reconnect=speaks_first)
    stage.cut(alice)
    stage.resume(alice)
    assert alice.story() == (["pong"] if speaks_first else [])
    alice.heard.clear()
    stage.ping(alice)
    assert alice.story() == ["pong"]


def test_a_first_socket_hears_nothing_in_any_case() -> None:
    stage = Stage(speaks_first_on_reconnect=True)
    assert stage.enter("alice").heard == []


def test_what_is_replayed_is_speech_enough() -> None:
    stage, alice, bob = pair(speaks_first_on_reconnect=True)
    stage.cut(alice)
    stage.signal(bob, "s1")
    stage.resume(alice)
    assert alice.story() == ["create signal s1"]


def test_a_new_socket_replaces_one_whose_loss_was_not_noticed() -> None:
    stage, alice, bob = pair(abandon_code=4999)
    alice.hears = False
    stage.signal(bob, "s1")
    old = alice.socket
    before = len(stage.records)
    stage.resume(alice)
    assert alice.story() == ["create signal s1"]
    assert [close[:2] for close in stage.closes] == [(old, 4999)]
    assert [record[4] for record in stage.records[before:]] == ["replayed"]
    stage.platform.receive(old, PING, stage.now)
    stage.platform.closed(old, stage.now, None)
    assert stage.platform.outputs == []
    assert stage.platform.present()["alice#1"] is Presence.JOINED


def test_a_client_that_only_changes_sockets_is_kept() -> None:
    stage, alice, bob = pair()
    stage.deliver(alice, Disconnect(True, 8))
    assert stage.platform.present()["alice#1"] is Presence.LOST
    assert stage.record("lost")[6] == 8
    stage.resume(alice)
    assert stage.platform.present()["alice#1"] is Presence.JOINED
    assert bob.heard == []


def test_a_socket_number_is_not_opened_twice() -> None:
    stage, alice, bob = pair()
    stage.platform.opened(alice.socket, Hello("bob#1", True, "bob"), stage.now, None)
    assert stage.platform.outputs == []
    stage.signal(bob, "s1")
    assert alice.story() == ["create signal s1"]


# ------------------------------------------------------------------------------------- the grace


def test_a_lost_connection_is_removed_when_its_grace_ends_and_no_sooner() -> None:
    stage, alice, bob = pair(grace=20 * SECOND, lost_reason="vanished")
    stage.publish(alice)
    stage.cut(alice)
    stage.forget_talk()
    stage.wait_alive(20 * SECOND - 1, bob)
    assert bob.told("deleted", "connection") == []
    stage.wait(1)
    assert bob.told("deleted", "stream") == [
        {"id": "alice#1.1", "connection": "alice#1", "reason": "vanished"}
    ]
    assert bob.told("deleted", "connection") == [{"id": "alice#1", "reason": "vanished"}]
    assert stage.record("left")[6] == stage.record("lost")[0]


def test_the_grace_starts_anew_with_every_loss() -> None:
    stage, alice, bob = pair(grace=20 * SECOND)
    stage.cut(alice)
    stage.wait_alive(15 * SECOND, bob)
    stage.resume(alice)
    stage.cut(alice)
    stage.wait_alive(15 * SECOND, bob)
    assert stage.platform.present()["alice#1"] is Presence.LOST
    stage.wait_alive(5 * SECOND, bob)
    assert "alice#1" not in stage.platform.present()


def test_a_grace_can_be_ended_from_outside_noticed_or_not() -> None:
    stage, alice, bob = pair()
    carol = stage.join("carol")
    stage.cut(alice)
    assert stage.platform.expire_grace("alice", stage.now)
    assert stage.record("left")[6] == stage.record("lost")[0]
    assert stage.platform.expire_grace("bob", stage.now, 9)
    assert stage.record("left")[6] == 9
    stage.pump()
    assert bob.closed_with == 1006
    assert [notice["reason"] for notice in carol.told("deleted", "connection")] == [
        "networkDisconnected"
    ] * 2
    assert not stage.platform.expire_grace("bob", stage.now)


def test_of_a_persons_connections_the_lost_one_is_given_up() -> None:
    stage, alice, _ = pair()
    stage.cut(alice)
    stage.join("alice", generation=2)
    stage.join("alice", generation=3)
    assert stage.platform.expire_grace("alice", stage.now)
    assert list(stage.platform.present()) == ["bob#1", "alice#2", "alice#3"]
    assert stage.platform.server_force_disconnect("alice", stage.now)
    assert list(stage.platform.present()) == ["bob#1", "alice#2"]


def test_a_socket_can_be_closed_from_outside() -> None:
    stage, alice, _ = pair()
    assert stage.platform.close_socket("alice", 1000, stage.now, 7)
    stage.pump()
    assert alice.closed_with == 1000
    assert stage.record("lost")[6] == 7
    assert not stage.platform.close_socket("alice", 1000, stage.now)
    assert not stage.platform.close_socket("nobody", 1000, stage.now)


# ------------------------------------------------------------------------- back when it is gone


def gone(stage, alice, how: str) -> str:
    """Remove alice while she is lost; return the reason."""
    stage.cut(alice)
    if how == "kicked":
        stage.platform.server_force_disconnect("alice", stage.now)
    else:
        stage.platform.expire_grace("alice", stage.now)
    stage.pump()
    return "forceDisconnected" if how == "kicked" else "networkDisconnected"


def test_one_who_was_removed_while_away_is_told_why_on_first_contact() -> None:
    stage, alice, _ = pair()
    reason = gone(stage, alice, "kicked")
    stage.open(alice)
    assert alice.heard == []
    stage.ping(alice)
    assert alice.story() == ["deleted connection alice#1", "pong"]
    assert alice.ended == reason
    assert alice.heard[0].cause == stage.record("left")[0]
    stage.ping(alice)
    assert alice.story() == ["deleted connection alice#1", "pong", "pong"]


def test_one_who_comes_back_too_late_is_told_before_its_requests_are_refused() -> None:
    stage, alice, _ = pair()
    stage.cut(alice)
    stage.signal(alice, "s1")
    gone(stage, alice, "kicked")
    stage.resume(alice)
    assert alice.story() == ["deleted connection alice#1", "404"]


def test_a_platform_that_speaks_first_tells_at_once() -> None:
    stage, alice, _ = pair(speaks_first_on_reconnect=True)
    gone(stage, alice, "kicked")
    stage.open(alice)
    assert alice.story() == ["deleted connection alice#1"]


def test_a_farewell_that_was_not_acknowledged_is_told_again_and_then_never() -> None:
    stage, alice, _ = pair(abandon_code=4999)
    alice.acknowledges = False
    stage.platform.server_force_disconnect("alice", stage.now)
    stage.pump()
    first = alice.heard[-1]
    stage.cut(alice)
    alice.heard.clear()
    alice.acknowledges = True
    stage.open(alice)
    stage.ping(alice)
    assert alice.heard == [first, PONG]
    stage.cut(alice)
    stage.open(alice)
    assert alice.closed_with == 4999


def test_or_its_socket_is_closed_at_once() -> None:
    stage, alice, _ = pair(when_gone="close", abandon_code=4999)
    gone(stage, alice, "expired")
    stage.open(alice)
    assert alice.closed_with == 4999
    assert alice.heard == []
    stage.open(alice)
    assert alice.closed_with == 4999


def test_one_whose_grace_has_expired_is_turned_away_without_a_word() -> None:
    stage, alice, _ = pair(abandon_code=4999)
    gone(stage, alice, "expired")
    stage.open(alice)
    assert alice.closed_with == 4999
    assert alice.heard == []
    assert stage.closes[-1].cause == stage.record("left")[0]


def test_one_who_was_sent_away_while_away_is_turned_away_because_of_that() -> None:
    stage, alice, _ = pair(when_gone="close")
    gone(stage, alice, "kicked")
    stage.open(alice, cause=6)
    assert stage.closes[-1].cause == stage.record("left")[0]


def test_a_socket_is_closed_because_of_what_closed_it() -> None:
    stage, alice, _ = pair(close_victims_socket=True)
    old = alice.socket
    stage.open(alice, cause=6)
    assert [(close.socket, close.cause) for close in stage.closes] == [(old, 6)]
    stage.platform.server_force_disconnect("alice", stage.now, 7)
    stage.pump()
    assert stage.closes[-1].cause == stage.record("accepted")[0]


def test_one_whose_grace_has_expired_may_be_told_so_instead() -> None:
    stage, alice, _ = pair(expired="tell")
    gone(stage, alice, "expired")
    stage.open(alice)
    assert alice.story() == []
    stage.ping(alice)
    assert alice.story() == ["deleted connection alice#1", "pong"]
    assert alice.ended == "networkDisconnected"


@pytest.mark.parametrize("speaks_first", [True, False])
def test_or_be_listened_to_as_if_nothing_had_happened(speaks_first) -> None:
    stage, alice, _ = pair(expired="ignore", speaks_first_on_reconnect=speaks_first)
    gone(stage, alice, "expired")
    stage.open(alice)
    assert alice.story() == ["pong"] * speaks_first
    stage.ping(alice)
    assert alice.story()[-1] == "pong"
    assert stage.status(alice, stage.signal(alice, "s1")) == 404
    assert alice.ended is None


def test_a_removed_connection_does_not_come_back_by_asking() -> None:
    stage, alice, _ = pair()
    gone(stage, alice, "kicked")
    stage.open(alice)
    stage.ask(alice, "create", "connection", id="alice#1", client="alice", role="publisher")
    assert alice.story() == ["deleted connection alice#1", "404"]
    assert list(stage.platform.present()) == ["bob#1"]


def test_the_removed_are_remembered_for_a_while_only() -> None:
    stage, alice, bob = pair(when_gone="close", remember_gone=10 * MINUTE)
    gone(stage, alice, "expired")
    stage.wait_alive(10 * MINUTE - 1, bob)
    stage.open(alice)
    assert alice.closed_with == 1006
    stage.wait(1)
    stage.open(alice, reconnect=False)
    assert alice.closed_with is None
    wish = {"id": "alice#1", "client": "alice", "role": "publisher"}
    alice.number = 0
    alice.acknowledged.clear()
    alice.messages.clear()
    assert stage.status(alice, stage.ask(alice, "create", "connection", **wish)) == 200


@pytest.mark.parametrize(("expired", "closed"), [("close", 1006), ("tell", 1006), ("ignore", None)])
def test_a_stranger_who_says_that_it_comes_back_is_turned_away(
    expired: str, closed: int | None
) -> None:
    """Recording m4: the socket of a failed attempt to connect says so."""
    stage = Stage(expired=expired, remember_gone=0)
    dave = stage.enter("dave")
    stage.cut(dave)
    stage.open(dave)
    assert dave.closed_with == closed
    assert stage.platform._delivery.by_name.keys() == (set() if closed else {"dave#1"})


def test_one_who_holds_on_after_its_removal_is_forgotten_when_it_lets_go() -> None:
    stage, alice, bob = pair(remember_gone=SECOND)
    stage.platform.server_force_disconnect("alice", stage.now)
    stage.pump()
    stage.wait_alive(5 * SECOND, alice, bob)
    stage.join("carol")
    assert stage.status(alice, stage.signal(alice, "s1")) == 404
    stage.cut(alice)
    assert stage.platform._delivery.by_name.keys() == {"bob#1", "carol#1"}


def test_memory_does_not_grow_with_those_who_came_and_went() -> None:
    stage = Stage(remember_gone=MINUTE)
    for generation in range(1, 300):
        guest = stage.join("guest", generation=generation)
        stage.publish(guest)
        stage.leave(guest)
        stage.wait(SECOND)
    assert len(stage.platform._delivery.by_name) <= 61
    assert len(stage.platform.room.deadlines) < 200
    assert stage.platform._delivery.by_socket == {}


def test_a_stranger_that_falls_silent_is_dropped_without_a_word() -> None:
    stage = Stage()
    stranger = stage.enter("stranger")
    stage.wait(10 * SECOND)
    assert stranger.closed_with == 1006
    assert stage.records == []
    assert stage.platform.next_deadline() is None


# ---------------------------------------------------------------------------------- repetitions


def test_a_repeated_request_gets_the_first_answer_and_is_not_done_again() -> None:
    stage, alice, bob = pair()
    alice.hears = False
    number = stage.signal(alice, "s1", to="bob#1")
    refusal = stage.signal(alice, "s2", to="nobody")
    stage.resume(alice)
    assert [stage.status(alice, one) for one in (number, refusal)] == [200, 404]
    assert bob.story() == ["create signal s1"]
    assert [name for _, name, _ in stage.names("decision")] == ["refused"]


def test_a_repeated_joining_is_answered_with_who_is_here_now() -> None:
    stage = Stage()
    alice = stage.join("alice")
    bob = stage.enter("bob")
    bob.hears = False
    stage.ask(bob, "create", "connection", id="bob#1", client="bob", role="publisher")
    carol = stage.join("carol")
    stage.publish(carol)
    stage.leave(alice)
    stage.resume(bob)
    assert (bob.connections, bob.streams) == ({"bob#1", "carol#1"}, {"carol#1.1"})
    assert [name for _, name, _ in stage.names("state")].count("joined") == 3


def test_answers_are_kept_for_a_while_after_the_last_new_request() -> None:
    stage, alice, bob = pair(statuses_kept=40 * SECOND)
    alice.hears = False
    first = stage.signal(alice, "s1")
    stage.wait_alive(40 * SECOND, alice, bob)
    stage.signal(alice, "s2")
    repeated = Message(first, "create", "signal", {"id": "s1"}, None)
    alice.hears = True
    stage.deliver(alice, repeated)
    assert stage.status(alice, first) == 200
    stage.wait_alive(SECOND, alice, bob)
    stage.signal(alice, "s3")
    stage.deliver(alice, repeated)
    assert stage.status(alice, first) == 410
    assert len(bob.told("create", "signal")) == 3


def test_a_repeated_removal_of_oneself_is_answered() -> None:
    stage = Stage()
    mod = stage.join("mod", "moderator")
    number = stage.kick(mod, "mod#1")
    stage.deliver(mod, Message(number, "delete", "connection", {"id": "mod#1"}, None))
    assert stage.status(mod, number) == 200


def test_a_repeated_joining_of_one_who_is_gone_gets_the_first_answer() -> None:
    stage, alice, _ = pair()
    stage.platform.server_force_disconnect("alice", stage.now)
    stage.pump()
    wish = {"id": "alice#1", "client": "alice", "role": "publisher", "suppressed": False}
    stage.deliver(alice, Message(1, "create", "connection", wish, None))
    assert stage.status(alice, 1) == 200
    assert "alice#1" not in stage.platform.present()
