"""A distribution drawn from a stream: value ``i`` is made of draw ``i``."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from sim.draws import vectors
from sim.draws.address import Address
from sim.draws.distributions import Constant, Distribution, Varying
from sim.draws.stream import CONTINUED, FIRST_BLOCK, REMEMBERED, Stream, block_around
from sim.protocol.units import LONGEST


class Sampler:
    """Durations in microseconds, by index or one after the other.

    Values are made in blocks, with the same bits as ``distributions.value`` makes them singly.
    Nothing is drawn before the first value is asked for, and for a Constant nothing ever is.
    """

    __slots__ = ("_distribution", "_end", "_first", "_next", "_size", "_stream", "_values")

    def __init__(self, stream: Stream, distribution: Distribution) -> None:
        self._stream = stream
        self._distribution = distribution
        self._values: list[int] = []
        self._first = self._end = self._next = 0
        self._size = FIRST_BLOCK // 4

    def at(self, index: int) -> int:
        """Return value ``index``, whatever was asked for before."""
        if self._first <= index < self._end:
            return self._values[index - self._first]
        return self._miss(index)

    def made(self, index: int, count: int) -> list[int]:
        """Return ``count`` values from ``index`` on, or as many of them as have been made already.

        Asking makes none.
        """
        first = index - self._first
        return self._values[first : first + count] if first >= 0 else []

    def next(self) -> int:
        """Return the value after the one that ``next`` returned last, from index 0 on."""
        index = self._next
        self._next = index + 1
        return self.at(index)

    def address(self, index: int) -> str:
        """Name the draw behind value ``index``."""
        return self._stream.address(index)

    def _miss(self, index: int) -> int:
        distribution = self._distribution
        if isinstance(distribution, Constant):
            return distribution.value
        self._first, self._size = block_around(index, self._end, self._size)
        self._end = self._first + self._size
        first, size, source = self._first, self._size, self._stream.source
        if first == 0:
            self._values = _beginning(source, distribution, size)
        elif first == FIRST_BLOCK:
            self._values = _continuation(source, distribution, size)
        else:
            self._values = values(distribution, self._stream.uniforms(first, size))
        return self._values[index - self._first]


@lru_cache(maxsize=REMEMBERED)
def _beginning(source: Address, distribution: Varying, count: int) -> list[int]:
    return values(distribution, Stream(source).uniforms(0, count))


@lru_cache(maxsize=CONTINUED)
def _continuation(source: Address, distribution: Varying, count: int) -> list[int]:
    return values(distribution, Stream(source).uniforms(FIRST_BLOCK, count))


def values(distribution: Varying, u: vectors.FloatArray) -> list[int]:
    """Do what ``distributions.value`` does, for an array of uniform numbers."""
    whole: list[int] = _whole(distribution.quantile(u, vectors), distribution.minimum).tolist()
    return whole


def exponential_values(means: vectors.FloatArray, u: vectors.FloatArray) -> npt.NDArray[np.int64]:
    """Do the same for exponential distributions, each with a mean of its own."""
    return _whole(-(means * vectors.log(1.0 - u)), 0)


def _whole(real: vectors.FloatArray, minimum: int) -> npt.NDArray[np.int64]:
    bounded = np.minimum(real, LONGEST)
    np.maximum(bounded, minimum, out=bounded)
    bounded += 0.5
    return bounded.astype(np.int64)
