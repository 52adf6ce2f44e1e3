"""A run without its warm-up: what began before the system was in its usual state is left out."""

from __future__ import annotations

from attrs import evolve

from sim.research.observing import Observed


def after(seen: Observed, warm_up: int) -> Observed:
    """What began ``warm_up`` microseconds after the start or later; all of it if that is 0.

    Sessions count from when they were joined, outages and detections from when they were there,
    kicks and signals from when they were asked for. Times stay those of the run. Duplicate pictures
    and breaches have no time, and stay.
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
    )
