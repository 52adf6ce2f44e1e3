"""What a run says of a metric, which may be anybody's: taken, or refused in a sentence."""

from __future__ import annotations

from math import inf, isfinite
from typing import Any

from sim.research.metrics.metric import Duration, Durations, Metric, Ratio, Said
from sim.research.observing.observed import Observed
from sim.wording import quoted


def ask(metric: Metric, seen: Observed, judged: Observed | None = None) -> Said:
    """What the run says of the metric, in numbers of Python's own.

    It is asked of the run ``judged``, which may be a part of the other. Raises ``ValueError`` for
    what is no such thing, and whatever the metric raises, with a note of which it was.
    """
    try:
        return _taken(metric.name, metric.of(seen if judged is None else judged))
    except Exception as failure:
        failure.add_note(
            f"in the metric {metric.name}, of replication {seen.replication} of point {seen.point}"
        )
        raise


def _taken(name: str, said: Any) -> Said:
    if isinstance(said, Durations):
        return Durations(_duration(name, each) for each in said.each)
    if not isinstance(said, Ratio):
        raise ValueError(
            f"the metric {name} gives {quoted(said)}, and must give a Ratio or Durations"
        )
    try:
        pair = (float(said.numerator), float(said.denominator))
    except (TypeError, ValueError, OverflowError):
        pair = (inf, inf)
    if not all(map(isfinite, pair)):
        raise ValueError(
            f"the metric {name} is {quoted(said.numerator)} by {quoted(said.denominator)} in some "
            "run, and must be finite: by 0 it has nothing to say"
        )
    return Ratio(*pair)


def _duration(name: str, each: Any) -> Duration:
    if not isinstance(each, Duration):
        raise ValueError(
            f"the metric {name} has {quoted(each)} among its durations, and each must be a "
            "Duration, of seconds and whether it ended"
        )
    given: Any = each.seconds
    try:
        seconds = inf if isinstance(given, str | bytes | bool) else float(given)
    except (TypeError, ValueError, OverflowError):
        seconds = inf
    if not 0.0 <= seconds < inf:
        raise ValueError(
            f"the metric {name} has a duration of {quoted(given)} s in some run, and none "
            "can be negative or without an end"
        )
    if each.ended not in (True, False):
        raise ValueError(
            f"the metric {name} says of a duration that it ended: {quoted(each.ended)}, and must "
            "say True or False"
        )
    return Duration(seconds, bool(each.ended))
