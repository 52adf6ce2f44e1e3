"""Outages of a link as an alternating renewal process, and what a client tells of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from scipy import stats

from sim.draws.distributions import Exponential
from sim.draws.stream import Draws
from sim.network.specs import Outages
from sim.protocol.units import SECOND
from sim.research.verification import courses
from sim.research.verification.courses import MEAN_UP, SHIPPED, UP
from sim.research.verification.estimates import ratio
from sim.research.verification.finding import Finding, Subject
from sim.research.verification.models import Models

SEED: Final = 1962
_BATCHES: Final = 100


def _findings(models: Models, effort: int) -> Iterator[Finding]:
    yield from _process(models, effort)
    yield from _told(models, effort)


def _process(models: Models, effort: int) -> Iterator[Finding]:
    """The process alone."""
    up, down, each = 60.0, 10.0, 200 * effort
    spec = Outages(Exponential(60 * SECOND), Exponential(10 * SECOND))
    totals = []
    for batch in range(_BATCHES):
        process = models.outages(spec, Draws(SEED, batch), "link")
        outages = [process.outage(index) for index in range(each)]
        out = sum(outage.duration for outage in outages)
        totals.append((outages[-1].end - out, out))
    time = np.array(totals, dtype=float) / SECOND
    count = np.full(_BATCHES, each)
    said = "up 60 s, down 10 s, both exponential"
    yield Finding(
        "process: up", f"mean time in service ({said})", up, ratio(time[:, 0], count), "s"
    )
    yield Finding("process: down", f"mean outage ({said})", down, ratio(time[:, 1], count), "s")
    share = ratio(time[:, 0], time.sum(axis=1), count.sum())
    yield Finding("process: availability", f"U/(U + E[D]) ({said})", up / (up + down), share)


def _told(models: Models, effort: int) -> Iterator[Finding]:
    """What clients tell: Pr(D > the threshold) over the mean cycle, averaged over the phase."""
    law, mean = stats.expon(scale=10.0), 10.0
    spec = Outages(UP, Exponential(10 * SECOND))
    seen = courses.observed(spec, mean, models, 40, 50 * effort, SEED)
    per_hour = 3600.0 / (MEAN_UP + mean)
    for name, told, threshold in (
        ("sessionReconnecting", ~np.isnan(seen.noticed), SHIPPED.unnoticed),
        ("networkDisconnected", seen.ended, SHIPPED.survived),
    ):
        theory = per_hour * float(law.sf(threshold - SHIPPED.phases).mean())
        rate = ratio(told.sum(axis=1), seen.cycles / 3600.0, told.size)
        what = f"{name} an hour, outages exponential with mean 10 s every 21 s"
        yield Finding(f"rate of {name}", what, theory, rate, "/h")


OUTAGES: Final = Subject(
    "outages",
    "Outages are an alternating renewal process: availability U/(U + E[D]); one is told of iff it"
    " outlasts a threshold that depends on its phase: rate Pr(D > threshold)/(U + E[D]).",
    "Cox, Renewal Theory, 1962; thresholds derived from TCP's timer (RFC 6298) and the client's",
    _findings,
)
