"""Gives the platform core its time and its sockets."""

from __future__ import annotations

from collections.abc import Callable

from simpy import Event

from sim.platform import Platform
from sim.platform.outputs import Close
from sim.protocol.frames import Frame, Ping
from sim.world.kernel import PLATFORM_TIMER, Kernel
from sim.world.wire import Wire
from sim.world.wiretap import Wiretap


class PlatformDriver:
    """The platform's end of every wire."""

    def __init__(
        self,
        kernel: Kernel,
        core: Platform,
        wiretap: Wiretap | None,
    ) -> None:
        self.core = core
        self._kernel = kernel
        self._wiretap = wiretap
        self._wires: dict[int, Wire] = {}
        self._armed: int | None = None

    def wire_accepted(self, wire: Wire) -> None:
        """A socket has been opened."""
        self._wires[wire.number] = wire
        self.core.opened(wire.number, wire.hello, self._kernel.now, wire.cause)
        self.flush()

    def wire_hung_up(self, wire: Wire, cause: int | None) -> None:
        """The client has closed, or the connection was reset."""
        self._wires.pop(wire.number, None)
        self.core.closed(wire.number, self._kernel.now, cause)
        self.flush()

    def wire_delivered(self, wire: Wire, frame: Frame) -> None:
        """A frame has come in."""
        if self._wiretap is not None:
            self._wiretap.delivered("platform", wire, frame)
        self.core.receive(wire.number, frame, self._kernel.now)
        if type(frame) is Ping:
            self._send()
        else:
            self.flush()

    def do(self, action: Callable[[], object]) -> None:
        """Run something that the platform does of itself, then carry out what follows."""
        action()
        self.flush()

    def flush(self) -> None:
        """Carry out the core's outputs and set the alarm for its next deadline."""
        self._send()
        self._arm()

    def heard_until(self, socket: int, heard: int) -> None:
        """What was foreseen of a socket ends here; see :meth:`~sim.platform.Platform.foresee`."""
        self.core.heard_until(socket, heard)
        self._arm()

    def _arm(self) -> None:
        deadline = self.core.next_deadline()
        if deadline is not None and (self._armed is None or deadline < self._armed):
            self._armed = deadline
            self._kernel.at(deadline, PLATFORM_TIMER, self._wake)

    def _send(self) -> None:
        outputs = self.core.outputs
        wires = self._wires
        for output in outputs:
            wire = wires.get(output.socket)
            if wire is None:
                continue
            if isinstance(output, Close):
                del wires[output.socket]
                wire.turn_away(output.code, output.cause)
            else:
                if self._wiretap is not None:
                    self._wiretap.sent("platform", wire, output.frame)
                wire.down.send(output.frame)
        outputs.clear()

    def _wake(self, _: Event) -> None:
        now = self._kernel.now
        if self._armed == now:
            self._armed = None
            due = self.core.next_deadline()
            if due is not None and due <= now:
                self._do_what_is_due(now)
            self._arm()

    def _do_what_is_due(self, now: int) -> None:
        for silence in self.core.silences(now):
            socket = silence.socket
            self.core.silent(socket, now, self._wires[socket].note_silence())
        self.core.wake(now)
        if self.core.outputs:
            self._send()
