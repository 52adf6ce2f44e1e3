"""Directions and links: packet numbers, faults, and what an outage does not change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws.distributions import Constant, Lognormal, Uniform, value
from sim.draws.stream import Draws
from sim.network.direction import Direction
from sim.network.link import Link
from sim.network.specs import (
    Bernoulli,
    DirectionSpec,
    GilbertElliott,
    GilbertElliottTime,
    LinkSpec,
)
from sim.protocol.units import SECOND

LOSSY = DirectionSpec(Bernoulli(0.3), Uniform(1_000, 9_000))
specs = st.sampled_from(
    [
        LOSSY,
        DirectionSpec(GilbertElliott(0.2, 0.3, h=0.8, k=0.1), Lognormal(40_000, 0.4)),
        DirectionSpec(GilbertElliottTime(9_000, 4_000, h=0.8), Constant(7)),
    ]
)


def travel(direction, count, blocked=frozenset()):
    """Send one packet a millisecond; those with a blocked number fall into an outage."""
    arrivals = []
    for number in range(count):
        if number in blocked:
            direction.block(1)
        arrivals.append(direction.transmit(number * 1_000))
        if number in blocked:
            direction.unblock(1)
    return arrivals


@given(specs, st.integers(0, 50), st.sets(st.integers(0, 120)))
def test_an_outage_changes_no_packet_but_those_sent_during_it(spec, seed, blocked):
    calm = travel(Direction(spec, Draws(seed), "bob", "up"), 121)
    rough = travel(Direction(spec, Draws(seed), "bob", "up"), 121, blocked)
    for number in range(121):
        assert rough[number] == (None if number in blocked else calm[number])


@given(specs, st.integers(0, 50))
def test_what_others_send_changes_nothing(spec, seed):
    alone = travel(Direction(spec, Draws(seed), "bob", "up"), 80)
    draws = Draws(seed)
    bob, carol, back = (
        Direction(spec, draws, *who) for who in (("bob", "up"), ("carol", "up"), ("bob", "down"))
    )
    together = []
    for number in range(80):
        for other in (carol, back):
            other.transmit(number * 1_000)
        together.append(bob.transmit(number * 1_000))
    assert together == alone


def test_the_two_ways_and_two_people_have_different_draws():
    draws = Draws(1)
    ways = [("bob", "up"), ("bob", "down"), ("carol", "up")]
    arrivals = [travel(Direction(LOSSY, draws, *who), 40) for who in ways]
    assert arrivals[0] != arrivals[1]
    assert arrivals[0] != arrivals[2]


@given(st.integers(0, 50))
def test_packets_arrive_after_the_delay_or_never(seed):
    for number, arrival in enumerate(travel(Direction(LOSSY, Draws(seed), "bob", "up"), 60)):
        assert arrival is None or 1_000 <= arrival - number * 1_000 <= 9_000


def test_the_delay_of_a_packet_is_the_draw_with_its_number():
    direction = Direction(DirectionSpec(delay=Uniform(0, SECOND)), Draws(4), "bob", "up")
    stream = Draws(4).stream("bob", "up/delay")
    delays = [value(Uniform(0, SECOND), stream.uniform(number)) for number in range(100)]
    assert [direction.transmit(0) for _ in range(100)] == delays


def test_a_lost_packet_is_blamed_on_its_draw_and_a_swallowed_one_on_the_fault():
    direction = Direction(DirectionSpec(Bernoulli(1.0)), Draws(1), "bob", "up")
    assert direction.transmit(0) is None
    assert direction.blame == "bob/up/loss/0"
    direction.block(12)
    assert direction.transmit(0) is None
    assert direction.blame == 12


def test_of_several_faults_the_oldest_is_blamed_and_all_must_end():
    direction = Direction(DirectionSpec(), Draws(1), "bob", "up")
    for fault in (5, 6, 5):
        direction.block(fault)
    for fault, blame in ((5, 6), (6, 5)):
        direction.unblock(fault)
        assert direction.transmit(0) is None
        assert direction.blame == blame
    assert direction.blocked
    direction.unblock(5)
    assert not direction.blocked
    assert direction.transmit(0) == 0


def test_only_a_fault_that_holds_can_be_taken_back():
    direction = Direction(DirectionSpec(), Draws(1), "bob", "up")
    with pytest.raises(ValueError, match="fault 3 does not block bob/up"):
        direction.unblock(3)


@given(specs, st.integers(0, 50), st.integers(0, 40))
def test_a_packet_that_nothing_can_lose_takes_a_number_and_a_delay_like_any_other(spec, seed, at):
    normal = travel(Direction(spec, Draws(seed), "bob", "up"), 60)
    direction = Direction(spec, Draws(seed), "bob", "up")
    arrivals = []
    for number in range(60):
        send = direction.cross if number == at else direction.transmit
        arrivals.append(send(number * 1_000))
    assert arrivals[at] is not None
    if normal[at] is not None:
        assert arrivals[at] == normal[at]
    assert arrivals[:at] + arrivals[at + 1 :] == normal[:at] + normal[at + 1 :]


def clear_link():
    return Link("bob", LinkSpec(), Draws(1))


@pytest.mark.parametrize(
    ("direction", "up", "down"), [("up", None, 0), ("down", 0, None), ("both", None, None)]
)
def test_a_fault_holds_in_its_directions_until_restored(direction, up, down):
    link = clear_link()
    link.fail(9, direction)
    assert (link.up.transmit(0), link.down.transmit(0)) == (up, down)
    assert link.refusing == []
    link.repair(9)
    assert (link.up.transmit(0), link.down.transmit(0)) == (0, 0)


def test_a_refusing_fault_swallows_packets_and_is_listed_while_it_holds():
    link = clear_link()
    link.fail(9, mode="refused")
    link.fail(10)
    assert link.refusing == [9]
    assert link.up.transmit(0) is None
    link.repair(9)
    assert link.refusing == []
    assert link.up.transmit(0) is None


def test_a_fault_begins_once_and_ends_once():
    link = clear_link()
    link.fail(9)
    with pytest.raises(ValueError, match="fault 9 has begun already on the link of bob"):
        link.fail(9)
    link.repair(9)
    with pytest.raises(ValueError, match="fault 9 does not hold on the link of bob"):
        link.repair(9)
    link.fail(9)


def test_each_network_change_gives_a_new_address():
    link = clear_link()
    assert [link.address, link.change(), link.change(), link.address] == [0, 1, 2, 2]


def test_making_a_link_draws_nothing():
    draws = Draws(1)
    Link("bob", LinkSpec(LOSSY, LOSSY), draws)
    assert all(draws.stream(*each)._generator is None for each in draws.addresses())
