"""The share of outages that a session survives, at the edges that TCP's timer sets.

A SYN goes out at once, then 1, 3, 7 s later, then the same again 15 s later: an outage of length D
that began ``phase`` after the last heartbeat is over for the client at the first of these edges
after it, and is survived iff that exists: Pr(D <= last edge - phase), averaged over the phase.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from scipy import stats

from sim.draws.distributions import Distribution, Exponential, Uniform
from sim.network.specs import Outages
from sim.protocol.units import SECOND
from sim.research.verification import courses
from sim.research.verification.courses import SHIPPED, UP, Courses
from sim.research.verification.estimates import Estimate, ratio
from sim.research.verification.finding import Finding, Subject
from sim.research.verification.models import Models

SEED: Final = 6298
_QUANTILES: Final = 4000


def _uniform(low: int, high: int) -> tuple[Distribution, Any]:
    return Uniform(low * SECOND, high * SECOND), stats.uniform(low, high - low)


def back(law: Any) -> float:
    """How long after an outage's beginning its end is told, on average, of noticed survivors."""
    phases = SHIPPED.phases[:: len(SHIPPED.phases) // 500]
    lengths = law.ppf((np.arange(_QUANTILES) + 0.5) / _QUANTILES)
    end = phases[:, None] + lengths
    told = SHIPPED.back(end)
    counts = (end > SHIPPED.unnoticed) & np.isfinite(told)
    return float((told - phases[:, None])[counts].mean())


def survived(law: Any, edge: float = SHIPPED.survived) -> float:
    """Pr(over by an edge), averaged over the phase."""
    return float(law.cdf(edge - SHIPPED.phases).mean())


def _share(seen: Courses) -> Estimate:
    return ratio((~seen.ended).sum(axis=1), np.full(len(seen.ended), seen.ended.shape[1]))


def _findings(models: Models, effort: int) -> Iterator[Finding]:
    around, law = _uniform(26, 29)
    seen = courses.observed(Outages(UP, around), 27.5, models, 40, 20 * effort, SEED)
    what = "outages survived that last 26 to 29 s, around the last edge"
    yield Finding("survived: 26 to 29 s", what, survived(law), _share(seen))

    mixed, law = Exponential(20 * SECOND), stats.expon(scale=20.0)
    seen = courses.observed(Outages(UP, mixed), 20.0, models, 40, 25 * effort, SEED + 1)
    what = "outages survived, exponential with mean 20 s"
    yield Finding("survived: mean 20 s", what, survived(law), _share(seen))
    what = "told of the end after the beginning, of those noticed and survived"
    told = ~np.isnan(seen.back)
    after = ratio(np.nansum(seen.back, axis=1), told.sum(axis=1))
    yield Finding("reconnected: mean 20 s", what, back(law), after, "s")

    short, law = _uniform(2, 6)
    seen = courses.observed(Outages(UP, short), 4.0, models, 40, 25 * effort, SEED + 2)
    unnoticed = np.isnan(seen.noticed)
    share = ratio(unnoticed.sum(axis=1), np.full(len(unnoticed), unnoticed.shape[1]))
    what = "outages of 2 to 6 s over by TCP's last retransmission before the silence is noticed"
    yield Finding("unnoticed: 2 to 6 s", what, survived(law, SHIPPED.unnoticed), share)


SURVIVAL: Final = Subject(
    "survival",
    "An outage is survived iff it is over by the last SYN that the client's window allows:"
    " Pr(D <= edge - phase), the phase uniform between two heartbeats.",
    "own derivation from RFC 6298 and the client's timers",
    _findings,
)
