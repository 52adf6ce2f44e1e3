"""The Gilbert-Elliott channel: what a direction of a link loses, packet by packet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from attrs import frozen

from sim.draws.stream import Draws
from sim.network.direction import Direction
from sim.network.specs import DirectionSpec, GilbertElliott
from sim.research.verification.estimates import Estimate, Sums, jackknife
from sim.research.verification.finding import Finding, Subject
from sim.research.verification.gilbert import Theory, fitted
from sim.research.verification.models import Models

SEED: Final = 1960
WINDOW: Final = 50
"""Packets in a row, of which the losses are counted."""
FAR: Final = 5
"""The longer of the two lags."""
LONG: Final = 5
"""Losses in a row that make a burst long."""
SPARSE: Final = 0.02
"""With fewer losses than this the channel is asked for the next one, not about each packet."""

Positions = npt.NDArray[np.int64]


class Counts(NamedTuple):
    """What is counted in a batch of packets, or in all of them: everything else is made of it."""

    packets: float
    losses: float
    pairs: float
    """Packets with one before."""
    both: float
    """Of those pairs, how many are both lost."""
    firsts: float
    """Of those pairs, of how many the first is lost."""
    seconds: float
    bursts: float
    """Losses whose packet before got through."""
    far_pairs: float
    far_both: float
    far_firsts: float
    far_seconds: float
    threes: float
    """Packets with two before."""
    alone: float
    """Losses between two that got through."""
    places: float
    """Packets with which a long burst may begin."""
    long: float
    """Long bursts."""
    all_three: float
    outer_two: float
    """Packets that got through between two losses."""
    windows: float
    in_windows: float
    squares: float
    """The squares of the losses in each window, added up."""

    @classmethod
    def of(cls, at: Positions, packets: int) -> Counts:
        """Count, in so many packets, of which those ``at`` these numbers are lost."""
        both, all_three = _followed(at, 1), int(np.count_nonzero(at[2:] - at[:-2] == 2))
        after, before = np.diff(at, append=packets + 1) > 1, np.diff(at, prepend=-2) > 1
        inner = (at > 0) & (at < packets - 1)
        long = (at[LONG - 1 :] - at[: 1 - LONG] == LONG - 1) & (before & (at > 0))[: 1 - LONG]
        windows = packets // WINDOW
        lost = np.unique(at[at < windows * WINDOW] // WINDOW, return_counts=True)[1].astype(float)
        return cls(
            packets=packets,
            losses=len(at),
            pairs=packets - 1,
            both=both,
            firsts=int(np.count_nonzero(at < packets - 1)),
            seconds=int(np.count_nonzero(at > 0)),
            bursts=int(np.count_nonzero(at > 0)) - both,
            far_pairs=packets - FAR,
            far_both=_followed(at, FAR),
            far_firsts=int(np.count_nonzero(at < packets - FAR)),
            far_seconds=int(np.count_nonzero(at >= FAR)),
            threes=packets - 2,
            alone=int(np.count_nonzero(after & before & inner)),
            places=packets - LONG,
            long=int(np.count_nonzero(long)),
            all_three=all_three,
            outer_two=_followed(at, 2) - all_three,
            windows=windows,
            in_windows=float(lost.sum()),
            squares=float((lost**2).sum()),
        )

    @property
    def loss(self) -> float:
        """The share of packets lost."""
        return self.losses / self.packets

    @property
    def burst(self) -> float:
        """The mean number of losses in a row."""
        return self.loss / (self.bursts / self.pairs)

    @property
    def gap(self) -> float:
        """The mean number of packets in a row that get through."""
        return (1.0 - self.loss) / (self.bursts / self.pairs)

    @property
    def single(self) -> float:
        """The share of bursts of one packet."""
        return (self.alone / self.threes) / (self.bursts / self.pairs)

    @property
    def lasting(self) -> float:
        """The share of bursts that are long."""
        return (self.long / self.places) / (self.bursts / self.pairs)

    @property
    def neither(self) -> float:
        """Of pairs, how many get through both."""
        return self.pairs - self.firsts - self.seconds + self.both

    @property
    def correlation(self) -> float:
        """Of neighbours."""
        return self._correlation(self.both, self.firsts, self.seconds, self.pairs)

    @property
    def far_correlation(self) -> float:
        """Of packets :data:`FAR` apart."""
        return self._correlation(self.far_both, self.far_firsts, self.far_seconds, self.far_pairs)

    def _correlation(self, both: float, firsts: float, seconds: float, pairs: float) -> float:
        """Of such pairs; their own means, as packets at the ends of a batch are in fewer pairs."""
        covariance = both / pairs - firsts * seconds / pairs**2
        return covariance / (self.loss * (1.0 - self.loss))

    @property
    def mean(self) -> float:
        """Of the losses in a window."""
        return self.in_windows / self.windows

    @property
    def variance(self) -> float:
        """Of the losses in a window."""
        return self.squares / self.windows - self.mean**2

    @property
    def fit(self) -> tuple[float, float, float]:
        """p, r and h by Gilbert's method."""
        after_one = (self.both / self.pairs) / self.loss
        return fitted(self.loss, after_one, self.all_three / (self.outer_two + self.all_three))


def _followed(at: Positions, lag: int) -> int:
    """How many of these have another one exactly so much later."""
    return len(np.intersect1d(at, at + lag, assume_unique=True))


