"""Metrics of networks: whether sessions survive outages, and what the platform makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.protocol.units import HOUR, SECOND
from sim.research.metrics.metric import Duration, Kind, Metric, Ratio, of_durations
from sim.research.metrics.sessions import session_time
from sim.research.observing.observed import Observed


def _survived(observed: Observed) -> Ratio:
    known = [each.survived for each in observed.outages if each.survived is not None]
    return Ratio(sum(known), len(known))


def _recoveries(observed: Observed) -> Iterator[Duration]:
    for each in observed.outages:
        if each.noticed_us is None or each.ended_us is None or each.survived is False:
            continue
        if each.recovered_us is not None:
            yield Duration(max(each.recovered_us - each.ended_us, 0) / SECOND)
        elif each.session_ended_us is None:
            yield Duration((observed.ended_us - each.ended_us) / SECOND, ended=False)


def _detection(observed: Observed) -> Ratio:
    times = [each.after_us for each in observed.detections if each.after_us is not None]
    return Ratio(sum(times) / SECOND, len(times))


def _false(observed: Observed) -> Ratio:
    false = sum(not each.faulty for each in observed.detections)
    return Ratio(false, session_time(observed) / HOUR)


METRICS: Final = (
    Metric(
        "outages-survived",
        "1",
        "Share of the outages after which the session that they met went on, of those and the ones"
        " that ended it with `networkDisconnected`, or with the `clientDisconnected` that, without"
        " reconnection, the shipped client tells instead.",
        _survived,
        Kind.SHARE,
    ),
    of_durations(
        "time-to-recover",
        "How long after the end of an outage an app that had noticed it, and goes on, is told"
        " `sessionReconnected`.",
        _recoveries,
    ),
    Metric(
        "detection-time",
        "s",
        "How long after a fault of the network or the end of a page the platform holds a connection"
        " to be lost. Of several outages it is the first that lasted into the `detection` of the"
        " platform before that, the longest time in which nothing can have been heard, and was not"
        " over when the connection came or came back.",
        _detection,
        Kind.MEAN,
    ),
    Metric(
        "false-detections-per-hour",
        "1/h",
        "How often the platform holds a connection to be lost, an hour of session, though its link"
        " was not down in the `detection` of the platform before that, nor another fault of the"
        " network or the end of its page was the cause: packets were lost.",
        _false,
        Kind.RATE,
    ),
)
