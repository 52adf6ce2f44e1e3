"""What many runs say of a metric, with an interval."""

from __future__ import annotations

from math import nan

import numpy as np
from attrs import evolve

from sim.research.metrics.metric import Metric
from sim.research.statistics.intervals import Array, Interval, ratio, share, telling


def interval(metric: Metric, above: Array, below: Array, level: float) -> Interval:
    """A metric over runs with these numerators and denominators.

    A share of things has an interval between 0 and 1, anything else one around its mean. What one
    run alone has seen has none: nobody knows how much that varies.
    """
    if not (metric.unit == "1" and metric.counts and _are_shares(above, below)):
        return ratio(above, below, level)
    found = share(above, below, level)
    return found if telling(above, below).sum() > 1 else evolve(found, low=nan, high=nan)


def _are_shares(above: Array, below: Array) -> bool:
    whole = (above == np.floor(above)) & (below == np.floor(below))
    return bool(np.all(whole & (above >= 0) & (above <= below)))
