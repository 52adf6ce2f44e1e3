"""A run without its warm-up: what began before the system was in its usual state is left out."""

from __future__ import annotations

from attrs import evolve

from sim.research.observing import Observed, Session


def after(seen: Observed, warm_up: int) -> Observed:
    """What began ``warm_up`` microseconds after the start or later; all of it if that is 0.

    Sessions count from when they were joined, outages and detections from when they were there,
    kicks and signals from when they were asked for. Sessions that were there already are no longer
    among the sessions, as nobody knows how long they last once they are: but the time that they
    have still counts as time in a session. Times stay those of the run. Duplicate pictures and
    breaches have no time, and stay.
    """
    if not warm_up:
        return seen
    return evolve(
        seen,
        sessions=tuple(each for each in seen.sessions if each.joined_us >= warm_up),
        outages=tuple(each for each in seen.outages if each.began_us >= warm_up),
        kicks=tuple(each for each in seen.kicks if each.accepted_us >= warm_up),
        signals=tuple(each for each in seen.signals if each.sent_us >= warm_up),
        detections=tuple(each for each in seen.detections if each.lost_us >= warm_up),
        since_us=warm_up,
        standing=tuple(_rest(each, warm_up) for each in seen.sessions if _stands(each, warm_up)),
    )


def _stands(session: Session, since: int) -> bool:
    ended = session.ended_us
    return session.joined_us < since and (ended is None or ended > since)


def _rest(session: Session, since: int) -> Session:
    """A session as it was from then on, as if it had been joined then."""
    stretches = tuple(
        (max(began, since), until) for began, until in session.stretches_us if until > since
    )
    return evolve(
        session,
        joined_us=since,
        reconnections=sum(began >= since for began, _ in session.stretches_us),
        reconnecting_us=sum(until - began for began, until in stretches),
        stretches_us=stretches,
    )
