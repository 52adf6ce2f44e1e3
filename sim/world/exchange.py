"""One HTTPS exchange with the API: as many round trips as opening a socket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simpy import Event

from sim.client.outputs import Fetch
from sim.network.handshake import Handshake
from sim.network.link import Link
from sim.world.kernel import DELIVERY, Kernel
from sim.world.wire import ClientEnd, note_loss

Info = Callable[[], tuple[int, dict[str, Any]]]
"""What the API answers when the request has arrived: status and body."""


class Exchange:
    """Asks once, and tells ``end`` what has come of it, within ``limit`` microseconds.

    It does not survive a change of the network: a browser lets it fail at once, as ``fetch`` does.
    """

    def __init__(
        self,
        kernel: Kernel,
        number: int,
        link: Link,
        end: ClientEnd,
        output: Fetch,
        limit: int,
        info: Info,
    ) -> None:
        self.is_over = False
        self._kernel = kernel
        self._rank = DELIVERY + number
        self._way = Handshake(link)
        self._end = end
        self._output = output
        self._limit = kernel.now + limit
        self._info = info

    def start(self) -> None:
        """Send the first packet."""
        self._way.start(self._kernel.now)
        self._wait()

    def fail(self, cause: int | None) -> None:
        """End it without an answer, because of that record."""
        self._tell(None, {}, cause)

    def _wait(self) -> None:
        note_loss(self._way, self._end.packet_lost)
        deadline = self._way.deadline
        at = self._limit if deadline is None else min(self._limit, deadline)
        self._kernel.at(at, self._rank, self._go_on)

    def _go_on(self, _: Event) -> None:
        if self.is_over:
            return
        way, now = self._way, self._kernel.now
        if way.deadline is not None and way.deadline <= now:
            way.advance(now)
        if way.outcome == "open":
            self._tell(*self._info(), self._output.cause)
        elif way.outcome == "refused":
            self.fail(way.refusal or self._output.cause)
        elif now >= self._limit:
            self.fail(self._end.note_silence() or self._output.cause)
        else:
            self._wait()

    def _tell(self, status: int | None, particulars: dict[str, Any], cause: int | None) -> None:
        self.is_over = True
        self._end.informed(self._output.request, status, particulars, cause)
