"""The formulas under log, exp and the normal quantile, for one number or an array of them.

Only + - x / are used. IEEE 754 fixes the result of each to the last bit, and Python and numpy
round after every one of them, so a number gets the same bits alone and in an array, on every
machine. ``elementary`` and ``vectors`` add what differs between the two: taking a number apart
(frexp), putting it together (ldexp), square roots and the choice of a branch.
"""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

Real = TypeVar("Real", float, "FloatArray")
"""One number, or an array of them; a function of it treats both alike."""


class Maths(Protocol[Real]):
    """What a distribution needs; the modules ``elementary`` and ``vectors`` are both that."""

    def log(self, x: Real, /) -> Real:
        """Return ln x."""
        ...

    def exp(self, x: Real, /) -> Real:
        """Return e to the power x."""
        ...

    def normal_quantile(self, u: Real, /) -> Real:
        """Return the standard normal quantile of u."""
        ...


SQRT_HALF: Final = 0.7071067811865476
LOG2_E: Final = 1.4426950408889634
LN2_HIGH: Final = 2977044471 / 2**32
"""The upper 32 bits of ln 2, so that its product with an exponent is exact."""
LN2_LOW: Final = 1.9082149292705877e-10
"""ln 2 - LN2_HIGH, to 53 bits."""

_ATANH: Final = tuple(2.0 / (2 * k + 1) for k in range(11, 0, -1))
"""2 atanh(s) = 2s + s·(2/3 z + 2/5 z² + ...) with z = s². Eleven terms: |s| <= 0.172."""

_EXP: Final = tuple(1.0 / factorial(k) for k in range(13, 1, -1))
"""exp(r) = 1 + r + r²·(1/2! + r/3! + ...). Twelve terms: |r| <= 0.347."""

# The three pairs of tables are those of M. J. Wichura, "Algorithm AS 241: the percentage points
# of the normal distribution", in Applied Statistics 37, 1988, routine PPND16, good to 1 part in
# 10^16; the highest power comes first.

CENTRAL: Final = 0.425
"""The central formula is for |u - 1/2| up to this."""
FAR: Final = 5.0
"""The far formula is for sqrt(-ln of the tail's probability) beyond this."""

_CENTRAL_OVER: Final = (
    2.5090809287301226727e3,
    3.3430575583588128105e4,
    6.7265770927008700853e4,
    4.5921953931549871457e4,
    1.3731693765509461125e4,
    1.9715909503065514427e3,
    1.3314166789178437745e2,
    3.3871328727963666080,
)
_CENTRAL_UNDER: Final = (
    5.2264952788528545610e3,
    2.8729085735721942674e4,
    3.9307895800092710610e4,
    2.1213794301586595867e4,
    5.3941960214247511077e3,
    6.8718700749205790830e2,
    4.2313330701600911252e1,
    1.0,
)
_TAIL_OVER: Final = (
    7.74545014278341407640e-4,
    2.27238449892691845833e-2,
    2.41780725177450611770e-1,
    1.27045825245236838258,
    3.64784832476320460504,
    5.76949722146069140550,
    4.63033784615654529590,
    1.42343711074968357734,
)
_TAIL_UNDER: Final = (
    1.05075007164441684324e-9,
    5.47593808499534494600e-4,
    1.51986665636164571966e-2,
    1.48103976427480074590e-1,
    6.89767334985100004550e-1,
    1.67638483018380384940,
    2.05319162663775882187,
    1.0,
)
_FAR_OVER: Final = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.24266094738807843860e-3,
    2.65321895265761230930e-2,
    2.96560571828504891230e-1,
    1.78482653991729133580,
    5.46378491116411436990,
    6.65790464350110377720,
)
_FAR_UNDER: Final = (
    2.04426310338993978564e-15,
    1.42151175831644588870e-7,
    1.84631831751005468180e-5,
    7.86869131145613259100e-4,
    1.48753612908506148525e-2,
    1.36929880922735805310e-1,
    5.99832206555887937690e-1,
    1.0,
)


def horner(coefficients: Sequence[Real], x: Real) -> Real:
    """Evaluate a polynomial of degree 1 or more; the highest power comes first."""
    total = coefficients[0] * x + coefficients[1]
    for coefficient in coefficients[2:]:
        total *= x
        total += coefficient
    return total


class Formulas(Generic[Real]):
    """The formulas for one kind of number.

    ``constant`` turns a float into that kind: ``float`` itself, or ``numpy.array``, because numpy
    adds an array of one number to an array nearly twice as fast as it adds a float.
    """

    one: Real
    half: Real
    log2_e: Real
    ln2: tuple[Real, Real]
    origins: tuple[Real, Real, Real]
    atanh: tuple[Real, ...]
    exp: tuple[Real, ...]
    central: tuple[tuple[Real, ...], tuple[Real, ...]]
    tail: tuple[tuple[Real, ...], tuple[Real, ...]]
    far: tuple[tuple[Real, ...], tuple[Real, ...]]

    def __init__(self, constant: Callable[[float], Real]) -> None:
        def table(coefficients: Sequence[float]) -> tuple[Real, ...]:
            return tuple(constant(each) for each in coefficients)

        self.one, self.half, self.log2_e = constant(1.0), constant(0.5), constant(LOG2_E)
        self.ln2 = constant(LN2_HIGH), constant(LN2_LOW)
        self.origins = constant(CENTRAL * CENTRAL), constant(1.6), constant(FAR)
        self.atanh, self.exp = table(_ATANH), table(_EXP)
        self.central = table(_CENTRAL_OVER), table(_CENTRAL_UNDER)
        self.tail = table(_TAIL_OVER), table(_TAIL_UNDER)
        self.far = table(_FAR_OVER), table(_FAR_UNDER)

    def log_of_parts(self, mantissa: Real, exponent: Real) -> Real:
        """Return ln(mantissa · 2^exponent) for a mantissa in [√½, √2)."""
        high, low = self.ln2
        f = mantissa - self.one
        s = f / (mantissa + self.one)
        z = s * s
        series = z * horner(self.atanh, z)
        return exponent * high + (f - (s * (f - series) - exponent * low))

    def exp_of_rest(self, x: Real, exponent: Real) -> Real:
        """Return exp(x) / 2^exponent, where exponent is x / ln 2 to the nearest integer."""
        high, low = self.ln2
        r = (x - exponent * high) - exponent * low
        return self.one + (r + r * r * horner(self.exp, r))

    def quantile_central(self, q: Real) -> Real:
        """Return the normal quantile of 1/2 + q."""
        over, under = self.central
        r = self.origins[0] - q * q
        return q * horner(over, r) / horner(under, r)

    def quantile_tail(self, root: Real) -> Real:
        """Return the normal quantile without its sign, from sqrt(-ln of the tail's share)."""
        over, under = self.tail
        r = root - self.origins[1]
        return horner(over, r) / horner(under, r)

    def quantile_far(self, root: Real) -> Real:
        """Return the same as :meth:`quantile_tail`, for the far tail."""
        over, under = self.far
        r = root - self.origins[2]
        return horner(over, r) / horner(under, r)
