from lawful_room import LawfulRoom
from spoiling import altered, assert_broken, assert_held, assert_not_exercised, renumbered, repeated

import sim

LAW = "silence-after-end"


def left():
    room = LawfulRoom().join("alice").join("bob").wait(1).publish("alice").publish("bob").wait(1)
    return room.leave("bob").wait(1)


def test_holds_although_default_actions_follow():
    assert_held(left(), LAW)


def test_holds_when_kept_subscribers_are_cleaned_up_later():
    room = LawfulRoom(prevents=("carol",), promises={"carol": 2_000_000})
    room.join("alice").join("carol").wait(1).publish("alice").wait(1).leave("carol").wait(9)
    assert_held(room, LAW)


def test_breaks_when_the_session_goes_on():
    room = left()
    late = repeated(room, later=9_000_000, client="bob", name="connectionCreated")
    assert_broken(room, LAW, late, "bob#1 had ended, but its session dispatched connectionCreated")


def test_breaks_when_the_session_ends_again():
    room = left()
    assert_broken(
        room,
        LAW,
        repeated(room, name="sessionDisconnected"),
        "bob#1 had ended, but its session dispatched sessionDisconnected",
    )


def test_breaks_when_a_subscriber_goes_on():
    room = left()
    subscriber = "subscriber(alice)#0"
    records = altered(room, {"name": "connected"}, object=subscriber, name="destroyed")
    assert_broken(room, LAW, records, f"bob#1 had ended, but its {subscriber} dispatched connected")


def test_breaks_when_a_publisher_starts_a_stream():
    room = left()
    late = repeated(room, later=9_000_000, client="bob", object="publisher", name="streamCreated")
    assert_broken(room, LAW, late, "bob#1 had ended, but its publisher dispatched streamCreated")


def test_breaks_when_a_crashed_page_speaks():
    room = LawfulRoom().join("alice").join("bob").wait(1).crash("bob").wait(1)
    room.join("carol").wait(1)
    late = repeated(room, later=1_500_000, client="bob", name="connectionCreated")
    assert_broken(room, LAW, late, "bob#1 had ended, but its session dispatched connectionCreated")


def test_breaks_when_an_earlier_connection_speaks():
    room = left().join("bob").wait(1)
    late = repeated(room, later=2_500_000, client="bob", name="connectionCreated")
    assert_broken(room, LAW, late, "bob#1 had ended, but its session dispatched connectionCreated")


def test_holds_when_an_app_connects_again_a_turn_before_it_is_told_of_the_end():
    room = left().join("bob").wait(1)
    records = room.records
    told = next(r for r in records if r.client == "bob" and r.name == "sessionDisconnected")
    again = next(
        r for r in records if r.client == "bob" and r.name == "connect" and r.seq > told.seq
    )
    late = [r for r in records if r is not told]
    late.insert(late.index(again) + 1, told._replace(time=again.time))
    assert_held(room, LAW, renumbered(late))


def test_holds_when_an_app_connects_and_gives_up_and_connects_in_the_turn_before_the_end():
    steps = [sim.Step(at="1s", client="ann", do=do) for do in ("disconnect", "connect") * 2]
    ann = sim.Person(network={})
    story = sim.Scenario(name="haste", duration="5s", clients={"ann": ann}, script=steps)
    assert sim.run(story, laws=[LAW]).laws[LAW].outcome == "held"


def test_is_not_exercised_while_nobody_ends():
    assert_not_exercised(LawfulRoom().join("bob").wait(1), LAW)
