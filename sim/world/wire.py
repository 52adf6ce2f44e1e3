"""One real socket: a WebSocket in a TCP connection, from one client's link to the platform.

Each end is detached on its own: what travels towards an end that is gone is dropped. A reset is
seen by both ends at once; a close travels like data, behind what was sent before it; a socket whose
client has changed its address, or crashed, is dead but silent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final, NamedTuple, Protocol

from simpy import Event

from sim.network.direction import Direction
from sim.network.handshake import Handshake
from sim.network.link import Link
from sim.network.stream import Ahead, StreamSender
from sim.protocol.frames import Frame, Hello
from sim.world.kernel import DELIVERY, Kernel

ABNORMAL: Final = 1006
"""The close code of a socket that was refused or reset (RFC 6455, 7.1.5)."""


class Close(NamedTuple):
    """The close of a socket, on its way behind the data."""

    code: int
    cause: int | None


Item = Frame | Close


def note_loss(handshake: Handshake, lost: Callable[[int | str | None], None]) -> None:
    """Tell of the packet that a handshake has just lost, if it has; once.

    What refuses it is told by its outcome.
    """
    if handshake.blame is not None and handshake.refusal is None:
        lost(handshake.blame)
        handshake.blame = None


class ClientEnd(Protocol):
    """Where a wire leads on the client's side, and the answers of the HTTP API."""

    def informed(
        self, request: int, status: int | None, particulars: dict[str, Any], cause: int | None
    ) -> None: ...

    def wire_opened(self, wire: Wire) -> None: ...

    def wire_closed(self, wire: Wire, code: int, cause: int | None) -> None: ...

    def wire_received(self, wire: Wire, frame: Frame) -> None: ...

    def packet_lost(self, blame: int | str | None) -> None: ...

    def note_silence(self) -> int | None: ...


class PlatformEnd(Protocol):
    """Where a wire leads on the platform's side."""

    def wire_accepted(self, wire: Wire) -> None: ...

    def wire_hung_up(self, wire: Wire, cause: int | None) -> None: ...

    def wire_delivered(self, wire: Wire, frame: Frame) -> None: ...


class Lane:
    """One direction of a wire: in order, nothing lost while both ends and the path live."""

    __slots__ = (
        "_address",
        "_arrived_here",
        "_flight",
        "_kernel",
        "_link",
        "_rank",
        "_retries",
        "_wire",
        "cut",
        "frames",
        "sender",
    )

    def __init__(
        self,
        kernel: Kernel,
        wire: Wire,
        link: Link,
        direction: Direction,
        rank: int,
        arrived: Callable[[Wire, Item], None],
    ) -> None:
        self._kernel = kernel
        self._wire = wire
        self.sender: StreamSender[Item] = StreamSender(direction, link.spec.transport)
        self._link = link
        self._address = link.address
        self._rank = rank
        self._arrived_here = arrived
        self._flight: deque[Item] = deque()
        self._retries = 0
        self.cut = False
        self.frames = 0
        """How many have been sent."""

    def send(self, item: Item) -> None:
        """Send one frame, or the close."""
        if self.cut or self._link.address != self._address:
            return
        if self._link.up.settle is not None:
            self._link.settle()
        self.frames += 1
        kernel = self._kernel
        stalled = self.sender.deadline
        arrival = self.sender.send(item, kernel.now)
        if arrival is not None:
            self._flight.append(item)
            kernel.at(arrival, self._rank, self._arrive)
        elif stalled is None:
            self._stall()

    @property
    def is_clear(self) -> bool:
        """Whether nothing is on its way and nothing held up."""
        if self.cut or self._flight or self._link.address != self._address:
            return False
        return self.sender.deadline is None

    def roll_back(self, ahead: Ahead, count: int, until: int, item: Item) -> None:
        """Perform what is left of what was taken ahead; see :class:`StreamSender`."""
        for arrival in self.sender.roll_back(ahead, count, until, item):
            self._flight.append(item)
            self._kernel.at(arrival, self._rank, self._arrive)
        if self.sender.deadline is not None:
            self._kernel.at(self.sender.deadline, self._rank, self._retransmit)

    def _stall(self) -> None:
        deadline = self.sender.deadline
        self._wire.lost(self.sender.blame)
        if deadline is not None:
            self._kernel.at(deadline, self._rank, self._retransmit)

    def _retransmit(self, _: Event) -> None:
        gives_up = self._retries >= self._link.spec.transport.retries
        if self.cut or self._link.address != self._address or gives_up:
            return
        arrival = self.sender.retransmit(self._kernel.now)
        if arrival is None:
            self._retries += 1
            self._stall()
            return
        self._retries = 0
        for item in self.sender.take_queue():
            self._flight.append(item)
            self._kernel.at(arrival, self._rank, self._arrive)

    def _arrive(self, _: Event) -> None:
        if self._flight:
            item = self._flight.popleft()
            if not self.cut:
                self._arrived_here(self._wire, item)


