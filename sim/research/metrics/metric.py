"""What a metric is: a number of one run, or a ratio of two, with a definition and a unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import field, frozen

from sim.research.observing.observed import Observed


@frozen
class Ratio:
    """A metric's value of one run: over many runs it is the sum of the one over the other's.

    The denominator of a plain number is 1. Where it is 0, the run has nothing to say.
    """

    numerator: float
    denominator: float = 1.0

    @property
    def value(self) -> float | None:
        """The quotient; None where there is nothing to divide by."""
        return self.numerator / self.denominator if self.denominator else None


@frozen
class Duration:
    """How long something lasted, in seconds; ``ended`` says whether it did before the run did."""

    seconds: float
    ended: bool = True


@frozen
class Metric:
    """A metric. ``unit`` is ``1`` for a share or a number."""

    name: str
    unit: str
    definition: str
    of: Callable[[Observed], Ratio] = field(repr=False)
    """Of a metric of durations: see :func:`total`."""
    durations: Callable[[Observed], Iterable[Duration]] | None = field(default=None, repr=False)
    """Of a metric of durations: each of them, the censored ones too, for a Kaplan-Meier curve."""
    counts: bool = True
    """Of a metric without a unit: whether it has numbers of things, and not times, one by another.
    Then it may be a share of things, each of which is or is not."""


def total(durations: Callable[[Observed], Iterable[Duration]]) -> Callable[[Observed], Ratio]:
    """The time that all of these took, so far as it was seen, over the number that ended.

    That is what an end takes on average where ends come at a constant rate; to leave out what had
    not ended would make it too short.
    """

    def of(observed: Observed) -> Ratio:
        each = list(durations(observed))
        return Ratio(sum(one.seconds for one in each), sum(one.ended for one in each))

    return of
