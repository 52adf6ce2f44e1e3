"""How many packets get through before one is lost, one draw a loss."""

from __future__ import annotations

from typing import Final

from sim.draws.geometric import geometric
from sim.draws.stream import Draws, Stream

_KEPT: Final = 64
"""So many gaps are remembered at most."""


class Gaps:
    """How many packets get through before the next one that is lost, one draw a loss.

    ``drawn`` tells whether chance decides: with a rate of 0 or 1 nothing is drawn.
    """

    __slots__ = (
        "_actor",
        "_draws",
        "_first",
        "_geometric",
        "_left",
        "_made",
        "_purpose",
        "_taken",
        "drawn",
    )

    def __init__(self, rate: float, draws: Draws, actor: str, purpose: str) -> None:
        self._geometric = geometric(rate)
        self.drawn = not self._geometric.certain
        self._draws = draws
        self._actor = actor
        self._purpose = purpose
        self._taken = 0
        self._left = -1
        self._first = 0
        self._made: list[int] = []
        """Gaps from number ``_first`` on that are known: some are asked for more than once."""

    @property
    def address(self) -> str:
        """The address of the last draw."""
        return self._stream.address(max(self._taken - 1, 0))

    def next(self) -> int:
        """Return the number of packets that get through before the next loss."""
        if not self.drawn:
            return self._geometric.misses(0.5)
        number = self._taken
        self._taken = number + 1
        at = number - self._first
        if 0 <= at < len(self._made):
            return self._made[at]
        gap = self._geometric.misses(self._stream.uniform(number))
        if at != len(self._made) or at == _KEPT:
            self._first, self._made = number, []
        self._made.append(gap)
        return gap

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
