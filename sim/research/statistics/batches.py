"""One long run in its steady state: how much of its beginning to leave out, and batch means."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.research.statistics.intervals import LEVEL, Interval, Numbers, mean, numbers

BATCHES: Final = 20
"""Batches of a run: with fewer the interval is wide, with more they depend on each other."""
MSER: Final = 5
"""Observations that MSER-5 takes the mean of before it looks."""


def warm_up(series: Numbers, group: int = MSER) -> int:
    """How many observations at the beginning to leave out, by MSER-5.

    The rest is the one whose mean has the least marginal standard error (White, Cobb and Spratt,
    WSC 2000), over means of ``group`` observations. At most half of the series is looked at: a
    least one beyond means that the run is too short to say. Raises ``ValueError`` for a group of
    less than one.
    """
    if group < 1:
        raise ValueError(f"a group has 1 observation or more, not {group}")
    sample = numbers(series)
    count = len(sample) // group
    if count < 2:
        return 0
    means = sample[: count * group].reshape(count, group).mean(axis=1)
    means = means - means.mean()
    left = np.arange(count, 0, -1)
    sums = np.cumsum(means[::-1])[::-1]
    squares = np.cumsum(means[::-1] ** 2)[::-1]
    errors = (squares - sums**2 / left) / left.astype(np.float64) ** 2
    return int(np.argmin(errors[: count // 2 + 1])) * group


def batch_means(series: Numbers, batches: int = BATCHES, level: float = LEVEL) -> Interval:
    """The mean of a series whose observations depend on their neighbours.

    It is cut into batches of one length, whose means are nearly independent if batches are long;
    what does not fill the last one is left out at the beginning. ``n`` is the number of batches.
    Raises ``ValueError`` when there are fewer observations than batches, or fewer batches than 2.
    """
    sample = numbers(series)
    if batches < 2 or len(sample) < batches:
        raise ValueError(
            f"{len(sample)} observations make no {batches} batches: there must be 2 batches or"
            " more, and an observation for each"
        )
    size = len(sample) // batches
    cut = mean(sample[len(sample) - size * batches :].reshape(batches, size).mean(axis=1), level)
    return Interval(cut.estimate, cut.low, cut.high, level, batches, "batch means")
