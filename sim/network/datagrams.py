"""Packets on their own, as media and ICE checks are sent."""

from __future__ import annotations

from sim.draws.sampler import Sampler
from sim.draws.stream import Draws
from sim.network.direction import Direction


class DatagramPath:
    """Datagrams over a direction: some are lost, some overtake others, some arrive twice.

    Reordering needs no draw of its own: each packet has its own delay. A copy is made behind the
    place where packets are lost, so it arrives if the packet does, after a delay of its own.
    """

    __slots__ = ("_copies", "_delays", "_direction", "_probability")

    def __init__(self, direction: Direction, draws: Draws) -> None:
        purpose = f"{direction.name}/duplicate"
        self._direction = direction
        self._probability = direction.spec.duplication
        self._copies = draws.stream(direction.actor, purpose)
        self._delays = Sampler(
            draws.stream(direction.actor, f"{purpose}/delay"), direction.spec.delay
        )

    @property
    def blame(self) -> int | str | None:
        """Why the last packet was lost: a fault's record number, or the address of a draw."""
        return self._direction.blame

    def transmit(self, now: int) -> tuple[int, ...]:
        """Send one datagram at ``now`` (us); return when it arrives: never, once or twice."""
        number = self._direction.sent
        arrival = self._direction.transmit(now)
        if arrival is None:
            return ()
        if self._probability and self._copies.uniform(number) < self._probability:
            return arrival, now + self._delays.at(number)
        return (arrival,)
