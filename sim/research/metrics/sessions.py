"""Metrics of sessions: how they end, how long they last, how they fare meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from sim.protocol.events import EVENTS
from sim.protocol.units import HOUR, SECOND
from sim.research.metrics.metric import Duration, Kind, Metric, Ratio, of_durations
from sim.research.observing.observed import Observed

UNTOLD: Final = "untold"
"""How a session ends of which its app is not told: its page is gone, or never was in it."""

_REASONS: Final = next(
    event.reasons
    for event in EVENTS
    if (event.object, event.name) == ("Session", "sessionDisconnected")
)


def session_time(observed: Observed) -> int:
    """How long people had a session, in microseconds, added up over people.

    Of one person's sessions that overlap each instant counts once; those that had not ended last
    to the end of the run. After a warm-up it is the time from then on, also of those that had been
    joined before.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for each in observed.attended:
        until = observed.ended_us if each.ended_us is None else each.ended_us
        spans.setdefault(each.person, []).append((each.joined_us, until))
    return sum(map(_together, spans.values()))


def _together(spans: Iterable[tuple[int, int]]) -> int:
    """How long at least one of them lasts."""
    together = reached = 0
    for since, until in sorted(spans):
        together += max(until - max(since, reached), 0)
        reached = max(until, reached)
    return together


def _ended(reason: str | None) -> Callable[[Observed], Ratio]:
    def of(observed: Observed) -> Ratio:
        ended = [each.end_told for each in observed.sessions if not each.censored]
        return Ratio(ended.count(reason), len(ended))

    return of


def _lasts(observed: Observed) -> Iterator[Duration]:
    for each in observed.sessions:
        until = observed.ended_us if each.ended_us is None else each.ended_us
        yield Duration((until - each.joined_us) / SECOND, not each.censored)


def _reconnects(observed: Observed) -> Ratio:
    times = sum(each.reconnections for each in observed.attended)
    return Ratio(times, session_time(observed) / HOUR)


def _reconnecting(observed: Observed) -> Ratio:
    together = sum(each.reconnecting_us for each in observed.sessions)
    return Ratio(together / SECOND, len(observed.sessions))


def _share_reconnecting(observed: Observed) -> Ratio:
    together = sum(each.reconnecting_us for each in observed.attended)
    return Ratio(together / SECOND, session_time(observed) / SECOND)


def _presence(observed: Observed) -> Ratio:
    people = {each.person for each in observed.attended}
    judged = observed.ended_us - observed.since_us
    return Ratio(session_time(observed) / SECOND, len(people) * judged / SECOND)


def _ghosts(observed: Observed) -> Iterator[Duration]:
    for each in observed.sessions:
        if each.ghost_us is not None:
            yield Duration(each.ghost_us / SECOND, not each.ghost_censored)


def _leftovers(observed: Observed) -> Ratio:
    ended = [each.leftovers for each in observed.sessions if not each.censored]
    return Ratio(sum(ended), len(ended))


METRICS: Final = (
    *(
        Metric(
            f"ended-{reason}",
            "1",
            f"Share of the sessions that ended whose app was told `{reason}`.",
            _ended(reason),
            Kind.SHARE,
        )
        for reason in _REASONS
    ),
    Metric(
        f"ended-{UNTOLD}",
        "1",
        "Share of the sessions that ended whose app was told of no end: its page was gone, or it"
        " never was in the session and the platform let that go.",
        _ended(None),
        Kind.SHARE,
    ),
    of_durations(
        "session-duration",
        "How long a session lasts, from when the platform has it until its app is told of its end"
        " or its page is gone; if its app never was in it, until the platform lets it go.",
        _lasts,
    ),
    Metric(
        "presence",
        "1",
        "Share of a run in which somebody has a session, of all who have one in the run. Sessions"
        " of one person that overlap count once, here and in all hours of session.",
        _presence,
        Kind.MEAN,
    ),
    Metric(
        "reconnects-per-hour",
        "1/h",
        "How often an app is told `sessionReconnecting`, an hour of session.",
        _reconnects,
        Kind.RATE,
    ),
    Metric(
        "time-reconnecting",
        "s",
        "How long the app of a session is reconnecting, together, a session.",
        _reconnecting,
        Kind.MEAN,
    ),
    Metric(
        "share-reconnecting",
        "1",
        "Share of the time in which somebody has a session that their app is reconnecting.",
        _share_reconnecting,
        Kind.MEAN,
    ),
    of_durations(
        "ghost-time",
        "How long others see a dead client: from the end of a session that the platform still has"
        " until the last app that held it to be there is told otherwise, or is gone itself. An app"
        " that suppresses connection events holds whoever has shown it a stream to be there, until"
        " it is told `connectionDestroyed`.",
        _ghosts,
    ),
    Metric(
        "leftover-subscribers",
        "1",
        "Subscribers that are never destroyed after the end of the session in which they were"
        " made, a session that ended.",
        _leftovers,
        Kind.RATE,
    ),
)
