"""When a client leaves something, or its network fails: what was not there by then never came."""

from __future__ import annotations

from typing import Final

from sim.conform.case import Case
from sim.conform.labels import name_of
from sim.conform.networks import RESTORED
from sim.protocol.units import MILLISECOND

USUAL_HOP: Final = 100 * MILLISECOND
"""How long a frame is held at most that had no effect, if the client leaves by then."""
_LEAVING: Final = ("disconnect", "closeBrowser", "crash", "unpublish", "destroy", "unsubscribe")


class Leavings:
    """The times of one client."""

    def __init__(self, case: Case, name: str) -> None:
        self._times = [
            step.at
            for step in case.script
            if step.client == name
            and (step.network not in (None, RESTORED) or name_of(step.do or "") in _LEAVING)
        ]

    def after(self, now: int, within: int = USUAL_HOP) -> int | None:
        """Just after the client has left, if it does so soon."""
        return next((at + 1 for at in self._times if now <= at <= now + within), None)
