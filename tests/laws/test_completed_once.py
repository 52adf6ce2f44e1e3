import pytest
from lawful_room import BOUNDS, LawfulRoom
from spoiling import (
    assert_broken,
    assert_held,
    assert_not_exercised,
    renumbered,
    repeated,
    verdict,
    without,
)

from sim.laws import HELD

LAW = "completed-once"
SECOND = 1_000_000


def busy():
    """A room in which each sort of call has been answered."""
    room = LawfulRoom().join("alice").join("bob").join("carol").wait(1)
    room.publish("bob").wait(1).signal("bob").wait(1).stop("alice", "bob").wait(1)
    room.publish("bob").wait(1).kick("alice", "bob").wait(1).leave("carol").wait(1)
    return room


def ended(room, call, client):
    """The story without the answer to that call of somebody."""
    return without(room, client=client, kind="callback", name=call)


@pytest.fixture
def bare():
    """A room whose records the test writes itself, after somebody has joined."""
    return LawfulRoom().join("bob").wait(1)


def test_holds_when_every_call_is_answered():
    assert_held(busy(), LAW)


@pytest.mark.parametrize(
    ("call", "client", "within"),
    [
        ("connect", "bob", "2s of sessionConnected"),
        ("publish", "bob", "17.2s"),
        ("subscribe", "alice", "32.3s"),
        ("signal", "bob", "2s of sessionDisconnected"),
        ("forceUnpublish", "alice", "17.9s"),
        ("forceDisconnect", "alice", "17.9s"),
        ("disconnect", "carol", "7.9s"),
    ],
)
def test_breaks_when_a_call_is_not_answered(call, client, within):
    room = busy()
    sentence = f"{client}'s {call} was not answered within {within}"
    assert_broken(room, LAW, ended(room, call, client), sentence)


@pytest.mark.parametrize("call", ["connect", "publish", "signal", "forceDisconnect", "disconnect"])
@pytest.mark.parametrize("later", [0, SECOND])
def test_breaks_when_a_call_is_answered_twice(call, later):
    room = busy()
    records = repeated(room, later=later, kind="callback", name=call)
    (breach,) = verdict(room, LAW, records).breaches
    assert f"'s {call} of record " in breach.sentence
    assert breach.sentence.endswith(" was answered again")


def test_an_answer_that_is_late_is_one_breach():
    room = LawfulRoom().join("bob").wait(1).publish("bob").wait(60)
    late = [
        each._replace(time=each.time + 30 * SECOND)
        if (each.kind, each.name) == ("callback", "publish")
        else each
        for each in room.records
    ]
    assert verdict(room, LAW, late).broken == 1


def test_a_run_may_end_before_the_bound():
    room = LawfulRoom().join("bob").wait(1).publish("bob").wait(1)
    records = ended(room, "publish", "bob")
    bound = next(r.time for r in records if r.name == "publish") + BOUNDS.publish + BOUNDS.margin
    assert verdict(room, LAW, records, ended=bound).outcome == "held"
    assert verdict(room, LAW, records, ended=bound + 1).outcome == "broken"


@pytest.mark.parametrize("end", ["close", "crash"])
def test_nobody_answers_in_a_page_that_is_gone(end):
    room = LawfulRoom().join("bob").wait(1).publish("bob")
    getattr(room, end)("bob").wait(60)
    assert "publish" not in [r.name for r in room.records if r.kind == "callback"]
    assert_held(room, LAW)


def test_what_a_page_that_closes_still_does_promises_nothing(bare):
    bare.close("bob")
    bare.note("bob", "session", "call", "signal", signal="bob#1/s1", retry=True, by="app")
    assert_held(bare.wait(90), LAW)


def test_a_connect_that_is_ignored_promises_nothing(bare):
    data = {"connection": "bob#1", "by": "app", "ignored": True}
    bare.note("bob", "session", "call", "connect", **data)
    bare.wait(1000)
    assert_held(bare, LAW)


def connecting(bare):
    return bare.note("alice", "session", "call", "connect", connection="alice#1", by="app")


def test_who_disconnects_while_connecting_is_told_that_it_has_failed(bare):
    connecting(bare)
    leaving = bare.wait(1).note("alice", "session", "call", "disconnect", by="app")
    bare.note("alice", "session", "callback", "disconnect", call=leaving, ok=True)
    says = "alice's connect was not answered within 7.9s of disconnect"
    assert_broken(bare.wait(9), LAW, bare.records, says)


def test_connecting_fails_when_the_session_is_disconnected(bare):
    connecting(bare)
    bare.wait(1).note("alice", "session", "state", "disconnected", **{"from": "connecting"})
    says = "alice's connect was not answered within 2s of disconnected"
    assert_broken(bare.wait(9), LAW, bare.records, says)


def test_connecting_ends_after_all_its_attempts(bare):
    connecting(bare)
    says = "alice's connect was not answered within 9min 41.4s"
    assert_broken(bare.wait(600), LAW, bare.records, says)


@pytest.mark.parametrize("trouble", [("down", "up"), ("reset",)])
def test_connecting_may_take_as_long_as_the_network_is_not_well(bare, trouble):
    connecting(bare)
    for name in trouble:
        bare.wait(300).note("alice", "network", "fault", name, direction="both")
    bare.wait(500)
    assert verdict(bare, LAW, bare.records, ended=bare.now).outcome == HELD
    assert verdict(bare, LAW, bare.records, ended=bare.now + 100 * SECOND).broken == 1


def test_connecting_has_no_bound_while_the_network_is_down(bare):
    connecting(bare)
    bare.wait(1).note("alice", "network", "fault", "down", direction="both", mode="blackhole")
    assert verdict(bare, LAW, bare.records, ended=10_000 * SECOND).outcome == HELD


def test_the_answer_to_a_request_waits_for_the_end_of_outages():
    room = LawfulRoom().join("bob").wait(1).signal("bob")
    room.cut("bob").wait(30).mend("bob").wait(1)
    assert_held(room, LAW)
    says = "bob's signal was not answered within 17.9s"
    records = ended(room, "signal", "bob")
    assert_broken(room, LAW, records, says)
    back = next(r.time for r in records if r.name == "sessionReconnected")
    soon = back + BOUNDS.detection + BOUNDS.delivery
    assert verdict(room, LAW, records, ended=soon - SECOND).outcome == HELD


@pytest.mark.parametrize(
    ("event", "call"), [("sessionConnected", "connect"), ("sessionDisconnected", "disconnect")]
)
def test_a_listener_that_throws_may_stop_the_clients_own(event, call):
    room = LawfulRoom().join("bob").wait(1).leave("bob").wait(1)
    records = ended(room, call, "bob")
    at = next(number for number, record in enumerate(records) if record.name == event)
    threw = records[at]._replace(
        seq=0, kind="callback", name="listenerThrew", data={"event": event, "error": "E: no"}
    )
    assert_held(room, LAW, renumbered([*records[: at + 1], threw, *records[at + 1 :]]))


def test_is_not_exercised_without_calls():
    assert_not_exercised(LawfulRoom().cut("bob"), LAW)
