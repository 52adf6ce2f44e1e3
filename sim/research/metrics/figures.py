"""What many runs say of a metric, as arrays: numerators and denominators, or durations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from math import inf, isnan, nan

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from sim.research.metrics.metric import Durations, Ratio, Said
from sim.research.statistics.intervals import Array, Interval, ratio
from sim.research.statistics.survival import Survival, by_place

Places = npt.NDArray[np.intp]


class MixedError(ValueError):
    """A metric is of durations in some runs, and a number in others."""

    @classmethod
    def of(cls, name: str) -> MixedError:
        """The sentence for the metric of that name."""
        return cls(
            f"the metric {name} is of durations in some runs and a number in others: where there"
            " are none, it must give Durations() or None"
        )


@frozen(eq=False, slots=False)
class Figures:
    """What each of some runs says of a metric, in their order.

    ``above`` and ``below`` have a numerator and a denominator for each run, which are 0 where it
    has told durations. All of these are in ``seconds``, with whether they had ``ended`` and the
    place of their run, which ascends.
    """

    above: Array
    below: Array
    seconds: Array
    ended: npt.NDArray[np.bool_]
    place: Places

    @classmethod
    def of(cls, said: Iterable[Said]) -> Figures:
        """Of what runs have said, one after the other."""
        each = list(said)
        lasted = [
            (one.seconds, one.ended, place)
            for place, told in enumerate(each)
            if isinstance(told, Durations)
            for one in told.each
        ]
        seconds, ended, place = zip(*lasted, strict=True) if lasted else ((), (), ())
        ratios = [one if isinstance(one, Ratio) else Ratio(0.0, 0.0) for one in each]
        return cls(
            np.array([one.numerator for one in ratios], dtype=np.float64),
            np.array([one.denominator for one in ratios], dtype=np.float64),
            np.array(seconds, dtype=np.float64),
            np.array(ended, dtype=np.bool_),
            np.array(place, dtype=np.intp),
        )

    @classmethod
    def joined(cls, parts: Sequence[Figures]) -> Figures:
        """Of the runs of these parts, one part after the other."""
        parts = [cls.of(()), *parts]
        firsts = np.cumsum([0, *map(len, parts)])
        places = [each.place + first for each, first in zip(parts, firsts[:-1], strict=True)]
        return cls(
            np.concatenate([each.above for each in parts]),
            np.concatenate([each.below for each in parts]),
            np.concatenate([each.seconds for each in parts]),
            np.concatenate([each.ended for each in parts]),
            np.concatenate(places).astype(np.intp),
        )

    def checked(self, name: str) -> Figures:
        """Itself, if runs say either durations or ratios of the metric of that name.

        Raises ``ValueError`` for some of these and some of those.
        """
        if self.lasting and self._says_ratios:
            raise MixedError.of(name)
        return self

    @property
    def _says_ratios(self) -> bool:
        return bool(self.above.any() or self.below.any())

    @property
    def said(self) -> type[Said] | None:
        """What runs have said, if any has said anything."""
        return Durations if self.lasting else Ratio if self._says_ratios else None

    def first(self, count: int) -> Figures:
        """Of the first so many runs."""
        end = int(np.searchsorted(self.place, count))
        lasted = (self.seconds[:end], self.ended[:end], self.place[:end])
        return Figures(self.above[:count], self.below[:count], *lasted)

    def __len__(self) -> int:
        """How many runs there are."""
        return len(self.above)

    @property
    def lasting(self) -> bool:
        """Whether they are durations."""
        return bool(len(self.seconds))

    def is_like(self, other: Figures) -> bool:
        """Whether each run has the same durations there."""
        mine, theirs = (
            (self.seconds, self.ended, self.place),
            (other.seconds, other.ended, other.place),
        )
        return all(map(np.array_equal, mine, theirs))

    @cached_property
    def curve(self) -> Survival:
        """The curve of Kaplan and Meier of the durations; those of one run belong together."""
        return Survival(self.seconds, self.ended, self.place)

    @property
    def horizon(self) -> float:
        """Up to which duration something is known; infinite if nothing limits that."""
        return self.curve.horizon if self.lasting else inf

    def interval(self, level: float, until: float = inf) -> Interval:
        """The mean of durations, cut at ``until`` or, if some went on, at the longest seen.

        Of what was seen to end in one run alone nobody knows how much it varies.
        """
        at = min(until, self.curve.longest)
        found = ratio(*self.pairs(at), level)
        known = self.curve.ending(at) > 1 and not isnan(found.low)
        low, high = (max(found.low, 0.0), found.high) if known else (nan, nan)
        cut = min(until, self.horizon)
        method = "Kaplan-Meier" if cut == inf else f"Kaplan-Meier, up to {cut:g} s"
        return evolve(found, low=low, high=high, method=method)

    def pairs(self, until: float = inf) -> tuple[Array, Array]:
        """Numerators and denominators by run, which can be added up, and drawn again.

        Those of a run with durations are the sum and the number of its pseudo-values for their
        mean, cut at ``until`` or at the longest that was seen: see
        :meth:`~sim.research.statistics.survival.Survival.pseudo`.
        """
        if not self.lasting:
            return self.above, self.below
        above, below = self.above.copy(), self.below.copy()
        runs = np.unique(self.place)
        above[runs], below[runs] = self.curve.pseudo(min(until, self.curve.longest))
        return above, below

    def values(self) -> tuple[Places, Array]:
        """The runs that have something to say, and what each says alone.

        Of durations that is the mean of what was seen of them.
        """
        above, below = self.above, self.below
        if self.lasting:
            above = by_place(self.place, self.seconds, len(self))
            below = by_place(self.place, np.ones(len(self.place)), len(self))
        places = np.flatnonzero(below > 0)
        return places, above[places] / below[places]
