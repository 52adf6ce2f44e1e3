"""What is left out of runs that nobody looks at closely.

Nobody hears of a *bare* run's records while it goes on, so none are made: they are numbered, and
counted as far as a :class:`~sim.Result` says how many there were of what. Its digest is that of the
same story, performed again with its records when it is asked for.

A run that keeps no records *looks ahead*: heartbeats that nothing disturbs, of which no record
tells, are taken dozens at a time (:mod:`sim.world.heartbeats`). Nothing that is told of it is
different, and its digest is the same. One that keeps its records is performed event by event: it is
what the others are measured by.
"""

from __future__ import annotations

from sim.scenario import Scenario
from sim.simulation.options import Options
from sim.world.bounds import MOST_EVENTS


def is_bare(story: Scenario, options: Options, *listeners: object) -> bool:
    """Whether nobody hears of the records, and the story is the same when it is performed again.

    Code of others hears of what happens, and need not do the same twice.
    """
    judged = story.laws or story.expect
    return not (options.has_own_models or options.keep or judged or any(listeners))


def looks_ahead(options: Options, recording: object) -> bool:
    """Whether nobody can tell whether every heartbeat has been performed.

    One can whose trace has messages, who draws the order of what happens at once, who has bounded
    the number of events, and whose models may do otherwise with heartbeats.
    """
    exact = options.permute_ties or options.max_events != MOST_EVENTS or options.level != "story"
    return not (options.keeps_records or exact or options.has_own_models or recording)
