"""The theory of the failure detector NFD-S.

Source: Chen, Toueg, Aguilera, "On the Quality of Service of Failure Detectors", DSN 2000; IEEE
Transactions on Computers 51(5), 2002, theorem 5. Heartbeat i is sent at i times ``eta``; from
i times eta + delta to the next such point the monitor trusts iff some heartbeat from i on has
arrived.
"""

from __future__ import annotations

from itertools import pairwise
from math import ceil, exp, expm1, inf, isfinite, log, log1p, nan
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import Attribute, field, frozen

Floats = npt.NDArray[np.float64]

LEAST, MOST = 1e-100, 1e100
"""Times that there are: products of others would be no numbers."""
MOST_HEARTBEATS: Final = 100_000
"""Heartbeats between a sending and its freshness point; more are refused."""
NEGLIGIBLE: Final = 40.0
"""A chance that is less by this factor, as a logarithm, changes no digit of a sum."""
ROUNDING: Final = 1e-12
"""By what share of ``delta`` a multiple of ``eta`` may miss it and be meant to be the same."""


def _positive(owner: object, attribute: Attribute[float], number: float) -> None:
    if not number > 0:
        raise ValueError(f"{attribute.name} is {number:g}; it must be a time of more than 0")
    _time(owner, attribute, number)


def _time(owner: object, attribute: Attribute[float], number: float) -> None:
    if not (isfinite(number) and number >= 0):
        raise ValueError(f"{attribute.name} is {number:g}; it must be a finite time of at least 0")
    if number and not LEAST <= number <= MOST:
        raise ValueError(
            f"{attribute.name} is {number:g}; a time must be from {LEAST:g} to {MOST:g}, in"
            " whatever unit"
        )


def _loss(owner: object, attribute: Attribute[float], number: float) -> None:
    if not 0 <= number < 1:
        raise ValueError(
            f"loss is {number:g}; it must be at least 0 and less than 1, or nothing ever arrives"
        )


@frozen
class Detector:
    """Heartbeats every ``eta``, trusted for ``eta + delta`` after their sending, over a channel.

    The channel loses each with probability ``loss`` and delays it exponentially, by
    ``mean_delay`` on average. Times are in any one unit. Raises ``ValueError`` with one sentence
    for what cannot be.
    """

    eta: float = field(validator=_positive)
    delta: float = field(validator=_time)
    loss: float = field(validator=_loss)
    mean_delay: float = field(validator=_time)

    def __attrs_post_init__(self) -> None:
        if self.delta / self.eta > MOST_HEARTBEATS:
            raise ValueError(
                f"delta is {self.delta / self.eta:g} times eta; the most allowed is"
                f" {MOST_HEARTBEATS:,} times"
            )

    @property
    def detection_bound(self) -> float:
        """The longest time from a crash until it is noticed for good."""
        return self.eta + self.delta

    @property
    def _in_time(self) -> float:
        """q_0: how likely a heartbeat arrives before the next freshness point."""
        if self.mean_delay == 0:
            return 1.0 - self.loss
        return (1.0 - self.loss) * -expm1(-self.detection_bound / self.mean_delay)

    def _log_unheard(self, x: Floats) -> Floats:
        """The logarithm of u(x): none of the fresh heartbeats is there x after a freshness point.

        The factor of a heartbeat that is not sent yet is 1; that of one sent very long ago is the
        loss itself.
        """
        lost, arrives = log(self.loss) if self.loss else -inf, log1p(-self.loss)
        total = np.zeros_like(x)
        for j in range(ceil(self.delta / self.eta), -1, -1):
            late = arrives + self._log_late(self.delta + x - j * self.eta)
            if late.max() < lost - NEGLIGIBLE:
                return total + (j + 1) * lost
            total += np.logaddexp(lost, late)
        return total

    def _log_late(self, age: Floats) -> Floats:
        """The logarithm of Pr(D > age)."""
        if self.mean_delay == 0:
            # What is sent at a freshness point is there at once, also where rounding has it later.
            return np.where(age < -ROUNDING * self.delta, 0.0, -inf)
        return -np.maximum(age, 0.0) / self.mean_delay

    @property
    def _log_at_point(self) -> float:
        return float(self._log_unheard(np.array([0.0]))[0])

    @property
    def log_recurrence(self) -> float:
        """The natural logarithm of the mean time from one mistake to the next; inf: never."""
        if self._log_at_point == -inf or self._in_time == 0:
            return inf
        return log(self.eta) - log(self._in_time) - self._log_at_point

    @property
    def certain(self) -> bool:
        """Whether there never is a mistake: not even one too rare to be written as a number."""
        return self.log_recurrence == inf

    @property
    def recurrence(self) -> float:
        """E[T_MR]: the mean time from one mistake to the next, in the unit of ``eta``."""
        logarithm = self.log_recurrence
        return exp(logarithm) if logarithm < 700 else inf

    @property
    def duration(self) -> float:
        """E[T_M]: how long a mistake lasts on average; nan if there is never one."""
        if self._log_at_point == -inf or self._in_time == 0:
            return nan
        return self._integral() / self._in_time

    @property
    def suspicion(self) -> float:
        """1 - P_A: the share of time in which a live process is suspected."""
        at_point = self._log_at_point
        return 0.0 if at_point == -inf else exp(at_point) * self._integral() / self.eta

    @property
    def accuracy(self) -> float:
        """P_A: how likely a live process is trusted at some time."""
        return 1.0 - self.suspicion

    def _integral(self) -> float:
        """The integral of u(x)/u(0) over a period: nothing underflows.

        Gauss-Legendre on panels that grow from either end of the two smooth pieces: u bends on the
        scale of the delay, and where the newest heartbeat is sent.
        """
        nodes, weights = np.polynomial.legendre.leggauss(20)
        edges = self._panels()
        centres, halves = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
        x = centres[:, None] + halves[:, None] * nodes
        relative = np.exp(self._log_unheard(x.ravel()) - self._log_at_point).reshape(x.shape)
        return float(np.sum(halves[:, None] * weights * relative))

    def _panels(self) -> Floats:
        kink = ceil(self.delta / self.eta) * self.eta - self.delta
        corners = sorted({0.0, min(max(kink, 0.0), self.eta), self.eta})
        edges = list(corners)
        scale = self.mean_delay or self.eta
        for low, high in pairwise(corners):
            steps = np.concatenate([scale * 2.0 ** np.arange(-3, 1), scale * np.arange(2, 60)])
            edges += [low + step for step in steps if low + step < high]
        return np.unique(np.array(edges))
