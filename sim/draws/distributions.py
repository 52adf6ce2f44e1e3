"""Durations drawn at random: what a scenario may name, and how a uniform number becomes a value.

Every distribution takes exactly one draw a value (Constant none) and turns it by the inverse of
its distribution function, so a larger draw never gives a smaller value. Values are whole
microseconds, rounded to the nearest, from ``minimum`` to 366 days, the longest duration there is.

``minimum`` means *given that the value is at least this*: the part below is cut off and the rest
scaled up. So ``Exponential(mean, minimum)`` is the minimum plus an exponential, and the median of
a ``Lognormal`` with a minimum is that of the whole distribution, before the cut.
"""

from __future__ import annotations

from typing import Final

from attrs import field, frozen

from sim.draws import elementary
from sim.draws.kernels import Maths, Real
from sim.draws.validators import between, duration, positive_duration
from sim.protocol.units import LONGEST, format_duration

LEAST_LEFT: Final = 1e-6
"""A minimum that leaves less than this share of a distribution is refused."""


@frozen
class Constant:
    """Always ``value`` microseconds. Takes no draw."""

    value: int = field(validator=duration)


@frozen
class Uniform:
    """Anything from ``low`` to ``high`` microseconds, equally likely."""

    low: int = field(validator=duration)
    high: int = field(validator=duration)
    minimum: int = field(default=0, validator=duration)

    def __attrs_post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(
                f"Uniform: low ({format_duration(self.low)}) must not be more than high "
                f"({format_duration(self.high)})"
            )
        if self.minimum > self.high:
            raise ValueError(
                f"Uniform: minimum ({format_duration(self.minimum)}) must not be more than high "
                f"({format_duration(self.high)}), or nothing is left"
            )

    def quantile(self, u: Real, maths: Maths[Real]) -> Real:
        """Return the value, not yet rounded, below which lies the share u."""
        low = max(self.low, self.minimum)
        return low + (self.high - low) * u


@frozen
class Exponential:
    """Memoryless, with this ``mean`` in microseconds above the minimum."""

    mean: int = field(validator=positive_duration)
    minimum: int = field(default=0, validator=duration)

    def quantile(self, u: Real, maths: Maths[Real]) -> Real:
        """Return the value, not yet rounded, below which lies the share u."""
        return self.minimum - self.mean * maths.log(1.0 - u)


@frozen
class Lognormal:
    """Half of the values lie below ``median``, and the logarithm is normal.

    ``sigma`` is the standard deviation of the natural logarithm: with 0.4, two thirds of the
    values lie within a factor 1.5 of the median.
    """

    median: int = field(validator=positive_duration)
    sigma: float = field(
        validator=between(0.001, 10.0, "it is the standard deviation of the natural logarithm")
    )
    minimum: int = field(default=0, validator=duration)
    _above: float = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        cut = -40.0
        if self.minimum:
            cut = elementary.log(self.minimum / self.median) / self.sigma
        object.__setattr__(self, "_above", _share_above(self, self.minimum, cut))

    def quantile(self, u: Real, maths: Maths[Real]) -> Real:
        """Return the value, not yet rounded, below which lies the share u."""
        z = -maths.normal_quantile(self._above * (1.0 - u))
        return self.median * maths.exp(self.sigma * z)


@frozen
class Normal:
    """Normal with this ``mean`` and standard deviation ``sd`` in microseconds, cut off below.

    The cut is at ``minimum``, or at 0 if none is given, as there is no negative duration.
    """

    mean: int = field(validator=duration)
    sd: int = field(validator=positive_duration)
    minimum: int = field(default=0, validator=duration)
    _above: float = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        cut = (self.minimum - self.mean) / self.sd
        object.__setattr__(self, "_above", _share_above(self, self.minimum, cut))

    def quantile(self, u: Real, maths: Maths[Real]) -> Real:
        """Return the value, not yet rounded, below which lies the share u."""
        return self.mean - self.sd * maths.normal_quantile(self._above * (1.0 - u))


@frozen
class Pareto:
    """At least ``scale`` microseconds, with a heavy tail: the share beyond x is (scale/x)^shape.

    The mean is infinite for a shape up to 1; values end at 366 days all the same.
    """

    scale: int = field(validator=positive_duration)
    shape: float = field(
        validator=between(0.1, 1000.0, "smaller shapes give almost nothing but the longest value")
    )
    minimum: int = field(default=0, validator=duration)

    def quantile(self, u: Real, maths: Maths[Real]) -> Real:
        """Return the value, not yet rounded, below which lies the share u."""
        return max(self.scale, self.minimum) * maths.exp(maths.log(1.0 - u) / -self.shape)


Varying = Uniform | Exponential | Lognormal | Normal | Pareto
"""The distributions that take one draw a value."""

Distribution = Constant | Varying


def value(distribution: Distribution, u: float) -> int:
    """Return the value in microseconds that a uniform number 0 < u < 1 stands for.

    >>> value(Uniform(1_000, 3_000), 0.25)
    1500
    """
    if isinstance(distribution, Constant):
        return distribution.value
    real = distribution.quantile(u, elementary)
    return int(max(min(real, LONGEST), distribution.minimum) + 0.5)


def _share_above(owner: Lognormal | Normal, minimum: int, cut: float) -> float:
    """Return the share of a normal distribution above ``cut`` standard deviations."""
    share = elementary.normal_cdf(-cut)
    if share < LEAST_LEFT:
        raise ValueError(
            f"{type(owner).__name__}: minimum ({format_duration(minimum)}) leaves less than one "
            "in a million of the values: choose a smaller one, or another distribution"
        )
    return share
