"""Runs of which nobody wants anything but the figures.

Nobody hears of a bare run's records while it goes on, so none are made: they are numbered, and
counted as far as a :class:`~sim.Result` says how many there were of what. Its digest is that of the
same story, performed again with its records when it is asked for.
"""

from __future__ import annotations

from sim.client import Client
from sim.platform import Platform
from sim.scenario import Scenario
from sim.simulation.options import Options


def is_bare(story: Scenario, options: Options, *listeners: object) -> bool:
    """Whether nobody hears of the records, and the story is the same when it is performed again.

    Code of others hears of what happens, and need not do the same twice.
    """
    judged = story.laws or story.expect
    ours = options.client_class is Client and options.platform_class is Platform
    return ours and not (options.keep or judged or any(listeners))
