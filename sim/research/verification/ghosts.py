"""How long the others see somebody who is gone without a word.

The platform counts its silence from the last heartbeat, which is as old as the phase: uniform
between two heartbeats. So a ghost stays for detection + grace - phase.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import define, field

from sim.draws.distributions import Uniform
from sim.network.specs import LinkSpec, NoLoss
from sim.protocol.units import SECOND
from sim.research.verification.courses import INSTANT, SHIPPED
from sim.research.verification.estimates import jackknife, mean
from sim.research.verification.finding import Finding, Subject
from sim.research.verification.models import Models
from sim.scenario import Person, Platform, Scenario, Step
from sim.trace import Record

SEED: Final = 1969
_DETECTION, _GRACE, _CRASH, _PEOPLE = 4, 2, 5, 40

Floats = npt.NDArray[np.float64]


@define
class _Watcher:
    """When a watcher was told of the end of each of the others, in seconds after the crash."""

    times: list[float] = field(factory=list)

    def __call__(self, record: Record) -> None:
        if (record.client, record.name) == ("watcher", "connectionDestroyed"):
            self.times.append(record.time / SECOND - _CRASH)


def ghost_times(models: Models, runs: int) -> Floats:
    """How long each of many who crash at one moment is seen by somebody else."""
    network = LinkSpec.symmetric(NoLoss(), INSTANT)
    crowd = Person(
        count=_PEOPLE,
        network=network,
        subscribe="nobody",
        connection_events_suppressed=True,
        arrive=Uniform(0, round(SHIPPED.ping * SECOND)),
    )
    times: list[float] = []
    for run in range(runs):
        story = Scenario(
            name="ghosts",
            seed=SEED,
            duration=(_CRASH + _DETECTION + _GRACE + 3) * SECOND,
            platform=Platform(detection=_DETECTION * SECOND, grace=_GRACE * SECOND),
            clients={"watcher": Person(network=network, subscribe="nobody"), "crowd": crowd},
            script=(Step(at=_CRASH * SECOND, client="crowd", do="crash"),),
            laws=(),
        )
        watcher = _Watcher()
        models.run(story, replication=run, sinks=[watcher], keep=False)
        times += watcher.times
    return np.array(times)


def _findings(models: Models, effort: int) -> Iterator[Finding]:
    times = ghost_times(models, 50 * effort)
    said = f"detection {_DETECTION} s, grace {_GRACE} s, a heartbeat every {SHIPPED.ping:g} s"
    theory = _DETECTION + _GRACE - SHIPPED.ping / 2
    yield Finding("ghost time: mean", f"of somebody who crashes ({said})", theory, mean(times), "s")
    sums = np.column_stack([np.ones_like(times), times, times**2])
    blocks = sums.reshape(100, -1, 3).sum(axis=1)
    variance = jackknife(lambda t: t[2] / t[0] - (t[1] / t[0]) ** 2, blocks, len(times))
    what = f"its variance is that of a heartbeat's age ({said})"
    yield Finding("ghost time: variance", what, SHIPPED.ping**2 / 12, variance, "s2")


GHOSTS: Final = Subject(
    "ghosts",
    "Somebody who crashes is seen for detection + grace less the age of the last heartbeat, which"
    " is uniform between 0 and their interval.",
    "own derivation",
    _findings,
)
