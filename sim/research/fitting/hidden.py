"""The hidden chain behind losses: its likelihood, and Baum and Welch's estimate.

Both go from run to run and not from packet to packet. Within a run of n packets with the same fate
the chain is moved by a power of one matrix, and what a sum over its packets needs is a geometric
sum of its two eigenvalues; so a recording costs what its runs cost.

Source: Baum, Petrie, Soules, Weiss, "A maximization technique occurring in the statistical analysis
of probabilistic functions of Markov chains", 1970. As in the simulator, the first state is drawn
from the stationary distribution.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import astuple, frozen
from scipy import optimize

from sim.network.specs import GilbertElliott
from sim.research.fitting.runs import Counts, Runs

Matrix = npt.NDArray[np.float64]

EDGE: Final = 1e-9
"""Probabilities of a move stay so far from 0 and 1: at those a matrix has no two eigenvalues."""
STEEP: Final = 20.0
"""The largest logit of a probability: 1 - p is then 2e-9."""
ROUNDS: Final = 8
"""Rounds of Baum and Welch, at most."""
ENOUGH: Final = 1e-3
"""What a step must add to the log-likelihood, or it is the last: no test sees less."""


def moves(chain: GilbertElliott, lost: bool) -> Matrix:
    """From Good and Bad to Good and Bad with one packet of this fate."""
    p, r = np.clip([chain.p, chain.r], EDGE, 1 - EDGE)
    fate = np.array([chain.k, chain.h]) if lost else 1 - np.array([chain.k, chain.h])
    return np.asarray(fate[:, None] * np.array([[1 - p, p], [r, 1 - r]]))


@frozen(eq=False)
class _Power:
    """Powers of a matrix of moves, each divided by that power of its larger eigenvalue."""

    moves: Matrix
    values: Matrix
    right: Matrix
    left: Matrix

    @classmethod
    def of(cls, moves: Matrix) -> _Power:
        values, right = np.linalg.eig(moves)
        order = np.argsort(-np.abs(values.real))
        right = right.real[:, order]
        return cls(moves, values.real[order], right, np.linalg.inv(right))

    @property
    def growth(self) -> float:
        """The logarithm of what each packet multiplies by."""
        return float(np.log(self.values[0]))

    def of_lengths(self, lengths: Counts) -> Matrix:
        """The powers, one a run."""
        ratio = self.values[1] / self.values[0]
        fixed, fading = (np.outer(self.right[:, k], self.left[k]) for k in (0, 1))
        return np.asarray(fixed + (ratio**lengths)[:, None, None] * fading)

    def visits(self, lengths: Counts, before: Matrix, after: Matrix) -> Matrix:
        """How often each move is made in all runs, given what is known before and after each."""
        ratio = self.values[1] / self.values[0]
        powers = ratio**lengths
        sums = np.empty((lengths.size, 2, 2))
        sums[:, 0, 0] = lengths
        sums[:, 1, 1] = lengths * ratio ** (lengths - 1)
        sums[:, 0, 1] = sums[:, 1, 0] = (1 - powers) / (1 - ratio)
        entering, leaving = before @ self.right, after @ self.left.T
        weights = (entering[:, :, None] * leaving[:, None, :] * sums).sum(axis=0)
        paths = np.einsum("ks,kl,tl->st", self.left, weights, self.right)
        return np.asarray(self.moves * paths / self.values[0])


def log_likelihood(chain: GilbertElliott, runs: Runs) -> float:
    """The logarithm of the probability of exactly these losses."""
    through, lost, each = _powers(chain, runs)
    arrived = runs.packets - runs.losses
    scaled, size = _product(each)
    ends = np.array([1 - chain.share_bad, chain.share_bad]) @ scaled
    return float(np.log(ends.sum())) + size + arrived * through.growth + runs.losses * lost.growth


def likeliest(starts: Iterable[GilbertElliott], runs: Runs) -> GilbertElliott:
    """The most likely chain: some rounds of Baum and Welch from each start, then the best goes on.

    Rounds are safe and become slow near the top, where a quasi-Newton method is fast. What is
    certain in every start stays so: a loss in Good of 0, say.
    """
    begun = [baum_welch(each, runs) for each in starts]
    chain, likelihood = max(begun, key=lambda found: found[1])
    free = np.flatnonzero([0 < value < 1 for value in astuple(chain)])

    def moved(logits: Matrix) -> GilbertElliott:
        values = np.array(astuple(chain))
        values[free] = 1 / (1 + np.exp(-logits))
        return GilbertElliott(*values.tolist())

    def cost(logits: Matrix) -> float:
        return -log_likelihood(moved(logits), runs)

    values = np.clip(np.array(astuple(chain))[free], EDGE, 1 - EDGE)
    logits = np.log(values / (1 - values))
    bounds = [(-STEEP, STEEP)] * free.size
    flat = {"ftol": ENOUGH / max(-likelihood, 1.0)}
    top = optimize.minimize(cost, logits, method="L-BFGS-B", bounds=bounds, options=flat)
    return moved(top.x) if -top.fun > likelihood else chain


def baum_welch(start: GilbertElliott, runs: Runs) -> tuple[GilbertElliott, float]:
    """Improve a chain by rounds that never make it less likely; return its log-likelihood, too."""
    chain, best = start, log_likelihood(start, runs)
    for _ in range(ROUNDS):
        better = _round(chain, runs)
        likelihood = log_likelihood(better, runs)
        if likelihood - best < ENOUGH:
            break
        chain, best = better, likelihood
    return chain, best


def _product(each: Matrix) -> tuple[Matrix, float]:
    """The product of matrices in order, divided by a factor, and the logarithm of that."""
    size = 0.0
    while len(each) > 1:
        last = each[len(each) // 2 * 2 :]
        pairs = each[0 : len(each) - 1 : 2] @ each[1::2]
        factors = pairs.sum(axis=(1, 2))
        size += float(np.log(factors).sum())
        each = np.concatenate((pairs / factors[:, None, None], last))
    return each[0], size


def _powers(chain: GilbertElliott, runs: Runs) -> tuple[_Power, _Power, Matrix]:
    """Of packets that arrive and of packets that are lost; and one for each run."""
    through, lost = _Power.of(moves(chain, lost=False)), _Power.of(moves(chain, lost=True))
    each = np.empty((runs.lengths.size, 2, 2))
    each[~runs.lost] = through.of_lengths(runs.lengths[~runs.lost])
    each[runs.lost] = lost.of_lengths(runs.lengths[runs.lost])
    return through, lost, each


def _forward(chain: GilbertElliott, each: Matrix) -> list[tuple[float, float]]:
    """The chances of Good and Bad before each run, by what came before it."""
    good, bad = 1 - chain.share_bad, chain.share_bad
    before = []
    for gg, gb, bg, bb in each.reshape(-1, 4).tolist():
        before.append((good, bad))
        good, bad = good * gg + bad * bg, good * gb + bad * bb
        size = good + bad
        good, bad = good / size, bad / size
    return before


def _backward(each: Matrix) -> list[tuple[float, float]]:
    """What comes after each run, by the state that it leaves; up to a factor."""
    good = bad = 1.0
    after = []
    for gg, gb, bg, bb in each[::-1].reshape(-1, 4).tolist():
        after.append((good, bad))
        good, bad = gg * good + gb * bad, bg * good + bb * bad
        size = good + bad
        good, bad = good / size, bad / size
    return after[::-1]


def _round(chain: GilbertElliott, runs: Runs) -> GilbertElliott:
    """One expectation and one maximisation."""
    through, lost, each = _powers(chain, runs)
    before = np.array(_forward(chain, each))
    after = np.array(_backward(each))
    after /= np.einsum("ns,nst,nt->n", before, each, after)[:, None]
    arrived = through.visits(runs.lengths[~runs.lost], before[~runs.lost], after[~runs.lost])
    vanished = lost.visits(runs.lengths[runs.lost], before[runs.lost], after[runs.lost])
    both = arrived + vanished
    in_good, in_bad = both.sum(axis=1)
    in_k, in_h = vanished.sum(axis=1)
    found = both[0, 1] / in_good, both[1, 0] / in_bad, in_h / in_bad, in_k / in_good
    return GilbertElliott(*(float(min(max(each, 0.0), 1.0)) for each in found))


def survival(chain: GilbertElliott, lost: bool, lengths: Counts) -> Matrix:
    """The share of runs of this fate that have so many packets, and more."""
    stationary = np.array([1 - chain.share_bad, chain.share_bad])
    entering = stationary @ moves(chain, lost=not lost)
    power = _Power.of(moves(chain, lost))
    beyond = np.einsum("s,nst->n", entering, power.of_lengths(lengths))
    beyond *= np.exp(power.growth * lengths)
    return np.asarray(beyond / (entering @ moves(chain, lost)).sum())
