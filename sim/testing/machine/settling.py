"""The end of an example: all faults are healed, and time passes until all is quiet."""

from __future__ import annotations

from sim.protocol.units import SECOND
from sim.testing.machine.judging import Judged
from sim.testing.machine.situation import Situation


def settle(simulation: Judged) -> None:
    """Heal everything and go on until nothing has happened for so long that all must have heard.

    What does not come to rest is given the time in which the laws say that it must: an outage has
    ended by then, and whoever was lost in it is gone.
    """
    bounds = simulation.bounds
    quiet = bounds.delivery + SECOND
    left = bounds.outage + bounds.detection + bounds.grace + bounds.delivery
    simulation.heal()
    records = -1
    while left > 0 and (records != simulation.world.journal.records or _is_restless(simulation)):
        records = simulation.world.journal.records
        simulation.advance(min(quiet, left))
        left -= quiet


def _is_restless(simulation: Judged) -> bool:
    return bool(Situation(simulation, ()).restless)
