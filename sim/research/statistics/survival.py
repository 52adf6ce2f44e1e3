"""How long something lasts, when some of it was not over when we stopped looking (Kaplan-Meier).

A session that goes on at the end of a run is *censored*: it lasts at least so long. To leave it
out, or to take it for over, makes durations seem shorter than they are.

The curve and its errors are those of statsmodels' ``SurvfuncRight``, which a test compares: they
are Greenwood's where durations are independent. Where several are from one replication, which have
its outages in common, they are made of the influence of each replication, which statsmodels does
not have.
"""

from __future__ import annotations

from functools import cached_property
from math import exp, inf, log, nan, sqrt

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from sim.research.statistics.intervals import (
    LEVEL,
    Array,
    Interval,
    Numbers,
    checked_quantile,
    normal_quantile,
    numbers,
    t_quantile,
    wilson,
)


def _truths(given: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    return np.asarray(given, dtype=np.bool_)


def _replications(given: npt.ArrayLike | None) -> npt.NDArray[np.intp] | None:
    return None if given is None else np.unique(np.asarray(given), return_inverse=True)[1]


def _refuse_negative(duration: float) -> None:
    if duration < 0.0:
        raise ValueError(f"a duration cannot be negative, as {duration:g} is")


def by_place(places: npt.NDArray[np.intp], values: Array, count: int) -> Array:
    """The sums of the values of each of so many places."""
    sums: Array = np.bincount(places, values, minlength=count).astype(np.float64)
    return sums


@frozen(eq=False)
class Survival:
    """The share of things that last longer than t, estimated from durations with censoring.

    ``durations`` are in any unit, ``ended`` says which of them were over, ``of`` from which
    replication each is, if some are from the same. What ends when another is censored ends first.

    >>> waits = Survival([1.0, 2.0, 3.0, 4.0], [True, False, True, True])
    >>> waits.share_beyond([0.5, 1.0, 3.5]).tolist()
    [1.0, 0.75, 0.375]
    >>> waits.median().estimate
    3.0
    """

    durations: Array = field(converter=numbers)
    ended: npt.NDArray[np.bool_] = field(converter=_truths)
    of: npt.NDArray[np.intp] | None = field(default=None, converter=_replications)

    def __attrs_post_init__(self) -> None:
        lengths = {len(self.durations), len(self.ended)}
        if len(lengths | (set() if self.of is None else {len(self.of)})) != 1:
            raise ValueError("each duration must have one entry that says whether it was over")
        for each in self.durations[self.durations < 0.0]:
            _refuse_negative(each)

    def __len__(self) -> int:
        return len(self.durations)

    @cached_property
    def times(self) -> Array:
        """When something ended, ascending: the steps of the curve."""
        return np.unique(self.durations[self.ended])

    @cached_property
    def ends(self) -> Array:
        """How many ended at each of :attr:`times`."""
        return np.unique(self.durations[self.ended], return_counts=True)[1].astype(np.float64)

    @cached_property
    def at_risk(self) -> Array:
        """How many had not ended before each of :attr:`times`, and were still looked at."""
        earlier = np.searchsorted(np.sort(self.durations), self.times, side="left")
        return (len(self.durations) - earlier).astype(np.float64)

    @cached_property
    def shares(self) -> Array:
        """The share that lasts longer than each of :attr:`times`."""
        return np.asarray(np.cumprod(1.0 - self.ends / self.at_risk), dtype=np.float64)

    @property
    def longest(self) -> float:
        """The longest duration, over or not."""
        return float(self.durations.max()) if len(self) else nan

    @property
    def horizon(self) -> float:
        """Up to which time the curve is known: the longest, or any if nothing is censored.

        That the longest of some had ended, and the curve is at 0, is luck: others were not looked
        at for as long.
        """
        return inf if len(self) and self.ended.all() else self.longest

    @property
    def independent(self) -> int:
        """How many independent things there are: replications, or durations."""
        return len(self) if self.of is None else int(self.of.max(initial=-1)) + 1

    def share_beyond(self, times: Numbers) -> Array:
        """The share that lasts longer than each of ``times``."""
        steps = np.searchsorted(self.times, numbers(times), side="right")
        beyond: Array = np.concatenate(([1.0], self.shares))[steps]
        return beyond

    def beyond(self, time: float, level: float = LEVEL) -> Interval:
        """The share that lasts longer than ``time``, with limits on the scale of log(-log)."""
        method = "Kaplan-Meier, log-log"
        _refuse_negative(time)
        if not len(self) or time > self.horizon:
            return Interval(nan, nan, nan, level, self.independent, method)
        share = float(self.share_beyond([time])[0])
        low, high = self._limits(share, time, level)
        return Interval(share, low, high, level, self.independent, method)

    def quantile(self, q: float, level: float = LEVEL) -> Interval:
        """How long it takes until the share ``q`` has ended; infinite if it is not seen to.

        The limits are where the curve crosses the limits of its own height there (Woodruff, JASA
        47, 1952): times at which something ended, or infinite.
        """
        method, q = "Kaplan-Meier", checked_quantile(q)
        if not len(self):
            return Interval(nan, nan, nan, level, 0, method)
        if not len(self.times):
            sure = self.beyond(self.longest, level).low > 1.0 - q
            low = self.longest if sure else 0.0
            return Interval(inf, low, inf, level, self.independent, method)
        estimate = self._reaches(1.0 - q)
        low, high = self._limits(1.0 - q, min(estimate, self.longest), level)
        return Interval(
            estimate,
            min(estimate, self.longest, self._reaches(high)),
            max(estimate, self._reaches(low)),
            level,
            self.independent,
            method,
        )

    def median(self, level: float = LEVEL) -> Interval:
        """How long it takes until half of them have ended: see :meth:`quantile`."""
        return self.quantile(0.5, level)

    def restricted_mean(self, until: float, level: float = LEVEL) -> Interval:
        """The mean of durations that are cut at ``until``: the area under the curve up to there.

        It is known where a mean is not, as what lasts longer counts as ``until``. ``nan`` if the
        curve does not reach so far.
        """
        method = "restricted mean"
        _refuse_negative(until)
        if not len(self) or until > self.horizon:
            return Interval(nan, nan, nan, level, self.independent, method)
        mean, rest = self._areas(until)
        if self.ending(until) < 2:
            return Interval(mean, nan, nan, level, self.independent, method)
        wide = (
            normal_quantile(level) if self.of is None else t_quantile(level, self.independent - 1)
        )
        half = wide * self._error(rest, self.times <= until)
        return Interval(mean, mean - half, mean + half, level, self.independent, method)

    def ending(self, until: float) -> int:
        """Of how many independent things something was seen to end by then.

        Of fewer than two nobody knows how much that varies.
        """
        seen = self.ended & (self.durations <= until)
        return int(seen.sum()) if self.of is None else len(np.unique(self.of[seen]))

    def pseudo(self, until: float) -> tuple[Array, Array]:
        """By replication, the sum and the number of its pseudo-values for the restricted mean.

        A pseudo-value stands for a duration that may not have been seen to its end: the mean, and
        so many times what the duration moves it by as there are durations (Andersen, Klein and
        Rosthøj, Biometrika 90, 2003; of the infinitesimal jackknife). Their mean is the restricted
        mean, their spread by replication is how sure that is, and wherever nothing is censored
        before ``until``, they are the durations themselves, cut there.

        Raises ``ValueError`` for a time that the curve does not reach.
        """
        if not until <= self.horizon:
            raise ValueError(f"the curve is not known up to {until:g}")
        of = np.arange(len(self)) if self.of is None else self.of
        count = by_place(of, np.ones(len(self)), self.independent)
        if (self.ended | (self.durations >= until)).all():
            return by_place(of, np.minimum(self.durations, until), self.independent), count
        mean, rest = self._areas(until)
        moved = len(self) * self._moved(np.where(self.times <= until, rest, 0.0))
        return mean * count + by_place(of, moved, self.independent), count

    def _areas(self, until: float) -> tuple[float, Array]:
        """The area under the curve up to there, and of it what is right of each step."""
        heights = np.concatenate(([1.0], self.shares))
        steps = np.concatenate(([0.0], np.minimum(self.times, until), [until]))
        mean, *rest = np.cumsum((heights * np.diff(steps))[::-1])[::-1].tolist()
        return mean, np.array(rest, dtype=np.float64)

    # -- how sure --------------------------------------------------------------------------------

    def _limits(self, share: float, time: float, level: float) -> tuple[float, float]:
        """Limits of a height of the curve like that, as sure as the curve is at a time."""
        if not 0.0 < share < 1.0 or not (self.times <= time).any():
            return wilson(min(share, 1.0), self._looked_at(time), level)
        relative = self._error(np.ones(len(self.times)), self._unlike_zero(time))
        far = normal_quantile(level) * relative / abs(log(share))
        return share ** exp(far), share ** exp(-far)

    def _unlike_zero(self, time: float) -> npt.NDArray[np.bool_]:
        """The steps up to a time, but one to 0, whose error relative to that is not known."""
        return (self.times <= time) & (self.shares > 0.0)

    def _looked_at(self, time: float) -> float:
        """How many independent things were looked at until a time, or until the last end."""
        last = min(time, float(self.times[-1])) if len(self.times) else time
        return float(min(self.independent, int(np.count_nonzero(self.durations >= last))))

    def _reaches(self, share: float) -> float:
        """When the curve first is at ``share`` or below; infinite if never."""
        # A product of quotients may miss a share such as 1/2 by a rounding.
        low = np.flatnonzero(self.shares <= share + 1e-12)
        return float(self.times[low[0]]) if len(low) else inf

    def _error(self, weights: Array, counted: npt.NDArray[np.bool_]) -> float:
        """The standard error of what each end moves by ``weights``, of the steps that count."""
        if self.of is None:
            # Greenwood's; the last step to 0 has no error of its own.
            left = self.at_risk - self.ends
            with np.errstate(divide="ignore", invalid="ignore"):
                terms = np.where(weights > 0.0, weights**2 * self.ends / self.at_risk / left, 0.0)
            return sqrt(float(terms[counted & (left > 0.0)].sum()))
        moved = self._moved(np.where(counted, weights, 0.0))
        together = by_place(self.of, moved, self.independent)
        count = self.independent
        return sqrt(float(together @ together) * count / (count - 1)) if count > 1 else nan

    def _moved(self, weights: Array) -> Array:
        """By how much each duration moves the estimate: a martingale, whose sum is 0.

        ``weights`` say how much is right of each step, which an end there takes its part of. All
        who are left end at the last step to 0: it takes nothing.
        """
        left = self.at_risk - self.ends
        weights = np.where(left > 0.0, weights * self.at_risk / np.maximum(left, 1.0), 0.0)
        hazards = np.concatenate(([0.0], np.cumsum(weights * self.ends / self.at_risk**2)))
        steps = np.searchsorted(self.times, self.durations, side="right")
        own = np.zeros(len(self))
        at = np.searchsorted(self.times, self.durations[self.ended])
        own[self.ended] = (weights / self.at_risk)[at]
        moved: Array = hazards[steps] - own
        return moved
