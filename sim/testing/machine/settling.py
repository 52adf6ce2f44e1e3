"""The end of an example: all faults are healed, and time passes until all is quiet."""

from __future__ import annotations

from sim.platform.states import Presence
from sim.protocol.units import SECOND
from sim.testing.machine.judging import Judged

_RESTLESS = ("connecting", "disconnecting", "migrating")


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
    while left > 0 and (records != simulation.world.journal.records or is_restless(simulation)):
        records = simulation.world.journal.records
        simulation.advance(min(quiet, left))
        left -= quiet


def is_restless(simulation: Judged) -> bool:
    """Whether somebody is on the way in or out, or the platform waits for somebody."""
    here = simulation.platform.connections
    if Presence.LOST in here.values():
        return True
    people = [who for who in simulation.world.participants.values() if who.driver.is_alive]
    if any(who.session.state in _RESTLESS or who.membership.is_reconnecting for who in people):
        return True
    alive = [who.membership.own for who in people]
    return any(id not in alive for id in here)
