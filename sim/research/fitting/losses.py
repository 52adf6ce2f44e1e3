"""Which packets were lost: independent losses, or Good and Bad by turns."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.network.specs import Bernoulli, GilbertElliott, GilbertElliottTime, Loss, NoLoss
from sim.protocol.units import LONGEST, MILLISECOND
from sim.research.fitting import hidden, uneven
from sim.research.fitting.candidates import Candidate, Choice
from sim.research.fitting.errors import RecordingError
from sim.research.fitting.goodness import run_lengths
from sim.research.fitting.recordings import Flags, Times
from sim.research.fitting.runs import FEWEST_RUNS, Runs

FEWEST: Final = 20
"""So few packets say nothing."""
LIKELY: Final = GilbertElliott(0.02, 0.1, h=0.5)
"""Where the search for a hidden chain begins as well, if moments give nothing or too little."""


def fit_losses(lost: Flags, source: str, steps: Times | None = None) -> Choice[Loss]:
    """Fit every model of losses; the best is that of the least AIC.

    ``steps`` are the times from packet to packet (us) if those are not alike: chains are in time
    then.

    Raises :class:`RecordingError` if there are too few packets, or if every packet is lost.
    """
    if lost.size < FEWEST:
        said = "1 packet is" if lost.size == 1 else f"{lost.size} packets are"
        raise RecordingError(f"{source}: {said} too few to fit losses: expected {FEWEST} and more")
    if lost.all():
        raise RecordingError(f"{source}: every packet is lost, so there is no link to fit")
    if not lost.any():
        nothing: Candidate[Loss] = Candidate("none", NoLoss(), 0, 0.0)
        return Choice((nothing,), lost.size)
    if steps is not None:
        return Choice.among(list(uneven.candidates(lost, steps)), lost.size)
    runs = Runs.of(lost)
    return Choice.among(list(_candidates(lost, runs)), lost.size)


def _candidates(lost: Flags, runs: Runs) -> Iterator[Candidate[Loss]]:
    yield _independent(runs)
    simple = observed_chain(lost)
    if simple is None:
        return
    yield _chain("simple Gilbert", simple, 2, runs)
    if np.count_nonzero(runs.lost) < FEWEST_RUNS:
        return
    seen = _uncertain(simple, simple.k)
    gilbert = _best([moments(lost) or LIKELY, LIKELY, seen], runs, simple)
    yield _chain("Gilbert", gilbert, 3, runs)
    noise = runs.losses / runs.packets / 4
    starts = [_uncertain(each, noise) for each in (gilbert, LIKELY, simple)]
    yield _chain("Gilbert-Elliott", _best(starts, runs, gilbert), 4, runs)


def _uncertain(chain: GilbertElliott, noise: float) -> GilbertElliott:
    """A chain like that one in which nothing is certain: what is certain stays so in a search."""
    p, r = min(chain.p, 0.99), min(chain.r, 0.99)
    return GilbertElliott(p, r, min(chain.h, 0.95), noise)


def _independent(runs: Runs) -> Candidate[Loss]:
    share = runs.losses / runs.packets
    arrived = runs.packets - runs.losses
    likelihood = runs.losses * math.log(share) + arrived * math.log(1 - share)

    def survival(lost: bool, lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        return np.asarray((share if lost else 1 - share) ** (lengths - 1.0))

    return Candidate("independent", Bernoulli(share), 1, likelihood, run_lengths(runs, survival, 1))


def _chain(name: str, chain: GilbertElliott, free: int, runs: Runs) -> Candidate[Loss]:
    def survival(lost: bool, lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        return hidden.survival(chain, lost, lengths)

    likelihood = hidden.log_likelihood(chain, runs)
    return Candidate(name, chain, free, likelihood, run_lengths(runs, survival, free))


def _best(starts: list[GilbertElliott], runs: Runs, special: GilbertElliott) -> GilbertElliott:
    """The likeliest chain of those that the starts lead to; Bad is where more is lost.

    Never one that is less likely than ``special``, a chain of the same kind that is known already.
    """
    reached = (special, hidden.likeliest(starts, runs))
    found = max(reached, key=lambda chain: hidden.log_likelihood(chain, runs))
    swapped = found.h < found.k
    return GilbertElliott(found.r, found.p, found.k, found.h) if swapped else found


def observed_chain(lost: Flags) -> GilbertElliott | None:
    """The simple Gilbert model: Bad loses everything, Good nothing, so the states are seen.

    The most likely one. None if no loss follows a packet, or no packet a loss.
    """
    before, after = lost[:-1], lost[1:]
    if not before.any() or before.all():
        return None
    p = float((~before & after).sum() / (~before).sum())
    r = float((before & ~after).sum() / before.sum())
    return GilbertElliott(p, r) if p and r else None


def in_time(chain: GilbertElliott, spacing: int) -> GilbertElliottTime | None:
    """The chain in continuous time that packets see as this one, if one is sent each ``spacing``.

    Two such packets remember each other by 1 - p - r = exp(-spacing · (1/good + 1/bad)), with
    good to bad as r to p. None where no chain does: a state that is never left, packets that are
    apart rather than alike (p + r from 1 on), states of less than a millisecond.
    """
    moves = chain.p + chain.r
    if not chain.p or not chain.r or moves >= 1:
        return None
    length = spacing * moves / -math.log1p(-moves)
    good, bad = length / chain.p, length / chain.r
    if not MILLISECOND <= min(good, bad) <= max(good, bad) <= LONGEST:
        return None
    return GilbertElliottTime(round(good), round(bad), chain.h, chain.k)


def moments(lost: Flags) -> GilbertElliott | None:
    """Gilbert's model of three parameters (k = 0) from shares of one, two and three packets.

    With a = P(1), b = P(1|1) and c = P(111) / (P(101) + P(111)), as Gilbert has it (1960):
    1 - r = (ac - b²) / (2ac - b(a + c)), h = b / (1 - r), p = ar / (h - a). None if these are no
    probabilities, which chance can bring about.
    """
    ends = lost[:-2] & lost[2:]
    together, pairs = int((ends & lost[1:-1]).sum()), int((lost[:-1] & lost[1:]).sum())
    if not together or not pairs:
        return None
    a, b, c = lost.mean(), pairs / lost[:-1].sum(), together / ends.sum()
    below = 2 * a * c - b * (a + c)
    if not below:
        return None
    r = 1 - (a * c - b * b) / below
    if not 0 < r < 1:
        return None
    h = b / (1 - r)
    if not a < h <= 1:
        return None
    p = a * r / (h - a)
    return GilbertElliott(float(p), float(r), float(h)) if 0 < p < 1 else None
