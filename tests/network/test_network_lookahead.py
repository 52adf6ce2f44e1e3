"""What is worked out ahead is what comes of it, and can be taken back at any time."""

from bisect import bisect_right

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_network_copying import DELAYS, LOSSES

from sim.draws.distributions import Lognormal
from sim.draws.stream import Draws
from sim.network.direction import Direction
from sim.network.specs import (
    Bernoulli,
    DirectionSpec,
    GilbertElliottTime,
    NoLoss,
    Transport,
)
from sim.network.stream import StreamSender
from sim.protocol.units import MILLISECOND, SECOND

SPECS = st.builds(DirectionSpec, LOSSES, DELAYS | st.just(Lognormal(40 * MILLISECOND, 1.5)))
GAPS = st.sampled_from([0, 20 * MILLISECOND, 900 * MILLISECOND, SECOND, 2 * SECOND])
TIMES = st.lists(GAPS, min_size=1, max_size=40).map(
    lambda gaps: [sum(gaps[: place + 1]) for place in range(len(gaps))]
)
SEEDS = st.integers(0, 1_000)


def direction(spec, seed, before=()):
    """A direction through which packets have gone."""
    made = Direction(spec, Draws(seed), "bob", "up")
    for time in before:
        made.transmit(time)
    return made


def begun(gaps):
    """Times at which packets were sent, and when the next ones may be."""
    times = [sum(gaps[: place + 1]) for place in range(len(gaps))]
    return times, times[-1] if times else 0


BEFORE = st.lists(GAPS, max_size=90)


# -- packets ---------------------------------------------------------------------------------------


@given(SPECS, SEEDS, BEFORE, TIMES, st.sampled_from([20 * MILLISECOND, SECOND]))
@settings(max_examples=300)
def test_what_is_told_ahead_of_packets_is_what_comes(spec, seed, gaps, times, rto):
    before, now = begun(gaps)
    times = [now + time for time in times]
    asked, sent = direction(spec, seed, before), direction(spec, seed, before)
    state = asked.snapshot()
    known, lost = asked.foretell(times, rto)
    delays = asked.delays(asked.sent, known + len(lost))
    assert asked.snapshot() == state
    late, again = [], []
    for place, time in enumerate(times[:known]):
        late.append(sent.transmit(time))
        if late[-1] is None:
            again.append(place)
            late.append(sent.transmit(time + rto))
            assert late[-1] is not None
    assert again == lost
    packets = sorted([*times[:known], *(times[place] + rto for place in lost)])
    for time, delay, arrival in zip(packets, delays, late, strict=False):
        assert arrival in (None, time + delay)
    asked.sent += len(packets)  # they have been taken for sent
    if asked.counts:
        asked.catch_up(state[0], packets)
    if lost:
        assert asked.blame_for(times[lost[-1]], state[0] + lost[-1] + len(lost) - 1) == sent.blame
    now = max([now, *packets[-1:]])
    assert asked.canonical(now) == sent.canonical(now)
    rest = [now + time for time in times[known:]]
    assert [asked.transmit(time) for time in rest] == [sent.transmit(time) for time in rest]
    assert lost or asked.blame == sent.blame


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (DirectionSpec(), 40),
        (DirectionSpec(NoLoss(), Lognormal(40 * MILLISECOND, 0.5)), 15),
        (DirectionSpec(Bernoulli(1e-6)), 40),
        (DirectionSpec(GilbertElliottTime(20 * SECOND, SECOND)), 4),
    ],
)
def test_much_is_told_of_calm_channels(spec, told):
    """Of draws that have been made, that is: the first block of delays has sixteen."""
    stream = StreamSender(direction(spec, 3, [0]), Transport())
    assert len(stream.lookahead(range(2 * SECOND, 82 * SECOND, 2 * SECOND)).arrivals) >= told


