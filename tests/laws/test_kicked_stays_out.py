from lawful_room import LawfulRoom
from spoiling import altered, assert_broken, assert_held, assert_not_exercised, without

LAW = "kicked-stays-out"


def removed():
    room = LawfulRoom().join("alice").join("bob").wait(1)
    return room.kick("alice", "bob").wait(1)


def removed_while_offline():
    room = LawfulRoom().join("alice").join("bob").wait(1).cut("bob").wait(8)
    return room.kick("alice", "bob").wait(2).mend("bob").wait(1)


def test_holds_when_the_victim_joins_again_as_a_new_connection():
    assert_held(removed().join("bob").wait(1), LAW)


def test_holds_when_an_offline_victim_learns_of_it():
    assert_held(removed_while_offline(), LAW)


def test_holds_when_an_offline_victim_never_comes_back():
    room = LawfulRoom().join("alice").join("bob").wait(1).cut("bob").wait(8)
    assert_held(room.kick("alice", "bob").wait(100), LAW)


def test_breaks_when_the_connection_comes_back():
    room = removed_while_offline()
    bob = room.members["bob"]
    room.platform(bob, "back", None, missed=0)
    assert_broken(room, LAW, room.records, "bob#1 was removed, but the platform says back of it")


def test_breaks_when_the_victim_is_told_something_else():
    room = removed()
    records = altered(room, {"reason": "clientDisconnected"}, name="sessionDisconnected")
    assert_broken(
        room,
        LAW,
        records,
        "bob#1 was removed by a command, but its app was told clientDisconnected",
    )


def test_a_victim_that_leaves_at_the_same_time_may_be_told_so():
    room = LawfulRoom().join("alice").join("bob").wait(1).leave("bob").kick("alice", "bob").wait(1)
    assert_held(room, LAW)
    room = LawfulRoom().join("alice").join("bob").wait(1).kick("alice", "bob").leave("bob").wait(1)
    assert_held(room, LAW)


def test_breaks_when_the_victim_is_not_told():
    room = removed()
    assert_broken(
        room,
        LAW,
        without(room, name="sessionDisconnected"),
        "bob#1 was removed, but its app was not told within 7.9s, though it was not reconnecting",
    )


def test_breaks_when_a_victim_that_is_back_is_not_told():
    room = removed_while_offline()
    assert_broken(
        room,
        LAW,
        without(room, name="sessionDisconnected"),
        "bob#1 was removed, but its app was not told within 7.9s, though it was not reconnecting",
    )


def test_a_victim_that_loses_its_network_need_not_be_told():
    room = LawfulRoom().join("alice").join("bob").wait(1).cut("bob").kick("alice", "bob").wait(100)
    assert_held(room, LAW)


def test_is_not_exercised_by_other_commands():
    room = LawfulRoom().join("alice").join("bob").wait(1).publish("bob").wait(1)
    assert_not_exercised(room.stop("alice", "bob").wait(1), LAW)
