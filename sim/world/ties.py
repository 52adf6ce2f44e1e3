"""The order of what happens at one instant, drawn instead of defined: ``--permute-ties``.

What is drawn belongs to the instant and the rank, and not to how much has been scheduled before: an
event that does nothing changes no other event's place among those of other ranks, and no place at
any other instant.
"""

from __future__ import annotations

from typing import Final

from sim.draws.stream import Stream

_RANKS: Final = 1 << 35
"""More than there are ranks: see :mod:`sim.world.kernel`."""
_EVENTS: Final = 1 << 20
"""More than one rank may have at one instant."""
_WORD: Final = 64
_KEPT: Final = 1024
"""So many instants may be counted before those that are over are forgotten."""


class Ties:
    """Draws places at an instant: one for each rank, and within it one for each event."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._counts: dict[int, dict[int, int]] = {}
        """By time and rank: how many events there have been."""
        self._most = _KEPT

    def counts(self) -> dict[int, dict[int, int]]:
        """How many events there have been, by time and rank, for :meth:`count_as`."""
        return {time: dict(ranks) for time, ranks in self._counts.items()}

    def count_as(self, counts: dict[int, dict[int, int]]) -> None:
        """Let there have been so many events."""
        self._counts = counts

    def turn(self, time: int, rank: int) -> int:
        """The place before all events of that rank; never 0, which is SimPy's own."""
        return (1 + (self._stream.bits(_index(time, rank)) >> 1)) << _WORD

    def place(self, time: int, rank: int, now: int) -> int:
        """The place of one more event of that rank."""
        ranks = self._counts.setdefault(time, {})
        ordinal = ranks[rank] = ranks.get(rank, 0) + 1
        if len(self._counts) > self._most:
            self._forget(now)
        own = self._stream.bits(_index(time, rank) + ordinal)
        return self.turn(time, rank) + (own >> 1)

    def _forget(self, now: int) -> None:
        self._counts = {time: ranks for time, ranks in self._counts.items() if time >= now}
        self._most = 2 * len(self._counts) + _KEPT


def _index(time: int, rank: int) -> int:
    return (time * _RANKS + rank) * _EVENTS
