from lawful_room import LawfulRoom
from spoiling import (
    altered,
    assert_broken,
    assert_held,
    assert_not_exercised,
    repeated,
    swapped,
    verdict,
    without,
)

LAW = "signals"
NO_RETRY = "with retryAfterReconnect: false"


def chatting():
    room = LawfulRoom().join("alice").join("bob").join("carol").wait(1)
    return room.signal("bob").wait(0.005).signal("bob").wait(1).signal("alice").wait(1)


def arrival(room, who, signal):
    """An arrival of a signal at somebody, now."""
    sender = signal.partition("/")[0]
    return room.event(room.members[who], "signal", signal=signal, **{"from": sender})


def test_holds_when_all_arrive_in_order():
    assert_held(chatting(), LAW)


def test_breaks_on_a_duplicate():
    room = chatting()
    assert_broken(
        room, LAW, repeated(room, client="carol", name="signal"), "carol got bob#1/s1 twice"
    )


def test_breaks_on_a_late_duplicate():
    room = chatting()
    late = repeated(room, later=500_000, client="carol", name="signal")
    assert_broken(room, LAW, late, "carol got bob#1/s1 after bob#1/s2")


def test_breaks_when_the_order_is_lost():
    room = chatting()
    records = swapped(
        room,
        {"client": "carol", "kind": "event", "name": "signal", "signal": "bob#1/s1"},
        {"client": "carol", "kind": "event", "name": "signal", "signal": "bob#1/s2"},
    )
    assert_broken(room, LAW, records, "carol got bob#1/s1 after bob#1/s2")


def test_breaks_when_a_signal_arrives_with_another_type_than_it_was_sent_with():
    room = chatting()
    heard = {"client": "carol", "kind": "event", "name": "signal", "signal": "bob#1/s1"}
    records = altered(room, {"type": "spoilt"}, **heard)
    sentence = "carol got bob#1/s1 with type 'spoilt', but it was sent with None"
    assert_broken(room, LAW, records, sentence)


def test_breaks_when_an_acknowledged_signal_is_lost():
    room = chatting()
    records = without(room, client="carol", kind="event", name="signal", signal="bob#1/s2")
    assert_broken(
        room,
        LAW,
        records,
        "carol never got bob#1/s2, which was acknowledged",
    )


def missed():
    room = LawfulRoom().join("alice").join("bob").join("carol").wait(1)
    return room.cut("carol").wait(9).signal("bob").wait(15).mend("carol").wait(1)


def test_holds_when_one_who_comes_back_gets_what_it_missed():
    assert_held(missed(), LAW)


def test_breaks_when_one_who_comes_back_does_not_get_what_it_missed():
    room = missed()
    records = without(room, client="carol", kind="event", name="signal")
    assert_broken(room, LAW, records, "carol never got bob#1/s1, which was acknowledged")
    back = next(r.time for r in records if r.name == "sessionReconnected")
    assert verdict(room, LAW, records, ended=back + 7_900_000).outcome == "held"


def test_one_who_does_not_come_back_need_not_get_it():
    room = LawfulRoom().join("alice").join("bob").join("carol").wait(1)
    room.cut("carol").wait(9).signal("bob").wait(100).mend("carol").join("carol").wait(20)
    assert_held(room, LAW)


def test_the_sender_need_not_hear_itself():
    room = chatting()
    records = without(room, client="bob", kind="event", name="signal", signal="bob#1/s2")
    assert_held(room, LAW, records)


def test_a_signal_to_one_need_not_reach_the_others():
    room = chatting()
    records = altered(room, {"to": "alice#1"}, kind="call", name="signal", signal="bob#1/s2")
    room.records = records
    assert_held(
        room, LAW, without(room, client="carol", kind="event", name="signal", signal="bob#1/s2")
    )
    assert_broken(
        room,
        LAW,
        without(room, client="alice", kind="event", name="signal", signal="bob#1/s2"),
        "alice never got bob#1/s2, which was acknowledged",
    )


def test_breaks_when_a_call_is_completed_twice():
    room = chatting()
    call = next(r.seq for r in room.records if (r.kind, r.name) == ("call", "signal"))
    records = repeated(room, kind="callback", name="signal")
    assert_broken(room, LAW, records, f"bob's signal of record {call} was completed again")


def test_breaks_when_a_call_is_never_completed():
    room = chatting()
    records = without(room, client="alice", kind="callback", name="signal")
    assert_broken(room, LAW, records, "the call that sent alice#1/s1 was never completed")


def test_a_call_may_wait_for_the_end_of_an_outage():
    room = LawfulRoom().join("alice").join("bob").wait(1).cut("bob").wait(1)
    call = room.note("bob", "session", "call", "signal", signal="bob#1/s1", retry=True)
    room.wait(20).mend("bob").wait(1)
    unanswered = list(room.records)
    room.note("bob", "session", "callback", "signal", call, call=call, ok=True)
    arrival(room, "alice", "bob#1/s1")
    assert_held(room, LAW)
    assert_broken(room, LAW, unanswered, "the call that sent bob#1/s1 was never completed")
    assert verdict(room, LAW, unanswered, ended=room.now + 10_000_000).outcome == "held"


def test_breaks_when_the_session_ends_and_a_call_is_still_open():
    room = LawfulRoom().join("alice").join("bob").wait(1).signal("bob").leave("bob").wait(60)
    records = [r for r in room.records if (r.kind, r.name) != ("callback", "signal")]
    assert_broken(room, LAW, records, "the call that sent bob#1/s1 was never completed")


