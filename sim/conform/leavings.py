"""When a client leaves something, or its network fails: what was not there by then never came."""

from __future__ import annotations

from typing import Final

from sim.conform.case import Case
from sim.conform.labels import name_of
from sim.conform.machine import THROTTLE
from sim.conform.networks import breaks, removes
from sim.protocol.units import MILLISECOND, SECOND

USUAL_HOP: Final = 100 * MILLISECOND
"""How long a frame is held at most that had no effect, if the client leaves by then."""
NOTICED: Final = THROTTLE + 2 * SECOND
"""Within this time it is told: with the answer to a PING at the latest."""
_LEAVING: Final = ("disconnect", "closeBrowser", "crash", "unpublish", "destroy", "unsubscribe")


class Leavings:
    """The times of one client."""

    def __init__(self, case: Case, name: str) -> None:
        self._times = [
            step.at
            for step in case.script
            if step.client == name and (breaks(step) or name_of(step.do or "") in _LEAVING)
        ]
        self._removals = [s.at for s in case.script if s.client == name and removes(s)]
        told = case.expect.get(name, ())
        self._breaks = [s.at for s in case.script if s.client == name and breaks(s)]
        self._troubles = [each.at for each in told if each.event == "sessionReconnecting"]
        self._back = [each.at for each in told if each.event == "sessionReconnected"]

    def after(self, now: int, within: int = USUAL_HOP) -> int | None:
        """Just after the client has left, if it does so soon."""
        return next((at + 1 for at in self._times if now <= at <= now + within), None)

    def before_a_break(self, now: int, told: int) -> int:
        """When something had happened that was told then: before a break noticed only later."""
        broken = next((at for at in self._breaks if now <= at <= told), told)
        noticed = next((at for at in self._troubles if at >= broken), broken)
        return broken if told <= noticed else told

    def removed(self, now: int) -> int | None:
        """Just after the platform has taken out a client that comes back now, if it comes too late.

        One that came in time would hear of it, and be told ``sessionReconnected``.
        """
        back = any(now <= at <= now + NOTICED for at in self._back)
        times = (at + 1 for at in self._removals if now <= at <= now + THROTTLE)
        return None if back else next(times, None)
