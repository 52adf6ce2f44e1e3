"""Virtual time: what comes first at one instant, and what permuting that leaves in order."""

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st
from stories import found, seen, told

import sim
from sim.draws.distributions import Constant
from sim.draws.stream import Draws
from sim.network.link import Link
from sim.network.specs import Bernoulli, LinkSpec, NoLoss
from sim.protocol.frames import Hello, Message
from sim.protocol.units import MILLISECOND, SECOND
from sim.world.kernel import CLIENT_TIMER, DELIVERY, FAULT, PEOPLE, PLATFORM_TIMER, Kernel
from sim.world.wire import Wire

RANKS = (FAULT, DELIVERY, PLATFORM_TIMER, CLIENT_TIMER, PEOPLE)

moments = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(RANKS), st.integers(0, 3)), max_size=30
)


def run_all(kernel, moments):
    """Schedule everything at once; return what has run, with the times at which it did."""
    ran = []
    for number, (time, rank, person) in enumerate(moments):
        kernel.at(time, rank + person, lambda _, number=number: ran.append((kernel.now, number)))
    kernel.run()
    return ran


@given(moments)
def test_order_is_by_time_then_rank_then_person_then_scheduling(moments):
    ran = run_all(Kernel(), moments)
    assert [moments[number] for _, number in ran] == sorted(moments)
    assert all(time == moments[number][0] for time, number in ran)
    equals = defaultdict(list)
    for _, number in ran:
        equals[moments[number]].append(number)
    assert all(numbers == sorted(numbers) for numbers in equals.values())


@given(moments, st.integers(0, 1000))
def test_permuted_ties_keep_the_times_and_lose_nothing(moments, seed):
    ties = Draws(seed).stream("world", "ties")
    ran = run_all(Kernel(ties), moments)
    assert [time for time, _ in ran] == sorted(time for time, _, _ in moments)
    assert sorted(number for _, number in ran) == list(range(len(moments)))
    assert ran == run_all(Kernel(ties), moments)


def test_permuted_ties_do_permute():
    moments = [(0, FAULT, 0), (0, PEOPLE, 0)]
    orders = {
        tuple(number for _, number in run_all(Kernel(Draws(seed).stream("world", "ties")), moments))
        for seed in range(20)
    }
    assert orders == {(0, 1), (1, 0)}


def test_a_process_sleeps_at_its_rank():
    kernel, ran = Kernel(), []

    def process(name, rank):
        yield kernel.sleep(SECOND, rank)
        ran.append((kernel.now, name))

    for name, rank in (("person", PEOPLE), ("fault", FAULT)):
        kernel.process(process(name, rank))
    kernel.run()
    assert ran == [(SECOND, "fault"), (SECOND, "person")]


def test_a_process_sleeps_as_long_when_ties_are_permuted():
    kernel, woken = Kernel(Draws(1).stream("world", "ties")), []

    def process():
        yield kernel.sleep(7, PEOPLE)
        woken.append(kernel.now)

    kernel.process(process())
    kernel.run()
    assert woken == [7]


# -- a whole story at one instant ------------------------------------------------------------------

COLLISION = told(
    "20s",
    {"alice": {"role": "moderator"}, "bob": {}},
    ("10s", "bob", {"network": "down"}),
    ("10s", "bob", {"do": "signal", "type": "late"}),
    ("10s", "alice", {"do": "force-disconnect", "target": "bob"}),
)


def test_of_two_steps_at_one_time_the_one_written_first_is_done_first():
    names = [r.name for r in sim.run(COLLISION).records if r.time == 10 * SECOND]
    assert names == ["down", "signal", "forceDisconnect"]


def test_of_two_people_who_arrive_at_one_time_the_one_declared_first_connects_first():
    story = told("1s", {"zoe": {}, "adam": {}})
    assert [r.client for r in found(sim.run(story), name="joined")] == ["zoe", "adam"]
    assert seen(sim.run(story), "adam")[:3] == [
        "sessionConnected",
        "connectionCreated",
        "connectionCreated",
    ]


def test_permuted_ties_let_either_of_them_be_first():
    story = told("1s", {"zoe": {}, "adam": {}})
    firsts = {
        found(sim.run(story, seed=seed, permute_ties=True), name="joined")[0].client
        for seed in range(20)
    }
    assert firsts == {"zoe", "adam"}


# -- frames of one socket keep their order ---------------------------------------------------------


class End:
    """Both ends of a wire: keeps what comes."""

    def __init__(self):
        self.opened = False
        self.at_client = []
        self.at_platform = []

    def wire_opened(self, wire):
        self.opened = True

    def wire_accepted(self, wire): ...

    def wire_closed(self, wire, code, cause): ...

    def wire_hung_up(self, wire, cause): ...

    def wire_received(self, wire, frame):
        self.at_client.append(frame.txn)

    def wire_delivered(self, wire, frame):
        self.at_platform.append(frame.txn)

    def packet_lost(self, blame): ...


@given(
    st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=30),
    st.sampled_from((NoLoss(), Bernoulli(0.3))),
    st.integers(0, 100),
)
@settings(max_examples=60)
def test_frames_of_a_wire_arrive_in_the_order_of_sending_even_when_ties_are_permuted(
    sendings, loss, seed
):
    draws = Draws(seed)
    kernel = Kernel(draws.stream("world", "ties"))
    link = Link("bob", LinkSpec.symmetric(loss, Constant(5 * MILLISECOND)), draws)
    end = End()
    wire = Wire(kernel, 1, Hello("bob#1/1", False), link, end, end, 0, None)
    wire.dial()
    while not end.opened:
        kernel.step()
    begun, sent = kernel.now, {True: [], False: []}

    def send(number, up):
        sent[up].append(number)
        (wire.send_up if up else wire.send_down)(Message(number, "create", "signal", {}, None))

    for number, (moment, up) in enumerate(sendings):
        kernel.at(
            begun + moment * MILLISECOND,
            PEOPLE,
            lambda _, number=number, up=up: send(number, up),
        )
    kernel.run()
    assert (end.at_platform, end.at_client) == (sent[True], sent[False])
