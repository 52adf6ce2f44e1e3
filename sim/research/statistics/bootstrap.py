"""An interval for any statistic of independent replications, from resamples with an address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import nan
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import special

from sim.draws.stream import Stream
from sim.research.statistics.intervals import LEVEL, Array, Interval, Numbers, checked, numbers

RESAMPLES: Final = 1_999
"""Resamples: the limits of an interval of 95 % are then order statistics of them."""
_FEWEST: Final = 100
"""Of fewer resamples no order statistic is a limit worth having."""
_BLOCK: Final = 1 << 20
"""Indices that are held in memory at once."""
_HALF: Final = np.uint64(32)

Statistic = Callable[..., npt.ArrayLike]
"""Of arrays whose last axis are the observations: one number for each of the others."""


def bootstrap(
    statistic: Statistic,
    *data: Numbers,
    draws: Stream,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
) -> Interval:
    """The statistic of the data, by Efron's bias-corrected and accelerated bootstrap (BCa).

    ``data`` are arrays of one length that are resampled together, such as the numerators and the
    denominators of a ratio: ``bootstrap(lambda x, y: x.sum(-1) / y.sum(-1), x, y, draws=stream)``.
    Each resample takes one draw an observation. Where the statistic does not vary, both limits are
    the estimate. Raises ``ValueError`` for arrays of several lengths, too few resamples for limits,
    and a statistic that does not give a finite number for each resample.
    """
    arrays = [numbers(each) for each in data]
    sizes = {len(each) for each in arrays}
    if len(sizes) != 1:
        raise ValueError("a bootstrap needs data, and all of its arrays must have one length")
    if resamples < _FEWEST:
        raise ValueError(f"a bootstrap needs {_FEWEST} resamples or more, not {resamples}")
    (count,) = sizes
    method = "BCa bootstrap"
    if count < 2:
        return Interval(nan, nan, nan, checked(level), count, method)
    estimate = float(np.asarray(statistic(*arrays)))
    again = np.sort(np.concatenate(list(_resampled(statistic, arrays, draws, resamples))))
    low, high = _limits(again, estimate, _acceleration(statistic, arrays), checked(level))
    return Interval(estimate, low, high, level, count, method)


def _resampled(
    statistic: Statistic, arrays: list[Array], draws: Stream, resamples: int
) -> Iterator[Array]:
    count = len(arrays[0])
    rows = max(1, _BLOCK // count)
    for first in range(0, resamples, rows):
        size = min(rows, resamples - first)
        words = draws.words(first * count, size * count) >> _HALF
        chosen = (words * np.uint64(count) >> _HALF).astype(np.intp).reshape(size, count)
        found = np.asarray(statistic(*(each[chosen] for each in arrays)), dtype=np.float64)
        if found.shape != (size,) or not np.isfinite(found).all():
            raise ValueError(
                "the statistic of a bootstrap must give one finite number for each resample: sums"
                " and means are over the last axis"
            )
        yield found


def _acceleration(statistic: Statistic, arrays: list[Array]) -> float:
    """How fast the standard error changes with the estimate, from leaving out each in turn."""
    count = len(arrays[0])
    without = np.array(
        [float(np.asarray(statistic(*(np.delete(a, i) for a in arrays)))) for i in range(count)]
    )
    away = without.mean() - without
    spread = float((away**2).sum()) ** 1.5
    return float((away**3).sum()) / (6.0 * spread) if spread > 0.0 else 0.0


def _limits(again: Array, estimate: float, speed: float, level: float) -> tuple[float, float]:
    below = (np.count_nonzero(again < estimate) + np.count_nonzero(again <= estimate)) / 2
    bias = special.ndtri(np.clip(below / len(again), 0.5 / len(again), 1.0 - 0.5 / len(again)))
    ends = bias + special.ndtri([(1.0 - level) / 2, (1.0 + level) / 2])
    low, high = np.quantile(again, special.ndtr(bias + ends / (1.0 - speed * ends)))
    return float(low), float(high)
