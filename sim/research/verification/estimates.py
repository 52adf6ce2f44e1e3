"""What was measured, from batches: sums of each, a function of their totals, and the jackknife."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen
from scipy import stats

LEVEL: Final = 0.95
"""Of the intervals that are shown."""
_EQUAL: Final = 1e-9
"""What never varies is right within this share of the theory."""

Sums = npt.NDArray[np.float64]


@frozen
class Estimate:
    """A measured value with its standard error; ``samples`` says of how many it is made.

    ``freedom`` are the degrees of freedom of the error. It is all nan where nothing was seen.
    """

    value: float
    error: float
    samples: int
    freedom: int

    @property
    def half_width(self) -> float:
        """Half of the interval at the level of 95 %, by Student's t."""
        return float(stats.t.ppf((1 + LEVEL) / 2, self.freedom)) * self.error

    def z(self, theory: float) -> float:
        """How many standard errors lie between it and ``theory``."""
        off = self.value - theory
        if self.error > 0:
            return off / self.error
        return 0.0 if abs(off) <= _EQUAL * max(1.0, abs(theory)) else float(np.copysign(inf, off))

    def p(self, theory: float) -> float:
        """How likely something so far off is if ``theory`` is right (two-sided, Student's t)."""
        return float(2 * stats.t.sf(abs(self.z(theory)), self.freedom))


def jackknife(of: Callable[[Sums], float], sums: Sums, samples: float) -> Estimate:
    """Estimate ``of`` the totals of batches: ``sums`` has one row a batch, one column a quantity.

    The error is that of leaving out a batch at a time, and the value is corrected for the bias
    that this shows; as the correction is no surer than that, it counts as an error, too. Batches
    are independent and alike. Source: Efron, "The Jackknife, the Bootstrap
    and Other Resampling Plans", 1982, chapters 2 and 3.
    """
    count = len(sums)
    totals = sums.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = of(totals)
        left = np.array([of(totals - row) for row in sums])
        bias = (count - 1) * float(left.mean() - whole)
        spread = (count - 1) / count * float(np.sum((left - left.mean()) ** 2))
    return Estimate(whole - bias, sqrt(spread + bias**2), round(samples), count - 1)


def ratio(
    above: Sequence[float] | Sums, below: Sequence[float] | Sums, samples: float | None = None
) -> Estimate:
    """The ratio of the sums: events a unit of time, losses a packet, ...; one entry a batch.

    ``samples`` says of how many it is made, where that is not what is ``below``.
    """
    sums = np.column_stack([np.asarray(above, float), np.asarray(below, float)])
    return jackknife(
        lambda total: total[0] / total[1], sums, sums[:, 1].sum() if samples is None else samples
    )


def mean(values: Sequence[float] | Sums) -> Estimate:
    """The mean of independent values."""
    numbers = np.asarray(values, float)
    error = float(numbers.std(ddof=1)) / sqrt(len(numbers))
    return Estimate(float(numbers.mean()), error, len(numbers), len(numbers) - 1)


def share(of: Sequence[bool] | npt.NDArray[np.bool_]) -> Estimate:
    """How large a share of independent cases is so."""
    return mean(np.asarray(of, float))
