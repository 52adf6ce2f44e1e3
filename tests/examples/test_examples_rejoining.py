"""Whoever loses the connection comes back, with patience; whoever was removed does not."""

from itertools import pairwise

from callapp.rejoining import FACTOR, FIRST, LONGEST, Rejoining
from hypothesis import given
from hypothesis import strategies as st

import sim

seconds = st.integers(1, 240).map("{}s".format)
chance = st.integers(0, 1_000)


def call(seed, network="fibre"):
    """Alice and Bob are in a call; returns it with Bob's app."""
    made = []
    s = sim.Simulation(seed=seed)
    s.join("alice", role="moderator", publish="camera")
    s.join("bob", network=network, connect=False, app=lambda app: made.append(Rejoining(app)))
    s.advance_until(lambda s: s.client("bob").state == "connected", within="1min")
    return s, made[0]


@given(seed=chance, outage=seconds, network=st.sampled_from(["fibre", "wifi", "cellular"]))
def test_who_was_cut_off_is_back_soon_after_the_network_is(seed, outage, network):
    s, _ = call(seed, network)
    s.do("bob", network="down")
    s.advance(outage)
    s.heal()
    s.advance_until(lambda s: s.client("bob").state == "connected", within="2min")


@given(seed=chance, outage=seconds)
def test_attempts_become_rarer(seed, outage):
    s, bob = call(seed)
    s.do("bob", network="down", lasting=outage)
    s.advance("4min")
    pauses = [later - sooner for sooner, later in pairwise(bob.attempts)]
    assert all(pause >= min(FIRST * FACTOR**n, LONGEST) for n, pause in enumerate(pauses, 1))


@given(seed=chance, before=seconds, outage=seconds)
def test_who_is_told_that_he_was_removed_stays_away(seed, before, outage):
    """Who is removed while away may never hear of it, and comes back: a kick is no ban."""
    s, bob = call(seed)
    s.do("bob", network="down", lasting=outage)
    s.advance(before)
    s.do("alice", do="force-disconnect", target="bob")
    s.advance("6min")
    if s.client("bob").sees("sessionDisconnected", "forceDisconnected"):
        assert s.client("bob").state == "disconnected"
        assert not bob.is_waiting
