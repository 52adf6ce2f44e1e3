"""One real socket: what arrives where, and what each end learns of how it ended."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.draws.distributions import Constant
from sim.draws.stream import Draws
from sim.network.link import Link
from sim.network.specs import Bernoulli, LinkSpec, NoLoss, Transport
from sim.protocol.frames import Hello, Message
from sim.protocol.units import MILLISECOND, SECOND
from sim.world.kernel import PEOPLE, Kernel
from sim.world.wire import ABNORMAL, Wire

HOP = 5 * MILLISECOND
CAUSE = 7


class Ends:
    """Both ends of one wire: they keep what they are told, with the time."""

    def __init__(self, kernel, link):
        self._kernel = kernel
        self.client = []
        self.platform = []
        self.losses = []
        self.wire = Wire(kernel, 1, Hello("bob#1/1", False, "bob"), link, self, self, 0, None)
        self.wire.dial()

    def wire_opened(self, wire):
        self.client.append((self._kernel.now, "opened"))

    def wire_accepted(self, wire):
        self.platform.append((self._kernel.now, "accepted"))

    def wire_closed(self, wire, code, cause):
        self.client.append((self._kernel.now, "closed", code, cause))

    def wire_hung_up(self, wire, cause):
        self.platform.append((self._kernel.now, "hung up", cause))

    def wire_received(self, wire, frame):
        self.client.append((self._kernel.now, frame.txn))

    def wire_delivered(self, wire, frame):
        self.platform.append((self._kernel.now, frame.txn))

    def packet_lost(self, blame):
        self.losses.append(blame)


def stage(loss=None, seed=1, ties=False, transport=None):
    draws = Draws(seed)
    kernel = Kernel(draws.stream("world", "ties") if ties else None)
    spec = LinkSpec.symmetric(loss or NoLoss(), Constant(HOP), transport=transport)
    link = Link("bob", spec, draws)
    return kernel, link, Ends(kernel, link)


def opened(**how):
    """A stage whose wire is open, with what has been told so far forgotten."""
    kernel, link, ends = stage(**how)
    while not ends.wire.is_open:
        kernel.step()
    ends.client.clear()
    ends.platform.clear()
    ends.losses.clear()
    return kernel, link, ends


def frame(number):
    return Message(number, "create", "signal", {}, None)


def what(told):
    """Without the times."""
    return [entry[1:] if len(entry) > 2 else entry[1] for entry in told]


def test_a_socket_opens_at_both_ends_after_three_round_trips():
    kernel, _, ends = stage()
    kernel.run()
    assert ends.platform == [(6 * HOP, "accepted")]
    assert ends.client == [(6 * HOP, "opened")]


@given(
    st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=30),
    st.sampled_from((NoLoss(), Bernoulli(0.3))),
    st.integers(0, 100),
)
@settings(max_examples=60)
def test_frames_arrive_in_the_order_of_sending_even_when_ties_are_permuted(sendings, loss, seed):
    kernel, _, ends = opened(loss=loss, seed=seed, ties=True)
    begun, sent = kernel.now, {True: [], False: []}

    def send(number, up):
        sent[up].append(number)
        (ends.wire.up if up else ends.wire.down).send(frame(number))

    for number, (moment, up) in enumerate(sendings):
        at = begun + moment * MILLISECOND
        kernel.at(at, PEOPLE, lambda _, number=number, up=up: send(number, up))
    kernel.run()
    assert (what(ends.platform), what(ends.client)) == (sent[True], sent[False])


def test_a_lost_frame_holds_up_what_comes_after_it():
    kernel, link, ends = opened()
    link.fail(CAUSE)
    ends.wire.up.send(frame(1))
    link.repair(CAUSE)
    ends.wire.up.send(frame(2))
    begun = kernel.now
    kernel.run()
    assert ends.platform == [(begun + SECOND + HOP, 1), (begun + SECOND + HOP, 2)]
    assert ends.losses == [CAUSE]


def test_tcp_gives_up_after_so_many_retransmissions():
    transport = Transport(rto=SECOND, rto_max=SECOND)
    kernel, link, ends = opened(transport=transport)
    link.fail(CAUSE)
    ends.wire.up.send(frame(1))
    kernel.run()
    link.repair(CAUSE)
    assert len(ends.losses) == 1 + transport.retries
    assert ends.platform == []


def test_a_close_of_the_client_comes_behind_what_it_has_sent():
    kernel, _, ends = opened()
    ends.wire.up.send(frame(1))
    ends.wire.down.send(frame(2))
    ends.wire.hang_up(1000, CAUSE)
    kernel.run()
    assert what(ends.platform) == [1, ("hung up", CAUSE)]
    assert ends.client == []


def test_a_close_of_the_platform_comes_behind_what_it_has_sent():
    kernel, _, ends = opened()
    ends.wire.up.send(frame(1))
    ends.wire.down.send(frame(2))
    ends.wire.turn_away(1001, CAUSE)
    kernel.run()
    assert what(ends.client) == [2, ("closed", 1001, CAUSE)]
    assert ends.platform == []


def test_a_reset_is_learnt_at_both_ends_at_once_and_nothing_more_arrives():
    kernel, _, ends = opened()
    begun = kernel.now
    ends.wire.up.send(frame(1))
    ends.wire.down.send(frame(2))
    ends.wire.reset(CAUSE)
    kernel.run()
    assert ends.platform == [(begun, "hung up", CAUSE)]
    assert ends.client == [(begun, "closed", ABNORMAL, CAUSE)]


def test_a_second_reset_tells_nobody():
    kernel, _, ends = opened()
    ends.wire.reset(CAUSE)
    ends.wire.reset(CAUSE)
    kernel.run()
    assert (len(ends.client), len(ends.platform)) == (1, 1)


def test_nothing_goes_out_of_a_socket_that_was_reset():
    kernel, _, ends = opened()
    ends.wire.reset(CAUSE)
    ends.client.clear()
    ends.platform.clear()
    ends.wire.up.send(frame(1))
    ends.wire.down.send(frame(2))
    kernel.run()
    assert (ends.client, ends.platform) == ([], [])


def test_a_socket_of_an_earlier_address_is_dead_but_silent():
    kernel, link, ends = opened()
    ends.wire.up.send(frame(1))
    link.change()
    ends.wire.up.send(frame(2))
    ends.wire.down.send(frame(3))
    kernel.run()
    assert (what(ends.platform), ends.client) == ([1], [])


def test_a_retransmission_of_an_earlier_address_is_not_sent():
    kernel, link, ends = opened()
    link.fail(CAUSE)
    ends.wire.up.send(frame(1))
    link.repair(CAUSE)
    link.change()
    kernel.run()
    assert ends.platform == []


def test_a_handshake_of_an_earlier_address_never_ends():
    kernel, link, ends = stage()
    kernel.at(HOP, PEOPLE, lambda _: link.change())
    kernel.run()
    assert (ends.client, ends.platform) == ([], [])


def test_what_a_machine_without_power_has_sent_arrives_and_it_hears_nothing():
    kernel, _, ends = opened()
    ends.wire.down.send(frame(1))
    ends.wire.abandon()
    ends.wire.up.send(frame(2))
    kernel.run()
    assert (ends.client, ends.platform) == ([], [])


def test_a_refused_socket_names_the_fault_that_refuses():
    kernel, link, ends = stage()
    ends.wire.hang_up(1000, None)
    link.fail(CAUSE, "both", "refused")
    refused = Ends(kernel, link)
    kernel.run()
    assert refused.client == [(2 * HOP, "closed", ABNORMAL, CAUSE)]
    assert refused.platform == []


def test_a_client_that_hangs_up_before_the_socket_is_open_is_never_known_to_the_platform():
    kernel, _, ends = stage()
    kernel.at(HOP, PEOPLE, lambda _: ends.wire.hang_up(1000, None))
    kernel.run()
    assert (ends.client, ends.platform) == ([], [])


def test_a_lost_packet_of_the_handshake_is_blamed_and_sent_again():
    kernel, link, ends = stage()
    kernel.at(2 * HOP, PEOPLE, lambda _: link.fail(CAUSE))
    kernel.at(SECOND, PEOPLE, lambda _: link.repair(CAUSE))
    kernel.run()
    assert ends.losses[0] == CAUSE
    assert what(ends.client) == ["opened"]
    assert ends.client[0][0] > SECOND


def test_sockets_of_different_people_have_different_numbers():
    draws = Draws(1)
    kernel, link = Kernel(), Link("bob", LinkSpec(), draws)
    ends = Ends(kernel, link)
    hello = Hello("bob#1/1", False, "bob")
    wires = [Wire(kernel, attempt, hello, link, ends, ends, person, None)
             for attempt in (1, 2) for person in (0, 1)]  # fmt: skip
    assert len({wire.number for wire in wires}) == 4
