from attrs import evolve
from lawful_room import LawfulRoom
from spoiling import assert_broken, assert_held, assert_not_exercised, verdict, without

LAW = "converge"


def full():
    room = LawfulRoom().join("alice").join("bob").join("carol").wait(1)
    return room.publish("alice").publish("bob").wait(1)


def disagreement(what):
    return (
        f"7.9s after the last change carol disagrees with the platform about who is here: it {what}"
    )


def test_holds_in_a_quiet_room():
    assert_held(full().wait(20), LAW)


def test_holds_after_an_outage_in_which_things_were_missed():
    room = full().cut("carol").wait(9).leave("bob").wait(1).mend("carol").wait(20)
    assert_held(room, LAW)


def test_breaks_when_something_was_missed_for_good():
    room = full().wait(20)
    records = without(
        room, client="carol", object="session", name="streamCreated", stream="bob#1.1"
    )
    assert_broken(room, LAW, records, disagreement("misses bob#1.1"))


def test_breaks_when_something_stays_for_good():
    room = full().leave("bob").wait(20)
    gone = ("connectionDestroyed", "streamDestroyed")
    records = [r for r in room.records if r.client != "carol" or r.name not in gone]
    assert_broken(room, LAW, records, disagreement("still shows bob#1 and bob#1.1"))


def test_breaks_when_one_who_is_back_is_not_told_what_it_missed():
    room = full().cut("carol").wait(9).leave("bob").wait(1)
    room.members["carol"].inbox.clear()
    room.mend("carol").join("bob").wait(20)
    records = [
        r for r in room.records if r.client != "carol" or r.data.get("connection") != "bob#2"
    ]
    assert_broken(
        room, LAW, records, disagreement("misses bob#2 and still shows bob#1 and bob#1.1")
    )


def test_those_who_are_not_connected_need_not_agree():
    room = full().cut("carol").wait(9).leave("bob").wait(20)
    assert_held(room, LAW)


def test_changes_put_the_comparison_off():
    room = full()
    for _ in range(10):
        room.wait(5).cut("alice").wait(1).mend("alice")
    records = [r for r in room.records if r.client != "carol" or r.data.get("stream") != "bob#1.1"]
    assert verdict(room, LAW, records, ended=room.now).outcome == "not exercised"
    assert verdict(room, LAW, records).outcome == "broken"


def test_one_who_asked_not_to_be_told_of_connections_agrees_on_streams():
    room = full().wait(20)
    records = [
        record
        for record in room.records
        if record.client != "carol" or not record.name.startswith("connection")
    ]
    quiet = evolve(room.header.people["carol"], suppressed=True)
    room.header = evolve(room.header, people={**room.header.people, "carol": quiet})
    assert_held(room, LAW, records)
    missed = [r for r in records if r.client != "carol" or r.data.get("stream") != "alice#1.1"]
    assert_broken(room, LAW, missed, disagreement("misses alice#1.1"))


def test_is_not_exercised_in_an_empty_room():
    room = LawfulRoom().join("bob").wait(1).leave("bob").wait(20)
    assert_not_exercised(room, LAW)
