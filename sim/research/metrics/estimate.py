"""What many runs say of a metric, with an interval."""

from __future__ import annotations

from math import inf, nan
from typing import Final

import numpy as np
from attrs import evolve

from sim.research.metrics.figures import Figures
from sim.research.metrics.metric import Kind, Metric
from sim.research.statistics.intervals import (
    Array,
    Interval,
    rate,
    ratio,
    share,
    telling,
)


def interval(metric: Metric, figures: Figures, level: float, until: float = inf) -> Interval:
    """A metric over the runs of these figures.

    Of durations it is the mean by Kaplan and Meier, cut at ``until`` or, if some went on, at the
    longest that was seen; the method says where. A share of things has an interval between 0 and 1,
    anything else one around its mean. What never happened may do so, and a rate has limits then,
    too. Neither that nor a duration is less than 0. What one run alone has seen has none: nobody
    knows how much that varies.
    """
    if figures.lasting:
        return figures.interval(level, until)
    above, below = figures.above, figures.below
    kind = _kind(metric, above, below)
    found = _WAYS[kind](above, below, level)
    if telling(above, below).sum() < 2:
        return evolve(found, low=nan, high=nan)
    is_count = kind is Kind.RATE and not (above < 0.0).any() and not (below < 0.0).any()
    return evolve(found, low=max(found.low, 0.0)) if is_count else found


def seen_as(metric: Metric, figures: Figures) -> Metric:
    """The metric, of durations in seconds if that is what its figures are."""
    if not figures.lasting or metric.lasting:
        return metric
    unit = "s" if metric.unit == "1" else metric.unit
    return evolve(metric, unit=unit, kind=Kind.DURATIONS)


_WAYS: Final = {Kind.SHARE: share, Kind.RATE: rate, Kind.MEAN: ratio}


def _kind(metric: Metric, above: Array, below: Array) -> Kind:
    """Share, rate or mean: what it says it is, if its figures are such."""
    if metric.kind is Kind.RATE:
        return Kind.RATE
    may_be = metric.unit == "1" and metric.kind is not Kind.MEAN
    return Kind.SHARE if may_be and _are_shares(above, below) else Kind.MEAN


def _are_shares(above: Array, below: Array) -> bool:
    whole = (above == np.floor(above)) & (below == np.floor(below))
    return bool(np.all(whole & (above >= 0) & (above <= below)))
