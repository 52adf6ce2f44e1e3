"""Opening a WebSocket: three exchanges, retried after 1, 2, 4 s, refused, or never over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws.distributions import Constant, Uniform
from sim.draws.stream import Draws
from sim.network.handshake import Handshake
from sim.network.link import Link
from sim.network.specs import Bernoulli, DirectionSpec, LinkSpec, Transport
from sim.protocol.units import MILLISECOND, SECOND

UP, DOWN = 20 * MILLISECOND, 30 * MILLISECOND


def make_link(transport=Transport(), up=None, down=None, seed=1):  # noqa: B008
    spec = LinkSpec(
        up or DirectionSpec(delay=Constant(UP)),
        down or DirectionSpec(delay=Constant(DOWN)),
        transport=transport,
    )
    return Link("bob", spec, Draws(seed))


def play(link, until=1000 * SECOND, faults=()):
    """Run one handshake from 0; ``faults`` are (time, what to do); return it and its deadlines."""
    handshake, deadlines, faults = Handshake(link), [], list(faults)
    handshake.start(0)
    while handshake.deadline is not None and handshake.deadline <= until:
        now = handshake.deadline
        while faults and faults[0][0] <= now:
            faults.pop(0)[1]()
        deadlines.append(now)
        handshake.advance(now)
    return handshake, deadlines


def test_without_loss_it_takes_three_round_trips():
    handshake, deadlines = play(make_link())
    assert handshake.outcome == "open"
    assert deadlines == [20_000, 50_000, 70_000, 100_000, 120_000, 150_000]
    assert handshake.blame is None


@given(st.integers(1, 10))
def test_the_number_of_round_trips_can_be_chosen(round_trips):
    link = make_link(Transport(round_trips=round_trips))
    _, deadlines = play(link)
    assert deadlines[-1] == round_trips * (UP + DOWN)
    assert link.up.sent == link.down.sent == round_trips


@given(st.integers(0, 300), st.floats(0, 0.6), st.floats(0, 0.6))
def test_whatever_is_lost_it_opens_in_the_end(seed, lost_up, lost_down):
    link = make_link(
        up=DirectionSpec(Bernoulli(lost_up), Uniform(0, 2 * SECOND)),
        down=DirectionSpec(Bernoulli(lost_down), Uniform(0, 2 * SECOND)),
        seed=seed,
    )
    handshake, deadlines = play(link, until=10**15)
    assert handshake.outcome == "open"
    assert deadlines == sorted(deadlines)
    assert link.up.sent >= link.down.sent >= 3


@pytest.mark.parametrize("direction", ["up", "down", "both"])
def test_syns_are_sent_again_after_1_2_4_seconds(direction):
    link = make_link()
    link.fail(4, direction)
    handshake, deadlines = play(link, until=200 * SECOND)
    sent = [time for time in deadlines if time % SECOND == 0]
    assert sent == [second * SECOND for second in (1, 3, 7, 15, 31, 63, 123, 183)]
    assert handshake.outcome is None
    assert handshake.blame == 4


def test_it_goes_on_when_a_syn_gets_through():
    link = make_link()
    link.fail(4)
    handshake, deadlines = play(link, faults=[(3 * SECOND, lambda: link.repair(4))])
    assert handshake.outcome == "open"
    assert deadlines[:2] == [1 * SECOND, 3 * SECOND]
    assert deadlines[-1] == 3 * SECOND + 3 * (UP + DOWN)


def test_each_exchange_starts_from_the_first_timeout_and_is_repeated_whole():
    link = make_link()
    link.fail(4, "down")
    # TCP succeeds with the third SYN; then the answer to the TLS hello is lost.
    restore, fail = (lambda: link.repair(4)), (lambda: link.fail(5, "down"))
    connected = 3 * SECOND + UP + DOWN
    handshake, deadlines = play(
        link,
        faults=[
            (3 * SECOND, restore),
            (connected + UP, fail),
            (connected + SECOND, lambda: link.repair(5)),
        ],
    )
    assert handshake.outcome == "open"
    assert handshake.blame == 5
    assert connected + SECOND in deadlines
    assert deadlines[-1] == connected + SECOND + 2 * (UP + DOWN)


def test_an_answer_lost_after_the_timeout_is_asked_for_again_at_once():
    link = make_link(up=DirectionSpec(delay=Constant(5 * SECOND)))
    link.fail(4, "down")
    _, deadlines = play(link, until=12 * SECOND)
    assert deadlines == [5 * SECOND, 5 * SECOND, 10 * SECOND, 10 * SECOND]


def test_a_refused_connection_is_told_so_after_a_packets_time_there_and_back():
    link = make_link()
    link.fail(4, mode="refused")
    handshake, deadlines = play(link)
    assert handshake.outcome == "refused"
    assert deadlines == [UP + DOWN]
    assert handshake.blame == 4
    assert handshake.deadline is None


def test_a_refusal_that_begins_between_two_syns_meets_the_second():
    link = make_link()
    link.fail(3)
    handshake, deadlines = play(link, faults=[(SECOND, lambda: link.fail(4, mode="refused"))])
    assert handshake.outcome == "refused"
    assert deadlines == [SECOND, SECOND + UP + DOWN]
    assert handshake.blame == 4


def test_a_refusal_after_tcp_is_connected_is_silence():
    link = make_link()
    handshake, _ = play(
        link, until=20 * SECOND, faults=[(UP + DOWN, lambda: link.fail(4, mode="refused"))]
    )
    assert handshake.outcome is None
    assert handshake.blame == 4


def test_there_is_nothing_to_do_before_the_start_and_after_the_end():
    handshake = Handshake(make_link())
    with pytest.raises(ValueError, match="it has not started, or is over"):
        handshake.advance(0)
    over, _ = play(make_link())
    with pytest.raises(ValueError, match="it has not started, or is over"):
        over.advance(SECOND)
