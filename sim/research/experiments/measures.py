"""Metrics as an experiment names them, and how narrow an interval is to be."""

from __future__ import annotations

import re
from math import isfinite, nan
from typing import Any, Final

from sim.protocol.units import format_duration, parse_duration
from sim.research.metrics import Durations, Metric, Ratio
from sim.research.metrics.catalogue import catalogue
from sim.research.metrics.metric import Said
from sim.research.observing.observed import Observed
from sim.scenario.compounds import Several
from sim.scenario.nodes import Given, Mark, Node
from sim.scenario.problems import BAD, Path, Reading
from sim.scenario.shapes import Book, Json, Shape, Value
from sim.wording import not_one_of, quoted

Measure = Metric
"""What an experiment measures."""

_PERCENT: Final = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*%\s*")


class _Function:
    """What makes a metric of a function of an ``Observed``, whatever it returns."""

    def __init__(self, name: str, function: Any) -> None:
        self.name = name
        self.function = function

    def __call__(self, observed: Observed) -> Said:
        """A number as it is; of None the run has nothing to say.

        Raises ``ValueError`` for what is neither these nor a ratio of numbers nor durations.
        """
        value = self.function(observed)
        if value is None:
            return Ratio(0.0, 0.0)
        if isinstance(value, Durations):
            return value
        if isinstance(value, Ratio):
            return Ratio(self._number(value.numerator), self._number(value.denominator))
        return Ratio(self._number(value))

    def _number(self, value: Any) -> float:
        try:
            number = nan if isinstance(value, str | bytes) else float(value)
        except (TypeError, ValueError, OverflowError):
            number = nan
        if not isfinite(number):
            raise ValueError(
                f"the metric {self.name} must give a finite number, a Ratio of two, "
                f"Durations or None, not {quoted(value)}"
            )
        return number


class MetricShape(Shape):
    """The name of a shipped metric; in code also a metric or a function."""

    says = "the name of a metric"

    def structure(self, node: Node, path: Path, reading: Reading) -> Any:
        """Find the metric, or make one of a function."""
        if isinstance(node, Given) and callable(node.value):
            return made(node.value)
        written = getattr(node, "value", None)
        if not isinstance(written, str):
            return self.unlike(node, path, reading)
        known = catalogue()
        if written not in known:
            sentence = not_one_of(written, known, "a metric")
            return reading.wrong(Mark(node.line, node.column), path, sentence)
        return known[written]

    def holds(self, value: Any) -> bool:
        """Whether it is a metric."""
        return isinstance(value, Metric)

    def write(self, value: Any) -> Any:
        """Return its name."""
        return value.name

    def schema(self, book: Book) -> Json:
        """Return the names of the shipped ones."""
        return book.refer("metric", lambda: {"enum": list(catalogue())})


def made(function: Any) -> Metric:
    """Return the metric of a function, called like it."""
    name = getattr(function, "__name__", type(function).__name__).strip("<>").replace("_", "-")
    about = " ".join((function.__doc__ or "A function of the caller's.").split("\n\n")[0].split())
    return Metric(name, "1", about, _Function(name, function))


METRIC: Final = MetricShape()


def _half_width(value: Any) -> Any:
    """A number of the metric's unit; a share of the estimate and a duration are kept as text."""
    found = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if found:
        return _positive(float(found.group(1)), value) and f"{_plain(found.group(1))}%"
    if isinstance(value, str):
        microseconds = parse_duration(value)
        return _positive(microseconds, value) and format_duration(microseconds)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _positive(float(value), value)
    return BAD


def _plain(number: str) -> str:
    """A number with nothing that says nothing: 5.0 is 5."""
    return f"{float(number):.9f}".rstrip("0").rstrip(".")


def _positive(number: float, value: Any) -> float:
    if not 0 < number < float("inf"):
        raise ValueError(f"{quoted(value)} is no half-width: it must be more than 0")
    return number


HALF_WIDTH: Final = Value(
    "a number, a duration such as 250ms, or a share of the estimate such as 5%",
    _half_width,
    lambda value: isinstance(value, float) and 0 < value < float("inf"),
    json={"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string"}]},
)


class _Metrics(Several):
    """A list of metrics, each of which stands there once."""

    def structure(self, node: Node, path: Path, reading: Reading) -> Any:
        """Read each; complain of the second of two that are called alike."""
        found = super().structure(node, path, reading)
        if isinstance(found, tuple):
            names = [each.name for each in found if isinstance(each, Metric)]
            for name in dict.fromkeys(name for name in names if names.count(name) > 1):
                mark = Mark(node.line, node.column)
                reading.wrong(mark, path, f"{quoted(name)} stands here twice: once is enough")
        return found


METRICS: Final = _Metrics("a list of metrics", METRIC)
