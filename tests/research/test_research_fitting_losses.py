"""Losses that the simulator's own channel made give back the chain that made them."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.draws.stream import Draws
from sim.network.losses import loss_process
from sim.network.specs import Bernoulli, GilbertElliott, NoLoss
from sim.research.fitting import RecordingError, hidden
from sim.research.fitting.losses import fit_losses, moments, observed_chain
from sim.research.fitting.runs import Runs

SIMPLE = GilbertElliott(0.02, 0.25)
GILBERT = GilbertElliott(0.01, 0.1, h=0.6)
ELLIOTT = GilbertElliott(0.01, 0.08, h=0.9, k=0.02)
RESTLESS = GilbertElliott(0.9, 0.9, h=0.9)
"""It rather changes than stays: p + r is more than 1."""


def channel(spec, packets, seed=1):
    """What became of so many packets of the simulator's channel."""
    process = loss_process(spec, Draws(seed), "bob", "up")
    return np.array([process.lost(number, number) for number in range(packets)])


def packet_by_packet(chain, lost):
    """The textbook's forward recursion, one packet after the other."""
    state = np.array([1 - chain.share_bad, chain.share_bad])
    total = 0.0
    for flag in lost:
        state = state @ hidden.moves(chain, bool(flag))
        total += math.log(state.sum())
        state = state / state.sum()
    return total


probabilities = st.floats(0.02, 0.98)
chains = st.builds(GilbertElliott, probabilities, probabilities, h=probabilities, k=probabilities)
sequences = st.lists(st.booleans(), min_size=3, max_size=40).map(np.array)


@settings(deadline=None, max_examples=40)
@given(chains, sequences)
def test_the_likelihood_over_runs_is_that_over_packets(chain, lost):
    assert hidden.log_likelihood(chain, Runs.of(lost)) == pytest.approx(
        packet_by_packet(chain, lost), abs=1e-9
    )


@settings(deadline=None, max_examples=40)
@given(chains, sequences)
def test_a_round_of_baum_and_welch_counts_what_packets_do(chain, lost):
    moved = hidden._round(chain, Runs.of(lost))
    state, forward = np.array([1 - chain.share_bad, chain.share_bad]), []
    for flag in lost:
        forward.append(state)
        state = state @ hidden.moves(chain, bool(flag))
    back, counts = np.ones(2), {False: np.zeros((2, 2)), True: np.zeros((2, 2))}
    for before, flag in zip(forward[::-1], lost[::-1], strict=True):
        moves = hidden.moves(chain, bool(flag))
        counts[bool(flag)] += before[:, None] * moves * back[None, :] / state.sum()
        back = moves @ back
    both = counts[False] + counts[True]
    in_state, lost_in = both.sum(axis=1), counts[True].sum(axis=1)
    assert [moved.p, moved.r] == pytest.approx([both[0, 1] / in_state[0], both[1, 0] / in_state[1]])
    assert [moved.k, moved.h] == pytest.approx(list(lost_in / in_state))


@settings(deadline=None, max_examples=20)
@given(chains)
def test_every_run_has_a_length(chain):
    lengths = np.arange(1, 2000)
    for lost in (False, True):
        beyond = hidden.survival(chain, lost, lengths)
        assert beyond[0] == pytest.approx(1)
        assert (np.diff(beyond) <= 1e-12).all()


@pytest.mark.parametrize(
    ("spec", "name", "near"),
    [
        (Bernoulli(0.05), "independent", {"p": 0.01}),
        (SIMPLE, "simple Gilbert", {"p": 0.005, "r": 0.05}),
        (GILBERT, "Gilbert", {"p": 0.003, "r": 0.03, "h": 0.08}),
        (ELLIOTT, "Gilbert-Elliott", {"p": 0.003, "r": 0.02, "h": 0.05, "k": 0.006}),
        (RESTLESS, "Gilbert", {"p": 0.03, "r": 0.02, "h": 0.03}),
    ],
    ids=["independent", "simple", "gilbert", "elliott", "restless"],
)
def test_the_model_that_made_the_losses_is_found_with_its_parameters(spec, name, near):
    found = fit_losses(channel(spec, 20_000), "x")
    assert found.best.name == name
    for parameter, distance in near.items():
        assert getattr(found.model, parameter) == pytest.approx(
            getattr(spec, parameter), abs=distance
        )
    assert found.best.goodness.p > 0.001