class Wire:
    """One real socket, from the first SYN to the end of both its ends."""

    def __init__(
        self,
        kernel: Kernel,
        attempt: int,
        hello: Hello,
        link: Link,
        client: ClientEnd,
        platform: PlatformEnd,
        person: int,
        cause: int | None,
    ) -> None:
        self.attempt = attempt
        self.number = attempt << 32 | person
        """Unique over all clients: what the platform knows this socket by."""
        self.hello = hello
        self.cause = cause
        self._kernel = kernel
        self.link = link
        self._client: ClientEnd | None = client
        self._platform: PlatformEnd | None = platform
        self._rank = DELIVERY + person
        self._dialled_by = client
        self._address = link.address
        self._handshake = Handshake(link)
        self.up: Lane
        """What the client sends, from the opening on."""
        self.down: Lane
        """What the platform sends, likewise."""
        self.is_open = False
        """Whether it has been opened."""

    def dial(self) -> None:
        """Start the handshake."""
        self._handshake.start(self._kernel.now)
        self._wait()

    def _wait(self) -> None:
        handshake = self._handshake
        if handshake.blame is not None:
            note_loss(handshake, self.lost)
        deadline = handshake.deadline
        if deadline is not None:
            self._kernel.at(deadline, self._rank, self._go_on)

    def _go_on(self, _: Event) -> None:
        if self._client is None or self.link.address != self._address:
            return
        handshake = self._handshake
        handshake.advance(self._kernel.now)
        if handshake.outcome is None:
            self._wait()
        elif handshake.outcome == "refused":
            self._client_closed(ABNORMAL, handshake.refusal)
        else:
            self._open()
            if self._platform is not None:
                self._platform.wire_accepted(self)
            if self._client is not None:
                self._client.wire_opened(self)

    def _open(self) -> None:
        kernel, link, rank = self._kernel, self.link, self._rank
        self.up = Lane(kernel, self, link, link.up, rank, Wire._at_platform)
        self.down = Lane(kernel, self, link, link.down, rank, Wire._at_client)
        self.is_open = True

    def _cut(self) -> None:
        """Nothing goes out, and nothing is taken in any more."""
        if self.is_open:
            self.up.cut = self.down.cut = True

    @property
    def is_calm(self) -> bool:
        """Whether it is open at both ends, and nothing is on its way or in the way."""
        carries = self.is_open and not self.link.fails
        return carries and self.up.is_clear and self.down.is_clear

    @property
    def is_hung_up(self) -> bool:
        """Whether its client has let go of it."""
        return self._client is None

    def note_silence(self) -> int | None:
        """The platform reports that it hears no more: return the record that explains it.

        Where nothing was lost it is what the socket was opened for: the link is slow.
        """
        cause = self._dialled_by.note_silence()
        return self.cause if cause is None else cause

    def lost(self, blame: int | str | None) -> None:
        """A packet was lost, and this is why."""
        self._dialled_by.packet_lost(blame)

    def hang_up(self, code: int, cause: int | None) -> None:
        """The client closes: it hears no more; the close follows what it has sent."""
        self._client = None
        if self.is_open:
            self.down.cut = True
            self.up.send(Close(code, cause))

    def turn_away(self, code: int, cause: int | None) -> None:
        """The platform closes: it hears no more; the close follows what it has sent."""
        self._platform = None
        self.up.cut = True
        self.down.send(Close(code, cause))

    def abandon(self) -> None:
        """The client's machine is gone: nothing goes out, nothing is taken in any more."""
        self._client = None
        self._cut()

    def reset(self, cause: int | None) -> None:
        """The connection is reset; both ends learn of it now."""
        self.link.settle()
        self._platform_hung_up(cause)
        self._client_closed(ABNORMAL, cause)

    def _at_platform(self, item: Item) -> None:
        if isinstance(item, Close):
            self._platform_hung_up(item.cause)
        elif self._platform is not None:
            self._platform.wire_delivered(self, item)

    def _at_client(self, item: Item) -> None:
        if isinstance(item, Close):
            self._client_closed(item.code, item.cause)
        elif self._client is not None:
            self._client.wire_received(self, item)

    def _client_closed(self, code: int, cause: int | None) -> None:
        client, self._client = self._client, None
        self._cut()
        if client is not None:
            client.wire_closed(self, code, cause)

    def _platform_hung_up(self, cause: int | None) -> None:
        platform, self._platform = self._platform, None
        self._cut()
        if platform is not None and self.is_open:
            platform.wire_hung_up(self, cause)
