"""Heartbeats that nothing disturbs are taken ahead, dozens at a time, instead of performed.

Nobody is told of heartbeats, and draws have addresses: what a link will do to a packet is known
before it is sent. So when a PING is due on a socket on which nothing else happens, it is worked out
what becomes of it, of its PONG, and of those behind it, and the client sleeps until the first of
which that cannot be told. Whatever else is about to happen to the link or the socket settles them
before: what has happened by then has happened, and what is on its way is put there. What is known
to come is not disturbed: the next outage by chance, the script, the end. Where somebody has just
said something more will be said, mostly: so the heartbeat behind it is performed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final

from attrs import define

from sim.network.stream import Ahead
from sim.protocol.frames import PING, PONG, Frame
from sim.world.kernel import CLIENT_TIMER, DELIVERY, Kernel
from sim.world.wire import Wire

if TYPE_CHECKING:
    from sim.client.socket import ReconnectingSocket
    from sim.world.client_driver import ClientDriver
    from sim.world.platform_driver import PlatformDriver

MOST: Final = 32
"""Heartbeats that are taken at a time."""
WORTH: Final = 4
"""So many have to pass, or to take them costs more than it saves."""
LONGEST_PAUSE: Final = 31
"""Where something always happens that is seldom tried."""
EVENTS: Final = 3
"""Of a heartbeat: the PING is due, it arrives, the PONG arrives. One on its way counts as none."""


@define(eq=False)
class _Train:
    """Heartbeats of one socket that have been taken ahead."""

    wire: Wire
    socket: ReconnectingSocket
    pings: Ahead
    pongs: Ahead
    arrived: int
    """When the platform had heard the client last before."""
    answered: int
    """When the client had heard the platform last before."""


class Heartbeats:
    """The heartbeats of one client."""

    def __init__(self, driver: ClientDriver, kernel: Kernel, platform: PlatformDriver) -> None:
        self._driver = driver
        self._kernel = kernel
        self._platform = platform
        self._train: _Train | None = None
        self._pause = 0
        """How many are left alone: the more, the more often something has happened soon."""
        self._left_alone = 0
        self._sent: tuple[int, int] | None = None
        """How many frames there will be each way when the next PING is due, if nothing else is."""

    def take(self, wire: Wire, frame: Frame) -> bool:
        """A frame is to be sent on that wire: take it ahead, and heartbeats behind it.

        Return whether that has been done; else it is to be sent.
        """
        if self._train is not None:
            self._settle(sends=True)
        if frame is not PING:
            return False
        up, down = wire.up.frames, wire.down.frames
        was_alone, self._sent = self._sent == (up, down), (up + 1, down + 1)
        if not was_alone:
            return False
        until, every = self._calm_until(wire), self._driver.core.timers.ping
        if until <= self._kernel.now + WORTH * every:
            return False
        if self._left_alone < self._pause:
            self._left_alone += 1
            return False
        self._left_alone = 0
        return wire.is_calm and self._driver.has_one_socket and self._begin(wire, until)

    def _calm_until(self, wire: Wire) -> int:
        """When the next thing comes that is known: by chance, in the script, or the end."""
        kernel = self._kernel
        return min(kernel.until, kernel.script_at, wire.link.calm_until)

    def _begin(self, wire: Wire, until: int) -> bool:
        socket = self._driver.core.calm_socket
        if socket is None:
            return False
        now, every, answered = self._kernel.now, socket.timers.ping, socket.heard
        until = min(until, now + every * MOST)
        pings = wire.up.sender.lookahead([*range(now, until, every)])
        if not pings.arrivals:
            return False
        pongs = wire.down.sender.lookahead(pings.arrivals)
        count = socket.hears_in_time(pongs.arrivals)
        if count and pongs.arrivals[count - 1] >= until:
            count = bisect_left(pongs.arrivals, until, 0, count)
        if count < len(pings.arrivals):
            pings.cut(count)
            pongs.cut(count)
        arrived = self._platform.core.foresee(wire.number, pings.arrivals) if count else None
        if arrived is None:
            return False
        wire.up.sender.take(pings)
        wire.down.sender.take(pongs)
        socket.heard_until(pongs.arrivals[-1], now + every * count)
        wire.link.up.settle = wire.link.down.settle = self._settle
        self._train = _Train(wire, socket, pings, pongs, arrived, answered)
        self._kernel.ahead += EVENTS * count + len(pings.lost) + len(pongs.lost)
        return True

    def _settle(self, *, sends: bool = False) -> None:
        """Let what has not happened yet happen one by one.

        If the client ``sends`` something now, the next PING is due when it has been idle again.
        """
        train, self._train = self._train, None
        assert train is not None
        up, down = train.wire.link.up, train.wire.link.down
        up.settle = down.settle = None
        delivered = self._kernel.happened(DELIVERY + self._driver.number)
        count = len(train.pongs.arrivals)
        is_past = train.pongs.arrivals[-1] < self._kernel.now
        sent, arrived, answered = [count] * 3 if is_past else self._so_far(train, delivered)
        train.wire.up.sender.catch_up(train.pings, sent, delivered)
        train.wire.down.sender.catch_up(train.pongs, arrived, delivered)
        if train.pings.lost or train.pongs.lost:
            self._blame(train, sent, arrived)
        if answered == count:
            self._pause = 0
            self._sent = train.wire.up.frames, train.wire.down.frames
            return
        self._pause = 0 if answered >= WORTH else min(2 * self._pause + 1, LONGEST_PAUSE)
        self._sent = None
        train.wire.up.roll_back(train.pings, sent, delivered, PING)
        train.wire.down.roll_back(train.pongs, arrived, delivered, PONG)
        self._kernel.ahead -= EVENTS * (count - answered)
        self._tell_ends(train, sent, arrived, answered, sends=sends)

    def _so_far(self, train: _Train, delivered: int) -> tuple[int, int, int]:
        """How many have been sent, have arrived, and have been answered."""
        ticked = self._kernel.happened(CLIENT_TIMER + self._driver.number)
        # Without delays what has not been sent yet would arrive at this very instant.
        sent = bisect_right(train.pings.times, ticked, 0, len(train.pongs.arrivals))
        arrived = bisect_right(train.pings.arrivals, delivered, 0, sent)
        return sent, arrived, bisect_right(train.pongs.arrivals, delivered, 0, arrived)

    def _tell_ends(
        self, train: _Train, sent: int, arrived: int, answered: int, *, sends: bool
    ) -> None:
        """Tell client and platform when they heard of each other last."""
        pings, pongs, socket = train.pings, train.pongs, train.socket
        last = pings.arrivals[arrived - 1] if arrived else train.arrived
        self._platform.heard_until(train.wire.number, last)
        if socket.is_open and socket.attempt == train.wire.attempt:
            last = pongs.arrivals[answered - 1] if answered else train.answered
            every = socket.timers.ping
            next_ping = self._kernel.now + every if sends else pings.times[0] + sent * every
            socket.heard_until(last, next_ping)
        self._driver.arm()

    def _blame(self, train: _Train, sent: int, arrived: int) -> None:
        """Tell what explains a silence from now on: the last packet that has been lost."""
        wire, link = train.wire, train.wire.link
        up = wire.up.sender.last_lost(train.pings, sent)
        down = wire.down.sender.last_lost(train.pongs, arrived)
        if up is not None and (down is None or up[0] >= down[0]):
            self._driver.packet_lost(link.up.blame_for(*up))
        elif down is not None:
            self._driver.packet_lost(link.down.blame_for(*down))
