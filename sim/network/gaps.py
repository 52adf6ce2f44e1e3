"""How many packets get through before one is lost, one draw a loss."""

from __future__ import annotations

from sim.draws.geometric import geometric
from sim.draws.stream import Draws, Stream


class Gaps:
    """How many packets get through before the next one that is lost, one draw a loss.

    ``drawn`` tells whether chance decides: with a rate of 0 or 1 nothing is drawn.
    """

    __slots__ = ("_actor", "_draws", "_geometric", "_left", "_purpose", "_taken", "drawn")

    def __init__(self, rate: float, draws: Draws, actor: str, purpose: str) -> None:
        self._geometric = geometric(rate)
        self.drawn = not self._geometric.certain
        self._draws = draws
        self._actor = actor
        self._purpose = purpose
        self._taken = 0
        self._left = -1

    @property
    def address(self) -> str:
        """The address of the last draw."""
        return self._stream.address(max(self._taken - 1, 0))

    def next(self) -> int:
        """Return the number of packets that get through before the next loss."""
        if not self.drawn:
            return self._geometric.misses(0.5)
        self._taken += 1
        return self._geometric.misses(self._stream.uniform(self._taken - 1))

    def pause(self, left: int) -> None:
        """Keep what is left of a gap, until the channel is in this state again."""
        self._left = left

    def resume(self) -> int:
        """Return what was left of the gap, or the first gap."""
        return self._left if self._left >= 0 else self.next()

    def snapshot(self) -> tuple[int, int]:
        """How many draws were taken, and what is left of a gap that was interrupted."""
        return self._taken, self._left

    def restore(self, saved: tuple[int, int]) -> None:
        """Go on from a snapshot."""
        self._taken, self._left = saved

    @property
    def _stream(self) -> Stream:
        return self._draws.stream(self._actor, self._purpose)
