"""Metrics of what is to reach somebody: commands to remove, signals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.protocol.units import SECOND
from sim.research.metrics.metric import Duration, Kind, Metric, Ratio, of_durations
from sim.research.observing.observed import Observed


def _kicks(observed: Observed) -> Iterator[Duration]:
    for each in observed.kicks:
        if each.told_us is not None:
            yield Duration((each.told_us - each.accepted_us) / SECOND)
        elif each.ended_us is None:
            yield Duration((observed.ended_us - each.accepted_us) / SECOND, ended=False)


def _unheard(observed: Observed) -> Ratio:
    over = [each for each in observed.kicks if each.ended_us is not None]
    return Ratio(sum(each.told_us is None for each in over), len(over))


def _meets(observed: Observed) -> Ratio:
    return Ratio(sum(each.reconnecting for each in observed.kicks), len(observed.kicks))


def _lost(observed: Observed) -> Ratio:
    return Ratio(sum(each.lost for each in observed.signals), len(observed.signals))


def _late(observed: Observed) -> Ratio:
    return Ratio(sum(each.late for each in observed.signals), len(observed.signals))


METRICS: Final = (
    of_durations(
        "kick-time",
        "How long after the platform has accepted it a command to remove somebody reaches the"
        " victim: until its app is told `sessionDisconnected(forceDisconnected)`. Victims whose"
        " session ends otherwise before are left out.",
        _kicks,
    ),
    Metric(
        "kicks-unheard",
        "1",
        "Share of the removed whose session ended without `forceDisconnected`, of those whose"
        " session ended.",
        _unheard,
        Kind.SHARE,
    ),
    Metric(
        "kicks-while-reconnecting",
        "1",
        "Share of the commands to remove somebody that are accepted while the victim's app is"
        " reconnecting.",
        _meets,
        Kind.SHARE,
    ),
    Metric(
        "signals-lost",
        "1",
        "Share of the ways of signals to other apps in the session that have come to nothing,"
        " though the receiver did not leave, was cut off, or left only after it had been in touch"
        " for longer than a signal can take. Of a signal that is refused there are none, unless its"
        " receiver is the one who is gone.",
        _lost,
        Kind.SHARE,
    ),
    Metric(
        "signals-late",
        "1",
        "Share of the ways of signals to other apps in the session that took longer than a second.",
        _late,
        Kind.SHARE,
    ),
)
