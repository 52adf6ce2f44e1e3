"""What a metric is: what is asked of each run, with a definition and a unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any

from attrs import field, frozen

from sim.research.observing.observed import Observed
from sim.wording import quoted


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


def _listed(each: Iterable[Duration]) -> tuple[Duration, ...]:
    if not isinstance(each, Iterable):
        raise ValueError(f"Durations are several, and this is {quoted(each)}")
    return tuple(each)


@frozen
class Durations:
    """How long each of some things lasted in one run: over many runs their mean by Kaplan-Meier."""

    each: tuple[Duration, ...] = field(default=(), converter=_listed)

    @property
    def value(self) -> float | None:
        """The mean, so far as they were seen; None where there was nothing that could last.

        Of one that had not ended that is less than it lasts: a curve over many runs knows better.
        """
        return sum(one.seconds for one in self.each) / len(self.each) if self.each else None


Said = Ratio | Durations
"""What a run says of a metric."""


def to_data(said: Said) -> list[Any]:
    """Plain data for JSON: the two numbers of a ratio, or pairs of which each is a duration."""
    if isinstance(said, Ratio):
        return [said.numerator, said.denominator]
    return [[each.seconds, each.ended] for each in said.each]


def described(metric: Metric) -> dict[str, Any]:
    """What there is to say of a metric, as plain data."""
    kind = None if metric.kind is None else metric.kind.name
    said = {"name": metric.name, "unit": metric.unit, "definition": metric.definition}
    return said | {"kind": kind}


def restored(described: Mapping[str, Any], of: Callable[[Observed], Said]) -> Metric:
    """The metric of which that was said; what is asked of a run is another thing."""
    kind = None if described["kind"] is None else Kind[described["kind"]]
    return Metric(described["name"], described["unit"], described["definition"], of, kind)


def from_data(data: list[Any]) -> Said:
    """Read what :func:`to_data` gave."""
    if all(isinstance(each, list) for each in data):
        return Durations(Duration(*each) for each in data)
    return Ratio(*data)


class Kind(Enum):
    """What a metric is of, which says how sure one can be of it."""

    SHARE = "things, each of which is or is not"
    RATE = "numbers of things that happen, by hours, sessions or runs"
    MEAN = "anything else, by how much or how many"
    DURATIONS = "how long things last"


def _is_kind(_: object, __: object, value: Any) -> None:
    if value is not None and not isinstance(value, Kind):
        known = ", ".join(f"Kind.{each.name}" for each in Kind)
        raise ValueError(f"the kind of a metric is one of {known} or None, not {quoted(value)}")


@frozen
class Metric:
    """A metric. ``unit`` is ``1`` for a share or a number.

    What it gives for a run says what it is of many: a :class:`Ratio`, or :class:`Durations`.
    """

    name: str
    unit: str
    definition: str
    of: Callable[[Observed], Said] = field(repr=False)
    kind: Kind | None = field(default=None, validator=_is_kind)
    """None if only the figures tell: a share if it has no unit and they are those of one."""

    @property
    def lasting(self) -> bool:
        """Whether it is known to be of durations."""
        return self.kind is Kind.DURATIONS


def of_durations(
    name: str, definition: str, durations: Callable[[Observed], Iterable[Duration]]
) -> Metric:
    """The metric of these durations, in seconds."""
    return Metric(name, "s", definition, _OfDurations(durations), Kind.DURATIONS)


@frozen
class _OfDurations:
    """Asks a run for durations. It can be sent to other processes if the function can."""

    durations: Callable[[Observed], Iterable[Duration]]

    def __call__(self, observed: Observed) -> Durations:
        each = self.durations(observed)
        if not isinstance(each, Iterable):
            raise ValueError(f"a metric of durations must give several, not {quoted(each)}")
        return Durations(each)
