"""Holds back what reaches a client, as long as the recorder's machine and network did.

Order between clients depends on the network, and short hops vary by hundreds of milliseconds, so a
frame reaches its client no earlier than the event that it makes was recorded. It has arrived all
the same: the client is no longer in silence. So does what a client needs in order to connect: the
session info and the first socket, each no earlier than :mod:`sim.conform.joining` says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sim.conform.gate import Gate, Held
from sim.conform.joining import Joinings
from sim.conform.pace import Pace
from sim.protocol.frames import Frame, Pong
from sim.world.client_driver import ClientDriver
from sim.world.kernel import CLIENT_TIMER, Kernel
from sim.world.wire import Wire

RESET: Final = 1006
"""A socket that was reset ends when the page notices it, whatever has not been read by then; a
close comes behind it."""


class Holding:
    """The client's end of its wires, in front of its driver."""

    def __init__(
        self, kernel: Kernel, driver: ClientDriver, pace: Pace, joinings: Joinings
    ) -> None:
        self._kernel = kernel
        self._driver = driver
        self._pace = pace
        self._joinings = joinings
        self._gate: Gate[Held] = Gate(kernel, CLIENT_TIMER + driver.number, Held.go_on)

    def informed(
        self, request: int, status: int | None, particulars: dict[str, Any], cause: int | None
    ) -> None:
        """The session info has come; asking for it took the recorder some time."""
        due = self._joinings.informed(self._kernel.now)

        def tell() -> None:
            self._driver.informed(request, status, particulars, cause)

        self._after(due, tell)

    def wire_opened(self, wire: Wire) -> None:
        """A socket is open; the first one took the recorder some time."""
        if wire.hello.reconnect:
            self._driver.wire_opened(wire)
        else:
            due = self._joinings.opened()
            self._gate.put(Held(wire, lambda: self._driver.wire_opened(wire)), due)

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
        if not core.hears(wire.attempt, now):
            return
        due = self._pace.due(core, frame, now)
        if away:
            due = max(self._pace.back(now), due or now)
        self._gate.put(Held(wire, lambda: self._driver.wire_received(wire, frame)), due)

    def wire_closed(self, wire: Wire, code: int, cause: int | None) -> None:
        """A socket ended; a close waits behind the frames that came before it."""
        if code == RESET and not self._gate.holds(lambda held: held.wire is wire):
            self._driver.wire_closed(wire, code, cause)
        elif code == RESET:
            away = self._driver.core.membership.is_reconnecting
            noticed = self._pace.noticed(self._kernel.now, away)
            self._gate.cut(noticed, lambda held: held.wire is wire)
            close = Held(wire, lambda: self._driver.wire_closed(wire, code, cause))
            self._gate.put(close, noticed)
        else:
            close = Held(wire, lambda: self._driver.wire_closed(wire, code, cause))
            self._gate.put(close, None)

    def _after(self, due: int, action: Callable[[], None]) -> None:
        now, rank = self._kernel.now, CLIENT_TIMER + self._driver.number
        if due <= now:
            action()
        else:
            self._kernel.at(due, rank, lambda _: action())
