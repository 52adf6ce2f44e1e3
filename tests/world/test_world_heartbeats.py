"""Heartbeats that are taken ahead: nobody can tell."""

from contextlib import contextmanager
from unittest.mock import patch

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import stories, told

import sim
from sim.client import Client
from sim.platform import Platform
from sim.protocol.quirks import PROFILES
from sim.protocol.units import HOUR
from sim.scenario import loads
from sim.simulation.options import Options
from sim.simulation.performance import Performance
from sim.simulation.story import Story
from sim.world.heartbeats import WORTH, Heartbeats
from sim.world.kernel import Kernel
from sim.world.wire import Lane

LONGER = 5
"""So many times as long as others: a link is left alone for a while."""


def records(story, **options):
    """The records of a run that looks ahead, and the run."""
    heard = []
    result = sim.run(story, keep=False, laws=(), sinks=[heard.append], **options)
    return heard, result


@contextmanager
def counting():
    """The kernels of the runs that are made, and how many heartbeats were taken ahead each time."""
    kernels, trains = [], []
    make, begin = Kernel.__init__, Heartbeats._begin

    def made(self, *arguments):
        kernels.append(self)
        make(self, *arguments)

    def begun(self, wire, until):
        taken = begin(self, wire, until)
        if taken:
            trains.append(len(self._train.pongs.arrivals))
        return taken

    with patch.object(Kernel, "__init__", made), patch.object(Heartbeats, "_begin", begun):
        yield kernels, trains


# -- nobody can tell -------------------------------------------------------------------------------


@given(
    stories(),
    st.sampled_from([1, LONGER]),
    st.sampled_from(sorted(PROFILES)),
    st.integers(0, 1_000),
)
@settings(max_examples=60)
def test_a_run_that_looks_ahead_has_the_same_records(story, longer, profile, replication):
    story = evolve(story, expect=(), duration=longer * story.duration)
    options = {"profile": profile, "replication": replication}
    kept = sim.run(story, laws=(), **options)
    heard, ahead = records(story, **options)
    assert heard == kept.records
    assert (ahead.digest, ahead.count, ahead.moves) == (kept.digest, kept.count, kept.moves)


COINCIDING = loads("""
name: coinciding
duration: 2min
clients:
  alice: {role: moderator, publish: camera, network: {delay: 0s, loss: 5%}}
  bob: {publish: camera, network: {delay: 0s, loss: 5%}, rejoin: {after: 3s}}
  carol: {network: {delay: 1s}}
script:
  - {at: 10s, client: alice, do: signal}
  - {at: 20s, client: alice, do: force-mute-all}
  - {at: 30s, client: bob, do: unpublish}
  - {at: 40s, client: bob, do: publish}
  - {at: 50s, client: bob, network: down, for: 4s}
  - {at: 70s, client: carol, network: change}
  - {at: 80s, client: bob, do: crash}
  - {at: 100s, client: alice, do: force-disconnect, target: bob}
""")
"""Without delays everything happens at whole seconds, PINGs included."""


@pytest.mark.parametrize("replication", range(20))
def test_it_has_where_all_happens_at_the_same_instants(replication):
    heard, _ = records(COINCIDING, replication=replication)
    assert heard == sim.run(COINCIDING, laws=(), replication=replication).records


IDLE = loads("""
name: idle
duration: 5min
platform: {media-idle: 20s}
clients:
  alice: {network: {up: {loss: 20%, delay: 0s}, down: {delay: 0s}}, rejoin: {after: 1s}}
  bob: {network: {up: {delay: 0s}, down: {loss: 20%, delay: 0s}}, rejoin: {after: 1s}}
""")
"""The platform speaks at the very instant at which a PING is due, which comes later."""


@pytest.mark.parametrize("replication", range(5))
def test_a_heartbeat_that_is_due_now_has_not_happened_when_the_platform_speaks(replication):
    heard, _ = records(IDLE, replication=replication)
    assert heard == sim.run(IDLE, laws=(), replication=replication).records


WAITING = """
name: waiting
seed: 19
duration: 30s
platform: {unpublish-echo: false, signal-echo: false}
clients:
  alice: {}
  bob:
    network: {up: {loss: 0.2, delay: 1ms}, down: {delay: 1ms}}
    arrive: 2.2s
    stay: {uniform: {from: 0s, to: 17.4s}}
  carol: {network: cellular}
"""


def test_a_message_waits_behind_a_pong_that_was_lost():
    """Carol is told that Bob has left while the answer to her PING is to be sent again."""
    story = loads(WAITING)
    heard, _ = records(story, replication=82)
    assert heard == sim.run(story, laws=(), replication=82).records


def performed(story, replication, until, looks_ahead):
    """The world of a story at some time, with nothing taken ahead any more."""
    options = Options(keep=False, replication=replication)
    performance = Performance(Story(story, {}), options, {}, looks_ahead=looks_ahead)
    performance.start()
    performance.finish_turn()
    performance.advance(until)
    for participant in performance.world.participants.values():
        participant.driver.link.settle()
    return performance.world


def state(world):
    """Whatever matters to the future, and what explains a silence."""
    now = world.kernel.now
    drivers = [each.driver for each in world.participants.values()]
    return (
        [driver.core.canonical(now) for driver in drivers],
        [
            (driver.link.canonical(now), driver.link.up.sent, driver.link.down.sent)
            for driver in drivers
        ],
        [driver._blame for driver in drivers],
        [
            [lane.sender.canonical(now, lambda item: item) for lane in (wire.up, wire.down)]
            for driver in drivers
            for wire in driver._wires.values()
            if wire.is_open
        ],
        world.platform.core.canonical(now),
    )


