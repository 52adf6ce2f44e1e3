"""Chen, Toueg and Aguilera's NFD-S, made of the platform's own detection of silence.

The platform takes a socket for dead that was not heard for ``detection``. NFD-S counts that time
from the sending of the newest heartbeat, not from its arrival: so heartbeats go through a direction
of a link, and the platform is told of each with the time of its sending, when it has arrived, and
of none that is older than one that it knows. With ``detection`` = eta + delta the freshness points
of the theory are the deadlines of the platform.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from sim.draws.distributions import Constant, Exponential
from sim.draws.stream import Draws
from sim.network.specs import Bernoulli, DirectionSpec, NoLoss
from sim.platform import Platform, PlatformSettings
from sim.protocol.frames import PING, Hello
from sim.protocol.units import LONGEST
from sim.research.verification.estimates import Estimate, ratio, share
from sim.research.verification.finding import Finding, Subject
from sim.research.verification.models import Models
from sim.research.verification.nfd import ROUNDING, Detector

SEED: Final = 2002
BATCHES: Final = 100
_SOCKET: Final = 1
_FINEST: Final = 1_000_000
"""Ticks (microseconds of the simulator) to the shortest of the times, if they fit."""
_LEAST_MEAN: Final = 1_000
"""Ticks to the mean delay, at least, or it would be as good as none."""
_LONGEST_BOUND: Final = LONGEST // 16
"""Ticks to ``eta + delta``: the end of a run is still a number of 64 bits."""
_LONGEST_MEAN: Final = LONGEST // 40
"""Ticks to the mean delay: none that is drawn is cut off."""

Ticks = npt.NDArray[np.int64]


@frozen
class Quality:
    """What a detector has done in a run, in the unit of its times."""

    heartbeats: int
    mistakes: int
    recurrence: Estimate
    duration: Estimate
    accuracy: Estimate


@frozen
class _Scale:
    """The detector's times as whole ticks."""

    unit: float
    eta: int
    detection: int
    delay: Exponential | Constant

    @classmethod
    def of(cls, detector: Detector) -> _Scale:
        times = detector.eta, detector.delta, detector.mean_delay
        unit = _FINEST / min(time for time in times if time > 0)
        unit = min(unit, _LONGEST_BOUND / detector.detection_bound)
        if detector.mean_delay:
            unit = min(unit, _LONGEST_MEAN / detector.mean_delay)
        eta = max(1, round(detector.eta * unit))
        mean, delta = detector.mean_delay * unit, detector.delta * unit
        if 0 < mean < _LEAST_MEAN:
            delta, mean = cls._stretched(detector, unit, eta, _LEAST_MEAN / mean), _LEAST_MEAN
        delay = Exponential(round(mean)) if mean else Constant(0)
        return cls(eta / detector.eta, eta, eta + round(delta), delay)

    @staticmethod
    def _stretched(detector: Detector, unit: float, eta: int, factor: float) -> float:
        """``delta`` in ticks for a delay that is made longer by so much, to be no less than ticks.

        What counts is how long after a sending a freshness point is, in delays. So that is made
        longer, too, unless it is so long that nothing is under way any more.
        """
        whole = round(detector.delta / detector.eta)
        rest = detector.delta - whole * detector.eta
        if abs(rest) <= ROUNDING * detector.delta:
            rest = 0.0
        longer = rest * unit * factor
        return whole * eta + (longer if abs(longer) < eta / 100 else rest * unit)


def arrivals(
    detector: Detector, models: Models, heartbeats: int, run: int
) -> tuple[Ticks, Ticks, _Scale]:
    """Send heartbeats: when those that say something new arrive, and when they were sent."""
    scale = _Scale.of(detector)
    loss = Bernoulli(detector.loss) if detector.loss else NoLoss()
    spec = DirectionSpec(loss, scale.delay)
    transmit = models.direction(spec, Draws(SEED, run), "q", "up").transmit
    every = range(scale.eta, (heartbeats + 1) * scale.eta, scale.eta)
    came = np.array([-1 if at is None else at for at in map(transmit, every)], dtype=np.int64)
    sent = np.array(every, dtype=np.int64)[came >= 0]
    came = came[came >= 0]
    order = np.argsort(came, kind="stable")
    came, sent = came[order], sent[order]
    newest = np.maximum.accumulate(sent)
    news = np.concatenate([[True], newest[1:] > newest[:-1]])[: len(sent)]
    return came[news], sent[news], scale