def test_of_sojourns_that_have_not_been_read_nothing_is_told():
    for loss in (
        GilbertElliottTime(20 * SECOND, SECOND),
        GilbertElliottTime(SECOND, SECOND, h=0.5),
    ):
        assert direction(DirectionSpec(loss), 3).foretell([0, SECOND], SECOND) == (0, [])


def test_losses_by_number_are_told_with_what_comes_behind_them():
    way = direction(DirectionSpec(Bernoulli(0.2)), 3)
    known, lost = way.foretell(range(0, 200 * SECOND, 2 * SECOND), SECOND)
    assert known > 6
    assert lost


def test_what_was_taken_is_settled_before_anything_else_happens():
    way, settled = direction(DirectionSpec(), 3), []
    for act in (
        lambda: way.transmit(0),
        lambda: way.cross(0),
        lambda: way.block(7),
        lambda: way.unblock(7),
    ):
        way.settle = lambda: settled.append(way.snapshot())
        before = way.snapshot()
        act()
        assert settled.pop() == before


# -- streams ---------------------------------------------------------------------------------------


class Stepwise:
    """A stream that is driven as the world does, event by event."""

    def __init__(self, spec, seed, before):
        self.way = direction(spec, seed, before)
        self.stream = StreamSender(self.way, Transport())
        self.arrivals = []
        self.lost = []

    def until(self, times, end):
        """Send at these times, and again whatever is lost, up to ``end``; how many were sent."""
        for place, time in enumerate(times):
            if time > end:
                return place
            self.again(min(time - 1, end))
            arrival = self.stream.send(place, time)
            if arrival is not None:
                self.arrivals.append(arrival)
            else:
                self.lost.append((time, self.stream.blame))
        self.again(end)
        return len(times)

    def again(self, end):
        """Send again what was lost, as often as it comes due by ``end``."""
        while self.stream.deadline is not None and self.stream.deadline <= end:
            due = self.stream.deadline
            arrival = self.stream.retransmit(due)
            if arrival is None:
                self.lost.append((due, self.stream.blame))
            else:
                self.arrivals += [arrival for _ in self.stream.take_queue()]


def test_nothing_arrives_before_what_was_sent_before():
    waited = 0
    for seed in range(8):
        way = direction(DirectionSpec(NoLoss(), Lognormal(SECOND, 1.5)), seed, [0])
        stream, times = StreamSender(way, Transport()), range(0, 2 * MILLISECOND, MILLISECOND)
        last = stream.send("item", 0)
        ahead = stream.lookahead(times)
        late = [last, *map(way.transmit, times)]
        assert ahead.arrivals == [max(late[: place + 2]) for place in range(len(times))]
        waited += late[1] < last and late[1:] == sorted(late[1:])
    assert waited


@given(SPECS, SEEDS, BEFORE, TIMES, st.integers(-SECOND, 90 * SECOND))
@settings(max_examples=500)
def test_what_was_taken_ahead_can_be_taken_back_at_any_time(spec, seed, gaps, times, after):
    before, now = begun(gaps)
    times = [now + time for time in times]
    way = direction(spec, seed, before)
    stream = StreamSender(way, Transport())
    ahead = stream.lookahead(times)
    assume(ahead.arrivals)
    stream.take(ahead)
    until = now + after
    count = bisect_right(times, until, 0, len(ahead.arrivals))
    flying = stream.roll_back(ahead, count, until, "item")

    other = Stepwise(spec, seed, before)
    sent = other.until(times[: len(ahead.arrivals)], until)
    assert sent == count
    assert way.sent == other.way.sent
    assert flying == [arrival for arrival in other.arrivals if arrival > until]
    saved, expected = stream.snapshot(), other.stream.snapshot()
    assert (*saved[:3], len(saved[3])) == (*expected[:3], len(expected[3]))
    told = stream.last_lost(ahead, count)
    stream.catch_up(ahead, count, until)
    blamed = None if told is None else (told[0], way.blame_for(*told))
    assert blamed == (other.lost[-1] if other.lost else None)
    later = until + 5 * SECOND
    assert way.transmit(later) == other.way.transmit(later)
