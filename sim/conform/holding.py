"""Holds frames back before they reach their client, as long as the recorder's network did.

Order between clients depends on the network, and short hops vary by hundreds of milliseconds, so a
frame reaches its client no earlier than the event that it makes was recorded. It has arrived all
the same: the client is no longer in silence.
"""

from __future__ import annotations

from collections import deque
from typing import Final, NamedTuple

from simpy import Event

from sim.conform.pace import Pace
from sim.protocol.frames import Frame, Pong
from sim.world.client_driver import ClientDriver
from sim.world.kernel import CLIENT_TIMER, Kernel
from sim.world.wire import Wire

RESET: Final = 1006
"""A socket that was reset ends at once, whatever has not been read yet; a close comes behind it."""


class _Held(NamedTuple):
    """A frame that waits, or without one the close of its socket."""

    due: int
    wire: Wire
    frame: Frame | None
    code: int
    cause: int | None


class Holding:
    """The client's end of its wires, in front of its driver."""

    def __init__(self, kernel: Kernel, driver: ClientDriver, pace: Pace) -> None:
        self._kernel = kernel
        self._driver = driver
        self._pace = pace
        self._held: deque[_Held] = deque()

    def wire_opened(self, wire: Wire) -> None:
        """A socket is open."""
        self._driver.wire_opened(wire)

    def packet_lost(self, blame: int | str | None) -> None:
        """A packet of the client's link was lost."""
        self._driver.packet_lost(blame)

    def note_silence(self) -> int | None:
        """Somebody reports a silence of the client: return the record that explains it."""
        return self._driver.note_silence()

    def wire_received(self, wire: Wire, frame: Frame) -> None:
        """A frame came in; it may have to wait until what it tells was recorded."""
        core, now = self._driver.core, self._kernel.now
        away = core.membership.is_reconnecting
        if isinstance(frame, Pong) and not away:
            self._driver.wire_received(wire, frame)
            return
        back = self._pace.back(now) if away else now
        due = max(back, self._pace.due(core, frame, now))
        if due <= now and not self._held:
            self._driver.wire_received(wire, frame)
        elif core.hears(wire.attempt, now):
            self._hold(_Held(due, wire, frame, 0, None))

    def wire_closed(self, wire: Wire, code: int, cause: int | None) -> None:
        """A socket ended; a close waits behind the frames that came before it."""
        if self._held and code != RESET:
            self._hold(_Held(self._kernel.now, wire, None, code, cause))
        else:
            self._held.clear()
            self._driver.wire_closed(wire, code, cause)

    def forget(self) -> None:
        """The page is another one."""
        self._held.clear()

    def _hold(self, held: _Held) -> None:
        due = max(held.due, self._held[-1].due) if self._held else held.due
        self._held.append(held._replace(due=due))
        self._kernel.at(due, CLIENT_TIMER + self._driver.number, self._release)

    def _release(self, _: Event) -> None:
        while self._held and self._held[0].due <= self._kernel.now:
            _due, wire, frame, code, cause = self._held.popleft()
            if frame is None:
                self._driver.wire_closed(wire, code, cause)
            else:
                self._driver.wire_received(wire, frame)
