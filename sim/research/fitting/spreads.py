"""How long something takes: the distributions of the scenario language, fitted to durations."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from sim.draws.distributions import (
    Constant,
    Distribution,
    Exponential,
    Lognormal,
    Normal,
    Pareto,
    Uniform,
)
from sim.research.fitting.candidates import Candidate, Choice
from sim.research.fitting.errors import RecordingError
from sim.research.fitting.goodness import kolmogorov_smirnov

Times = npt.NDArray[np.float64]

FEWEST: Final = 10
"""Fewer durations can tell no distributions apart: they are taken as exponential."""


def fit_durations(times: Times, what: str) -> Choice[Distribution]:
    """Fit every distribution to durations in microseconds; the best is that of the least AIC.

    All are the most likely of their family, but for the minimum of the exponential, which the
    least duration overstates by a share of the mean: that is taken off. Raises
    :class:`RecordingError` with ``what`` if there are fewer than two durations.
    """
    if times.size < 2:
        raise RecordingError(
            f"{what}: {times.size or 'no'} duration is too little to fit: expected 2 and more"
        )
    if np.ptp(times) < 1:
        same: Candidate[Distribution] = Candidate(
            "constant", Constant(_whole(times[0])), 1, math.inf
        )
        return Choice((same,), times.size)
    families = _FAMILIES if times.size >= FEWEST else _FAMILIES[:1]
    fitted = [_candidate(name, family, times) for name, family in families]
    return Choice.among([each for each in fitted if each is not None], times.size)


def frozen(distribution: Distribution) -> Any:
    """The distribution as scipy has it, in microseconds; not of a constant."""
    match distribution:
        case Exponential(mean, minimum):
            return stats.expon(loc=minimum, scale=mean)
        case Lognormal(median, sigma):
            return stats.lognorm(sigma, scale=median)
        case Pareto(scale, shape):
            return stats.pareto(shape, scale=scale)
        case Uniform(low, high):
            return stats.uniform(low, high - low)
        case Normal(mean, sd):
            return stats.truncnorm(-mean / sd, np.inf, loc=mean, scale=sd)
    raise TypeError(f"{distribution!r} has no density")


def _candidate(name: str, family: _Family, times: Times) -> Candidate[Distribution] | None:
    """The most likely member of a family; None if it has none that a scenario may name."""
    try:
        model, free = family(times)
        density = frozen(model)
    except (ValueError, ArithmeticError):
        return None
    # A duration is as exact as the clock: half a microsecond beyond an edge is on it.
    low, high = density.support()
    likelihood = float(density.logpdf(np.clip(times, low, high)).sum())
    if not math.isfinite(likelihood):
        return None
    return Candidate(name, model, free, likelihood, kolmogorov_smirnov(times, density.cdf))


_Family = Callable[[Times], tuple[Distribution, int]]
"""Makes the most likely member for durations; with how many parameters it has."""


def _exponential(times: Times) -> tuple[Distribution, int]:
    return Exponential(_whole(times.mean())), 1


def _exponential_from(times: Times) -> tuple[Distribution, int]:
    least = times.min()
    mean = (times.mean() - least) * times.size / (times.size - 1)
    return Exponential(_whole(mean), math.floor(max(least - mean / times.size, 0))), 2


def _lognormal(times: Times) -> tuple[Distribution, int]:
    logs = np.log(_positive(times))
    return Lognormal(_whole(np.exp(logs.mean())), float(logs.std())), 2


def _pareto(times: Times) -> tuple[Distribution, int]:
    scale = math.floor(_positive(times).min())
    return Pareto(scale, float(1 / np.log(times / scale).mean())), 2


def _uniform(times: Times) -> tuple[Distribution, int]:
    return Uniform(math.floor(times.min()), math.ceil(times.max())), 2


def _normal(times: Times) -> tuple[Distribution, int]:
    """Cut off at 0, so the mean and the deviation are not those of the durations."""

    def cost(parameters: Times) -> float:
        mean, sd = parameters[0], math.exp(parameters[1])
        if mean < 0:
            return math.inf
        whole = times.size * math.log(sd * stats.norm.sf(-mean / sd))
        return float(whole + ((times - mean) ** 2).sum() / (2 * sd * sd))

    start = np.array([times.mean(), math.log(times.std())])
    mean, log_sd = optimize.minimize(cost, start, method="Nelder-Mead").x
    return Normal(_whole(mean), _whole(math.exp(log_sd))), 2


def _positive(times: Times) -> Times:
    if times.min() < 1:
        raise ValueError("a duration of less than a microsecond has no logarithm worth having")
    return times


def _whole(time: float) -> int:
    return max(int(time + 0.5), 0)


_FAMILIES: Final[tuple[tuple[str, _Family], ...]] = (
    ("exponential", _exponential),
    ("shifted exponential", _exponential_from),
    ("lognormal", _lognormal),
    ("Pareto", _pareto),
    ("uniform", _uniform),
    ("normal", _normal),
)
