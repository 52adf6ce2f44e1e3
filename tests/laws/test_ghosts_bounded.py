from lawful_room import LawfulRoom
from spoiling import assert_broken, assert_held, assert_not_exercised, verdict, without

LAW = "ghosts-bounded"


def crashed():
    room = LawfulRoom().join("alice").join("bob").join("carol").wait(1)
    return room.crash("bob").wait(100)


def test_holds_when_the_dead_disappear_in_time():
    assert_held(crashed(), LAW)


def test_breaks_when_the_platform_keeps_the_dead():
    room = crashed()
    records = without(room, name="left")
    assert_broken(room, LAW, records, "the platform still had bob#1 1min 2.9s after it had died")


def test_breaks_when_a_client_keeps_the_dead():
    room = crashed()
    records = without(room, client="carol", name="connectionDestroyed")
    assert_broken(room, LAW, records, "carol still showed bob#1 1min 2.9s after it had died")


def test_one_who_has_only_just_come_may_still_show_the_dead():
    room = LawfulRoom().join("alice").join("bob").wait(1).crash("bob").wait(55.5).join("carol")
    room.wait(50)
    bob = next(r.time for r in room.records if r.name == "crash")
    records = [
        record._replace(time=bob + 60_000_000)
        if record.client == "carol" and record.time < bob + 60_000_000
        else record
        for record in room.records
        if (record.client, record.name) != ("carol", "connectionDestroyed")
    ]
    records.sort(key=lambda record: record.time)
    assert_held(room, LAW, records)


def test_the_bound_counts_from_the_death():
    room = crashed()
    records = without(room, name="left")
    died = next(r.time for r in records if r.name == "crash")
    assert verdict(room, LAW, records, ended=died + 62_900_000).outcome == "held"
    assert verdict(room, LAW, records, ended=died + 62_900_001).outcome == "broken"


def test_a_client_that_gave_up_is_dead_too():
    room = LawfulRoom().join("alice").join("bob").wait(1).cut("bob").wait(200)
    assert_held(room, LAW)


def test_is_not_exercised_by_those_whom_the_platform_has_removed():
    room = LawfulRoom().join("alice").join("bob").wait(1).kick("alice", "bob").wait(1)
    assert_not_exercised(room, LAW)
