"""How likely a kick meets a reconnection, by its time after the failure of the victim's network.

The victim is reconnecting from when its silence is noticed until something is heard again; both
count from the last heartbeat, whose age at the failure is uniform between two heartbeats.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf
from typing import Final

import numpy as np
from attrs import define, field

from sim.draws.distributions import Uniform
from sim.network.specs import LinkSpec, NoLoss
from sim.protocol.units import SECOND
from sim.research.verification.courses import INSTANT, SHIPPED
from sim.research.verification.estimates import Estimate, share
from sim.research.verification.finding import Finding, Subject
from sim.research.verification.models import Models
from sim.research.verification.timing import Clocks
from sim.scenario import Person, Scenario, Step
from sim.trace import Record

SEED: Final = 1971
_FAILURE: Final = 10
_PEOPLE: Final = 20


def meeting(after: float, outage: float = inf, clocks: Clocks = SHIPPED) -> float:
    """How likely a kick ``after`` so many seconds meets a reconnection, of an outage so long."""
    phases = clocks.phases
    end = phases + outage
    noticed = np.where(end > clocks.unnoticed, clocks.silence, inf) - phases
    back = np.minimum(clocks.back(end), clocks.silence + clocks.window) - phases
    return float(np.mean((noticed <= after) & (after < back)))


@define
class _Watcher:
    """Who was reconnecting when the platform accepted a kick."""

    reconnecting: set[str] = field(factory=set)
    met: list[bool] = field(factory=list)

    def __call__(self, record: Record) -> None:
        if record.name == "sessionReconnecting":
            self.reconnecting.add(record.client)
        elif record.name in ("sessionReconnected", "sessionDisconnected"):
            self.reconnecting.discard(record.client)
        elif record.name == "accepted":
            victim = str(record.data["target"]).partition("#")[0]
            self.met.append(victim in self.reconnecting)


def kicked(models: Models, after: float, outage: float, runs: int) -> Estimate:
    """Kick many, each at its own phase, so long after the failure; the share that was met."""
    network = LinkSpec.symmetric(NoLoss(), INSTANT)
    crowd = Person(
        count=_PEOPLE,
        network=network,
        subscribe="nobody",
        connection_events_suppressed=True,
        arrive=Uniform(0, round(SHIPPED.ping * SECOND)),
    )
    met: list[bool] = []
    for run in range(runs):
        story = Scenario(
            name="kicked while reconnecting",
            seed=SEED,
            duration=round((_FAILURE + after + 1) * SECOND),
            clients={
                "moderator": Person(role="moderator", network=network, subscribe="nobody"),
                "crowd": crowd,
            },
            script=_script(after, outage),
            laws=(),
        )
        watcher = _Watcher()
        models.run(story, replication=run, sinks=[watcher], keep=False)
        met += watcher.met
    return share(met)


def _script(after: float, outage: float) -> Sequence[Step]:
    fails = Step(
        at=_FAILURE * SECOND, client="crowd", network="down", lasting=round(outage * SECOND)
    )
    at = round((_FAILURE + after) * SECOND)
    kicks = [
        Step(at=at, client="moderator", do="force-disconnect", target=f"crowd-{number}")
        for number in range(1, _PEOPLE + 1)
    ]
    return fails, *kicks


_TIMINGS: Final = ((4.1, 60.0), (5.2, 60.0), (11.9, 10.0))
"""Seconds after the failure, and the length of the outage: around the edges."""


def _findings(models: Models, effort: int) -> Iterator[Finding]:
    for after, outage in _TIMINGS:
        measured = kicked(models, after, outage, 25 * effort)
        what = f"kicks {after:g} s after a failure of {outage:g} s that meet a reconnection"
        yield Finding(
            f"kick after {after:g} of {outage:g} s", what, meeting(after, outage), measured
        )


KICKS: Final = Subject(
    "kicks",
    "A kick meets a reconnection iff it comes after the silence was noticed and before something"
    " is heard again: the share of phases for which it does.",
    "own derivation from RFC 6298 and the client's timers",
    _findings,
)
