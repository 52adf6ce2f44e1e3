"""How well a model fits what it was fitted to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen
from scipy import stats

from sim.research.fitting.runs import Counts, Runs

Values = npt.NDArray[np.float64]

LEAST_EXPECTED: Final = 5.0
"""A class of a chi-square test expects so many, at least (Cochran 1954)."""

KOLMOGOROV: Final = (
    "p of Kolmogorov and Smirnov is for parameters known before: estimated from the same values "
    "they fit better, so the true p is smaller (Lilliefors 1967)"
)
CHI_SQUARE: Final = (
    "the chi-square of run lengths takes runs as independent, which those of a hidden chain are "
    "only nearly"
)
MANY: Final = "with many values even a small distance has a p of 0: look at D and at the plot"


RUNS: Final = "chi-square of run lengths"
BY_TIME: Final = "chi-square of losses by what was before"


_DOUBLINGS: Final = 8
"""Classes of rows by their lengths; the last has all that are longer."""


@frozen
class Goodness:
    """A test: its statistic, its degrees of freedom if it has any, and its p-value.

    ``p`` is None where there is too little to test.
    """

    test: str
    statistic: float
    p: float | None
    degrees: int | None = None
    cases: int = 0


def kolmogorov_smirnov(values: Values, cdf: Callable[[Values], object]) -> Goodness:
    """The largest distance D between the distribution functions of values and model."""
    found = stats.kstest(values, cdf)
    return Goodness(
        "Kolmogorov-Smirnov", float(found.statistic), float(found.pvalue), None, values.size
    )


def run_lengths(runs: Runs, survival: Callable[[bool, Counts], Values], free: int) -> Goodness:
    """Chi-square of the lengths of loss runs and of the gaps between them, together.

    ``survival(lost, n)`` is the share of runs of that kind with n packets and more; ``free`` is the
    number of parameters that were estimated.
    """
    kinds = (True, False)
    parts = [_classes(runs.inner(lost), partial(survival, lost)) for lost in kinds]
    statistic = sum(part[0] for part in parts)
    degrees = sum(part[1] - 1 for part in parts) - free
    p = float(stats.chi2.sf(statistic, degrees)) if degrees > 0 else None
    cases = sum(runs.inner(lost).size for lost in kinds)
    return Goodness(RUNS, statistic, p, degrees, cases)


def followed(chances: Values, lost: npt.NDArray[np.bool_], steps: Values, free: int) -> Goodness:
    """Chi-square of how many packets were lost by what was before them, and when.

    ``chances`` says of each packet how probable its loss was by all that was known before,
    ``steps`` how long after the one before it was sent. What such sums leave over is independent,
    of a hidden chain, too. Classes are quarters of the times, each by what had become of the packet
    before and of how many in a row: 1, 2 to 3, 4 to 7 and so on.
    """
    edges = np.unique(np.quantile(steps, (0.25, 0.5, 0.75)))
    times = np.searchsorted(edges, steps, side="left")
    begins = np.flatnonzero(np.diff(lost, prepend=~lost[:1]))
    number = np.arange(lost.size)
    row = number - begins[np.searchsorted(begins, number, side="right") - 1] + 1
    doubled = np.minimum(np.log2(row).astype(np.int64), _DOUBLINGS - 1)
    classes = (times * _DOUBLINGS + doubled[:-1]) * 2 + lost[:-1]
    expected, fates = chances[1:], lost[1:]
    losses, arrivals = np.bincount(classes, expected), np.bincount(classes, 1 - expected)
    spread = np.bincount(classes, expected * (1 - expected))
    left = np.bincount(classes, fates - expected)
    enough = np.minimum(losses, arrivals) >= LEAST_EXPECTED
    statistic = float((left[enough] ** 2 / spread[enough]).sum())
    degrees = int(enough.sum()) - free
    p = float(stats.chi2.sf(statistic, degrees)) if degrees > 0 else None
    return Goodness(BY_TIME, statistic, p, degrees, lost.size)


def _classes(lengths: Counts, survival: Callable[[Counts], Values]) -> tuple[float, int]:
    """Chi-square over classes of lengths that expect enough each, and how many those are."""
    if lengths.size < 2 * LEAST_EXPECTED:
        return 0.0, 1
    beyond = lengths.size * survival(np.arange(1, int(lengths.max()) + 2))
    edges = [0]
    for place in range(1, beyond.size):
        enough = beyond[edges[-1]] - beyond[place] >= max(LEAST_EXPECTED, lengths.size / 50)
        if enough and beyond[place] >= LEAST_EXPECTED:
            edges.append(place)
    if len(edges) < 2:
        return 0.0, 1
    expected = -np.diff(np.append(beyond[edges], 0.0))
    classes = np.searchsorted(np.array(edges) + 1, lengths, side="right") - 1
    observed = np.bincount(classes, minlength=len(edges))
    return float(((observed - expected) ** 2 / expected).sum()), len(edges)
