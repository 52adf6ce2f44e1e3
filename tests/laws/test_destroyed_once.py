from lawful_room import LawfulRoom
from spoiling import assert_broken, assert_held, assert_not_exercised, repeated

LAW = "destroyed-once"


def left():
    room = LawfulRoom().join("alice").join("bob").wait(1).publish("alice").publish("bob").wait(1)
    return room.leave("bob").wait(1)


def test_holds_when_a_publisher_of_the_same_name_is_made_anew():
    room = left().join("bob").wait(1).publish("bob").wait(1).unpublish("bob").wait(1)
    assert_held(room, LAW)


def test_breaks_on_a_second_destroyed():
    room = left()
    assert_broken(
        room,
        LAW,
        repeated(room, later=5, client="bob", object="subscriber(alice)#0", name="destroyed"),
        "subscriber(alice)#0 of bob dispatched destroyed after it was destroyed",
    )


def test_breaks_on_any_later_event():
    room = left()
    assert_broken(
        room,
        LAW,
        repeated(room, later=9_000_000, client="bob", object="publisher", name="streamCreated"),
        "publisher of bob dispatched streamCreated after it was destroyed",
    )


def test_the_names_of_a_closed_page_may_be_used_again():
    room = left()
    room.note("bob", "browser", "call", "closeBrowser", by="script")
    room.event(room.members["bob"], "accessAllowed", object="publisher")
    assert_held(room, LAW)


def test_is_not_exercised_while_nothing_is_destroyed():
    room = LawfulRoom().join("alice").join("bob").wait(1).publish("alice").wait(1)
    assert_not_exercised(room, LAW)