def test_a_crash_ends_the_wait():
    room = LawfulRoom().join("alice").join("bob").wait(1).signal("bob").crash("bob").wait(60)
    assert_held(room, LAW)


def test_breaks_when_a_signal_of_an_outage_arrives_though_it_must_not():
    room = LawfulRoom().join("alice").join("bob").wait(1).cut("bob").wait(8)
    room.signal("bob", retry=False).mend("bob").wait(1)
    assert_held(room, LAW)
    arrival(room, "alice", "bob#1/s1")
    assert_broken(
        room,
        LAW,
        room.records,
        "alice got bob#1/s1, though it was sent during an outage with retryAfterReconnect: false",
    )


def unheard(answered_after=4.8):
    """Bob says something that never gets out, and it fails just before the outage is announced."""
    room = LawfulRoom().join("alice").join("bob").wait(1).cut("bob").wait(1)
    call = room.note("bob", "session", "call", "signal", signal="bob#1/s1", retry=False)
    room.wait(answered_after)
    error = {"ok": False, "error": "OT_NOT_CONNECTED", "code": 500}
    room.note("bob", "session", "callback", "signal", call, call=call, **error)
    return room.wait(8)


def test_breaks_when_a_signal_that_must_not_be_retried_outlives_the_announcement():
    assert_held(unheard(), LAW)
    room = unheard(answered_after=6)
    assert_broken(
        room,
        LAW,
        room.records,
        f"bob#1/s1 was sent {NO_RETRY}, but had not failed when the outage was announced",
    )


def test_a_signal_that_failed_may_come_out_of_the_old_socket():
    room = unheard()
    arrival(room, "alice", "bob#1/s1")
    room.mend("bob").wait(1)
    assert_held(room, LAW)


def test_a_signal_that_failed_may_arrive_soon_after_its_sender_is_back():
    room = unheard().mend("bob").wait(5)
    arrival(room, "alice", "bob#1/s1")
    assert_held(room, LAW)


def test_breaks_when_a_signal_that_failed_arrives_later_than_that():
    room = unheard().mend("bob").wait(9)
    arrival(room, "alice", "bob#1/s1")
    found = verdict(room, LAW, room.records)
    assert found.outcome == "broken"
    assert f"its sender was back, though {NO_RETRY} it had failed" in found.breaches[0].sentence


def test_one_who_was_offline_may_hear_of_it_even_later():
    room = LawfulRoom().join("alice").join("bob").join("carol").wait(1).cut("bob").wait(1)
    call = room.note("bob", "session", "call", "signal", signal="bob#1/s1", retry=False)
    error = {"ok": False, "error": "OT_NOT_CONNECTED", "code": 500}
    room.note("bob", "session", "callback", "signal", call, call=call, **error)
    room.cut("carol").wait(6).mend("bob").wait(9).mend("carol").wait(1)
    arrival(room, "carol", "bob#1/s1")
    assert_held(room, LAW)


def test_breaks_when_a_rejected_signal_arrives():
    room = LawfulRoom().join("alice").join("bob").wait(1)
    call = room.note("bob", "session", "call", "signal", signal="bob#1/s1", retry=True)
    error = {"ok": False, "error": "OT_PERMISSION_DENIED", "code": 403}
    room.note("bob", "session", "callback", "signal", call, call=call, **error)
    arrival(room, "alice", "bob#1/s1")
    assert_broken(
        room,
        LAW,
        room.records,
        "alice got bob#1/s1, though it had failed with OT_PERMISSION_DENIED",
    )


def test_a_new_connection_counts_anew():
    room = chatting().leave("bob").wait(1).join("bob").wait(1).signal("bob").wait(1)
    room.leave("carol").wait(1).join("carol").wait(1).signal("bob").wait(1)
    assert_held(room, LAW)


def test_is_not_exercised_by_the_platforms_own_signals():
    room = LawfulRoom().join("alice").wait(1)
    room.event(room.members["alice"], "signal", signal="welcome", **{"from": None})
    assert_not_exercised(room, LAW)


def closing():
    """Bob says something while his page is being closed, and is there again with a new one."""
    room = LawfulRoom().join("alice").join("bob").wait(1).close("bob")
    room.note("bob", "session", "call", "signal", signal="bob#1/s1", retry=True)
    return room.wait(1).join("bob").wait(60)


def test_a_call_of_a_page_that_is_being_closed_is_never_completed():
    assert_held(closing(), LAW)


def test_breaks_when_a_call_of_the_page_after_that_is_never_completed():
    room = closing()
    room.note("bob", "session", "call", "signal", signal="bob#2/s1", retry=True)
    sentence = "the call that sent bob#2/s1 was never completed"
    assert_broken(room.wait(60), LAW, room.records, sentence)


def test_a_page_that_has_not_connected_yet_may_complete_a_call():
    room = LawfulRoom().join("alice").join("bob").wait(1).close("bob").wait(1)
    call = room.note("bob", "session", "call", "signal", signal="bob/s1", retry=True)
    error = {"ok": False, "error": "OT_NOT_CONNECTED", "code": 500}
    room.note("bob", "session", "callback", "signal", call, call=call, **error)
    assert_held(room.join("bob").wait(60), LAW)
