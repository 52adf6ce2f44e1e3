"""Which packets are lost where the state of the channel changes in time.

A sojourn is drawn when it is reached and no earlier; reading ahead would give the same.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any, Final

from sim.draws.geometric import NEVER
from sim.draws.stream import Stream
from sim.network.foretelling import performed
from sim.network.gaps import Gaps
from sim.network.sojourns import Sojourns
from sim.network.specs import GilbertElliottTime

_FEW: Final = 4
"""So many times are looked up one by one as fast as together."""


def packets_before(end: int, start: int, interval: int) -> int:
    """How many packets, one every ``interval`` us from ``start`` on, are sent before ``end``.

    >>> packets_before(10, 0, 5), packets_before(11, 0, 5)
    (2, 3)
    """
    return (end - start - 1) // interval + 1 if interval else NEVER


class TimedBursts(Sojourns):
    """Gilbert-Elliott in continuous time: of each state's packets some get through."""

    counts = True
    __slots__ = ("_gaps",)

    def __init__(self, spec: GilbertElliottTime, stream: Stream, good: Gaps, bad: Gaps) -> None:
        super().__init__(spec, stream)
        self._gaps = good, bad

    def lost(self, number: int, now: int) -> bool:
        """Tell whether the next packet, sent at ``now``, is lost."""
        sojourn = self._reach(now)
        gaps = self._gaps[(sojourn % 2 == 1) is self._bad_first]
        left = gaps.resume()
        if left:
            gaps.pause(left - 1)
            return False
        self.blame = gaps.address if gaps.drawn else self._stream.address(sojourn)
        gaps.pause(gaps.next())
        return True

    def foretell(self, number: int, times: Sequence[int], rto: int) -> tuple[int, list[int]]:
        """See :class:`~sim.network.losses.LossProcess`. It is told as far as sojourns were read."""
        return performed(self, number, times, rto, bisect_left(times, self._ends[-1] - rto))

    def catch_up(self, number: int, times: Sequence[int]) -> None:
        """See :class:`~sim.network.losses.LossProcess`."""
        for now in times:
            self.lost(number, now)

    def through(self, number: int, start: int, interval: int, count: int) -> int:
        """Ask about packets at once; see :class:`~sim.network.losses.LossProcess`."""
        passed = 0
        while passed < count:
            time = start + passed * interval
            before = self.snapshot()
            gaps = self._gaps[(self._reach(time) % 2 == 1) is self._bad_first]
            left = gaps.resume()
            if not left:
                self.restore(before)
                return passed
            more = min(count - passed, left, packets_before(self._ends[self._at], time, interval))
            gaps.pause(left - more)
            passed += more
        return count

    def snapshot(self) -> tuple[Any, ...]:
        """See :class:`~sim.network.losses.LossProcess`."""
        good, bad = self._gaps
        return super().snapshot(), good.snapshot(), bad.snapshot()

    def restore(self, saved: tuple[Any, ...]) -> None:
        """See :class:`~sim.network.losses.LossProcess`."""
        sojourns, good, bad = saved
        super().restore(sojourns)
        self._gaps[0].restore(good)
        self._gaps[1].restore(bad)

    def canonical(self, now: int) -> tuple[Any, ...]:
        """See :class:`~sim.network.losses.LossProcess`."""
        good, bad = self._gaps
        return now, good.snapshot(), bad.snapshot()


class TimedOutages(Sojourns):
    """The same where Bad loses everything and Good nothing: losses depend on nothing but time."""

    counts = False
    __slots__ = ()

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

    def foretell(self, number: int, times: Sequence[int], rto: int) -> tuple[int, list[int]]:
        """See :class:`~sim.network.losses.LossProcess`."""
        known, lost = self._told(times)
        if not lost:
            return known, lost
        again = [times[place] + rto for place in lost]
        told, lost_again = self._told(again)
        for before, place in enumerate(lost):
            stalls = place + 1 < len(times) and times[place + 1] <= again[before]
            if stalls or before in lost_again or before >= told:
                return place, lost[:before]
        return known, lost

    def catch_up(self, number: int, times: Sequence[int]) -> None:
        """See :class:`~sim.network.losses.LossProcess`. It is nowhere but at a time."""

    def _told(self, times: Sequence[int]) -> tuple[int, list[int]]:
        """Of how many packets it is known what becomes of them, and which of those are lost."""
        ends, bad = self._ends, (self._first + self._bad_first) % 2
        if len(times) > _FEW:
            sojourns: list[int] = self._ends_array.searchsorted(times, "right").tolist()
        else:
            sojourns = [bisect_right(ends, now) for now in times]
        unread = len(ends)
        if sojourns and sojourns[-1] == unread:
            del sojourns[sojourns.index(unread) :]
        return len(sojourns), [place for place, at in enumerate(sojourns) if at % 2 == bad]

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

    def canonical(self, now: int) -> tuple[Any, ...]:
        """See :class:`~sim.network.losses.LossProcess`."""
        return (now,)
