from lawful_room import LawfulRoom
from spoiling import assert_broken, assert_held, assert_not_exercised, verdict, without

LAW = "kept-cleaned"
SUBSCRIBER = "subscriber(alice)#0"


def came_back(by_code=("carol",), wait=60):
    promises = {"carol": 2_000_000}
    room = LawfulRoom(prevents=("carol",), promises=promises, by_code=by_code)
    room.join("alice").join("carol").wait(1).publish("alice").wait(1).leave("carol").wait(5)
    return room.join("carol").wait(wait)


def forgetful(room):
    return without(room, object=SUBSCRIBER, name="destroyed")


def test_holds_when_the_app_cleans_up():
    assert_held(came_back(), LAW)


def test_breaks_when_it_forgets_to():
    room = came_back()
    assert_broken(
        room,
        LAW,
        forgetful(room),
        f"the app of carol had prevented the default of sessionDisconnected, but {SUBSCRIBER}"
        " remained 32.3s after it was connected again",
    )


def test_breaks_when_only_the_element_stays():
    room = came_back()
    records = without(room, client="carol", name="removed")
    assert verdict(room, LAW, records).outcome == "broken"


def test_it_may_take_until_those_that_come_instead_show():
    room = came_back(wait=30)
    connected = max(r.time for r in room.records if r.name == "sessionConnected")
    assert verdict(room, LAW, forgetful(room), ended=connected + 32_300_000).outcome == "held"
    assert verdict(room, LAW, forgetful(room), ended=connected + 32_300_001).outcome == "broken"


def test_the_next_end_takes_over():
    room = came_back(wait=9).leave("carol").wait(60)
    records = forgetful(room)
    assert verdict(room, LAW, records).outcome == "held"


def test_what_the_app_of_a_scenario_keeps_is_not_judged():
    room = came_back(by_code=())
    assert_not_exercised(room, LAW)


def test_is_not_exercised_by_one_who_stays_away():
    room = LawfulRoom(prevents=("carol",), by_code=("carol",)).join("alice").join("carol").wait(1)
    assert_not_exercised(room.publish("alice").wait(1).leave("carol").wait(99), LAW)
