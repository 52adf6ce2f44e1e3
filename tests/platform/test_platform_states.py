"""The life of a connection, as a table."""

from sim.platform.states import LIFECYCLE, Presence, Trigger, picture
from sim.protocol.records import states


def reachable() -> set[Presence]:
    seen, frontier = {Presence.ABSENT}, [Presence.ABSENT]
    while frontier:
        before = frontier.pop()
        for (state, _), step in LIFECYCLE.items():
            if state is before and step.to not in seen:
                seen.add(step.to)
                frontier.append(step.to)
    return seen


def test_every_state_can_be_reached() -> None:
    assert reachable() == set(Presence)


def test_every_trigger_is_used() -> None:
    assert {trigger for _, trigger in LIFECYCLE} == set(Trigger)


def test_nothing_leaves_gone_and_nothing_returns_to_absent() -> None:
    assert not [row for row in LIFECYCLE if row[0] is Presence.GONE]
    assert not [row for row, step in LIFECYCLE.items() if step.to is Presence.ABSENT]


def test_exactly_the_ways_into_gone_write_left() -> None:
    for step in LIFECYCLE.values():
        assert (step.record is states.LEFT) == (step.to is Presence.GONE)


def test_lost_and_back_alternate() -> None:
    assert [row[0] for row, step in LIFECYCLE.items() if step.record is states.LOST] == [
        Presence.JOINED
    ]
    assert [row[0] for row, step in LIFECYCLE.items() if step.record is states.BACK] == [
        Presence.LOST
    ]


def test_a_client_is_told_of_its_end_unless_it_said_goodbye_or_cannot_hear() -> None:
    untold = {
        trigger
        for (_, trigger), step in LIFECYCLE.items()
        if step.to is Presence.GONE and not step.told
    }
    assert untold == {Trigger.LEAVE, Trigger.EXPIRE}


def test_the_picture_has_a_line_for_every_row() -> None:
    assert len(picture().splitlines()) == len(LIFECYCLE)
