"""Losses of packets that were sent at uneven times, fitted to a chain that moves in time."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.network.specs import GilbertElliott, GilbertElliottTime
from sim.protocol.units import MILLISECOND, SECOND
from sim.research import fit
from sim.research.fitting import fit_recordings, hidden, uneven
from sim.research.fitting.losses import fit_losses
from sim.research.fitting.recordings import is_even, reads
from sim.research.fitting.runs import Runs
from sim.research.fitting.uneven import Chain

chains = st.builds(
    Chain, st.floats(1e3, 1e7), st.floats(1e3, 1e7), h=st.floats(0.5, 0.99), k=st.floats(0.01, 0.49)
)
waits = st.one_of(st.just(0.0), st.floats(1.0, 1e7))
TRUE = (1_000 * MILLISECOND, 100 * MILLISECOND)


def moved(chain, step):
    """The matrix of moves over a time."""
    gone = 1 - math.exp(-step * (1 / chain.good + 1 / chain.bad))
    up, down = chain.share_bad * gone, (1 - chain.share_bad) * gone
    return [[1 - up, up], [down, 1 - down]]


def drawn(times, h, k, seed):
    """What becomes of packets sent at these times (us), on a chain of 1 s and 100 ms."""
    draws, chain = np.random.default_rng(seed), Chain(*TRUE, h, k)
    bad, lost = draws.random() < chain.share_bad, []
    for step in np.diff(times, prepend=times[0]).tolist():
        bad = draws.random() < moved(chain, step)[int(bad)][1]
        lost.append(draws.random() < (h if bad else k))
    return np.array(lost)


def sent(how, count, seed=3):
    """Times at which packets are sent (us)."""
    draws = np.random.default_rng(seed)
    if how == "by chance":
        return np.cumsum(draws.exponential(20_000, count))
    if how == "with pauses":
        return np.cumsum(np.where(np.arange(count) % 30, 20_000.0, 500_000.0))
    apart = {"frames": 100.0, "equal stamps": 0.0}[how]
    number = np.arange(count)
    return number // 5 * 33_300 + number % 5 * apart


@given(chains, st.lists(st.tuples(st.booleans(), waits), min_size=2, max_size=7))
def test_the_likelihood_is_the_sum_over_all_that_the_chain_may_have_done(chain, packets):
    lost, steps = np.array([fate for fate, _ in packets]), [step for _, step in packets[1:]]
    total = 0.0
    for states in itertools.product((0, 1), repeat=len(lost)):
        path = (1 - chain.share_bad, chain.share_bad)[states[0]]
        for before, after, step in zip(states, states[1:], steps, strict=False):
            path *= moved(chain, step)[before][after]
        for state, fate in zip(states, lost, strict=True):
            loss = (chain.k, chain.h)[state]
            path *= loss if fate else 1 - loss
        total += path
    found = uneven.log_likelihood(chain, lost, np.array(steps))
    assert found == pytest.approx(math.log(total), rel=1e-9)


@given(chains, st.lists(st.tuples(st.booleans(), waits), min_size=2, max_size=30))
def test_predictions_multiply_to_the_likelihood(chain, packets):
    lost, steps = np.array([fate for fate, _ in packets]), np.array([s for _, s in packets[1:]])
    each = uneven.predictions(chain, lost, steps)
    expected = float(np.log(np.where(lost, each, 1 - each)).sum())
    assert uneven.log_likelihood(chain, lost, steps) == pytest.approx(expected, rel=1e-9)


@given(chains, st.lists(st.booleans(), min_size=2, max_size=60), st.floats(1.0, 1e6))
def test_packets_at_a_pace_see_the_chain_that_moves_with_each(chain, lost, step):
    (_, p), (r, _) = moved(chain, step)
    assume(min(p, r) > 1e-6)
    expected = hidden.log_likelihood(
        GilbertElliott(p, r, chain.h, chain.k), Runs.of(np.array(lost))
    )
    found = uneven.log_likelihood(chain, np.array(lost), np.full(len(lost) - 1, step))
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-6)


@given(chains, waits)
def test_who_is_lost_again_is_who_is_predicted_after_a_loss(chain, step):
    first, second = uneven.predictions(chain, np.array([True, True]), np.array([step]))
    assert first == pytest.approx(chain.share_bad * chain.h + (1 - chain.share_bad) * chain.k)
    assert uneven.again(chain, np.array([step]))[0] == pytest.approx(second)


@pytest.mark.parametrize(
    ("name", "h", "k"),
    [("simple Gilbert", 1.0, 0.0), ("Gilbert", 0.7, 0.0), ("Gilbert-Elliott", 0.7, 0.01)],
)
@pytest.mark.parametrize("how", ["by chance", "with pauses", "frames", "equal stamps"])
def test_the_chain_is_found_however_packets_were_sent(how, name, h, k):
    times = sent(how, 10_000)
    found = fit_losses(drawn(times, h, k, seed=5), "packets.csv", np.diff(times))
    chain = {each.name: each for each in found.candidates}[name]
    assert found.best.aic >= chain.aic - 5.0
    assert (chain.model.good, chain.model.bad) == pytest.approx(TRUE, rel=0.25)
    assert (chain.model.h, chain.model.k) == pytest.approx((h, k), abs=0.06)
    assert chain.goodness.p > 1e-3
    [independent] = [each for each in found.candidates if each.name == "independent"]
    assert independent.goodness.p < 1e-9
    assert independent.aic > found.best.aic + 100.0


@pytest.mark.parametrize("seed", [0, 1])
def test_long_and_weak_bursts_are_found(seed):
    """Where the loss in Bad is no surprise, nearly all lengths are like independent losses."""
    chain = Chain(300 * SECOND, 20 * SECOND, 0.3, 0.05)
    draws = np.random.default_rng(seed)
    steps, bad, lost = draws.exponential(SECOND, 20_000), False, []
    for step in steps.tolist():
        bad = draws.random() < moved(chain, step)[int(bad)][1]
        lost.append(draws.random() < (chain.h if bad else chain.k))
    found = fit_losses(np.array(lost), "x", steps[1:])
    assert found.best.name == "Gilbert-Elliott"
    assert found.best.log_likelihood > uneven.log_likelihood(chain, np.array(lost), steps[1:])


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.sampled_from(["by chance", "frames"]))
def test_no_model_is_less_likely_than_a_special_case_of_it(seed, how):
    times = sent(how, 400, seed)
    lost = drawn(times, 0.6, 0.02, seed)
    assume(lost.any())
    found = {each.name: each for each in fit_losses(lost, "x", np.diff(times)).candidates}
    chances = [
        found[name].log_likelihood for name in ("simple Gilbert", "Gilbert") if name in found
    ]
    more = found.get("Gilbert-Elliott")
    assert more is None or all(more.log_likelihood >= each - 1e-6 for each in chances)
    assert chances == sorted(chances)


def test_independent_losses_are_taken_for_that():
    draws = np.random.default_rng(1)
    times = sent("by chance", 5_000)
    found = fit_losses(draws.random(5_000) < 0.05, "x", np.diff(times))
    assert found.best.name == "independent"
    assert found.best.goodness.p > 0.01


@given(st.floats(1.0, 1e6), st.lists(st.floats(0.51, 1.49), min_size=1, max_size=9))
def test_a_pace_may_sway(usual, sways):
    pace = np.array([usual, usual, *(usual * sway for sway in sways), *[usual] * len(sways)])
    assert is_even(pace)
    assert not is_even(np.append(pace, usual * 1.6))
    assert not is_even(np.append(pace, 0.0))


def written(times, lost):
    rows = (f"{time / SECOND:.6f},{int(fate)}" for time, fate in zip(times, lost, strict=True))
    return "\n".join(["sent,lost", *rows]).encode()


def test_a_recording_says_how_its_packets_were_sent(tmp_path):
    times = sent("frames", 2_000)
    content = written(times, drawn(times, 1.0, 0.0, seed=2))
    (tmp_path / "bursts.csv").write_bytes(content)
    found = fit(tmp_path / "bursts.csv")
    assert (found.uneven, found.spacing, found.to_data()["uneven"]) == (True, None, True)
    assert isinstance(found.link.up.loss, GilbertElliottTime)
    assert 300 * MILLISECOND < found.link.up.loss.good < 3 * SECOND
    told = fit_recordings(reads(content, "x"), spacing=20_000)
    assert (told.uneven, told.spacing) == (False, 20_000)
    assert isinstance(told.losses.candidates[0].model, GilbertElliott)
    alike = reads(written([0.0] * 30, [True, False] * 15), "x")
    assert (alike.steps, alike.spacing) == (None, None)


def test_losses_in_time_are_drawn_by_the_time_after_a_loss():
    pytest.importorskip("matplotlib")
    times = sent("by chance", 3_000)
    [place] = fit_recordings(reads(written(times, drawn(times, 1.0, 0.0, 2)), "x")).plot()
    assert place.get_xlabel() == "time after a packet that was lost [ms]"
    recorded, *models = place.lines
    shares, at = recorded.get_ydata(), recorded.get_xdata() * MILLISECOND
    best = np.interp(at, models[0].get_xdata() * MILLISECOND, models[0].get_ydata())
    assert np.abs(shares - best).max() < 0.25
    assert shares[0] > 0.9 > shares[-1]


@pytest.mark.parametrize(
    ("rows", "cells"), [("0,0,10", "3 cells"), ("0,0.1\n1", "1 cell"), ("0,1,9,9", "4 cells")]
)
def test_a_row_has_a_cell_for_each_name(rows, cells):
    with pytest.raises(ValueError, match=rf"^x:[23]: the row has {cells}, and the header 2: "):
        reads(f"lost,delay\n{rows}\n".encode(), "x")


def test_empty_cells_at_the_end_are_none():
    assert reads(b"lost,delay\n0,1,\n1,,,\n", "x").lost.tolist() == [False, True]