class Monitor:
    """A platform that hears heartbeats; it tells when its suspicions have begun and ended."""

    def __init__(self, detection: int, models: Models) -> None:
        settings = PlatformSettings(detection=detection)
        self._platform: Platform = models.platform(lambda *_, **__: None, settings)
        self._platform.opened(_SOCKET, Hello("q#1", False, "q"), 0, None)
        self.begun: list[int] = []
        self.ended: list[int] = []

    def hear(self, now: int, sent: int) -> None:
        """A heartbeat that was sent at ``sent`` has arrived."""
        platform = self._platform
        self.wait(now)
        platform.receive(_SOCKET, PING, sent)
        platform.outputs.clear()
        if len(self.begun) > len(self.ended) and not platform.silences(now):
            self.ended.append(now)

    def wait(self, until: int) -> None:
        """Let time pass until just before ``until``."""
        platform = self._platform
        while len(self.begun) == len(self.ended):
            due = platform.next_deadline()
            if due is None or due >= until:
                return
            if platform.silences(due):
                self.begun.append(due)


def quality(detector: Detector, models: Models, heartbeats: int, run: int = 0) -> Quality:
    """Run a detector over a process that stays alive."""
    came, sent, scale = arrivals(detector, models, heartbeats, run)
    monitor = Monitor(scale.detection, models)
    for now, at in zip(came.tolist(), sent.tolist(), strict=True):
        monitor.hear(now, at)
    first, last = scale.detection, heartbeats * scale.eta
    monitor.wait(last)
    begun = np.array(monitor.begun, dtype=np.int64)
    ended = np.array(monitor.ended + [last] * (len(monitor.begun) - len(monitor.ended)))
    edges = np.linspace(first, max(first, last), BATCHES + 1).astype(np.int64)
    time = np.diff(edges) / scale.unit
    # A mistake at the very end is the first of the time that comes.
    mistakes = np.histogram(begun[begun < last], edges)[0].astype(float)
    suspected = np.diff(_covered(begun, ended, edges)) / scale.unit
    return Quality(
        heartbeats,
        int(mistakes.sum()),
        ratio(time, mistakes),
        ratio(suspected, mistakes),
        ratio(time - suspected, time, heartbeats),
    )


def _covered(begun: Ticks, ended: Ticks, edges: Ticks) -> Ticks:
    """How much of the time before each edge lies in one of the stretches."""
    lengths = np.concatenate([[0], np.cumsum(ended - begun)])
    over = np.searchsorted(begun, edges, side="right")
    inside = np.where(over > 0, ended[over - 1] if len(ended) else 0, 0)
    return np.asarray(lengths[over] - np.maximum(inside - edges, 0))


def noticed_in_time(detector: Detector, models: Models, crashes: int) -> list[bool]:
    """Whether each of several crashes is noticed for good within delta + eta.

    The process crashes right after a heartbeat, the worst moment. What was under way still comes.
    """
    within = []
    for run in range(crashes):
        heartbeats = 40 + run % 7
        came, sent, scale = arrivals(detector, models, heartbeats, run)
        monitor = Monitor(scale.detection, models)
        for now, at in zip(came.tolist(), sent.tolist(), strict=True):
            monitor.hear(now, at)
        monitor.wait(LONGEST)
        trusted_until = monitor.begun[-1] - heartbeats * scale.eta
        within.append(trusted_until <= scale.detection)
    return within


_ROWS: Final = {"row 1": Detector(1, 1.5, 0.10, 0.3), "row 2": Detector(2, 3.9, 0.20, 0.5)}


def _findings(models: Models, effort: int) -> Iterator[Finding]:
    for number, (row, detector) in enumerate(_ROWS.items()):
        seen = quality(detector, models, 200_000 * effort, number)
        said = f"eta {detector.eta:g} s, delta {detector.delta:g} s, loss {detector.loss:g}"
        said += f", mean delay {detector.mean_delay:g} s"
        recurrence, duration = detector.recurrence, detector.duration
        yield Finding(
            f"{row}: E[T_MR]", f"between two mistakes: {said}", recurrence, seen.recurrence, "s"
        )
        yield Finding(
            f"{row}: E[T_M]", f"length of a mistake: {said}", duration, seen.duration, "s"
        )
        yield Finding(
            f"{row}: P_A", f"share of time trusted: {said}", detector.accuracy, seen.accuracy
        )
    first = _ROWS["row 1"]
    within = share(noticed_in_time(first, models, 300 * effort))
    yield Finding("row 1: T_D <= eta + delta", "crashes noticed within that", 1.0, within)


DETECTOR: Final = Subject(
    "detector",
    "Mistakes of a failure detector: E[T_MR] = eta/p_S, E[T_M] = integral of u / p_S,"
    " P_A = 1 - integral of u / eta; a crash is noticed within delta + eta.",
    "Chen, Toueg, Aguilera, IEEE Transactions on Computers 51(5), 2002: NFD-S",
    _findings,
)
