"""Which packets are lost.

A loss process is shown every packet of its direction, with its number (0, 1, 2, ...) and the time,
and says whether it is lost. It draws per event, not per packet: one draw for the first state, one
for each sojourn in a state, and one for each loss where a state loses some packets and not others
(the number of packets of that state that get through before it). See ``docs/draws.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sim.draws.geometric import geometric
from sim.draws.stream import Draws, Stream
from sim.network.foretelling import performed
from sim.network.gaps import Gaps
from sim.network.specs import Bernoulli, GilbertElliott, Loss, NoLoss
from sim.network.timed_losses import TimedBursts, TimedOutages


class LossProcess(Protocol):
    """What ``Direction`` asks of every loss model."""

    @property
    def counts(self) -> bool:
        """Whether it must be asked about every packet, as it counts them."""
        ...

    @property
    def blame(self) -> str:
        """The address of the draw that lost the packet lost last."""
        ...

    def lost(self, number: int, now: int) -> bool:
        """Tell whether packet ``number``, sent at ``now`` (us), is lost.

        Numbers increase and times do not decrease; each packet is asked about once.
        """
        ...

    def foretell(self, number: int, times: Sequence[int], rto: int) -> tuple[int, list[int]]:
        """Of how many items it is known what becomes of them, and which come only when sent again.

        They are sent at these ``times``, their packets numbered from ``number`` on. One whose
        packet is lost is sent again, ``rto`` later, as the next packet: once, and before the next
        item. What becomes of others is not told, nor of any behind them. Asking changes nothing.
        """
        ...

    def catch_up(self, number: int, times: Sequence[int]) -> None:
        """Count packets that were sent at these ``times`` as was foretold, from ``number`` on."""
        ...

    def through(self, number: int, start: int, interval: int, count: int) -> int:
        """Ask about up to ``count`` packets at once, as long as none is lost.

        They are numbered from ``number`` on and sent every ``interval`` us from ``start`` on.
        Return how many get through before one is lost: those have been asked about, and no other.
        """
        ...

    def snapshot(self) -> tuple[Any, ...]:
        """Where it is in its draws: plain data, without what was drawn."""
        ...

    def restore(self, saved: tuple[Any, ...]) -> None:
        """Be where a process of the same model and draws was."""
        ...

    def canonical(self, now: int) -> tuple[Any, ...]:
        """What matters to the future: the position in the draws, with times relative to ``now``."""
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


class IndependentLosses:
    """Bernoulli: the process knows the number of the next packet to lose."""

    counts = True
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

    def foretell(self, number: int, times: Sequence[int], rto: int) -> tuple[int, list[int]]:
        """See :class:`LossProcess`."""
        if number + len(times) <= self._next:
            return len(times), []
        return performed(self, number, times, rto, len(times))

    def catch_up(self, number: int, times: Sequence[int]) -> None:
        """See :class:`LossProcess`. Nothing but the number of the last one matters."""
        if times:
            self.lost(number + len(times) - 1, times[-1])

    def through(self, number: int, start: int, interval: int, count: int) -> int:
        """Ask about packets at once; see :class:`LossProcess`. Their times do not matter."""
        if self._next < 0 and count:
            self._next = self._gaps.next()
        return min(count, self._next - number) if count else 0

    def snapshot(self) -> tuple[Any, ...]:
        """See :class:`LossProcess`."""
        return self._next, self._gaps.snapshot()

    def restore(self, saved: tuple[Any, ...]) -> None:
        """See :class:`LossProcess`."""
        self._next, gaps = saved
        self._gaps.restore(gaps)

    def canonical(self, now: int) -> tuple[Any, ...]:
        """See :class:`LossProcess`."""
        return self.snapshot()


class PacketBursts:
    """Gilbert-Elliott per packet: the process knows the number of the next loss or change.

    A sojourn is drawn when its first packet comes, and never earlier.
    """

    counts = True
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

    def foretell(self, number: int, times: Sequence[int], rto: int) -> tuple[int, list[int]]:
        """See :class:`LossProcess`."""
        if number + len(times) <= self._event:
            return len(times), []
        return performed(self, number, times, rto, len(times))

    def catch_up(self, number: int, times: Sequence[int]) -> None:
        """See :class:`LossProcess`. Nothing but the number of the last one matters."""
        if times:
            self.lost(number + len(times) - 1, times[-1])

    def through(self, number: int, start: int, interval: int, count: int) -> int:
        """Ask about packets at once; see :class:`LossProcess`. Their times do not matter."""
        last = number + count - 1
        while (at := self._event) <= last:
            if at != self._end:
                return at - number
            before = self.snapshot()
            self._change()
            self._event = min(self._next, self._end)
            if self._next == at:  # the first packet of the sojourn is lost: it has not come yet
                self.restore(before)
                return at - number
        return count

    def snapshot(self) -> tuple[Any, ...]:
        """See :class:`LossProcess`."""
        good, bad = self._gaps
        position = self._bad, self._sojourn, self._end, self._next, self._event
        return position, good.snapshot(), bad.snapshot()

    def restore(self, saved: tuple[Any, ...]) -> None:
        """See :class:`LossProcess`."""
        position, good, bad = saved
        self._bad, self._sojourn, self._end, self._next, self._event = position
        self._gaps[0].restore(good)
        self._gaps[1].restore(bad)

    def canonical(self, now: int) -> tuple[Any, ...]:
        """See :class:`LossProcess`."""
        return self.snapshot()
