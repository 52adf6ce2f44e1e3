"""One detector, or one channel, with parameters of one's own: measured beside the theory."""

from __future__ import annotations

from math import inf, isfinite, nan
from typing import Any, Final

from attrs import evolve, frozen

from sim.network.specs import GilbertElliott
from sim.research.verification import channel, detector
from sim.research.verification.channel import QUANTITIES, described
from sim.research.verification.estimates import Estimate
from sim.research.verification.gilbert import Theory
from sim.research.verification.models import OWN, Models
from sim.research.verification.nfd import Detector

_LN_10: Final = 2.302585092994046
_FEWEST: Final = 20
"""Fewer mistakes or bursts than this make no estimate; a share has no interval, then."""
_ENOUGH: Final = 8_000
"""So many mistakes, and no more heartbeats are sent."""
_FIRST_HEARTBEATS, _MOST_HEARTBEATS = 100_000, 1_600_000


@frozen
class Line:
    """A quantity by theory and as measured; a value that does not exist is nan, too few None."""

    name: str
    what: str
    theory: float
    measured: Estimate | None
    log10: float = nan
    """The decimal logarithm of the theory, where the number itself may be too large to write."""
    is_sure: bool = True
    """Whether there were enough for an interval. A share that was not seen often has none."""

    @property
    def half_width(self) -> float:
        """Half of the interval; nan if there is none."""
        return self.measured.half_width if self.measured and self.is_sure else nan

    def data(self) -> dict[str, Any]:
        """What JSON says of it: null for what does not exist or was not seen often enough."""
        seen = self.measured
        return {
            "name": self.name,
            "what": self.what,
            "theory": _number(self.theory),
            "log10": _number(self.log10),
            "measured": seen and _number(seen.value),
            "half_width": _number(self.half_width),
            "samples": seen.samples if seen else 0,
        }


def _number(value: float) -> float | None:
    return value if isfinite(value) else None


def _enough(estimate: Estimate, events: float) -> Estimate | None:
    return estimate if events >= _FEWEST and isfinite(estimate.value) else None


def failure_detector(of: Detector, models: Models = OWN) -> list[Line]:
    """Run NFD-S, longer as long as mistakes are few: E[T_MR], E[T_M] and P_A."""
    heartbeats = max(_FIRST_HEARTBEATS, min(_MOST_HEARTBEATS, round(20 * of.delta / of.eta)))
    seen = detector.quality(of, models, heartbeats)
    while seen.mistakes < _ENOUGH and heartbeats < _MOST_HEARTBEATS:
        heartbeats = min(4 * heartbeats, _MOST_HEARTBEATS)
        seen = detector.quality(of, models, heartbeats)
    recurrence, duration = seen.recurrence, seen.duration
    is_sure = of.certain or seen.mistakes >= _FEWEST
    return [
        Line(
            "E[T_MR]",
            "mean time between mistakes",
            of.recurrence,
            _enough(recurrence, seen.mistakes),
            of.log_recurrence / _LN_10,
        ),
        Line("E[T_M]", "mean length of a mistake", of.duration, _enough(duration, seen.mistakes)),
        Line("P_A", "share of time trusted", of.accuracy, seen.accuracy, is_sure=is_sure),
    ]


_MOST_PACKETS: Final = 1_000_000_000
_PACKETS: Final = 2_000_000
_LOSSES: Final = 400_000
_CHANGES: Final = 300_000
"""As many packets are sent as it takes to see so many losses, or changes of state if fewer do."""
_MIXING: Final = 50
"""A batch should be so many times as long as the channel remembers."""
_IMPOSSIBLE: Final = 1e-15
"""A chance so small is 0 but for rounding."""
_SHOWN: Final = ("loss", "burst", "lag 1", "var(50)")


