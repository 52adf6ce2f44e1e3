"""Which packets are lost.

A loss process is shown every packet of its direction, with its number (0, 1, 2, ...) and the time,
and says whether it is lost. It draws per event, not per packet: one draw for the first state, one
for each sojourn in a state, and one for each loss where a state loses some packets and not others
(the number of packets of that state that get through before it). See ``docs/draws.md``.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Protocol

from sim.draws.distributions import Exponential
from sim.draws.geometric import NEVER, geometric
from sim.draws.sampler import Sampler, values
from sim.draws.stream import FIRST_BLOCK, Draws, Stream, block_around
from sim.network.specs import Bernoulli, GilbertElliott, GilbertElliottTime, Loss, NoLoss


class LossProcess(Protocol):
    """What ``Direction`` asks of every loss model."""

    @property
    def blame(self) -> str:
        """The address of the draw that lost the packet lost last."""
        ...

    def lost(self, number: int, now: int) -> bool:
        """Tell whether packet ``number``, sent at ``now`` (us), is lost.

        Numbers increase and times do not decrease; each packet is asked about once.
        """
        ...


def loss_process(spec: Loss, draws: Draws, actor: str, name: str) -> LossProcess | None:
    """Return the process of a loss model for one direction, or None if nothing is ever lost.

    Its draws are ``name``/loss of ``actor``, and ``name``/loss/good and ``name``/loss/bad.
    """
    if isinstance(spec, NoLoss):
        return None
    purpose = f"{name}/loss"
    if isinstance(spec, Bernoulli):
        return IndependentLosses(Gaps(spec.p, draws, actor, purpose))
    stream = draws.stream(actor, purpose)
    good = Gaps(spec.k, draws, actor, f"{purpose}/good")
    bad = Gaps(spec.h, draws, actor, f"{purpose}/bad")
    if isinstance(spec, GilbertElliott):
        return PacketBursts(spec, stream, good, bad)
    if not (good.drawn or bad.drawn) and spec.h > spec.k:
        return TimedOutages(spec, stream)
    return TimedBursts(spec, stream, good, bad)


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

    @property
    def _stream(self) -> Stream:
        return self._draws.stream(self._actor, self._purpose)


class IndependentLosses:
    """Bernoulli: the process knows the number of the next packet to lose."""

    __slots__ = ("_gaps", "_next", "blame")

    def __init__(self, gaps: Gaps) -> None:
        self.blame = ""
        self._gaps = gaps
        self._next = -1

    def lost(self, number: int, now: int) -> bool:
        """Tell whether packet ``number`` is lost."""
        if number < self._next:
            return False
        return self._reach(number)

    def _reach(self, number: int) -> bool:
        if self._next < 0:
            self._next = self._gaps.next()
        lost = False
        while self._next <= number:
            lost = self._next == number
            self.blame = self._gaps.address
            self._next += 1 + self._gaps.next()
        return lost


class PacketBursts:
    """Gilbert-Elliott per packet: the process knows the number of the next loss or change.

    A sojourn is drawn when its first packet comes, and never earlier.
    """

    __slots__ = (
        "_bad",
        "_end",
        "_event",
        "_gaps",
        "_lengths",
        "_next",
        "_share_bad",
        "_sojourn",
        "_stream",
        "blame",
    )

    def __init__(self, spec: GilbertElliott, stream: Stream, good: Gaps, bad: Gaps) -> None:
        self.blame = ""
        self._stream = stream
        self._share_bad = spec.share_bad
        self._lengths = geometric(spec.p), geometric(spec.r)
        self._gaps = good, bad
        self._bad = False
        self._sojourn = 0
        self._end = self._next = self._event = 0

    def lost(self, number: int, now: int) -> bool:
        """Tell whether packet ``number`` is lost."""
        if number < self._event:
            return False
        return self._reach(number)

    def _reach(self, number: int) -> bool:
        lost = False
        while self._event <= number:
            if self._event == self._end:
                self._change()
            else:
                lost = self._next == number
                self._lose()
            self._event = min(self._next, self._end)
        return lost

    def _change(self) -> None:
        if self._sojourn == 0:
            self._bad = self._stream.uniform(0) < self._share_bad
        else:
            self._gaps[self._bad].pause(self._next - self._end)
            self._bad = not self._bad
        self._sojourn += 1
        self._next = self._end + self._gaps[self._bad].resume()
        self._end += 1 + self._lengths[self._bad].misses(self._stream.uniform(self._sojourn))

    def _lose(self) -> None:
        gaps = self._gaps[self._bad]
        self.blame = gaps.address if gaps.drawn else self._stream.address(self._sojourn)
        self._next += 1 + gaps.next()


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


class TimedOutages:
    """The same where Bad loses everything and Good nothing: sojourns are read in blocks.

    The draws and the losses are those of :class:`TimedBursts`.
    """

    __slots__ = (
        "_at",
        "_bad_first",
        "_ends",
        "_first",
        "_share_bad",
        "_size",
        "_stream",
        "_times",
        "blame",
    )

    def __init__(self, spec: GilbertElliottTime, stream: Stream) -> None:
        self.blame = ""
        self._stream = stream
        self._times = Exponential(spec.good), Exponential(spec.bad)
        self._share_bad = spec.share_bad
        self._bad_first = False
        self._first = 0
        self._size = FIRST_BLOCK // 4
        self._ends = [0]
        self._at = 0

    def lost(self, number: int, now: int) -> bool:
        """Tell whether the next packet, sent at ``now``, is lost."""
        while now >= self._ends[-1]:
            self._read()
        self._at = at = bisect_right(self._ends, now, self._at)
        sojourn = self._first + at
        if (sojourn % 2 == 1) is not self._bad_first:
            return False
        self.blame = self._stream.address(sojourn)
        return True

    def _read(self) -> None:
        """Read the next block of sojourns; draw 0 decides about the state of the first one.

        ``_ends[i]`` is the end of sojourn ``_first + i``; sojourn 0 has no length.
        """
        _, self._size = block_around(0, 0, self._size)
        first = self._first + len(self._ends) if self._ends[-1] else 0
        uniforms = self._stream.uniforms(first, self._size)
        if first == 0:
            self._bad_first = bool(uniforms[0] < self._share_bad)
        good, bad = self._times
        odd, even = (bad, good) if self._bad_first else (good, bad)
        lengths = [0] * self._size
        lengths[first % 2 :: 2] = values(even, uniforms[first % 2 :: 2])
        lengths[1 - first % 2 :: 2] = values(odd, uniforms[1 - first % 2 :: 2])
        if first == 0:
            lengths[0] = 0
        self._ends = list(accumulate(lengths, initial=self._ends[-1]))[1:]
        self._first, self._at = first, 0
