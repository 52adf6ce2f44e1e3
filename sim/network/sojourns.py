"""The sojourns of a channel that changes between Good and Bad in time, read in blocks."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.draws import vectors
from sim.draws.address import Address
from sim.draws.sampler import exponential_values
from sim.draws.stream import CONTINUED, FIRST_BLOCK, REMEMBERED, Stream, block_around
from sim.network.specs import GilbertElliottTime

_SECOND: Final = 4 * FIRST_BLOCK
"""The number of the first sojourn of the second block: a minute has dozens of sojourns."""

Ends = tuple[list[int], npt.NDArray[np.int64]]
"""When sojourns end: as a list, to look up one time, and as an array, to look up many."""
_NONE_READ: Final[Ends] = [0], np.zeros(1, np.int64)


class Sojourns:
    """Which sojourn it is at a time. They alternate, and those of odd numbers are Bad or Good.

    ``_ends[i]`` is the end of sojourn ``_first + i``; sojourn 0 has no length. Draw 0 decides about
    the state of sojourn 1, and draw i about the length of sojourn i.
    """

    __slots__ = (
        "_at",
        "_bad_first",
        "_before",
        "_ends",
        "_ends_array",
        "_first",
        "_size",
        "_spec",
        "_stream",
        "blame",
    )

    def __init__(self, spec: GilbertElliottTime, stream: Stream) -> None:
        self.blame = ""
        self._stream = stream
        self._spec = spec
        self._bad_first = False
        """Whether those of odd numbers are Bad."""
        self._first = 0
        self._before = 0
        self._size = FIRST_BLOCK  # that of the first block is four times as many
        self._ends, self._ends_array = _NONE_READ
        self._at = 0

    def _reach(self, now: int) -> int:
        """The number of the sojourn at that time, which is not before the one asked for last."""
        while now >= self._ends[-1]:
            self._read()
        if now >= self._ends[self._at]:
            self._at = bisect_right(self._ends, now, self._at)
        return self._first + self._at

    def snapshot(self) -> tuple[Any, ...]:
        """See :class:`~sim.network.losses.LossProcess`: which block of sojourns was read last."""
        return self._first, self._before, self._size, self._bad_first, bool(self._ends[-1])

    def restore(self, saved: tuple[Any, ...]) -> None:
        """See :class:`~sim.network.losses.LossProcess`."""
        if saved == Sojourns.snapshot(self):
            self._at = 0
            return
        self._first, self._before, self._size, self._bad_first, was_read = saved
        (self._ends, self._ends_array), self._at = _NONE_READ, 0
        if was_read:
            self._make(self._first)

    def _read(self) -> None:
        """Read the next block of sojourns."""
        _, self._size = block_around(0, 0, self._size)
        self._before = self._ends[-1]
        self._make(self._first + len(self._ends) if self._before else 0)

    def _make(self, first: int) -> None:
        spec, count = self._spec, self._size
        if first == 0:
            self._bad_first, ends = _beginning(self._stream.source, spec, count)
        elif first == _SECOND:
            ends = _continuation(self._stream.source, spec, count)
        else:
            uniforms = self._stream.uniforms(first, count)
            ends = _ends(spec, uniforms, first, self._bad_first, self._before)
        self._ends, self._ends_array = ends
        self._first, self._at = first, 0


@lru_cache(maxsize=REMEMBERED)
def _beginning(source: Address, spec: GilbertElliottTime, count: int) -> tuple[bool, Ends]:
    """Whether sojourn 1 is Bad, and when the first sojourns end."""
    uniforms = Stream(source).uniforms(0, count)
    bad_first = bool(uniforms[0] < spec.share_bad)
    lengths = _lengths(spec, uniforms, 0, bad_first)
    lengths[0] = 0
    ends = np.cumsum(lengths)
    return bad_first, (ends.tolist(), ends)


@lru_cache(maxsize=CONTINUED)
def _continuation(source: Address, spec: GilbertElliottTime, count: int) -> Ends:
    """When the sojourns behind those of the first block end."""
    bad_first, (before, _) = _beginning(source, spec, _SECOND)
    return _ends(spec, Stream(source).uniforms(_SECOND, count), _SECOND, bad_first, before[-1])


def _ends(
    spec: GilbertElliottTime, uniforms: vectors.FloatArray, first: int, bad_first: bool, before: int
) -> Ends:
    """When sojourns end, from that number on, of which the one before ends at ``before``."""
    ends = np.cumsum(_lengths(spec, uniforms, first, bad_first)) + before
    return ends.tolist(), ends


def _lengths(
    spec: GilbertElliottTime, uniforms: vectors.FloatArray, first: int, bad_first: bool
) -> npt.NDArray[np.int64]:
    """How long sojourns last, from that number on; those of odd numbers are Bad if the first is."""
    bad = first % 2 ^ bad_first
    means = np.empty(len(uniforms))
    means[bad::2], means[1 - bad :: 2] = spec.bad, spec.good
    return exponential_values(means, uniforms)
