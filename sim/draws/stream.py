"""Words and uniform numbers of an address, by index.

Word ``i`` of a stream is word ``i % 4`` of the Philox4x64-10 block with counter ``i // 4 + 1``
under the key of its address (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as
1, 2, 3", SC 2011). numpy's ``Philox`` computes exactly that; its distributions are not used.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import define, field

from sim.draws.address import Address

FIRST_BLOCK: Final = 64
"""Draws in the first block of a stream: most streams of a short run need a handful."""
REMEMBERED: Final = 512
"""Beginnings of streams of which it is remembered what was made of them: what is run again with the
same seed, as tests are, draws the same again. A few megabytes at most."""
CONTINUED: Final = 64
"""Of so many the second block is remembered, too, which is four times as long: two megabytes."""
LARGEST_BLOCK: Final = 2048
"""Blocks grow fourfold up to this while a stream is read in order."""

_SHIFT: Final = np.uint64(12)
_STEP: Final = 2.0**-52


def block_around(index: int, end: int, size: int) -> tuple[int, int]:
    """Say which block to draw next: its first index and its length.

    ``end`` and ``size`` are those of the block at hand. Reading on in order gets longer blocks;
    a jump gets a short one that contains ``index``.
    """
    if index == end:
        return end, min(4 * size, LARGEST_BLOCK)
    return index - index % FIRST_BLOCK, FIRST_BLOCK


class Stream:
    """The draws of one address. Reading it changes nothing that anybody can see.

    Nothing is computed until the first draw is asked for.
    """

    __slots__ = ("_end", "_first", "_generator", "_position", "_size", "_words", "source")

    def __init__(self, address: Address) -> None:
        self.source = address
        """Whose draws these are, and for what."""
        self._generator: np.random.Philox | None = None
        self._position = 0
        self._first = self._end = 0
        self._size = FIRST_BLOCK // 4
        self._words: list[int] = []

    def address(self, index: int) -> str:
        """Name one draw, as in ``"bob/outage/start/3"``."""
        return self.source.at(index)

    def bits(self, index: int) -> int:
        """Return word ``index``: a uniform integer in 0 ... 2**64 - 1."""
        if not self._first <= index < self._end:
            self._read(index)
        return self._words[index - self._first]

    def uniform(self, index: int) -> float:
        """Return ``(k + 1/2) / 2**52`` where k is the upper 52 bits of word ``index``.

        The result is exact, never 0 and never 1, and so is its complement to 1.
        """
        return ((self.bits(index) >> 12) + 0.5) * _STEP

    def below(self, index: int, count: int) -> int:
        """Choose one of 0 ... ``count`` - 1: the upper word of the 128-bit product bits x count.

        A choice is likelier than another by less than ``count`` / 2**64.
        Raises ``ValueError`` when there is nothing to choose from.
        """
        if count < 1:
            raise ValueError(f"cannot choose one of {count}: there must be at least one choice")
        return (self.bits(index) * count) >> 64

    def words(self, first: int, count: int) -> npt.NDArray[np.uint64]:
        """Return words ``first`` ... ``first + count - 1``, unbuffered.

        Blocks that follow each other are cheap; a jump costs a new generator (about 7 us).
        """
        if self._generator is None or first != self._position:
            key = np.array(self.source.key, dtype=np.uint64)
            self._generator = np.random.Philox(key=key, counter=first // 4)
            if first % 4:
                self._generator.random_raw(first % 4)
        self._position = first + count
        return self._generator.random_raw(count)

    def uniforms(self, first: int, count: int) -> npt.NDArray[np.float64]:
        """Return what :meth:`uniform` returns for ``count`` indices from ``first`` on."""
        uniforms = (self.words(first, count) >> _SHIFT).astype(np.float64)
        uniforms += 0.5
        uniforms *= _STEP
        return uniforms

    def _read(self, index: int) -> None:
        self._first, self._size = block_around(index, self._end, self._size)
        self._end = self._first + self._size
        self._words = self.words(self._first, self._size).tolist()


@define
class Draws:
    """Every random decision of one replication of a scenario.

    Streams depend on their address alone: asking for one more, or asking in another order,
    changes no other stream.
    """

    seed: int
    replication: int = 0
    _streams: dict[tuple[str, str], Stream] = field(factory=dict, init=False, repr=False)

    def stream(self, actor: str, purpose: str) -> Stream:
        """Return the stream of an actor's decisions for one purpose; always the same object."""
        stream = self._streams.get((actor, purpose))
        if stream is None:
            stream = Stream(Address(self.seed, self.replication, actor, purpose))
            self._streams[actor, purpose] = stream
        return stream

    def addresses(self) -> list[tuple[str, str]]:
        """List the (actor, purpose) pairs asked for so far, in that order."""
        return list(self._streams)
