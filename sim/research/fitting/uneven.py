"""Losses of packets that were sent at uneven times: Good and Bad go on between packets.

From packet to packet the chain moves as far as the time between them lets it: for so long apart as
t, Good has become Bad with the probability share · (1 - exp(-t · (1/good + 1/bad))), share being
that of the time in Bad. What the chain does cannot be counted in packets, then: a burst of so many
packets may be a moment or a minute.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize

from sim.network.specs import Bernoulli, GilbertElliottTime, Loss
from sim.protocol.units import LONGEST, MILLISECOND
from sim.research.fitting.candidates import Candidate
from sim.research.fitting.goodness import Values, followed
from sim.research.fitting.hidden import ENOUGH, STEEP
from sim.research.fitting.runs import FEWEST_RUNS, Flags, Runs

SCALES: Final = 16
"""How many lengths of time are looked at before the search begins."""
WORSE: Final = (0.15, 0.4, 0.9)
"""How far from the mean loss to certainty the loss in Bad may be then."""
BETTER: Final = (0.25, 0.75)
"""What part of the mean loss that in Good may be."""
CLIMBED: Final = 4
"""From so many of these the search goes on."""
MANY: Final = 50_000
"""By so many packets it is seen which of them leads to the top."""
IMPOSSIBLE: Final = 1e300
"""What a chain costs that could not have lost these packets."""


class Chain(NamedTuple):
    """A chain in time whose lengths (us) need not be whole, as a search has it."""

    good: float
    bad: float
    h: float
    k: float

    @classmethod
    def of(cls, model: GilbertElliottTime) -> Chain:
        """That of a model."""
        return cls(model.good, model.bad, model.h, model.k)

    @property
    def model(self) -> GilbertElliottTime:
        """The model, as a scenario may say it."""
        return GilbertElliottTime(round(self.good), round(self.bad), self.h, self.k)

    @property
    def share_bad(self) -> float:
        """The share of time in Bad."""
        return self.bad / (self.good + self.bad)


def candidates(lost: Flags, steps: Values) -> Iterator[Candidate[Loss]]:
    """Independent losses, and every chain in time; ``steps`` are the times between packets (us)."""
    share = float(lost.mean())
    likelihood = lost.sum() * math.log(share) + (~lost).sum() * math.log(1 - share)
    test = followed(np.full(lost.size, share), lost, steps, 1)
    yield Candidate("independent", Bernoulli(share), 1, float(likelihood), test)
    hidden = np.count_nonzero(Runs.of(lost).lost) >= FEWEST_RUNS
    best: Chain | None = None
    between = [share + (1 - share) * each for each in WORSE]
    for name, free, h, k in (
        ("simple Gilbert", 2, [1.0], [0.0]),
        ("Gilbert", 3, between, [0.0]),
        ("Gilbert-Elliott", 4, between, [share * each for each in BETTER]),
    ):
        if free > 2 and not hidden:
            return
        starts = [*_begun(lost, steps, h, k), *_uncertain(best, h[0], k[0])]
        best = _likeliest(starts, best, lost, steps)
        likelihood = log_likelihood(best, lost, steps)
        if likelihood > -math.inf:
            test = followed(predictions(best, lost, steps), lost, steps, free)
            yield Candidate(name, best.model, free, likelihood, test)


def log_likelihood(chain: Chain, lost: Flags, steps: Values) -> float:
    """The logarithm of the probability of exactly these losses, at these times from each other."""
    good, bad = _fates(chain, lost)
    share = chain.share_bad
    up, down = _moves(chain, steps)
    each = ((1 - up) * good[1:], up * bad[1:], down * good[1:], (1 - down) * bad[1:])
    product, size = _product(each)
    begun = np.repeat([(1 - share) * good[0], share * bad[0]], 2)
    total = float(begun @ product)
    return math.log(total) + size if total > 0 else -math.inf


def predictions(chain: Chain, lost: Flags, steps: Values) -> Values:
    """How probable the loss of each packet was, by what had become of those before it."""
    share, h, k = chain.share_bad, chain.h, chain.k
    up, down = (each.tolist() for each in _moves(chain, steps))
    found, bad = [], share
    for number, fate in enumerate(lost.tolist()):
        if number:
            bad = bad * (1 - down[number - 1]) + (1 - bad) * up[number - 1]
        loss = bad * h + (1 - bad) * k
        found.append(loss)
        seen = loss if fate else 1 - loss
        bad = bad * (h if fate else 1 - h) / seen if seen > 0 else share
    return np.array(found)


def again(chain: Chain, steps: Values) -> Values:
    """How probably a packet is lost that is sent so long after one that was."""
    share, h, k = chain.share_bad, chain.h, chain.k
    up, down = _moves(chain, steps)
    bad, good = share * h, (1 - share) * k
    both = bad * (h * (1 - down) + k * down) + good * (k * (1 - up) + h * up)
    return np.asarray(both / (bad + good))


def _moves(chain: Chain, steps: Values) -> tuple[Values, Values]:
    """How probably Good is Bad after each time, and Bad is Good."""
    moved = -np.expm1(-steps * (1 / chain.good + 1 / chain.bad))
    share = chain.share_bad
    return share * moved, (1 - share) * moved


def _fates(chain: Chain, lost: Flags) -> tuple[Values, Values]:
    """How probable what became of each packet is in Good, and in Bad."""
    return np.where(lost, chain.k, 1 - chain.k), np.where(lost, chain.h, 1 - chain.h)


_Four = tuple[Values, Values, Values, Values]
"""Matrices of two rows and columns, row by row."""


def _product(each: _Four) -> tuple[Values, float]:
    """The product of matrices in order, divided by a factor, and the logarithm of that."""
    size = 0.0
    while each[0].size > 1:
        pairs = each[0].size // 2 * 2
        (a, b, c, d), (e, f, g, h) = ([part[at:pairs:2] for part in each] for at in (0, 1))
        made = (a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h)
        factors = made[0] + made[1] + made[2] + made[3]
        if not factors.all():  # what cannot be
            return np.zeros(4), 0.0
        size += float(np.log(factors).sum())
        gg, gb, bg, bb = (
            np.concatenate((part / factors, alone[pairs:]))
            for part, alone in zip(made, each, strict=True)
        )
        each = gg, gb, bg, bb
    return np.concatenate(each), size


def _begun(lost: Flags, steps: Values, hs: list[float], ks: list[float]) -> list[Chain]:
    """Chains that lose as much: the likeliest of each of some lengths of time, the best of these.

    Of lengths that are too short any is like independent losses, so that one of them is not enough.
    """
    apart = steps[steps > 0]
    shortest, longest = float(np.quantile(apart, 0.05)) / 4, float(steps.sum())
    found = []
    for scale in np.geomspace(max(shortest, 1.0), max(longest, 2.0), SCALES).tolist():
        chains = [_losing(float(lost.mean()), scale, h, k) for h in hs for k in ks]
        likely = [(log_likelihood(chain, lost, steps), chain) for chain in chains]
        found.append(max(likely))
    return [chain for _, chain in sorted(found, reverse=True)[:CLIMBED]]


def _losing(loss: float, scale: float, h: float, k: float) -> Chain:
    """The chain with that mean loss whose memory fades by e in a time."""
    share = min(max((loss - k) / (h - k), 1e-6), 1 - 1e-6)
    return _bounded(scale / share, scale / (1 - share), h, k)


def _bounded(good: float, bad: float, h: float, k: float) -> Chain:
    good, bad = (min(max(each, float(MILLISECOND)), float(LONGEST)) for each in (good, bad))
    return Chain(good, bad, h, k)


def _uncertain(known: Chain | None, h: float, k: float) -> Iterator[Chain]:
    """A chain like one that is known, in which only what the new one is certain of is certain."""
    if known is not None:
        loose = min(known.h, 0.95) if h < 1 else 1.0
        yield Chain(known.good, known.bad, loose, max(known.k, k / 4) if k else 0.0)


def _likeliest(
    starts: list[Chain],
    special: Chain | None,
    lost: Flags,
    steps: Values,
) -> Chain:
    """The likeliest chain that the starts lead to, and never less likely than ``special``."""

    def likelihood(chain: Chain) -> float:
        return log_likelihood(chain, lost, steps)

    first, between = lost[:MANY], steps[: MANY - 1]

    def at_first(chain: Chain) -> float:
        return log_likelihood(chain, first, between)

    found = max((_climbed(start, at_first) for start in starts), key=likelihood)
    if lost.size > MANY:
        found = _climbed(found, likelihood)
    if special is not None:
        found = max((special, found), key=likelihood)
    swapped = found.h < found.k
    return Chain(found.bad, found.good, found.k, found.h) if swapped else found


def _climbed(start: Chain, likelihood: Callable[[Chain], float]) -> Chain:
    """The top that a quasi-Newton method reaches; what is certain at the start stays so."""
    values = np.array([start.h, start.k])
    free = np.flatnonzero((values > 0) & (values < 1))
    lengths = np.log([start.good, start.bad])
    logits = np.log(values[free] / (1 - values[free]))

    def moved(place: npt.NDArray[np.float64]) -> Chain:
        chances = values.copy()
        chances[free] = 1 / (1 + np.exp(-place[2:]))
        good, bad = np.exp(place[:2]).tolist()
        return _bounded(good, bad, *chances.tolist())

    def cost(place: npt.NDArray[np.float64]) -> float:
        found = likelihood(moved(place))
        return -found if found > -math.inf else IMPOSSIBLE

    begun = likelihood(start)
    if begun == -math.inf:
        return start
    bounds = [(math.log(MILLISECOND), math.log(LONGEST))] * 2 + [(-STEEP, STEEP)] * free.size
    flat = {"ftol": ENOUGH / max(-begun, 1.0), "eps": 1e-5}
    top = optimize.minimize(
        cost, np.concatenate((lengths, logits)), method="L-BFGS-B", bounds=bounds, options=flat
    )
    return moved(top.x) if -top.fun > begun else start
