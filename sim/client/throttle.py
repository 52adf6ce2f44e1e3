"""How long it takes until a page that has lost a socket dials again; the client does not wait.

Source: spec/opentok-js-2.35.2.md, section 3.1, and recordings with frames: where sockets are
refused the spacing of attempts is the browser's. See docs/decisions/0016-redialling.md.
"""

from __future__ import annotations

from typing import Any, Final

from sim.client.fields import Fields
from sim.protocol.timers import Timers

DOUBLINGS: Final = 16
"""After so many doublings the pause is at its maximum."""
EACH: Final = 2
"""So many refusals are one doubling in a page that has opened a socket before; else one is."""


class Throttle:
    """What a browser remembers of the refusals that a page has met: all its sockets share it.

    A real browser draws each pause, from a third of its mean to five thirds; here it is the mean.
    """

    __slots__ = ("_has_opened", "_refusals", "_timers")

    def __init__(self, timers: Timers) -> None:
        self._timers = timers
        self.clear()

    def clear(self) -> None:
        """Remember nothing: the page is a fresh one."""
        self._refusals = 0
        self._has_opened = False

    def opened(self) -> None:
        """A socket is open."""
        self._refusals = 0
        self._has_opened = True

    def refused(self) -> None:
        """An attempt has failed."""
        self._refusals = min(self._refusals + 1, DOUBLINGS * EACH)

    def pause(self) -> int:
        """How long the next attempt has to wait, in microseconds."""
        if not self._refusals:
            return 0
        doublings = 1 + self._refusals // (EACH if self._has_opened else 1)
        most = self._timers.refused_throttle_max
        return max(most >> max(DOUBLINGS - doublings, 0), self._timers.refused_throttle)

    def snapshot(self) -> tuple[Any, ...]:
        """What it remembers."""
        return _THROTTLE.of(self)

    def restore(self, snapshot: tuple[Any, ...]) -> None:
        """Remember that."""
        _THROTTLE.put(self, snapshot)


class Redialling:
    """What decides when one logical socket dials again."""

    __slots__ = ("_dialled_at", "_throttle", "_timers", "_turned_away")

    def __init__(self, timers: Timers, throttle: Throttle) -> None:
        self._timers = timers
        self._throttle = throttle
        self._turned_away = False
        self._dialled_at = 0

    def dialled(self, now: int) -> None:
        """An attempt begins."""
        self._dialled_at = now

    def closed(self, opened: bool, outage: bool) -> None:
        """A real socket was closed from the other side, before or after it had ``opened``."""
        if not opened:
            self._throttle.refused()
        self._turned_away = opened and outage

    def pause(self, now: int) -> int:
        """How long to wait, in microseconds."""
        throttled = self._throttle.pause()
        if throttled or not self._turned_away:
            return throttled
        return max(self._dialled_at + self._timers.redial_spacing - now, self._timers.turn)

    def snapshot(self) -> tuple[Any, ...]:
        """What it remembers."""
        return _REDIALLING.of(self)

    def restore(self, snapshot: tuple[Any, ...]) -> None:
        """Remember that."""
        _REDIALLING.put(self, snapshot)


_THROTTLE: Final = Fields("_refusals", "_has_opened")
_REDIALLING: Final = Fields("_dialled_at", "_turned_away")
