"""How often a page dials again that is let in and turned away."""

from itertools import pairwise

import pytest
from harness import HOP
from openings import ends, meeting, starting

import sim
from sim.client import Client
from sim.client.throttle import Throttle
from sim.protocol.timers import Timers
from sim.protocol.units import MILLISECOND, SECOND


def turned_away(after, **options):
    """Alice loses her socket, and each one that she opens is closed ``after`` its opening."""
    stage, *_ = meeting(**options)
    at = stage.now
    stage.kill(then="up")
    while stage.now < at + 60 * SECOND:
        stage.run(HOP)
        if stage.dials[-1][1].open:
            stage.run(after)
            stage.close("alice", 1001)
    return stage, at, [t - at for t, _ in stage.dials[1:]]


def test_attempts_are_a_tenth_of_a_second_apart_and_the_window_ends_in_time():
    stage, at, dials = turned_away(0)
    gaps = [later - earlier for earlier, later in pairwise(dials)]
    assert dials[0] == 0
    assert set(gaps) == {100 * MILLISECOND}
    (end,) = ends(stage, at)
    assert 30 * SECOND <= end <= 30 * SECOND + 100 * MILLISECOND + 10 * HOP


@pytest.mark.parametrize("after", [150 * MILLISECOND, SECOND])
def test_one_who_was_let_in_for_longer_dials_in_the_next_turn(after):
    _, _, dials = turned_away(after)
    gaps = {later - earlier for earlier, later in pairwise(dials)}
    assert gaps == {2 * HOP + after + 1 * MILLISECOND}


def test_the_spacing_can_be_chosen():
    _, _, dials = turned_away(0, timers=Timers(redial_spacing=SECOND))
    assert dials == [number * SECOND for number in range(31)]


def test_over_a_link_without_delay_a_window_takes_three_hundred_attempts():
    story = sim.Scenario(
        name="storm",
        duration="40s",
        clients={"ann": sim.Person(network={"delay": "0s"}), "bob": sim.Person()},
        script=[sim.Step(at="1s", client="ann", platform="expire-grace")],
    )
    made = []

    class Counted(Client):
        def opened(self, attempt, now, cause):
            made.append(now)
            super().opened(attempt, now, cause)

    result = sim.run(story, client=Counted)
    assert len(made) <= 305
    assert "sessionDisconnected" in [r.name for r in result.records if r.client == "ann"]


# -- the browser's throttle ------------------------------------------------------------------------


def test_a_throttle_doubles_with_every_refusal_or_with_every_other_once_a_socket_was_open():
    fresh, used = Throttle(Timers()), Throttle(Timers())
    used.opened()
    assert fresh.pause() == used.pause() == 0
    pauses = []
    for _ in range(40):
        fresh.refused()
        used.refused()
        pauses.append((fresh.pause(), used.pause()))
    assert pauses[0] == (10 * MILLISECOND,) * 2
    assert pauses[9] == ((3 * SECOND) >> 5, 10 * MILLISECOND)
    assert pauses[19] == (3 * SECOND, (3 * SECOND) >> 5)
    assert pauses[-1] == (3 * SECOND,) * 2
    assert all(a <= b and c <= d for (a, c), (b, d) in pairwise(pauses))
    used.opened()
    assert used.pause() == 0


@pytest.mark.parametrize(("profile", "slow"), [("documented", False), ("opentok.js-2.35.2", True)])
def test_all_sockets_of_a_page_share_the_throttle(profile, slow):
    """Where failed attempts live on, the third one waits for what they have met (recording m16)."""
    stage, _ = starting(profile=profile)
    stage.links["alice"] = "refused"
    stage.run("1min")
    (failed,) = [record.time for record in stage.told() if record.name == "connect"]
    assert (failed >= 9 * SECOND) == slow
    assert failed <= 6 * SECOND + (6 * SECOND if slow else 20 * MILLISECOND)
