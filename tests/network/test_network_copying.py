"""Links that are copied, and links that are told of many packets at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.draws.distributions import Constant, Uniform
from sim.draws.stream import Draws
from sim.network.handshake import Handshake
from sim.network.link import Link
from sim.network.specs import (
    Bernoulli,
    DirectionSpec,
    GilbertElliott,
    GilbertElliottTime,
    LinkSpec,
    NoLoss,
)
from sim.network.stream import StreamSender
from sim.protocol.renaming import Renaming
from sim.protocol.units import HOUR, MILLISECOND, SECOND

RATES = st.sampled_from([0.0, 0.01, 0.3, 0.9, 1.0])
SOJOURNS = st.sampled_from([30 * MILLISECOND, 2 * SECOND, 20 * SECOND])
LOSSES = st.one_of(
    st.just(NoLoss()),
    RATES.map(Bernoulli),
    st.builds(GilbertElliott, p=st.sampled_from([0.01, 0.3, 1.0]),
              r=st.sampled_from([0.1, 0.6, 1.0]), h=RATES, k=RATES),
    st.builds(GilbertElliottTime, good=SOJOURNS, bad=SOJOURNS, h=RATES, k=RATES),
    st.builds(GilbertElliottTime, good=SOJOURNS, bad=SOJOURNS),
)  # fmt: skip
DELAYS = st.sampled_from([Constant(20 * MILLISECOND), Uniform(0, 300 * MILLISECOND)])
SPECS = st.builds(DirectionSpec, LOSSES, DELAYS)
INTERVALS = st.sampled_from([0, 1, 7 * MILLISECOND, 300 * MILLISECOND, 2 * SECOND])
RUNS = st.lists(st.tuples(INTERVALS, st.integers(0, 30)), max_size=8)


def direction(spec, seed=3):
    return Link("bob", LinkSpec(spec, spec), Draws(seed)).up


@given(SPECS, RUNS)
@settings(max_examples=200)
def test_many_at_once_is_the_same_as_one_after_the_other(spec, runs):
    at_once, singly, now = direction(spec), direction(spec), 0
    for interval, count in runs:
        sent = 0
        while sent < count:
            before = at_once.snapshot()
            lost = at_once.next_lost(now, interval, count - sent)
            assert at_once.snapshot() == before
            passing = count - sent if lost is None else lost
            at_once.passed(now, interval, passing)
            for number in range(passing):
                assert singly.transmit(now + number * interval) is not None
            assert at_once.snapshot()[0::2] == singly.snapshot()[0::2]
            now += passing * interval
            sent += passing
            if lost is not None:
                assert at_once.transmit(now) is None
                assert singly.transmit(now) is None
                assert at_once.blame == singly.blame
                now, sent = now + interval, sent + 1
            assert at_once.snapshot() == singly.snapshot()


def test_a_day_of_heartbeats_is_one_question():
    spec = DirectionSpec(GilbertElliottTime(10 * HOUR, HOUR, 0.0, 0.0), Constant(0))
    quiet = direction(spec)
    assert quiet.next_lost(0, 2 * SECOND, 10**6) is None
    quiet.passed(0, 2 * SECOND, 10**6)
    assert quiet.sent == 10**6
    assert direction(DirectionSpec(Bernoulli(0.0))).next_lost(0, 1, 10**15) is None
    assert direction(DirectionSpec()).next_lost(0, 1, 10**15) is None


def test_what_is_lost_does_not_pass():
    lossy = direction(DirectionSpec(Bernoulli(1.0)))
    with pytest.raises(ValueError, match="packet 0 of these 1 on bob/up is lost"):
        lossy.passed(0, SECOND, 1)
    assert lossy.sent == 0


def test_a_fault_that_holds_loses_the_very_next_packet():
    blocked = direction(DirectionSpec())
    blocked.block(7)
    assert blocked.next_lost(0, SECOND, 5) == 0
    assert blocked.next_lost(0, SECOND, 0) is None
    blocked.unblock(7)
    assert blocked.next_lost(0, SECOND, 5) is None


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.sampled_from(["up", "down"]), st.integers(0, 5 * SECOND)),
        st.tuples(st.just("fail"), st.sampled_from(["up", "down", "both"]), st.integers(1, 3)),
        st.tuples(st.just("repair"), st.just("both"), st.integers(1, 3)),
        st.tuples(st.just("change"), st.just("both"), st.just(0)),
        st.tuples(st.just("open"), st.just("both"), st.integers(0, 5 * SECOND)),
    ),
    max_size=30,
)


class Player:
    """A link with a stream each way and one handshake after the other."""

    def __init__(self, spec, seed=3, start=0, fault=0):
        self.link = Link("bob", LinkSpec(spec, spec), Draws(seed))
        transport = self.link.spec.transport
        self.streams = {
            "up": StreamSender(self.link.up, transport),
            "down": StreamSender(self.link.down, transport),
        }
        self.handshake = Handshake(self.link)
        self.now, self.number, self.fault = start, 0, fault

    def play(self, steps):
        return [(self.act(*step), self.now) for step in steps]

    def act(self, what, way, number):
        if what == "send":
            self.now += number
            sender = self.streams[way]
            if sender.deadline is not None and sender.deadline <= self.now:
                return sender.retransmit(self.now), sender.take_queue()
            self.number += 1
            return sender.send(self.number, self.now), sender.deadline
        if what == "open":
            self.now += number
            if self.handshake.deadline is None:
                self.handshake = Handshake(self.link)
                self.handshake.start(self.now)
            elif self.handshake.deadline <= self.now:
                self.handshake.advance(self.now)
            return self.handshake.outcome, self.handshake.deadline, self.handshake.blame
        holds = self.fault + number in self.link._faults
        if what == "fail" and not holds:
            mode = "refused" if number == 3 else "blackhole"
            self.link.fail(self.fault + number, way, mode)
        elif what == "repair" and holds:
            self.link.repair(self.fault + number)
        elif what == "change":
            return self.link.change()
        return None

    def snapshot(self):
        streams = [stream.snapshot() for stream in self.streams.values()]
        return self.link.snapshot(), streams, self.handshake.snapshot(), (self.now, self.number)

    def restore(self, saved):
        link, streams, handshake, (self.now, self.number) = saved
        self.link.restore(link)
        for stream, state in zip(self.streams.values(), streams, strict=True):
            stream.restore(state)
        self.handshake = Handshake(self.link)
        self.handshake.restore(handshake)

    def canonical(self):
        names = Renaming()
        return (
            self.link.canonical(self.now, names),
            [stream.canonical(self.now, lambda item: "item") for stream in self.streams.values()],
            self.handshake.canonical(self.now),
        )


@given(SPECS, STEPS, STEPS)
@settings(max_examples=200)
def test_a_link_goes_on_from_a_snapshot_as_it_went_on_before(spec, before, after):
    player = Player(spec)
    player.play(before)
    saved = player.snapshot()
    first, ended = player.play(after), player.snapshot()
    player.restore(saved)
    assert player.snapshot() == saved
    assert (player.play(after), player.snapshot()) == (first, ended)
    twin = Player(spec)
    twin.restore(saved)
    assert (twin.play(after), twin.snapshot()) == (first, ended)
    hash(saved[0])


@given(DELAYS, STEPS, st.integers(0, HOUR))
def test_time_and_causes_do_not_matter_where_nothing_is_drawn(delay, steps, later):
    spec = DirectionSpec(NoLoss(), delay)
    player, other = Player(spec), Player(spec, start=later, fault=100)
    player.play(steps)
    other.play(steps)
    assert player.canonical() == other.canonical()


def test_how_many_packets_went_before_matters_only_where_something_is_drawn():
    fixed, drawn = DirectionSpec(), DirectionSpec(Bernoulli(0.5), Uniform(0, SECOND))
    for spec, same in ((fixed, True), (drawn, False)):
        one, other = direction(spec), direction(spec)
        one.transmit(0)
        assert (one.canonical(SECOND) == other.canonical(SECOND)) is same


def test_what_holds_on_a_link_is_told_apart():
    def form(change):
        player = Player(DirectionSpec())
        change(player)
        return player.canonical()

    forms = [
        form(change)
        for change in (
            lambda player: None,
            lambda player: player.link.fail(1, "up"),
            lambda player: player.link.fail(1, "down"),
            lambda player: player.link.fail(1, "both"),
            lambda player: player.link.fail(1, "both", "refused"),
            lambda player: player.act("open", "both", 0),
            lambda player: (player.link.fail(1, "up"), player.act("send", "up", 0)),
        )
    ]
    assert len({repr(form) for form in forms}) == len(forms)
