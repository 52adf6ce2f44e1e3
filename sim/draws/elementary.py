"""log, exp and the normal quantile of one number, the same on every machine.

``math.log`` and ``numpy.log`` may differ in the last bit, from each other and between machines.
These are made of + - x / sqrt frexp ldexp, which may not. Accuracy: a few units in the last place.
"""

from __future__ import annotations

from math import copysign, floor, frexp, ldexp, sqrt
from typing import Final

from sim.draws import kernels

_FORMULAS: Final = kernels.Formulas(float)
_SQRT_TWO_PI: Final = 2.5066282746310002
_CERTAIN: Final = 8.3
"""Standard deviations beyond which less probability is left than any draw can show."""


def log(x: float, /) -> float:
    """Return the natural logarithm of a positive, finite number."""
    mantissa, exponent = frexp(x)
    if mantissa < kernels.SQRT_HALF:
        mantissa, exponent = mantissa + mantissa, exponent - 1
    return _FORMULAS.log_of_parts(mantissa, float(exponent))


def log_complement(p: float, /) -> float:
    """Return ln(1 - p) for 0 <= p < 1, accurate for small p as well."""
    rest = 1.0 - p
    if rest == 1.0:
        return -p
    return log(rest) * (p / (1.0 - rest))


def exp(x: float, /) -> float:
    """Return e to the power x, for x from -700 to 700."""
    exponent = floor(x * kernels.LOG2_E + 0.5)
    return ldexp(_FORMULAS.exp_of_rest(x, float(exponent)), exponent)


def normal_quantile(u: float, /) -> float:
    """Return the standard normal quantile of a probability 0 < u < 1."""
    q = u - 0.5
    if abs(q) <= kernels.CENTRAL:
        return _FORMULAS.quantile_central(q)
    root = sqrt(-log(min(u, 1.0 - u)))
    tail = _FORMULAS.quantile_tail if root <= kernels.FAR else _FORMULAS.quantile_far
    return copysign(tail(root), q)


def normal_cdf(z: float, /) -> float:
    """Return the probability that a standard normal variable is below z.

    By the series Φ(z) = 1/2 + φ(z)·(z + z³/3 + z⁵/15 + ...), whose terms have one sign;
    the error is about 1e-16, not relative to the result.
    """
    if abs(z) > _CERTAIN:
        return 0.0 if z < 0.0 else 1.0
    term = total = z
    divisor = 1.0
    while total + term != total:
        divisor += 2.0
        term *= z * z / divisor
        total += term
    return 0.5 + total * exp(-0.5 * z * z) / _SQRT_TWO_PI
