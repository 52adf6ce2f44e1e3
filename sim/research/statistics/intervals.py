"""Confidence intervals for means, ratios, shares and quantiles."""

from __future__ import annotations

from math import isnan, log, nan, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, frozen
from scipy import special

Numbers = npt.ArrayLike
"""Numbers in a sequence or a numpy array of one dimension."""
Array = npt.NDArray[np.float64]

ROUNDING: Final = 1e-14
"""What differs by this share of its size or less does not differ: some 50 times what a number is
rounded by, as sums of many are."""
LEVEL: Final = 0.95
"""The confidence level of an interval, if no other is asked for."""


def _level(interval: Interval, attribute: object, value: float) -> None:
    checked(value)


@frozen
class Interval:
    """An estimate, and the interval that covers what is estimated with probability ``level``.

    ``n`` counts what is independent of each other: replications, mostly. ``method`` names how the
    interval was made. Limits that the data do not give are ``nan``, or infinite where that is what
    is known of them. Raises ``ValueError`` for a level that is none.
    """

    estimate: float
    low: float
    high: float
    level: float = field(validator=_level)
    n: int
    method: str

    @property
    def half_width(self) -> float:
        """Half of the distance between the limits, in the unit of the estimate."""
        return (self.high - self.low) / 2

    @property
    def known(self) -> bool:
        """Whether there are an estimate and limits at all."""
        return not (isnan(self.estimate) or isnan(self.low) or isnan(self.high))

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def to_data(self) -> dict[str, float | int | str | None]:
        """Plain data for JSON, in which what is not a finite number is None."""
        return {
            "estimate": finite(self.estimate),
            "low": finite(self.low),
            "high": finite(self.high),
            "level": self.level,
            "n": self.n,
            "method": self.method,
        }


def finite(value: float) -> float | None:
    """The value, or None if it is not a finite number, for which JSON has no word."""
    return value if np.isfinite(value) else None


def mean(values: Numbers, level: float = LEVEL) -> Interval:
    """The mean of independent values, by Student's t.

    >>> mean([1, 2, 3, 4, 5])
    Interval(estimate=3.0, low=1.036..., high=4.963..., level=0.95, n=5, method='t')
    """
    sample = numbers(values)
    if not len(sample):
        return Interval(nan, nan, nan, level, 0, "t")
    error = standard_error(influences(sample, np.ones(len(sample))))
    return around(float(sample.mean()), error, len(sample), level, "t")


def ratio(numerators: Numbers, denominators: Numbers, level: float = LEVEL) -> Interval:
    """The sum of the numerators over that of the denominators, by the delta method.

    One numerator and one denominator belong to each replication, such as its reconnections and its
    hours. Where all denominators are 1 this is :func:`mean`. The estimate is ``nan`` if the
    denominators sum up to 0. A replication of which both are 0 has nothing to say, and does not
    count: of what was seen in one replication alone, nobody knows how much it varies.
    """
    above, below = numbers(numerators), numbers(denominators)
    if len(above) != len(below):
        raise ValueError(f"{len(above)} numerators do not go with {len(below)} denominators")
    total, says = float(below.sum()), telling(above, below)
    count = int(says.sum())
    if total == 0.0:
        return Interval(nan, nan, nan, level, count, "delta")
    error = standard_error(influences(above[says], below[says]))
    return around(float(above.sum()) / total, error, count, level, "delta")


def rate(counts: Numbers, of: Numbers, level: float = LEVEL) -> Interval:
    """How often something happens: the ratio of these counts to these times, or numbers of runs.

    That it never did does not mean that it cannot: then the limit is the exact one of Poisson's
    distribution (Garwood, Biometrika 28, 1936), 3.7 by the time at a level of 95 %.

    >>> rate([0, 0, 0], [2.0, 2.0, 2.0]).high
    0.614...
    """
    found, time = ratio(counts, of, level), float(numbers(of).sum())
    if found.estimate != 0.0 or numbers(counts).any():
        return found
    highest = -log((1.0 - checked(level)) / 2) / time
    return evolve(found, low=0.0, high=highest, method="Poisson")


def telling(numerators: Array, denominators: Array) -> npt.NDArray[np.bool_]:
    """Which replications have something to say: those of which not both are 0."""
    says: npt.NDArray[np.bool_] = (numerators != 0.0) | (denominators != 0.0)
    return says


def influences(numerators: Array, denominators: Array) -> Array:
    """By how much each replication moves the ratio, times their number; they sum up to 0."""
    expected = numerators.sum() / denominators.sum() * denominators
    away = unrounded(numerators - expected, np.abs(numerators) + np.abs(expected))
    moved: Array = away / denominators.mean()
    return moved


def unrounded(differences: Array, sizes: Array) -> Array:
    """The differences of numbers of these sizes, 0 where that is all that rounding leaves of it."""
    return np.where(np.abs(differences) <= ROUNDING * sizes, 0.0, differences)


