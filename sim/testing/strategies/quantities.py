"""Durations, probabilities and distributions, which shrink towards few and round ones."""

from __future__ import annotations

from functools import cache
from typing import Final, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.draws.distributions import (
    Constant,
    Distribution,
    Exponential,
    Lognormal,
    Normal,
    Pareto,
    Uniform,
)
from sim.protocol.units import LONGEST, MILLISECOND, SECOND
from sim.testing.strategies.bounds import Duration, durations_between, shares_between

T = TypeVar("T")
U = TypeVar("U")

ROUND: Final = (SECOND, 100 * MILLISECOND, MILLISECOND, 1)
"""What durations are multiples of, the roundest first."""

PERMILLE: Final = 1000


def durations(least: Duration = 0, most: Duration = LONGEST) -> SearchStrategy[int]:
    """Microseconds from ``least`` to ``most``: whole seconds, tenths, milliseconds or any.

    The simplest is the shortest whole second, if there is one.

    >>> from hypothesis import find
    >>> find(durations("1500ms", "2min"), lambda length: True)
    2000000
    """
    return between(*durations_between("durations", (least, most)))


@cache
def between(least: int, most: int) -> SearchStrategy[int]:
    """The same, of bounds in microseconds that were checked."""
    ranges = [(-(-least // unit), most // unit, unit) for unit in ROUND]
    return st.one_of(
        [st.integers(low, high).map(unit.__mul__) for low, high, unit in ranges if low <= high]
    )


@cache
def now_and_then(
    usual: SearchStrategy[T], other: SearchStrategy[U], one_in: int = 4
) -> SearchStrategy[T | U]:
    """Mostly the usual; once in so many draws the other, however many branches either has."""
    return _now_and_then(st.sampled_from((False,) * (one_in - 1) + (True,)), usual, other)


@st.composite
def _now_and_then(
    draw: st.DrawFn,
    chance: SearchStrategy[bool],
    usual: SearchStrategy[T],
    other: SearchStrategy[U],
) -> T | U:
    return draw(other) if draw(chance) else draw(usual)


def probabilities(least: float | str = 0.0, most: float | str = 1.0) -> SearchStrategy[float]:
    """Probabilities in whole permilles where the bounds leave any, else any number between."""
    return shares_of(*shares_between("probabilities", (least, most)))


@cache
def shares_of(least: float, most: float) -> SearchStrategy[float]:
    """The same, of bounds that were checked."""
    low, high = -int(-least * PERMILLE // 1), int(most * PERMILLE)
    if low > high or not least <= low / PERMILLE <= high / PERMILLE <= most:
        return st.floats(least, most)
    return st.integers(low, high).map(_permille)


def _permille(number: int) -> float:
    return number / PERMILLE


def distributions(least: Duration = 0, most: Duration = LONGEST) -> SearchStrategy[Distribution]:
    """Any distribution of durations whose centre lies between ``least`` and ``most``.

    No value is less than ``least``. Constants and uniforms have none above ``most``; the others
    have tails, and it is their median, mean or scale that is not above.
    """
    return _distributions(*durations_between("distributions", (least, most)))


@cache
def _distributions(least: int, most: int) -> SearchStrategy[Distribution]:
    if most == 0:
        return st.builds(Constant, st.just(0))
    some, more = between(least, most), between(max(least, 1), most)
    above = between(1, max(most - least, 1))
    floor = st.just(least)
    sigmas = st.sampled_from((0.5, 0.1, 1.0, 2.0))
    return st.one_of(
        st.builds(Constant, some),
        uniforms(least, most),
        st.builds(Exponential, mean=above, minimum=floor),
        st.builds(Lognormal, median=more, sigma=sigmas, minimum=floor),
        st.builds(Normal, mean=some, sd=above, minimum=floor),
        st.builds(Pareto, scale=more, shape=st.sampled_from((1.5, 3.0)), minimum=floor),
    )


@cache
def uniforms(least: int, most: int) -> SearchStrategy[Uniform]:
    """Uniform distributions, in two halves, so that their ends are drawn apart and in order."""
    middle = (least + most) // 2
    return st.builds(Uniform, low=between(least, middle), high=between(middle, most))
