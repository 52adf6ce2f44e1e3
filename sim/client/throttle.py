"""How long it takes until a page that has lost a socket dials again; the client does not wait.

Source: spec/opentok-js-2.35.2.md, section 3.1, and conformance/README.md: with refused sockets the
spacing of attempts is the browser's. For others see docs/decisions/0016-redialling.md.
"""

from __future__ import annotations

from typing import Any, Final

from sim.client.fields import Fields
from sim.protocol.timers import Timers

MOST: Final = 20
"""More refusals in a row make no difference: the pause has long reached its maximum."""


class Throttle:
    """What a browser remembers of the attempts of one logical socket."""

    __slots__ = ("_dialled_at", "_refusals", "_timers", "_turned_away")

    def __init__(self, timers: Timers) -> None:
        self._timers = timers
        self._refusals = 0
        self._turned_away = False
        self._dialled_at = 0

    def dialled(self, now: int) -> None:
        """An attempt begins."""
        self._dialled_at = now

    def opened(self) -> None:
        """An attempt has succeeded."""
        self._refusals = 0

    def closed(self, opened: bool, outage: bool) -> None:
        """A real socket was closed from the other side, before or after it had ``opened``."""
        if not opened:
            self._refusals = min(self._refusals + 1, MOST)
        self._turned_away = opened and outage

    def pause(self, now: int) -> int:
        """How long to wait, in microseconds."""
        if self._refusals:
            pause = self._timers.refused_throttle << (self._refusals - 1)
            return min(pause, self._timers.refused_throttle_max)
        if self._turned_away:
            due = self._dialled_at + self._timers.redial_spacing
            return max(due - now, self._timers.turn)
        return 0

    def snapshot(self) -> tuple[Any, ...]:
        """What it remembers."""
        return _STATE.of(self)

    def restore(self, snapshot: tuple[Any, ...]) -> None:
        """Remember that."""
        _STATE.put(self, snapshot)


_STATE: Final = Fields("_dialled_at", "_refusals", "_turned_away")
