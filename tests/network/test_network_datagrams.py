"""Datagrams: lost, overtaken, and now and then twice."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sim.draws.distributions import Constant, Uniform
from sim.draws.stream import Draws
from sim.network.datagrams import DatagramPath
from sim.network.direction import Direction
from sim.network.specs import Bernoulli, DirectionSpec

LOSSY = Bernoulli(0.3)


def path(duplication, loss=LOSSY, delay=Uniform(1_000, 9_000), seed=1):  # noqa: B008
    draws = Draws(seed)
    direction = Direction(DirectionSpec(loss, delay, duplication), draws, "bob", "up")
    return direction, DatagramPath(direction, draws)


@given(st.integers(0, 50), st.floats(0, 1))
def test_the_first_arrival_is_that_of_the_packet_and_copies_change_no_packet(seed, duplication):
    direction, datagrams = path(duplication, seed=seed)
    plain, _ = path(0.0, seed=seed)
    for now in range(0, 60_000, 1_000):
        arrivals, alone = datagrams.transmit(now), plain.transmit(now)
        assert arrivals[:1] == (() if alone is None else (alone,))
        assert len(arrivals) <= 2
        assert all(1_000 <= arrival - now <= 9_000 for arrival in arrivals)
    assert direction.sent == plain.sent


def test_as_many_arrive_twice_as_should():
    _, datagrams = path(0.2)
    numbers = [len(datagrams.transmit(now)) for now in range(10_000)]
    arrived, twice = sum(number > 0 for number in numbers), numbers.count(2)
    assert abs(twice - 0.2 * arrived) < 4.5 * (arrived * 0.2 * 0.8) ** 0.5


def test_certain_duplication_gives_two_of_each():
    _, datagrams = path(1.0, Bernoulli(0.0), Constant(5))
    assert datagrams.transmit(10) == (15, 15)


def test_a_copy_has_a_delay_of_its_own():
    _, datagrams = path(1.0, Bernoulli(0.0))
    arrivals = [datagrams.transmit(0) for _ in range(50)]
    assert any(copy < packet for packet, copy in arrivals)
    assert any(copy > packet for packet, copy in arrivals)


def test_datagrams_overtake_each_other():
    _, datagrams = path(0.0, Bernoulli(0.0))
    arrivals = [datagrams.transmit(now)[0] for now in range(100)]
    assert any(later < earlier for earlier, later in pairwise(arrivals))


def test_a_lost_datagram_is_blamed_like_any_packet():
    direction, datagrams = path(1.0)
    direction.block(3)
    assert datagrams.transmit(0) == ()
    assert datagrams.blame == 3
