"""A run without its warm-up: what began before the system was in its usual state is left out."""

from __future__ import annotations

from attrs import evolve

from sim.research.observing import Observed, Session


def after(seen: Observed, warm_up: int) -> Observed:
    """What began ``warm_up`` microseconds after the start or later; all of it if that is 0.

    Sessions count from when they were joined, outages and detections from when they were there,
    kicks and signals from when they were asked for, duplicate pictures from when they were added.
    What goes on at the end of the warm-up is in :attr:`Observed.attended`, from then on: rates and
    shares of time are of that. Times stay those of the run. Breaches and the exit code are of the
    whole run, and stay.
    """
    if not warm_up:
        return seen
    duplicates = tuple(each for each in seen.duplicates_us if each >= warm_up)
    return evolve(
        seen,
        sessions=tuple(each for each in seen.sessions if each.joined_us >= warm_up),
        outages=tuple(each for each in seen.outages if each.began_us >= warm_up),
        kicks=tuple(each for each in seen.kicks if each.accepted_us >= warm_up),
        signals=tuple(each for each in seen.signals if each.sent_us >= warm_up),
        detections=tuple(each for each in seen.detections if each.lost_us >= warm_up),
        duplicate_pictures=len(duplicates),
        duplicates_us=duplicates,
        since_us=warm_up,
        attended=tuple(
            _since(each, warm_up)
            for each in seen.sessions
            if each.ended_us is None or each.ended_us > warm_up
        ),
    )


def _since(session: Session, warm_up: int) -> Session:
    """A session as if nothing of it had been seen before."""
    if session.joined_us >= warm_up:
        return session
    stretches = tuple(
        (max(since, warm_up), until) for since, until in session.stretches if until > warm_up
    )
    return evolve(
        session,
        joined_us=warm_up,
        reconnections=sum(since >= warm_up for since, _ in session.stretches),
        reconnecting_us=sum(until - since for since, until in stretches),
        stretches=stretches,
    )
