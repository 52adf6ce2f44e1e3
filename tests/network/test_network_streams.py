"""Streams: in order, nothing lost, and late only by retransmission timeouts."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sim.draws.distributions import Constant, Uniform
from sim.draws.stream import Draws
from sim.network.direction import Direction
from sim.network.specs import Bernoulli, DirectionSpec, Transport
from sim.network.stream import StreamSender
from sim.protocol.units import MILLISECOND, SECOND

DELAY = 20 * MILLISECOND


def sender(loss=None, delay=Constant(DELAY), seed=1, transport=Transport()):  # noqa: B008
    spec = DirectionSpec(Bernoulli(loss), delay) if loss else DirectionSpec(delay=delay)
    direction = Direction(spec, Draws(seed), "bob", "up")
    return direction, StreamSender(direction, transport)


def play(stream, times):
    """Send item i at ``times[i]``; return (item, sent, departed, arrived) as they come in."""
    deliveries, waiting = [], list(enumerate(times))
    while waiting or stream.deadline is not None:
        if waiting and (stream.deadline is None or waiting[0][1] <= stream.deadline):
            item, now = waiting.pop(0)
            arrival = stream.send(item, now)
            if arrival is not None:
                deliveries.append((item, times[item], now, arrival))
        else:
            now = stream.deadline
            arrival = stream.retransmit(now)
            if arrival is not None:
                items = stream.take_queue()
                deliveries += [(item, times[item], now, arrival) for item in items]
    return deliveries


gaps = st.lists(st.integers(0, 3 * SECOND), min_size=1, max_size=40)


@given(gaps, st.integers(0, 200), st.floats(0.01, 0.8))
def test_everything_arrives_once_and_in_order(gaps, seed, loss):
    times = [sum(gaps[: item + 1]) for item in range(len(gaps))]
    _, stream = sender(loss, Uniform(DELAY, 9 * DELAY), seed)
    deliveries = play(stream, times)
    assert [item for item, *_ in deliveries] == list(range(len(times)))
    arrivals = [arrival for *_, arrival in deliveries]
    assert all(earlier <= later for earlier, later in pairwise(arrivals))
    assert all(arrival >= departed + DELAY for _, _, departed, arrival in deliveries)
    assert all(departed >= sent for _, sent, departed, _ in deliveries)


@given(gaps, st.integers(0, 200), st.floats(0.01, 0.8))
def test_with_a_constant_delay_only_timeouts_make_anything_late(gaps, seed, loss):
    times = [sum(gaps[: item + 1]) for item in range(len(gaps))]
    _, stream = sender(loss, seed=seed)
    for _, sent, departed, arrival in play(stream, times):
        assert arrival == departed + DELAY
        assert departed == sent or any(
            (departed - first) in SUMS for first in times if first <= sent
        )


SUMS = {sum(min(2**n, 60) * SECOND for n in range(count)) for count in range(1, 60)}
"""How long after the first loss a retransmission may be: 1 s, 3 s, 7 s, ..., then every 60 s."""


def test_without_loss_a_stream_is_as_fast_as_the_direction():
    _, stream = sender()
    assert [stream.send(number, number) for number in range(3)] == [DELAY, DELAY + 1, DELAY + 2]
    assert stream.deadline is None


def test_a_slower_packet_holds_up_a_faster_one_behind_it():
    direction, stream = sender(delay=Uniform(0, SECOND))
    alone = Direction(direction.spec, Draws(1), "bob", "up")
    raw = [alone.transmit(now) for now in range(50)]
    assert any(later < earlier for earlier, later in pairwise(raw))
    assert [stream.send(now, now) for now in range(50)] == [max(raw[: n + 1]) for n in range(50)]


def test_the_timeout_doubles_up_to_a_minute():
    direction, stream = sender()
    direction.block(7)
    assert stream.send("hello", 0) is None
    waits, now = [], 0
    for _ in range(9):
        waits.append((stream.deadline - now) // SECOND)
        now = stream.deadline
        assert stream.retransmit(now) is None
        assert stream.blame == 7
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_after_an_outage_data_arrives_with_the_next_retransmission_not_when_the_link_heals():
    direction, stream = sender()
    direction.block(7)
    assert stream.send("first", 0) is None
    for now in (1 * SECOND, 3 * SECOND, 7 * SECOND):
        assert stream.deadline == now
        assert stream.retransmit(now) is None
    direction.unblock(7)  # at 9 s, say
    assert stream.send("second", 10 * SECOND) is None
    assert stream.deadline == 15 * SECOND
    assert stream.retransmit(15 * SECOND) == 15 * SECOND + DELAY
    assert stream.take_queue() == ["first", "second"]
    assert stream.take_queue() == []


def test_what_waits_is_retransmitted_as_one_packet():
    direction, stream = sender()
    direction.block(7)
    for item in range(5):
        stream.send(item, item)
    assert direction.sent == 1
    direction.unblock(7)
    stream.retransmit(stream.deadline)
    assert direction.sent == 2
    assert stream.take_queue() == [0, 1, 2, 3, 4]


def test_after_a_success_the_timer_starts_again_from_the_first_timeout():
    direction, stream = sender(transport=Transport(rto=200 * MILLISECOND))
    for start in (0, 10 * SECOND):
        direction.block(7)
        stream.send("x", start)
        assert stream.deadline == start + 200 * MILLISECOND
        stream.retransmit(stream.deadline)
        direction.unblock(7)
        stream.retransmit(stream.deadline)
        assert stream.deadline is None


def test_items_not_yet_taken_are_not_mixed_with_new_ones():
    direction, stream = sender()
    direction.block(7)
    stream.send("old", 0)
    direction.unblock(7)
    assert stream.retransmit(SECOND) == SECOND + DELAY
    direction.block(8)
    stream.send("new", 2 * SECOND)
    assert stream.take_queue() == ["old"]
