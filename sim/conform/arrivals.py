"""Holds requests back in front of the platform until they were there in the recording.

What a client sends takes its time, and the order in which the platform sees the requests of
several clients decides what everybody is told. A request is there when the first was told of what
it did, or its call has ended well.
"""

from __future__ import annotations

from typing import Final

from sim.conform.answers import Answers
from sim.conform.effects import Effects, shown_by
from sim.conform.gate import Gate, Held
from sim.conform.leavings import USUAL_HOP, Leavings
from sim.conform.machine import HOP
from sim.protocol.frames import Disconnect, Frame, Message
from sim.protocol.units import SECOND
from sim.world.client_driver import ClientDriver
from sim.world.kernel import DELIVERY, Kernel
from sim.world.wire import PlatformEnd, Wire

JOINING: Final = 10 * SECOND
"""How long a request to join is held at most of which nobody was told."""
JOIN: Final = ("create", "connection")


class Arrivals:
    """The platform's end of one client's wires, in front of its driver."""

    def __init__(
        self,
        kernel: Kernel,
        driver: ClientDriver,
        platform: PlatformEnd,
        effects: Effects,
        answers: Answers,
        leaves: Leavings,
    ) -> None:
        self._kernel = kernel
        self._driver = driver
        self._platform = platform
        self._effects = effects
        self._answers = answers
        self._leaves = leaves
        self._gate: Gate[Held] = Gate(kernel, DELIVERY + driver.number, Held.go_on)
        self._accepted: set[int] = set()
        """The sockets that the platform knows, by number."""
        self._found: dict[tuple[str, int], int] = {}
        """When the requests are there that have shown effects, by socket and number."""
        self._joined: set[str] = set()
        """The connections of which somebody was told: to ask for them again does nothing."""

    def wire_accepted(self, wire: Wire) -> None:
        """A socket has been opened: after what still comes from the one before."""

        def tell() -> None:
            self._accepted.add(wire.number)
            self._platform.wire_accepted(wire)

        back = self._leaves.removed(self._kernel.now) if wire.hello.reconnect else None
        self._gate.put(Held(wire, tell), back)

    def wire_delivered(self, wire: Wire, frame: Frame) -> None:
        """A frame came in; a request may have to wait until the recorded one was there."""
        due = None
        if isinstance(frame, Message | Disconnect):
            due = self._due(wire, frame)
        elif wire.number in self._accepted:  # heartbeats and acknowledgements wait for nothing
            self._platform.wire_delivered(wire, frame)
            return
        self._gate.put(Held(wire, lambda: self._platform.wire_delivered(wire, frame)), due)

    def wire_hung_up(self, wire: Wire, cause: int | None) -> None:
        """A socket ended: after what the client had sent, or by a reset that drops what waits."""
        if wire.is_hung_up:
            end = Held(wire, lambda: self._platform.wire_hung_up(wire, cause))
            self._gate.put(end, None)
        else:
            self._gate.drop(lambda arrival: arrival.wire is wire)
            self._platform.wire_hung_up(wire, cause)

    def _due(self, wire: Wire, frame: Message | Disconnect) -> int | None:
        now = self._kernel.now
        number = frame.txn if isinstance(frame, Message) else 0
        key = wire.hello.socket, number
        if key not in self._found:
            core = self._driver.core
            shown = self._effects.of(core.name, frame, now), self._answers.granted(core, frame)
            there = min((at for at in shown if at is not None), default=None)
            joining = _joining(frame)
            if there is None:
                if shown_by(core.name, frame) is None:
                    return None
                if joining in self._joined:
                    return None
                return self._leaves.after(now, USUAL_HOP if joining is None else JOINING)
            if joining is not None:
                self._joined.add(joining)
            self._found[key] = self._leaves.before_a_break(now, there) - HOP
        return self._found[key]


def _joining(frame: Message | Disconnect) -> str | None:
    """The connection that a request asks for, if it is one to join."""
    if isinstance(frame, Message) and (frame.method, frame.resource) == JOIN:
        return str(frame.content["id"])
    return None
