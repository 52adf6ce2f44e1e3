"""How durations drawn at random are written: ``40ms``, ``{exponential: 90s}``, ..."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from attrs import frozen

from sim.draws.distributions import (
    Constant,
    Distribution,
    Exponential,
    Lognormal,
    Normal,
    Pareto,
    Uniform,
)
from sim.scenario.compounds import Either
from sim.scenario.problems import BAD, Complaint
from sim.scenario.quantities import DURATION, POSITIVE_DURATION, number
from sim.scenario.shapes import Choice, Shape, Value, Word
from sim.scenario.tables import Key, Table

SIGMA: Final = number(0.001, 10.0)
PARETO_SHAPE: Final = number(0.1, 1000.0)


@frozen
class _Family:
    """A kind of distribution: its class, a sentence, and its parameters as they are written.

    With one parameter, the parameter stands for the whole: ``exponential: 90s``.
    """

    kind: type
    about: str
    parameters: dict[str, Key]


_FAMILIES: Final = {
    "uniform": _Family(
        Uniform,
        "Anything between two durations, equally likely.",
        {
            "from": Key(DURATION, "the shortest", attribute="low"),
            "to": Key(DURATION, "the longest", attribute="high"),
        },
    ),
    "exponential": _Family(
        Exponential,
        "Memoryless, with this mean above the minimum.",
        {"mean": Key(POSITIVE_DURATION, "the mean", attribute="mean")},
    ),
    "lognormal": _Family(
        Lognormal,
        "Half of the values lie below the median; the logarithm is normal.",
        {
            "median": Key(POSITIVE_DURATION, "half of the values lie below it", attribute="median"),
            "sigma": Key(SIGMA, "the standard deviation of the logarithm", attribute="sigma"),
        },
    ),
    "normal": _Family(
        Normal,
        "The bell curve, cut off at the minimum.",
        {
            "mean": Key(DURATION, "the mean", attribute="mean"),
            "sd": Key(POSITIVE_DURATION, "the standard deviation", attribute="sd"),
        },
    ),
    "pareto": _Family(
        Pareto,
        "At least the scale, with a heavy tail: beyond x lies the share (scale/x)^shape.",
        {
            "scale": Key(POSITIVE_DURATION, "the least value", attribute="scale"),
            "shape": Key(PARETO_SHAPE, "the smaller, the heavier the tail", attribute="shape"),
        },
    ),
}


def _inner(name: str, family: _Family) -> Shape:
    parameters = family.parameters
    if len(parameters) == 1:
        return next(iter(parameters.values())).shape
    says = f"a mapping with {' and '.join(parameters)}"
    return Table(name, says, parameters, dict, dict, dict, checks=_in_order)


def _in_order(draft: Any) -> Iterator[Complaint]:
    """Complain about the bounds of a uniform distribution that are the wrong way round."""
    low, high = draft.low, draft.high
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield Complaint((), "'from' must not be more than 'to'")


def _make(minimum: int = 0, **chosen: Any) -> Distribution:
    name, given = chosen.popitem()
    family = _FAMILIES[name]
    if len(family.parameters) == 1:
        given = {spec.attribute: given for spec in family.parameters.values()}
    made: Distribution = family.kind(**given, minimum=minimum)
    return made


def _unmake(value: Any) -> dict[str, Any]:
    name, family = next(item for item in _FAMILIES.items() if isinstance(value, item[1].kind))
    attributes = [spec.attribute for spec in family.parameters.values()]
    inner = {attribute: getattr(value, attribute) for attribute in attributes}
    written: dict[str, Any] = {name: inner if len(inner) > 1 else inner[attributes[0]]}
    if value.minimum:
        written["minimum"] = value.minimum
    return written


VARYING: Final = Table(
    "distribution",
    "a distribution such as {exponential: 90s}",
    {
        **{
            name: Key(_inner(name, family), family.about, attribute=name)
            for name, family in _FAMILIES.items()
        },
        "minimum": Key(
            DURATION, "Given that the value is at least this.", attribute="minimum", default=0
        ),
    },
    tuple(family.kind for family in _FAMILIES.values()),
    _make,
    _unmake,
    one_of=tuple(_FAMILIES),
)


def _constant(written: Any) -> Any:
    found = DURATION.parse(written)
    return BAD if found is BAD else Constant(found)


CONSTANT: Final = Value(
    DURATION.says,
    _constant,
    lambda value: isinstance(value, Constant),
    lambda value: DURATION.shown(value.value),
    DURATION.json,
    DURATION.title,
)


class Spread(Either):
    """A duration or a distribution of durations; its value is a distribution.

    In code a number is a constant of so many microseconds.
    """

    def take(self, value: Any) -> Any:
        """Return the distribution that code gave."""
        return super().take(Constant(value) if DURATION.holds(value) else value)


SPREAD: Final = Spread(
    "a duration such as 2min or a distribution such as {exponential: 90s}", CONSTANT, VARYING
)


def spread_or(word: str, means: Any, about: str) -> Spread:
    """Return the shape of a duration, a distribution, or a word with a meaning of its own."""
    scalar = Choice("", (Word(word, means, about),), CONSTANT)
    return Spread(f"{word}, {SPREAD.says}", scalar, VARYING)


def never_passes(distribution: object) -> bool:
    """Whether every value is 0, so that whatever waits for it would happen again at once."""
    longest = {Constant: "value", Uniform: "high"}.get(type(distribution))
    return longest is not None and getattr(distribution, longest) == 0