@pytest.mark.parametrize("pattern", ["1" * 30 + "0", "0" + "1" * 30, "1" * 30 + "0" * 9, "01" * 30])
@pytest.mark.filterwarnings("error")
def test_whatever_was_lost_there_is_a_model_if_anything_arrived(pattern):
    lost = np.array([each == "1" for each in pattern])
    assert fit_losses(lost, "x").model.mean_loss == pytest.approx(lost.mean(), abs=0.03)


@settings(deadline=None, max_examples=12)
@given(chains, st.integers(20, 400), st.integers(1, 1000))
def test_no_model_is_less_likely_than_a_special_case_of_it(chain, packets, seed):
    lost = channel(chain, packets, seed)
    assume(not lost.all())
    found = {each.name: each for each in fit_losses(lost, "x").candidates}
    nested = ("simple Gilbert", "Gilbert", "Gilbert-Elliott")
    for special, general in pairwise([found[name] for name in nested if name in found]):
        assert general.aic <= special.aic + 2 * (general.free - special.free) + 1e-6


@settings(deadline=None, max_examples=6)
@given(st.floats(0.01, 0.1), st.floats(0.1, 0.6), st.integers(1, 1000))
def test_any_simple_chain_is_recovered_within_its_error(p, r, seed):
    packets = 5_000
    spec = GilbertElliott(p, r)
    lost = channel(spec, packets, seed)
    found = observed_chain(lost)
    in_bad = packets * spec.share_bad
    # Six standard errors, of which runs that the chain makes are some; none of thousands is beyond.
    assert abs(found.p - p) < 6 * math.sqrt(p * (1 - p) / (packets - in_bad)) + 1e-3
    assert abs(found.r - r) < 6 * math.sqrt(r * (1 - r) / in_bad) + 1e-3


def test_a_wrong_model_does_not_fit():
    found = fit_losses(channel(ELLIOTT, 20_000), "x")
    wrong = next(each for each in found.candidates if each.name == "independent")
    assert wrong.goodness.p < 1e-6
    assert wrong.aic > found.best.aic + 100


def test_gilberts_moments_are_exact_for_the_shares_that_a_chain_has():
    lost = channel(GILBERT, 200_000)
    found = moments(lost)
    assert [found.p, found.r, found.h] == pytest.approx([0.01, 0.1, 0.6], rel=0.12)


@settings(deadline=None, max_examples=25)
@given(sequences)
def test_moments_are_probabilities_or_nothing(lost):
    found = moments(lost) or GILBERT
    assert 0 < found.p < 1
    assert 0 < found.r < 1
    assert 0 < found.h <= 1


def test_no_loss_is_no_loss():
    assert fit_losses(np.zeros(100, dtype=bool), "x").model == NoLoss()


@pytest.mark.parametrize(
    ("lost", "sentence"),
    [
        (np.ones(50, dtype=bool), "x: every packet is lost, so there is no link to fit"),
        (np.ones(1, dtype=bool), "x: 1 packet is too few to fit losses: expected 20 and more"),
        (np.ones(5, dtype=bool), "x: 5 packets are too few to fit losses: expected 20 and more"),
    ],
)
def test_what_cannot_be_fitted_is_said(lost, sentence):
    with pytest.raises(RecordingError, match=f"^{sentence}$"):
        fit_losses(lost, "x")


@pytest.mark.parametrize("place", [0, 30, 59])
def test_a_single_loss_is_fitted_wherever_it_is(place):
    lost = np.zeros(60, dtype=bool)
    lost[place] = True
    assert fit_losses(lost, "x").model.mean_loss == pytest.approx(1 / 60, abs=0.02)


def test_losses_by_turns_are_fitted():
    assert fit_losses(np.arange(200) % 2 == 0, "x").best.model.mean_loss == pytest.approx(0.5)
