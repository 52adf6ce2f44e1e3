"""Gives one client core its time, its sockets and its link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simpy import Event

from sim.client import Client
from sim.client.outputs import Dial, Fetch, Hangup, Output, Send, StopMedia
from sim.network.link import Link
from sim.protocol.frames import Frame, Pong
from sim.protocol.journal import Journal
from sim.protocol.records import incidents
from sim.world.exchange import Exchange
from sim.world.heartbeats import Heartbeats
from sim.world.kernel import CLIENT_TIMER, Kernel
from sim.world.media import Media
from sim.world.platform_driver import PlatformDriver
from sim.world.wire import ClientEnd, PlatformEnd, Wire
from sim.world.wiretap import Wiretap


class ClientDriver:
    """One person's client: the core, the link it is on, and its present sockets.

    ``number`` is the person's place in the order of declaration.
    """

    def __init__(
        self,
        kernel: Kernel,
        number: int,
        link: Link,
        platform: PlatformDriver,
        journal: Journal,
        wiretap: Wiretap | None,
        make: Callable[[ClientDriver], Client],
        media: Media,
    ) -> None:
        self.number = number
        self.link = link
        """The link that the messaging socket goes over, and all the rest by default."""
        self.api_link: Link | None = None
        """A link of its own for the HTTP API."""
        self.core = make(self)
        self.end: ClientEnd = self
        """Where its wires lead; what a re-enactment holds back waits in front of the driver."""
        self.media = media.end(self)
        self.restored: int | None = None
        """The record of the last fault on the link that ended."""
        self._paths = media
        self.far_end: PlatformEnd = platform
        """Where they lead on the other side, likewise."""
        self._kernel = kernel
        self._platform = platform
        self._journal = journal
        self._wiretap = wiretap
        self._rank = CLIENT_TIMER + number
        self._wires: dict[int, Wire] = {}
        self._exchanges: list[Exchange] = []
        self.heartbeats: Heartbeats | None = None
        """Takes heartbeats ahead, where that is wanted."""
        self._armed: int | None = None
        self._blame: int | str | None = None

    @property
    def is_alive(self) -> bool:
        """Whether there is a page."""
        return self.core.alive

    @property
    def name(self) -> str:
        """The person's name."""
        return self.core.name

    @property
    def has_published(self) -> bool:
        """Whether there has ever been a Publisher."""
        return self.core.page.has_made("publisher")

    # -- what the app and the person do ------------------------------------------------------

    def act(self, action: Callable[[], object], cause: int | None = None) -> None:
        """Let the app call the API."""
        if self.core.alive:
            self.core.act(self._kernel.now, cause, action)
            self.flush()

    def close_browser(self, cause: int | None, by: str) -> int | None:
        """Close the tab; return the record of it."""
        closed = self.core.close_browser(self._kernel.now, cause, by)
        self.flush()
        self.media_changed(closed)
        return closed

    def crash(self, cause: int | None) -> None:
        """The machine loses its power: nothing more comes from it, nobody is told."""
        self.link.settle()
        self._blame = cause
        self.core.crash(cause)
        self.core.outputs.clear()
        for wire in self._wires.values():
            wire.abandon()
        self._wires.clear()

    def reload(self) -> None:
        """A fresh page. Who reloads reports what that changes for media, once there is a record."""
        self.core.reload()

    def reset_sockets(self, cause: int | None) -> None:
        """Every open socket is reset, at both ends."""
        for wire in list(self._wires.values()):
            if wire.is_open:
                wire.reset(cause)

    def refuse_handshakes(self, cause: int | None) -> None:
        """Sockets that are not open yet are refused at once."""
        for wire in list(self._wires.values()):
            if not wire.is_open:
                wire.reset(cause)

    def fail_exchanges(self, cause: int | None) -> None:
        """What was asked of the HTTP API, and has not been answered, never will be."""
        exchanges, self._exchanges = self._exchanges, []
        for exchange in exchanges:
            if not exchange.is_over:
                exchange.fail(cause)

    def media_changed(self, cause: int | None) -> None:
        """Media may get through now, or no more: everybody whom that concerns is told."""
        self._paths.changed(self.media, cause)

    def paths_changed(self, person: str | None, cause: int | None) -> None:
        """The media path from that person may have changed; from everybody if None."""
        if self.core.alive:
            self.core.paths_changed(person, self._kernel.now, cause)
            self.flush()

    def sends(self, stream: str) -> bool:
        """Whether the present page sends that stream."""
        return self.core.sends(stream)

    def media_stopped(self, stream: str, cause: int | None) -> None:
        """Nobody sends that stream any more."""
        if self.core.alive:
            self.core.media_stopped(stream, self._kernel.now, cause)
            self.flush()

    # -- what wires and the HTTP API report --------------------------------------------------------

    def informed(
        self, request: int, status: int | None, particulars: dict[str, Any], cause: int | None
    ) -> None:
        """The session info has come, or why there is none."""
        self.core.informed(request, status, particulars, self._kernel.now, cause)
        self.flush()

    def wire_opened(self, wire: Wire) -> None:
        """A socket is open."""
        if self.media.reach():
            self.media_changed(wire.cause)
        self.core.opened(wire.attempt, self._kernel.now, wire.cause)
        self.flush()

    def wire_closed(self, wire: Wire, code: int, cause: int | None) -> None:
        """A socket was refused, reset, or closed by the platform."""
        self._wires.pop(wire.attempt, None)
        self.core.closed(wire.attempt, code, self._kernel.now, cause or wire.cause)
        self.flush()

    def wire_received(self, wire: Wire, frame: Frame) -> None:
        """A frame has come in."""
        if self._wiretap is not None:
            self._wiretap.delivered(self.name, wire, frame)
        cause = None if type(frame) is Pong else getattr(frame, "cause", None)
        if self.core.receive(wire.attempt, frame, self._kernel.now, cause, self.restored):
            self.flush()

    def packet_lost(self, blame: int | str | None) -> None:
        """A packet of this link was lost; remember why."""
        self._blame = blame
        if self._wiretap is not None:
            self._wiretap.lost(self.name, blame)

    def note_silence(self) -> int | None:
        """Somebody reports a silence: return the record that explains it, None if there is none.

        A loss that chance has decided is written down when it is first blamed.
        """
        self.link.settle()
        if isinstance(self._blame, str):
            data = {"address": self._blame}
            self._blame = self._journal(self.name, *incidents.LOSS.head, data, None)
        return self._blame

    def look_ahead(self) -> None:
        """Take heartbeats that nothing disturbs ahead, instead of performing them one by one."""
        self.heartbeats = Heartbeats(self, self._kernel, self._platform)

    @property
    def has_one_socket(self) -> bool:
        """Whether a single real socket is all that uses the network."""
        return len(self._wires) == 1 and not [each for each in self._exchanges if not each.is_over]

    # -- carrying out what the core wants ------------------------------------------------------

    def flush(self) -> None:
        """Carry out the core's outputs and set the alarm for its next deadline."""
        core = self.core
        outputs = core.outputs
        while outputs:
            if len(outputs) == 1:  # nearly always: a PING, an acknowledgement
                self._carry_out(outputs.pop())
                continue
            wanted = outputs[:]
            outputs.clear()
            for output in wanted:
                self._carry_out(output)
        self.arm()

    def arm(self) -> None:
        """Set the alarm for the core's next deadline."""
        deadline = self.core.next_deadline()
        if deadline is not None and (self._armed is None or deadline < self._armed):
            self._armed = deadline
            self._kernel.at(deadline, self._rank, self._wake)

    def _carry_out(self, output: Output) -> None:
        if type(output) is Send:
            wire = self._wires.get(output.attempt)
            if wire is not None:
                if self._wiretap is not None:
                    self._wiretap.sent(self.name, wire, output.frame)
                frame, heartbeats = output.frame, self.heartbeats
                if heartbeats is None or not heartbeats.take(wire, frame):
                    wire.up.send(frame)
        elif isinstance(output, Dial):
            self._dial(output)
        elif isinstance(output, Hangup):
            wire = self._wires.pop(output.attempt, None)
            if wire is not None:
                wire.hang_up(output.code, output.cause)
        elif isinstance(output, Fetch):
            self._fetch(output)
        elif isinstance(output, StopMedia):
            self._paths.stopped(output.stream, output.cause)

    def _dial(self, output: Dial) -> None:
        wire = Wire(
            self._kernel,
            output.attempt,
            output.hello,
            self.link,
            self.end,
            self.far_end,
            self.number,
            output.cause,
        )
        self._wires[output.attempt] = wire
        wire.dial()

    def _fetch(self, output: Fetch) -> None:
        core, link = self.core, self.api_link or self.link
        exchange = Exchange(
            self._kernel,
            self.number,
            link,
            self.end,
            output,
            core.timers.connect_timeout,
            lambda: self._platform.core.session_info(core.name),
        )
        self._exchanges = [each for each in self._exchanges if not each.is_over]
        self._exchanges.append(exchange)
        exchange.start()

    def _wake(self, _: Event) -> None:
        core, now = self.core, self._kernel.now
        if self._armed == now:
            self._armed = None
            if core.alive:
                silence = core.silence_at
                if silence is not None and silence <= now:
                    core.silent(now, self.note_silence())
                core.wake(now)
                self.flush()
