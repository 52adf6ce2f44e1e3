"""Opening a WebSocket: TCP, TLS and the HTTP upgrade, hop by hop.

Each is an exchange of one packet up and one down. An exchange of which either is lost begins again
from the client after 1, 2, 4 s ... (``Transport.rto``, doubling), counted from its last beginning:
that is when the client sends its SYN, its TLS hello or its request once more (RFC 6298, 5.5 and
5.7). A server that lost its answer would send it again after the same time.

If the link refuses connections when a SYN is sent, the client is told after the time that a packet
takes there and back. Nothing can lose that answer, which comes from the nearest router or from the
client's own system. A refusal that begins later, with TCP connected, is silence to the client.
"""

from __future__ import annotations

from typing import Any, Literal

from sim.network.direction import Direction
from sim.network.link import Link

Outcome = Literal["open", "refused"]


class Handshake:
    """One attempt to open a WebSocket over a link.

    After :meth:`start`, call :meth:`advance` at every ``deadline`` until ``outcome`` is set. It
    never gives up by itself: that is the app's connect timeout. ``blame`` says why the last lost
    packet was lost, or which fault refused the connection; it is None if all went well so far.
    """

    __slots__ = (
        "_again",
        "_hop",
        "_link",
        "_rto",
        "_then",
        "_transport",
        "blame",
        "deadline",
        "outcome",
    )

    def __init__(self, link: Link) -> None:
        self.outcome: Outcome | None = None
        self.deadline: int | None = None
        self.blame: int | str | None = None
        self._link = link
        self._transport = link.spec.transport
        self._hop = 0
        self._rto = self._transport.rto
        self._again = 0
        self._then: Literal["arrive", "repeat", "refused"] = "arrive"

    def start(self, now: int) -> None:
        """Send the SYN at ``now`` (us)."""
        self._begin_exchange(now)

    def advance(self, now: int) -> None:
        """Do what is due at ``deadline``: a packet has arrived, or an exchange begins again.

        Raises ``ValueError`` if nothing is due, as before ``start`` and after the outcome.
        """
        if self.deadline is None:
            raise ValueError("this handshake waits for nothing: it has not started, or is over")
        if self._then == "arrive":
            self._arrive(now)
        elif self._then == "refused":
            self._end("refused")
        else:
            self._rto = min(2 * self._rto, self._transport.rto_max)
            self._hop -= self._hop % 2
            self._begin_exchange(now)

    @property
    def refusal(self) -> int | None:
        """The record of the fault that refuses the connection; None if it is not refused."""
        fault = self.blame
        return fault if self._then == "refused" and isinstance(fault, int) else None

    def snapshot(self) -> tuple[Any, ...]:
        """How far it has come, as plain data."""
        ends = self.outcome, self.deadline, self.blame
        return *ends, self._hop, self._rto, self._again, self._then

    def restore(self, saved: tuple[Any, ...]) -> None:
        """Be as far as a handshake over the same link was."""
        self.outcome, self.deadline, self.blame, *rest = saved
        self._hop, self._rto, self._again, self._then = rest

    def canonical(self, now: int) -> tuple[Any, ...]:
        """What matters to the future; ``blame`` is not among it."""
        deadline = None if self.deadline is None else self.deadline - now
        again = max(0, self._again - now)
        return self.outcome, deadline, self._hop, self._rto, again, self._then

    def _arrive(self, now: int) -> None:
        self._hop = hop = self._hop + 1
        if hop % 2:
            self._send(self._link.down, now)
        elif hop == 2 * self._transport.round_trips:
            self._end("open")
        else:
            self._rto = self._transport.rto
            self._begin_exchange(now)

    def _begin_exchange(self, now: int) -> None:
        if self._hop == 0 and self._link.refusing:
            self.blame = self._link.refusing[0]
            self._then = "refused"
            self.deadline = self._link.down.cross(self._link.up.cross(now))
            return
        self._again = now + self._rto
        self._send(self._link.up, now)

    def _send(self, direction: Direction, now: int) -> None:
        arrival = direction.transmit(now)
        if arrival is not None:
            self._then, self.deadline = "arrive", arrival
        else:
            self._then, self.deadline = "repeat", max(self._again, now)
            self.blame = direction.blame

    def _end(self, outcome: Outcome) -> None:
        self.outcome, self.deadline = outcome, None