def standard_error(moved: Array) -> float:
    """The standard error of an estimate of which each observation's influence is given."""
    count = len(moved)
    return sqrt(float(moved @ moved) / (count - 1) / count) if count > 1 else nan


def share(hits: Numbers, of: Numbers, level: float = LEVEL) -> Interval:
    """The share of hits, by Wilson's interval; by replication where things of one are not alone.

    ``hits`` and ``of`` are two numbers, or two arrays with an entry a replication: so many of its
    so many sessions. Sessions of one replication may resemble each other: then the interval is
    that for as many independent ones as would tell the same (their *effective number*, as in Korn
    and Graubard, Survey Methodology 24, 1998), never for more than there are.

    >>> share(9, 10)
    Interval(estimate=0.9, low=0.595..., high=0.982..., level=0.95, n=10, method='Wilson')
    """
    found, tried = numbers(np.atleast_1d(hits)), numbers(np.atleast_1d(of))
    if len(found) != len(tried):
        raise ValueError(f"the hits of {len(found)} do not go with the sizes of {len(tried)}")
    if ((found < 0.0) | (found > tried)).any():
        raise ValueError("the hits must be from 0 to the number of which they are")
    total = float(tried.sum())
    if total == 0.0:
        return Interval(nan, nan, nan, level, 0, "Wilson")
    estimate = float(found.sum()) / total
    effective = total if len(found) == 1 else _effective(found, tried, estimate)
    low, high = wilson(estimate, effective, level)
    count = round(total) if len(found) == 1 else len(found)
    return Interval(estimate, low, high, level, count, "Wilson")


def _effective(found: Array, tried: Array, estimate: float) -> float:
    """How many independent things would tell as much of the share."""
    total, groups = float(tried.sum()), int(np.count_nonzero(tried))
    alone = estimate * (1.0 - estimate)
    together = standard_error(influences(found, tried)) ** 2
    if total == groups or groups < 2:
        return min(total, float(groups))
    # All alike: nothing is known of how much those of one replication resemble each other.
    return min(total, alone / together) if alone > 0.0 and together > 0.0 else float(groups)


def wilson(estimate: float, count: float, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's limits for a share that was found among ``count`` (JASA 22, 1927)."""
    z = normal_quantile(level)
    spread = z * z / count
    middle = (estimate + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt((estimate * (1 - estimate) + spread / 4) / count)
    return (
        0.0 if estimate == 0.0 else max(0.0, middle - half),
        1.0 if estimate == 1.0 else min(1.0, middle + half),
    )


def quantile(values: Numbers, q: float, level: float = LEVEL) -> Interval:
    """The value below which lies the share ``q``, with order statistics as limits.

    Exact for any distribution: the limits are the observations whose ranks a binomial variable
    stays between with at least the level. A limit that no observation gives is infinite.
    """
    sample = np.sort(numbers(values))
    q = checked_quantile(q)
    count = len(sample)
    if not count:
        return Interval(nan, nan, nan, level, 0, "order statistics")
    below = special.bdtr(np.arange(count), count, q)  # P(at most k observations are below it)
    tail = (1.0 - level) / 2
    first = int(np.searchsorted(below, tail, side="right"))
    last = int(np.searchsorted(below, 1.0 - tail, side="left"))
    low = float(sample[first - 1]) if first > 0 else -np.inf
    high = float(sample[last]) if last < count else np.inf
    return Interval(float(np.quantile(sample, q)), low, high, level, count, "order statistics")


def around(estimate: float, error: float, count: int, level: float, method: str) -> Interval:
    """The interval of Student's t around an estimate with this standard error."""
    half = t_quantile(level, count - 1) * error if count > 1 else nan
    return Interval(estimate, estimate - half, estimate + half, level, count, method)


def t_quantile(level: float, freedom: int) -> float:
    """How many standard errors reach from the middle to a limit of Student's t."""
    return float(special.stdtrit(freedom, 0.5 + checked(level) / 2))


def normal_quantile(level: float) -> float:
    """How many standard errors reach from the middle to a limit of the normal distribution."""
    return float(special.ndtri(0.5 + checked(level) / 2))


def checked(level: float) -> float:
    """The level, if it is one. Raises ``ValueError``."""
    if not 0.0 < level < 1.0:
        raise ValueError(f"{level:g} is not a confidence level: it must be between 0 and 1")
    return level


def checked_quantile(q: float) -> float:
    """The share that a quantile is of, if it is one. Raises ``ValueError``."""
    if not 0.0 < q < 1.0:
        raise ValueError(f"{q:g} is not a quantile: it must be between 0 and 1")
    return q


def numbers(values: Numbers) -> Array:
    """The values as an array. Raises ``ValueError`` if one of them is not a finite number."""
    sample = np.asarray(values, dtype=np.float64)
    if sample.ndim != 1:
        raise ValueError(f"values must have one dimension, not {sample.ndim}")
    if not np.isfinite(sample).all():
        raise ValueError("every value must be a finite number")
    return sample