@frozen
class Losses:
    """What a channel has lost, in batches."""

    batches: Sums

    def total(self, column: str) -> float:
        """One of the counts, of all batches together."""
        return float(self.batches[:, Counts._fields.index(column)].sum())

    def estimate(self, quantity: Callable[[Counts], float], of: str) -> Estimate:
        """A quantity, measured; ``of`` is what its samples are."""
        return jackknife(lambda total: quantity(Counts(*total)), self.batches, self.total(of))


def observed(chain: GilbertElliott, models: Models, batches: int, packets: int) -> Losses:
    """Send so many packets in each of several batches, each over a channel of its own."""
    spec = DirectionSpec(chain)
    rows = []
    for batch in range(batches):
        direction = models.direction(spec, Draws(SEED, batch), "channel", "up")
        rows.append(Counts.of(lost(direction, packets), packets))
    return Losses(np.array(rows, dtype=float))


def lost(direction: Direction, count: int) -> Positions:
    """Which of the next ``count`` packets are lost, by their numbers."""
    if direction.spec.loss.mean_loss > SPARSE:
        transmit = direction.transmit
        return np.flatnonzero([transmit(0) is None for _ in range(count)])
    found: list[int] = []
    sent = 0
    while (gap := direction.next_lost(0, 0, count - sent)) is not None:
        direction.passed(0, 0, gap)
        direction.transmit(0)
        found.append(sent + gap)
        sent += gap + 1
    return np.array(found, dtype=np.int64)


@frozen
class Quantity:
    """Something that theory says of a channel, and how it is counted. ``of`` are its samples."""

    what: str
    theory: Callable[[Theory], float]
    counted: Callable[[Counts], float]
    of: str
    unit: str = ""


QUANTITIES: Final = {
    "loss": Quantity("packets lost", lambda t: t.loss, lambda c: c.loss, "packets"),
    "burst": Quantity(
        "mean losses in a row", lambda t: t.burst, lambda c: c.burst, "bursts", "packets"
    ),
    "gap": Quantity(
        "mean packets between bursts", lambda t: t.gap, lambda c: c.gap, "bursts", "packets"
    ),
    "lag 1": Quantity(
        "correlation of the losses of neighbours",
        lambda t: t.correlation(1),
        lambda c: c.correlation,
        "pairs",
    ),
    "lag 5": Quantity(
        "correlation of packets 5 apart",
        lambda t: t.correlation(FAR),
        lambda c: c.far_correlation,
        "far_pairs",
    ),
    "mean(50)": Quantity(
        "mean losses among 50 packets", lambda t: WINDOW * t.loss, lambda c: c.mean, "windows"
    ),
    "var(50)": Quantity(
        "variance of the losses among 50 packets",
        lambda t: t.variance(WINDOW),
        lambda c: c.variance,
        "windows",
    ),
}

_BATCHES: Final = 100
_CHAINS: Final = {
    "simple": GilbertElliott(0.01, 0.25),
    "general": GilbertElliott(0.1, 0.3, h=0.6, k=0.15),
}
_PACKETS: Final = {"simple": 20_000, "general": 8_000, "Gilbert": 8_000}
"""In a batch."""
_GILBERT: Final = GilbertElliott(0.1, 0.3, h=0.7)


def described(chain: GilbertElliott) -> str:
    """The chain in words."""
    return f"p {chain.p:g}, r {chain.r:g}, h {chain.h:g}, k {chain.k:g}"


def _findings(models: Models, effort: int) -> Iterator[Finding]:
    for title, chain in _CHAINS.items():
        packets = _PACKETS[title] * effort
        losses, theory = observed(chain, models, _BATCHES, packets), Theory(chain)
        for name, each in QUANTITIES.items():
            measured = losses.estimate(each.counted, each.of)
            what = f"{each.what} ({described(chain)})"
            yield Finding(f"{title}: {name}", what, each.theory(theory), measured, each.unit)
        if title == "simple":
            single = losses.estimate(lambda c: c.single, "bursts")
            what = f"bursts of one packet ({described(chain)})"
            yield Finding("simple: P(burst = 1)", what, chain.r, single)
            lasting = losses.estimate(lambda c: c.lasting, "bursts")
            what = f"bursts of {LONG} packets or more: geometric ({described(chain)})"
            due = (1 - chain.r) ** (LONG - 1)
            yield Finding(f"simple: P(burst >= {LONG})", what, due, lasting)
    losses = observed(_GILBERT, models, _BATCHES, _PACKETS["Gilbert"] * effort)
    burst = losses.estimate(lambda c: c.burst, "bursts")
    what = f"mean losses in a row ({described(_GILBERT)})"
    yield Finding("Gilbert: burst", what, Theory(_GILBERT).burst, burst, "packets")
    for index, name in enumerate("prh"):
        fit = losses.estimate(lambda c, index=index: c.fit[index], "packets")  # type: ignore[misc]
        what = f"{name} by Gilbert's fit ({described(_GILBERT)})"
        yield Finding(f"Gilbert: fitted {name}", what, getattr(_GILBERT, name), fit)


CHANNEL: Final = Subject(
    "channel",
    "Losses of a Gilbert-Elliott channel: L = pi_B h + pi_G k; covariance at lag m"
    " pi_G pi_B (h-k)^2 (1-p-r)^m; mean bursts 1/r, or 1/(1 - (1-r)h); Gilbert's fit.",
    "Gilbert, 1960; Elliott, 1963",
    _findings,
)
