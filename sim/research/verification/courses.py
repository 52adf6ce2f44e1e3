"""People whose link fails again and again, and what their apps are told: outage by outage."""

from __future__ import annotations

from math import nan, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import define, field, frozen

from sim.draws.distributions import Constant, Uniform
from sim.network.specs import LinkSpec, NoLoss, Outages, Transport
from sim.protocol.timers import Timers
from sim.protocol.units import LONGEST, SECOND
from sim.research.verification.models import Models
from sim.research.verification.timing import Clocks
from sim.scenario import Person, Platform, Rejoin, Scenario
from sim.trace import Record

SHIPPED: Final = Clocks.of(Timers(), Transport())
"""The clocks of the shipped client over TCP: the theory's, whatever the models under test are."""
UP: Final = Uniform(20 * SECOND, 22 * SECOND)
"""Time between outages: long enough to be back in, and spread over whole periods of the PINGs, so
that the phase of each outage is uniform and independent of what went before."""
MEAN_UP: Final = 21.0

INSTANT: Final = Constant(1)
"""As good as no delay, yet an answer never comes at the very instant of the question."""

Floats = npt.NDArray[np.float64]


@frozen
class Courses:
    """Outages by person and number. Times are seconds, from the beginning of each outage."""

    up: Floats
    """Time in service before it."""
    length: Floats
    noticed: Floats
    """When ``sessionReconnecting`` came; nan: it was not noticed."""
    back: Floats
    """When ``sessionReconnected`` came; nan: it did not."""
    ended: npt.NDArray[np.bool_]
    """Whether it ended the session."""

    @property
    def cycles(self) -> Floats:
        """Seconds from the end of an outage to that of the next, added up for each person."""
        return np.asarray((self.up + self.length).sum(axis=1))


@define
class _Outage:
    began: int
    up: int
    ended_at: int | None = None
    noticed: float = nan
    back: float = nan
    session_ended: bool = False


@define
class _Watcher:
    """Takes down what happens to each person."""

    outages: dict[str, list[_Outage]] = field(factory=dict)

    def __call__(self, record: Record) -> None:
        mine = self.outages.setdefault(record.client, [])
        if (record.kind, record.name) == ("fault", "down"):
            before = mine[-1].ended_at if mine else 0
            assert before is not None, "outages of one link are apart"
            mine.append(_Outage(record.time, record.time - before))
        elif mine and record.kind in ("fault", "event"):
            self._follow(mine[-1], record)

    @staticmethod
    def _follow(outage: _Outage, record: Record) -> None:
        after = (record.time - outage.began) / SECOND
        if record.name == "up":
            outage.ended_at = record.time
        elif record.name == "sessionReconnecting" and outage.noticed != outage.noticed:
            outage.noticed = after
        elif record.name == "sessionReconnected" and not outage.session_ended:
            outage.back = after
        elif record.name == "sessionDisconnected":
            outage.session_ended = True


def observed(
    outages: Outages, mean: float, models: Models, people: int, each: int, seed: int
) -> Courses:
    """Let so many people have so many outages each, and rejoin at once when a session has ended.

    Nobody is told of anybody else, and no connection is given up, of which the others would hear:
    so nothing but the outages decides. ``outages`` last ``mean``
    seconds on average, with a standard deviation of no more than that.
    """
    most = each * (MEAN_UP + mean) + 6 * mean * sqrt(each) + 60
    story = Scenario(
        name="outages",
        seed=seed,
        duration=round(most * SECOND),
        platform=Platform(grace=LONGEST),
        networks={"failing": LinkSpec.symmetric(NoLoss(), INSTANT, outages)},
        clients={
            "people": Person(
                count=people,
                network="failing",
                subscribe="nobody",
                connection_events_suppressed=True,
                arrive=Uniform(0, 2 * SECOND),
                rejoin=Rejoin(after="0s"),
            )
        },
        laws=(),
    )
    watcher = _Watcher()
    models.run(story, sinks=[watcher], keep=False)
    rows = [mine[:each] for mine in watcher.outages.values()]

    def table(of: str) -> Floats:
        return np.array([[getattr(outage, of) for outage in row] for row in rows], dtype=float)

    length = (table("ended_at") - table("began")) / SECOND
    ended = table("session_ended").astype(bool)
    return Courses(table("up") / SECOND, length, table("noticed"), table("back"), ended)
