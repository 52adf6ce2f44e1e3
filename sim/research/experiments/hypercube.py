"""Points that cover ranges evenly: a Latin hypercube (McKay, Beckman and Conover, 1979).

Each range is cut into as many strips as there are points, and every strip has one point in it,
anywhere; which strips of the several ranges go together is drawn. Whole numbers, both ends among
them, have equal shares of their range.
"""

from __future__ import annotations

from math import floor, isfinite
from typing import Any, Final

from attrs import frozen

from sim.draws.stream import Stream
from sim.protocol.units import format_duration, parse_duration
from sim.wording import quoted

_SAID: Final = "the two ends of a range are two durations or two numbers"


@frozen
class Range:
    """From ``low`` to ``high``: microseconds of a duration, whole numbers, or numbers."""

    low: float
    high: float
    kind: str

    def at(self, share: float) -> Any:
        """The value at a share of the way, from 0 to 1, as a scenario file says it."""
        if self.kind == "whole":
            return min(self.low + floor((self.high - self.low + 1) * share), self.high)
        between = self.low + (self.high - self.low) * share
        return format_duration(round(between)) if self.kind == "duration" else between


def parsed(ends: Any) -> Range:
    """Read the ends of a range, such as ``["5s", "60s"]``. Raises ``ValueError``."""
    if not isinstance(ends, list | tuple) or len(ends) != 2:
        raise ValueError(f"{_SAID}, such as [5s, 60s], and this is {quoted(ends)}")
    low, high = ends
    if isinstance(low, str) and isinstance(high, str):
        found = Range(parse_duration(low), parse_duration(high), "duration")
    elif _is_number(low) and _is_number(high):
        whole = isinstance(low, int) and isinstance(high, int)
        found = Range(low, high, "whole" if whole else "number")
    else:
        raise ValueError(f"{_SAID}, and these are {quoted(low)} and {quoted(high)}")
    if not _can_be_divided(found):
        raise ValueError(f"{quoted(low)} and {quoted(high)} are no ends of a range of numbers")
    if found.low >= found.high:
        raise ValueError(
            f"the first end, {quoted(low)}, must be less than the other, {quoted(high)}"
        )
    return found


def is_range(ends: Any) -> bool:
    """Whether these are the ends of a range."""
    try:
        return bool(parsed(ends))
    except ValueError:
        return False


def _can_be_divided(ends: Range) -> bool:
    try:
        return isfinite(float(ends.high) - float(ends.low))
    except OverflowError:
        return False


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def shares(stream_of: Stream, points: int) -> list[float]:
    """The places of ``points`` points in one range: one in each strip, in a drawn order."""
    order = list(range(points))
    for last in range(points - 1, 0, -1):
        other = stream_of.below(points - 1 - last, last + 1)
        order[last], order[other] = order[other], order[last]
    within = [stream_of.uniform(points + each) for each in range(points)]
    return [(strip + inside) / points for strip, inside in zip(order, within, strict=True)]
