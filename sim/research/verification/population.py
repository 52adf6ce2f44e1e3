"""How many are in a session: M/G/infinity, and Erlang's loss formula where there is a limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, exp, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import define, field

from sim.draws.distributions import Distribution, Exponential, Uniform
from sim.network.specs import LinkSpec, NoLoss
from sim.protocol.timers import Timers
from sim.protocol.units import SECOND
from sim.research.verification.courses import INSTANT
from sim.research.verification.erlang import erlang_b
from sim.research.verification.estimates import jackknife, ratio
from sim.research.verification.finding import Finding, Subject
from sim.research.verification.models import Models
from sim.scenario import Person, Platform, Poisson, Rejoin, Scenario
from sim.trace import Record

SEED: Final = 1917
_RUNS: Final = 50

Floats = npt.NDArray[np.float64]


@define
class _Watcher:
    """When people came, joined, left and were refused, in seconds."""

    came: list[float] = field(factory=list)
    joined: list[float] = field(factory=list)
    left: list[float] = field(factory=list)
    refused: list[float] = field(factory=list)
    refused_at_first: list[float] = field(factory=list)

    def __call__(self, record: Record) -> None:
        now = record.time / SECOND
        if record.object == "platform" and record.name in ("joined", "left", "refused"):
            getattr(self, record.name).append(now)
            if record.name == "refused" and record.data["by"].endswith("#1"):
                self.refused_at_first.append(now)
        elif record.name == "connect" and record.data.get("by") == "script":
            self.came.append(now)


def crowd(
    models: Models,
    rate: float,
    stay: Distribution,
    seconds: float,
    run: int,
    platform: Platform,
    rejoin: Rejoin | None = None,
) -> _Watcher:
    """Let people come at random, ``rate`` a second, and stay.

    Those who are refused go away, or come back by ``rejoin``.
    """
    expected = rate * seconds
    people = Person(
        count=ceil(expected + 6 * sqrt(expected) + 10),
        network=LinkSpec.symmetric(NoLoss(), INSTANT),
        role="subscriber",
        subscribe="nobody",
        connection_events_suppressed=True,
        arrive=Poisson(round(SECOND / rate)),
        stay=stay,
        rejoin=rejoin,
    )
    story = Scenario(
        name="population",
        seed=SEED,
        duration=round(seconds * SECOND),
        platform=platform,
        timers=Timers(connect_attempts=1),
        clients={"people": people},
        laws=(),
    )
    watcher = _Watcher()
    models.run(story, replication=run, sinks=[watcher], keep=False)
    return watcher


def present(watcher: _Watcher, at: Floats) -> Floats:
    """How many are there at those times."""
    came = np.searchsorted(np.array(watcher.joined), at, side="right")
    went = np.searchsorted(np.sort(np.array(watcher.left)), at, side="right")
    return np.asarray(came - went, dtype=float)


def person_seconds(came: Sequence[float], went: Sequence[float], start: float, end: float) -> float:
    """The time that all of them are there between two moments, added up."""
    after_coming = np.clip(end - np.array(came), 0, end - start).sum()
    after_going = np.clip(end - np.array(went), 0, end - start).sum()
    return float(after_coming - after_going)


def _findings(models: Models, effort: int) -> Iterator[Finding]:
    yield from _unlimited(models, effort)
    yield from _limited(models, effort)


def _unlimited(models: Models, effort: int) -> Iterator[Finding]:
    rate, longest, mean = 5.0, 0.75, 0.5
    stay = Uniform(SECOND // 4, 3 * SECOND // 4)
    end = longest * (1 + 40 * effort)
    area, counts = [], []
    for run in range(_RUNS):
        watcher = crowd(models, rate, stay, end, run, Platform())
        area.append(person_seconds(watcher.joined, watcher.left, longest, end))
        there = present(watcher, np.arange(1, 1 + 40 * effort, dtype=np.float64) * longest)
        counts.append((len(there), there.sum(), (there**2).sum(), np.sum(there == 0)))
    said = "5 a second come and stay 0.25 to 0.75 s"
    time = np.full(_RUNS, end - longest)
    average = ratio(area, time, rate * time.sum())
    yield Finding("M/G/inf: mean", f"people in the session ({said})", rate * mean, average)
    sums = np.array(counts, dtype=float)
    dispersion = jackknife(
        lambda t: (t[2] / t[0] - (t[1] / t[0]) ** 2) / (t[1] / t[0]), sums, sums[:, 0].sum()
    )
    what = f"variance of their number over its mean: Poisson ({said})"
    yield Finding("M/G/inf: dispersion", what, 1.0, dispersion)
    empty = ratio(sums[:, 3], sums[:, 0])
    yield Finding("M/G/inf: P(nobody)", f"nobody there ({said})", exp(-rate * mean), empty)


def _limited(models: Models, effort: int) -> Iterator[Finding]:
    places, rate, warm_up, end = 3, 10.0, 2.0, 2.0 + 4.0 * effort
    stay = Exponential(SECOND // 5)
    refused, came = [], []
    for run in range(_RUNS):
        watcher = crowd(models, rate, stay, end, run, Platform(connection_limit=places))
        refused.append(sum(time > warm_up for time in watcher.refused))
        came.append(refused[-1] + sum(time > warm_up for time in watcher.joined))
    what = f"refused of those who come, 10 a second for {places} places of 0.2 s"
    theory = erlang_b(places, rate * 0.2)
    yield Finding("Erlang B: refused", what, theory, ratio(refused, came))


POPULATION: Final = Subject(
    "population",
    "With Poisson arrivals and any stay the number present is Poisson(lambda E[S]) (M/G/infinity);"
    " with a limit Erlang's formula B says who is refused.",
    "Erlang, 1917; Cox and Miller, The Theory of Stochastic Processes, 1965",
    _findings,
)