def gilbert_elliott(chain: GilbertElliott, models: Models = OWN) -> list[Line]:
    """Send packets: loss, mean burst, lag-1 correlation, and the variance in a window of 50."""
    batches, packets = _batches(chain)
    losses, theory = channel.observed(chain, models, batches, packets), Theory(chain)
    return [_line(name, losses, theory, packets) for name in _SHOWN]


def _line(name: str, losses: channel.Losses, theory: Theory, packets: int) -> Line:
    each = QUANTITIES[name]
    measured = losses.estimate(each.counted, each.of)
    is_hidden = _unseen(theory, name, len(losses.batches), packets) > measured.half_width
    if name in ("loss", "var(50)"):
        is_sure = theory.certain or (_runs(losses) >= _FEWEST and not is_hidden)
        return Line(name, each.what, each.theory(theory), measured, is_sure=is_sure)
    seen = 0.0 if is_hidden else min(losses.total("bursts"), _defined(theory, name))
    if name == "lag 1":
        seen = min(seen, _alike(losses, theory))
    return Line(name, each.what, each.theory(theory), _enough(measured, seen))


def _runs(losses: channel.Losses) -> float:
    """How many runs of losses there are, or of packets that get through if those are fewer.

    What a batch begins or ends with is a run, too: batches are independent.
    """
    total, batches = _total(losses), len(losses.batches)
    begun_with_loss = total.losses - total.seconds
    ended = total.firsts - total.both
    return min(total.bursts + begun_with_loss, ended + batches - begun_with_loss)


def _unseen(theory: Theory, name: str, batches: int, packets: int) -> float:
    """What a quantity owes to a state that so many batches of packets have hardly visited.

    The losses of the other one say nothing of that, however many they are.
    """
    chain = theory.chain
    rare = min(chain.share_bad, 1.0 - chain.share_bad)
    comings = chain.p * chain.r / (chain.p + chain.r)
    if batches * (rare + packets * comings) >= _FEWEST:
        return 0.0
    kept = evolve(chain, p=0.0, r=1.0) if chain.share_bad < 0.5 else evolve(chain, p=1.0, r=0.0)
    of = QUANTITIES[name].theory
    return abs(of(theory) - of(Theory(kept)))


def _total(losses: channel.Losses) -> channel.Counts:
    return channel.Counts(*losses.batches.sum(axis=0).tolist())


def _alike(losses: channel.Losses, theory: Theory) -> float:
    """How many pairs are both lost, or both get through, whichever are fewer.

    Where hardly any were seen, a covariance as small as their share is not known, nor is its error.
    Such as cannot be are not waited for.
    """
    total = _total(losses)
    kinds = ((theory.both, total.both), (theory.neither, total.neither))
    return min((seen for chance, seen in kinds if chance > _IMPOSSIBLE), default=inf)


def _defined(theory: Theory, name: str) -> float:
    return inf if isfinite(QUANTITIES[name].theory(theory)) else 0.0


def _batches(chain: GilbertElliott) -> tuple[int, int]:
    """How many batches of how many packets: longer if losses are rare, more if memory is long."""
    changes = 2.0 * chain.p * chain.r / (chain.p + chain.r)
    by_loss = _LOSSES / chain.mean_loss if chain.mean_loss else _PACKETS
    by_changes = _CHANGES / changes if changes else _MOST_PACKETS
    packets = int(max(_PACKETS, min(by_loss, by_changes, _MOST_PACKETS)))
    memory = 1.0 / min(1.0, chain.p + chain.r)
    batches = int(min(2000, max(100, packets / 1000)) if packets < 100 * _MIXING * memory else 100)
    return batches, packets // batches


def title(of: Detector | GilbertElliott) -> str:
    """What the lines are about."""
    if isinstance(of, Detector):
        return (
            f"NFD-S: eta {of.eta:g}, delta {of.delta:g}, loss {of.loss:g}, mean delay"
            f" {of.mean_delay:g}"
        )
    return f"Gilbert-Elliott: {described(of)}"
