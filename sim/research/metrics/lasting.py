"""Durations over many runs, of which some had not ended: Kaplan-Meier."""

from __future__ import annotations

from collections.abc import Iterable

from sim.research.metrics.asking import ask
from sim.research.metrics.figures import Figures
from sim.research.metrics.metric import Metric
from sim.research.observing.observed import Observed
from sim.research.statistics.survival import Survival


def survival(metric: Metric, runs: Iterable[Observed]) -> Survival:
    """The curve of a metric of durations, in seconds; what is of one run is not independent.

    Raises ``ValueError`` for a metric that is not one of durations.
    """
    found = Figures.of(ask(metric, observed) for observed in runs).checked(metric.name)
    if not (found.lasting or metric.lasting):
        raise ValueError(f"{metric.name} is not a metric of durations: it has no curve")
    return found.curve
