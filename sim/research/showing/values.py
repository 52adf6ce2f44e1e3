"""Values of a design as numbers, and figures as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan
from typing import Any

from sim.protocol.units import SECOND, parse_duration
from sim.research.statistics.intervals import Interval
from sim.wording import listing


def numbers(values: Sequence[Any]) -> tuple[list[float], str] | None:
    """Values as numbers, with their unit; None if one is no number.

    >>> numbers(["15s", "1min"]), numbers(["2%", "0.1"]), numbers(["wifi"])
    (([15.0, 60.0], 's'), ([0.02, 0.1], ''), None)
    """
    for read, unit in ((_number, ""), (_seconds, "s")):
        try:
            return [read(value) for value in values], unit
        except (ValueError, TypeError):
            continue
    return None


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError("a flag is no number")
    if isinstance(value, str) and value.endswith("%"):
        return float(value[:-1]) / 100
    return float(value)


def _seconds(value: Any) -> float:
    if not isinstance(value, str):
        raise TypeError("a duration has a unit")
    return parse_duration(value) / SECOND


def figure(value: float) -> str:
    """A number with three digits.

    >>> figure(0.123456), figure(1234.5), figure(float("nan"))
    ('0.123', '1234', '–')
    """
    if isnan(value):
        return "–"
    return f"{value:.0f}" if 1000 <= abs(value) < 1e6 else f"{value:.3g}"


def several(count: int, what: str) -> str:
    """How many there are of something.

    >>> several(1, "run"), several(2, "run")
    ('1 run', '2 runs')
    """
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def between(interval: Interval) -> str:
    """The limits of an interval, in words; "" if there are none."""
    if not interval.known:
        return ""
    return f"{figure(interval.low)} to {figure(interval.high)}"


def cuts(found: Iterable[tuple[str, float | None]]) -> dict[str, str]:
    """By metric, where its durations are cut because some went on, from seconds or None.

    >>> cuts([("ghost-time", 44.0), ("presence", None), ("ghost-time", 50.5), ("kick-time", 9.0)])
    {'ghost-time': '44 to 50.5 s', 'kick-time': '9 s'}
    """
    known: dict[str, list[float]] = {}
    for name, seconds in found:
        if seconds is not None:
            known.setdefault(name, []).append(seconds)
    return {
        name: " to ".join(dict.fromkeys([figure(min(each)), figure(max(each))])) + " s"
        for name, each in known.items()
    }


def told_cuts(found: Iterable[tuple[str, float | None]]) -> str:
    """The same in a sentence; "" if nothing is cut.

    >>> told_cuts([("kick-time", 9.0)])
    'means are cut at the longest that was seen, as some went on at the end: kick-time (9 s)'
    """
    where = [f"{name} ({at})" for name, at in cuts(found).items()]
    said = "means are cut at the longest that was seen, as some went on at the end"
    return f"{said}: {listing(where)}" if where else ""
