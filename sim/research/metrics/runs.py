"""Metrics of whole runs."""

from __future__ import annotations

from typing import Final

from sim.research.metrics.metric import Kind, Metric, Ratio
from sim.research.observing.observed import Observed


def _duplicates(observed: Observed) -> Ratio:
    return Ratio(observed.duplicate_pictures)


def _breaks(observed: Observed) -> Ratio:
    return Ratio(sum(observed.breaches.values()))


def _failed(observed: Observed) -> Ratio:
    return Ratio(int(observed.exit_code != 0))


METRICS: Final = (
    Metric(
        "duplicate-pictures",
        "1",
        "How often a page comes to show one more picture of somebody whom it shows, a run.",
        _duplicates,
        Kind.RATE,
    ),
    Metric(
        "law-breaks",
        "1",
        "How often laws break, a run: in all of it, also during a warm-up.",
        _breaks,
        Kind.RATE,
    ),
    Metric(
        "runs-failed",
        "1",
        "Share of the runs in which a law or an expectation broke that was not to break, also"
        " during a warm-up.",
        _failed,
        Kind.SHARE,
    ),
)