@given(stories(), st.integers(0, 1_000), st.floats(0, LONGER))
@settings(max_examples=60)
def test_at_any_time_everything_is_where_it_would_be(story, replication, at):
    story = evolve(story, expect=(), duration=LONGER * story.duration)
    until = max(1, round(at / LONGER * story.duration))
    singly, ahead = (performed(story, replication, until, looks) for looks in (False, True))
    assert state(ahead) == state(singly)


LOSSY = """
name: lossy
duration: 5min
clients:
  alice: {publish: camera, network: {loss: 20%, delay: 30ms}, rejoin: {after: 2s}}
  bob:
    network:
      loss: {gilbert-elliott-time: {good: 3s, bad: 400ms}}
      delay: {lognormal: {median: 300ms, sigma: 1.5}}
"""


@pytest.mark.parametrize(
    "more",
    [
        "timers: {ping: 10s, silence: 6s}",  # given up before the next PING is due
        "timers: {ping: 2s, silence: 2.3s}",
        "timers: {ping: 300ms, silence: 5.9s}",  # many are under way at once
        "platform: {detection: 1500ms}",  # taken for dead before the next PING is due
        "platform: {detection: 2.2s}",
    ],
)
@pytest.mark.parametrize("replication", range(5))
def test_it_has_where_patience_is_as_short_as_pauses(more, replication):
    story = loads(LOSSY + more)
    heard, _ = records(story, replication=replication)
    assert heard == sim.run(story, laws=(), replication=replication).records


# -- it is done ------------------------------------------------------------------------------------


def of_networks(network, duration):
    people = {name: {"network": network, "publish": "camera"} for name in ("alice", "bob", "carol")}
    return told(duration, people)


@pytest.mark.parametrize(
    ("network", "fewer"),
    [
        ("fibre", 20),
        ("wifi", 8),
        ("cellular", 5),
        ("rfc8868-50-5", 5),
        ("rfc8868-50-10", 2),
        ("in-flight-low", 2),
    ],
)
def test_a_calm_hour_has_few_events(network, fewer):
    story = of_networks(network, HOUR)
    with counting() as (kernels, _):
        kept, (heard, _) = sim.run(story, laws=()), records(story)
    singly, ahead = kernels
    assert heard == kept.records
    assert ahead.events * fewer < singly.events
    # What the platform asks itself in vain is left out, too, and counted by nobody.
    assert 0.92 * singly.events < ahead.events + ahead.ahead <= singly.events


OFTEN = """
name: often
duration: 30min
networks:
  cuts: {delay: 30ms, outages: {every: {exponential: 40s}, last: 4s}}
clients: {alice: {network: cuts, rejoin: {after: 1s}}}
"""


@contextmanager
def counting_rollbacks():
    """How many heartbeats of what was taken ahead had to be taken back, each time."""
    taken_back = []
    roll_back = Lane.roll_back

    def counted(self, ahead, count, until, item):
        taken_back.append(len(ahead.arrivals) - count)
        return roll_back(self, ahead, count, until, item)

    with patch.object(Lane, "roll_back", counted):
        yield taken_back


def test_nothing_is_taken_that_an_outage_by_chance_would_undo():
    with counting_rollbacks() as taken_back, counting() as (_, trains):
        sim.run(loads(OFTEN), keep=False, laws=())
    assert len(trains) > 10
    assert min(trains) >= WORTH
    assert not taken_back


SCRIPTED = """
name: scripted
duration: 10min
clients: {alice: {network: fibre}, bob: {network: fibre}}
script:
  - {at: 2min, client: alice, do: signal}
  - {at: 4min, client: bob, do: signal}
  - {at: 6min, client: bob, network: down, for: 3s}
"""


def test_nothing_is_taken_that_a_step_of_the_script_would_undo():
    with counting_rollbacks() as taken_back, counting() as (_, trains):
        sim.run(loads(SCRIPTED), keep=False, laws=())
    assert sum(trains) > 500
    assert not taken_back


def test_a_link_that_was_healed_is_looked_at_beyond_the_outages_it_would_have_had():
    healed = OFTEN + "script: [{at: 5min, client: alice, network: heal}]"
    with counting() as (kernels, _):
        sim.run(loads(healed), keep=False, laws=())
    assert kernels[0].ahead > 3 * 700


@pytest.mark.parametrize(
    "options",
    [
        {"keep": True},
        {"permute_ties": True},
        {"max_events": 10_000},
        {"trace_level": "wire"},
        {"client": type("OwnClient", (Client,), {})},
        {"platform": type("OwnPlatform", (Platform,), {})},
    ],
    ids=" ".join,
)
def test_where_every_event_counts_each_is_performed(options):
    story = of_networks("fibre", HOUR // 60)
    with counting() as (_, trains):
        sim.run(story, **({"keep": False, "laws": ()} | options))
        assert not trains
        sim.run(story, keep=False, laws=())
        assert trains


def test_a_simulation_that_is_driven_by_hand_performs_each():
    with counting() as (_, trains), sim.Simulation(of_networks("fibre", HOUR), keep=False) as s:
        s.advance("10min")
    assert not trains


def test_events_that_were_taken_ahead_count_as_events():
    story = of_networks("fibre", 10 * HOUR)
    with (
        patch("sim.simulation.bare.MOST_EVENTS", 5_000),
        pytest.raises(sim.StoryWithoutEnd, match="5,000 events, the most allowed"),
    ):
        sim.run(story, keep=False, laws=(), max_events=5_000)
