"""What a comparison has found."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, nan
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from sim.draws.address import Address
from sim.draws.stream import Stream
from sim.research.comparing.sides import Side
from sim.research.metrics import Metric
from sim.research.metrics.estimate import interval, seen_as
from sim.research.metrics.figures import Figures
from sim.research.statistics.intervals import Array, Interval, finite
from sim.research.statistics.paired import Pairs, difference, holm, saved, sign_flip
from sim.wording import not_one_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@frozen
class Compared:
    """One metric of both sides.

    ``difference`` is the second less the first, in the metric's unit. ``p`` is that of the
    sign-flip test, ``corrected`` the same by Holm for all metrics of the comparison that differ in
    any pair, and ``nan`` for the others. ``saved`` says how many times the variance of the
    difference would be that large with draws of their own for both.
    """

    metric: Metric
    first: Interval
    second: Interval
    difference: Interval
    p: float
    corrected: float
    saved: float
    pairs: Pairs = field(repr=False, eq=False)
    same: bool | None = None
    """Of durations, whether each of them is the same: where they are cut, their figures are."""
    up_to: float | None = None
    """Of durations of which some went on: where both sides are cut, in seconds."""

    @property
    def known(self) -> bool:
        """Whether there are figures of both sides at all."""
        return self.pairs.defined

    @property
    def alike(self) -> bool:
        """Whether the figures are the same in every pair."""
        if self.same is not None:
            return self.same
        pairs = self.pairs
        same = pairs.first * pairs.second_of == pairs.second * pairs.first_of
        return bool(same.all()) and self.first.estimate == self.second.estimate

    def to_data(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "metric": self.metric.name,
            "unit": self.metric.unit,
            "a": self.first.to_data(),
            "b": self.second.to_data(),
            "difference": self.difference.to_data(),
            "p": finite(self.p),
            "p_corrected": finite(self.corrected),
            "variance_saved": finite(self.saved),
            "up_to": self.up_to,
            "alike": self.alike,
        }


@frozen
class Comparison:
    """Two scenarios under the same luck, by metric.

    Of a comparison of one metric, :attr:`difference`, :attr:`p` and :attr:`saved` are those of it;
    of others ask ``comparison["ghost-time"]``.
    """

    first: Side
    second: Side
    seed: int
    replications: int
    level: float
    metrics: tuple[Compared, ...] = field(repr=lambda metrics: f"<{len(metrics)} of them>")

    def __getitem__(self, name: str) -> Compared:
        """The metric of that name. Raises ``KeyError``."""
        named = {each.metric.name: each for each in self.metrics}
        if name not in named:
            raise KeyError(not_one_of(name, named, "a metric of the comparison"))
        return named[name]

    @property
    def difference(self) -> Interval:
        """By how much the second differs. Raises ``ValueError`` if there are several metrics."""
        return self._only.difference

    @property
    def p(self) -> float:
        """How probable a difference like that is by chance."""
        return self._only.p

    @property
    def saved(self) -> float:
        """How many times the variance would be that large without the pairing."""
        return self._only.saved

    @property
    def _only(self) -> Compared:
        if len(self.metrics) != 1:
            names = ", ".join(each.metric.name for each in self.metrics)
            raise ValueError(f'there are several metrics, ask for one of them by ["..."]: {names}')
        return self.metrics[0]

    @property
    def differing(self) -> tuple[Compared, ...]:
        """The metrics whose corrected p leaves no more chance than the level allows."""
        # nan, of a metric without figures, is not below anything.
        return tuple(each for each in self.metrics if each.corrected <= 1.0 - self.level)

    def plot(self, metric: str | None = None, on: Axes | None = None) -> Axes:
        """Draw the difference in a metric with its interval; of all of them if none is named.

        ``on`` are axes of matplotlib, new ones if not given; they are returned. Raises
        ``ValueError`` for a metric that there is not, ``ModuleNotFoundError`` with the remedy where
        matplotlib is not installed.
        """
        from sim.research.showing.comparisons import plot  # noqa: PLC0415 - when it is used

        return plot(self, metric, on)

    def _repr_html_(self) -> str:
        from sim.research.showing.comparisons import html  # noqa: PLC0415 - when it is used

        return html(self)

    def to_data(self) -> dict[str, Any]:
        """Plain data for JSON: what ``compare --json`` prints."""
        return {
            "a": self.first.label,
            "b": self.second.label,
            "seed": self.seed,
            "replications": self.replications,
            "level": self.level,
            "metrics": [each.to_data() for each in self.metrics],
            "differing": [each.metric.name for each in self.differing],
        }


def compared(
    metrics: Sequence[Metric], figures: Sequence[Sequence[Figures]], seed: int, level: float
) -> tuple[Compared, ...]:
    """What the figures of each metric, of both sides, say."""
    alone = [
        _alone(metric, sides, seed, level) for metric, sides in zip(metrics, figures, strict=True)
    ]
    # Where no pair differs there is nothing to test, and nothing to correct the others for.
    corrected = holm([nan if each.alike else each.p for each in alone])
    return tuple(evolve(each, corrected=p) for each, p in zip(alone, corrected, strict=True))


def _alone(metric: Metric, sides: Sequence[Figures], seed: int, level: float) -> Compared:
    """What the figures of one metric say. Means of durations are cut where both are known."""
    first, second = sides
    lasting = first.lasting and second.lasting
    until = min(first.horizon, second.horizon)
    pairs = _paired(first.pairs(until), second.pairs(until))
    one, other = interval(metric, first, level, until), interval(metric, second, level, until)
    apart = difference(pairs, level)
    if lasting and not (one.known and other.known):
        apart = evolve(apart, low=nan, high=nan)
    exchanged = exchangeable(first, second, until) if lasting else pairs
    p = sign_flip(exchanged, _flips(seed, metric))
    return Compared(
        metric=seen_as(metric, first if first.lasting else second),
        first=one,
        second=other,
        difference=apart,
        p=p,
        corrected=p,
        saved=saved(pairs),
        pairs=pairs,
        same=first.is_like(second) if lasting else None,
        up_to=until if lasting and until < inf else None,
    )


def exchangeable(first: Figures, second: Figures, until: float) -> Pairs:
    """Durations of both sides, in figures that can be exchanged within pairs.

    If both are alike, then they have one curve, that of all durations; by it pseudo-values are
    made. Those of each side's own curve differ wherever the curves do, also in pairs that do not.
    """
    above, below = Figures.joined([first, second]).pairs(until)
    count = len(first)
    return _paired((above[:count], below[:count]), (above[count:], below[count:]))


def _paired(first: tuple[Array, Array], second: tuple[Array, Array]) -> Pairs:
    return Pairs(first[0], second[0], first[1], second[1])


def _flips(seed: int, metric: Metric) -> Stream:
    return Stream(Address(seed, 0, "compare", f"flips/{metric.name}"))
