"""Which packets are lost where the channel changes with time, whether packets are sent or not."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.draws import vectors
from sim.draws.address import Address
from sim.draws.distributions import Exponential
from sim.draws.geometric import NEVER
from sim.draws.sampler import Sampler, exponential_values
from sim.draws.stream import CONTINUED, FIRST_BLOCK, REMEMBERED, Stream, block_around
from sim.network.gaps import Gaps
from sim.network.specs import GilbertElliottTime

_SECOND: Final = 4 * FIRST_BLOCK
"""The number of the first sojourn of the second block: a minute has dozens of sojourns."""


def packets_before(end: int, start: int, interval: int) -> int:
    """How many packets, one every ``interval`` us from ``start`` on, are sent before ``end``.

    >>> packets_before(10, 0, 5), packets_before(11, 0, 5)
    (2, 3)
    """
    return (end - start - 1) // interval + 1 if interval else NEVER


class TimedBursts:
    """Gilbert-Elliott in continuous time: the process knows when the state changes next."""

    __slots__ = (
        "_bad",
        "_end",
        "_gaps",
        "_left",
        "_share_bad",
        "_sojourn",
        "_stream",
        "_times",
        "blame",
    )

    def __init__(self, spec: GilbertElliottTime, stream: Stream, good: Gaps, bad: Gaps) -> None:
        self.blame = ""
        self._stream = stream
        self._share_bad = spec.share_bad
        self._times = (
            Sampler(stream, Exponential(spec.good)),
            Sampler(stream, Exponential(spec.bad)),
        )
        self._gaps = good, bad
        self._bad = False
        self._sojourn = 0
        self._end = 0
        self._left = NEVER

    def lost(self, number: int, now: int) -> bool:
        """Tell whether the next packet, sent at ``now``, is lost."""
        while now >= self._end:
            self._change()
        if self._left:
            self._left -= 1
            return False
        gaps = self._gaps[self._bad]
        self.blame = gaps.address if gaps.drawn else self._stream.address(self._sojourn)
        self._left = gaps.next()
        return True

    def _change(self) -> None:
        if self._sojourn == 0:
            self._bad = self._stream.uniform(0) < self._share_bad
        else:
            self._gaps[self._bad].pause(self._left)
            self._bad = not self._bad
        self._sojourn += 1
        self._left = self._gaps[self._bad].resume()
        self._end += self._times[self._bad].at(self._sojourn)

    def spares(self, number: int, times: Sequence[int]) -> int:
        """See :class:`~sim.network.losses.LossProcess`. Packets are counted, so none is known."""
        return 0

    def through(self, number: int, start: int, interval: int, count: int) -> int:
        """Ask about packets at once; see :class:`~sim.network.losses.LossProcess`."""
        passed = 0
        while passed < count:
            time, before = start + passed * interval, self.snapshot()
            while time >= self._end:
                self._change()
            if not self._left:
                self.restore(before)
                return passed
            more = min(count - passed, self._left, packets_before(self._end, time, interval))
            self._left -= more
            passed += more
        return count

    def snapshot(self) -> tuple[Any, ...]:
        """See :class:`~sim.network.losses.LossProcess`."""
        good, bad = self._gaps
        position = self._bad, self._sojourn, self._end, self._left
        return position, good.snapshot(), bad.snapshot()

    def restore(self, saved: tuple[Any, ...]) -> None:
        """See :class:`~sim.network.losses.LossProcess`."""
        position, good, bad = saved
        self._bad, self._sojourn, self._end, self._left = position
        self._gaps[0].restore(good)
        self._gaps[1].restore(bad)

    def canonical(self, now: int) -> tuple[Any, ...]:
        """See :class:`~sim.network.losses.LossProcess`."""
        (bad, sojourn, end, left), *gaps = self.snapshot()
        return bad, sojourn, end - now, left, *gaps


class TimedOutages:
    """The same where Bad loses everything and Good nothing: sojourns are read in blocks.

    The draws and the losses are those of :class:`TimedBursts`.
    """

    __slots__ = (
        "_at",
        "_bad_first",
        "_before",
        "_ends",
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
        self._first = 0
        self._before = 0
        self._size = FIRST_BLOCK  # that of the first block is four times as many
        self._ends = [0]
        self._at = 0

    def lost(self, number: int, now: int) -> bool:
        """Tell whether the next packet, sent at ``now``, is lost."""
        while now >= self._ends[-1]:
            self._read()
        if now >= self._ends[self._at]:
            self._at = bisect_right(self._ends, now, self._at)
        sojourn = self._first + self._at
        if (sojourn % 2 == 1) is not self._bad_first:
            return False
        self.blame = self._stream.address(sojourn)
        return True

    def spares(self, number: int, times: Sequence[int]) -> int:
        """See :class:`~sim.network.losses.LossProcess`. Numbers do not matter."""
        ends, at, bad = self._ends, self._at, (self._first + self._bad_first) % 2
        known = len(ends)
        for count, now in enumerate(times):
            at = bisect_right(ends, now, at)
            if at % 2 == bad or at == known:
                return count
        return len(times)

    def through(self, number: int, start: int, interval: int, count: int) -> int:
        """Ask about packets at once; see :class:`~sim.network.losses.LossProcess`."""
        passed = 0
        while passed < count:
            time, before = start + passed * interval, self.snapshot()
            if self.lost(number + passed, time):
                self.restore(before)
                return passed
            passed += min(count - passed, packets_before(self._ends[self._at], time, interval))
        return count

    def snapshot(self) -> tuple[Any, ...]:
        """See :class:`~sim.network.losses.LossProcess`: which block of sojourns was read last."""
        return self._first, self._before, self._size, self._bad_first, bool(self._ends[-1])

    def restore(self, saved: tuple[Any, ...]) -> None:
        """See :class:`~sim.network.losses.LossProcess`."""
        if saved == self.snapshot():
            self._at = 0
            return
        self._first, self._before, self._size, self._bad_first, was_read = saved
        self._ends, self._at = [0], 0
        if was_read:
            self._make(self._first)

    def canonical(self, now: int) -> tuple[Any, ...]:
        """See :class:`~sim.network.losses.LossProcess`: losses depend on nothing but time."""
        return (now,)

    def _read(self) -> None:
        """Read the next block of sojourns; draw 0 decides about the state of the first one.

        ``_ends[i]`` is the end of sojourn ``_first + i``; sojourn 0 has no length.
        """
        _, self._size = block_around(0, 0, self._size)
        self._before = self._ends[-1]
        self._make(self._first + len(self._ends) if self._before else 0)

    def _make(self, first: int) -> None:
        spec, count = self._spec, self._size
        if first == 0:
            self._bad_first, self._ends = _beginning(self._stream.source, spec, count)
        elif first == _SECOND:
            self._ends = _continuation(self._stream.source, spec, count)
        else:
            uniforms = self._stream.uniforms(first, count)
            self._ends = _ends(spec, uniforms, first, self._bad_first, self._before)
        self._first, self._at = first, 0


@lru_cache(maxsize=REMEMBERED)
def _beginning(source: Address, spec: GilbertElliottTime, count: int) -> tuple[bool, list[int]]:
    """Whether sojourn 1 is Bad, and when the first sojourns end."""
    uniforms = Stream(source).uniforms(0, count)
    bad_first = bool(uniforms[0] < spec.share_bad)
    lengths = _lengths(spec, uniforms, 0, bad_first)
    lengths[0] = 0
    return bad_first, np.cumsum(lengths).tolist()


@lru_cache(maxsize=CONTINUED)
def _continuation(source: Address, spec: GilbertElliottTime, count: int) -> list[int]:
    """When the sojourns behind those of the first block end."""
    bad_first, before = _beginning(source, spec, _SECOND)
    return _ends(spec, Stream(source).uniforms(_SECOND, count), _SECOND, bad_first, before[-1])


def _ends(
    spec: GilbertElliottTime, uniforms: vectors.FloatArray, first: int, bad_first: bool, before: int
) -> list[int]:
    """When sojourns end, from that number on, of which the one before ends at ``before``."""
    ends: list[int] = (np.cumsum(_lengths(spec, uniforms, first, bad_first)) + before).tolist()
    return ends


def _lengths(
    spec: GilbertElliottTime, uniforms: vectors.FloatArray, first: int, bad_first: bool
) -> npt.NDArray[np.int64]:
    """How long sojourns last, from that number on; those of odd numbers are Bad if the first is."""
    bad = first % 2 ^ bad_first
    means = np.empty(len(uniforms))
    means[bad::2], means[1 - bad :: 2] = spec.bad, spec.good
    return exponential_values(means, uniforms)
