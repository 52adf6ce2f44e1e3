"""One way through a link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sim.draws.distributions import Constant
from sim.draws.sampler import Sampler
from sim.draws.stream import Draws
from sim.network.losses import loss_process
from sim.network.specs import DirectionSpec


class Direction:
    """Takes packets one after the other and says when each arrives, or why it does not.

    Packets are numbered 0, 1, 2, ... in the order of sending, and draws are addressed by packet
    number. A packet that falls into an outage has a number like any other and the loss process
    sees it too: an outage more or less changes no later packet's loss or delay.

    ``sent`` is the number of packets so far. ``blame`` says why the last lost packet was lost: the
    record number of a fault, or the address of the draw.
    """

    __slots__ = (
        "_delay",
        "_delays",
        "_faults",
        "_losses",
        "actor",
        "blame",
        "name",
        "sent",
        "settle",
        "spec",
    )

    def __init__(self, spec: DirectionSpec, draws: Draws, actor: str, name: str) -> None:
        self.spec = spec
        self.actor = actor
        self.name = name
        self.sent = 0
        self.blame: int | str | None = None
        self.settle: Callable[[], object] | None = None
        """To be called before the next packet or fault: packets have been taken ahead."""
        self._faults: list[int] = []
        self._losses = loss_process(spec.loss, draws, actor, name)
        self._delays = Sampler(draws.stream(actor, f"{name}/delay"), spec.delay)
        self._delay = spec.delay.value if isinstance(spec.delay, Constant) else None
        """That of every packet, if it is the same for all."""

    def transmit(self, now: int) -> int | None:
        """Send one packet at ``now`` (us); return when it arrives, or None if it never does.

        ``now`` must not be less than in the call before. After None, see ``blame``.
        """
        if self.settle is not None:
            self.settle()
        number = self.sent
        self.sent = number + 1
        blame: int | str | None = None
        if self._losses is not None and self._losses.lost(number, now):
            blame = self._losses.blame
        if self._faults:
            blame = self._faults[0]
        if blame is not None:
            self.blame = blame
            return None
        delay = self._delay
        return now + (self._delays.at(number) if delay is None else delay)

    def cross(self, now: int) -> int:
        """Send one packet that nothing can lose; return when it arrives.

        It has a number and a delay like the others. For answers that the network itself gives.
        """
        if self.settle is not None:
            self.settle()
        number = self.sent
        self.sent = number + 1
        if self._losses is not None:
            self._losses.lost(number, now)
        return now + self._delays.at(number)

    def foretell(self, times: Sequence[int], rto: int) -> tuple[int, list[int]]:
        """What is known of items yet to be sent; see :class:`~sim.network.losses.LossProcess`.

        Faults do not count.
        """
        losses = self._losses
        return (len(times), []) if losses is None else losses.foretell(self.sent, times, rto)

    @property
    def counts(self) -> bool:
        """Whether losses depend on the packets before: see :meth:`catch_up`."""
        return self._losses is not None and self._losses.counts

    def catch_up(self, number: int, times: Sequence[int]) -> None:
        """Let the loss process count packets that were sent as foretold, from ``number`` on."""
        if self._losses is not None:
            self._losses.catch_up(number, times)

    def delays(self, number: int, count: int) -> list[int]:
        """The delays of ``count`` packets from ``number`` on, or of as many as are known already.

        Asking changes nothing.
        """
        delay = self._delay
        return self._delays.made(number, count) if delay is None else [delay] * count

    def blame_for(self, now: int, number: int) -> str:
        """Why packet ``number``, sent at ``now``, was lost, the last that was; not by a fault."""
        assert self._losses is not None
        if not self._losses.counts:
            self._losses.lost(number, now)
        return self._losses.blame

    def next_lost(self, start: int, interval: int, count: int) -> int | None:
        """Which of the next packets is lost first: 0 is the very next; None if none of them is.

        It is about ``count`` packets, sent every ``interval`` us from ``start`` on, and about the
        faults that hold now. Asking changes nothing. ``start`` is not before the last packet.
        """
        if self._faults:
            return 0 if count else None
        if self._losses is None:
            return None
        before = self._losses.snapshot()
        through = self._losses.through(self.sent, start, interval, count)
        self._losses.restore(before)
        return through if through < count else None

    def passed(self, start: int, interval: int, count: int) -> None:
        """Take ``count`` packets at once that get through, as :meth:`next_lost` has said.

        Everything goes on as if each had been sent with :meth:`transmit`. Raises ``ValueError`` if
        one of them is lost.
        """
        lost = self.next_lost(start, interval, count)
        if lost is not None:
            raise ValueError(f"packet {lost} of these {count} on {self.actor}/{self.name} is lost")
        if self._losses is not None:
            self._losses.through(self.sent, start, interval, count)
        self.sent += count

    def snapshot(self) -> tuple[Any, ...]:
        """Where it is, as plain data; draws are not in it, as they have addresses."""
        losses = None if self._losses is None else self._losses.snapshot()
        return self.sent, self.blame, tuple(self._faults), losses

    def restore(self, saved: tuple[Any, ...]) -> None:
        """Be where a direction of the same link and seed was."""
        self.sent, self.blame, faults, losses = saved
        self._faults = list(faults)
        if self._losses is not None:
            self._losses.restore(losses)

    def canonical(self, now: int) -> tuple[Any, ...]:
        """What matters to the future: whether it is blocked, and where it is in its draws.

        Where nothing is drawn the number of packets so far does not matter.
        """
        losses = None if self._losses is None else self._losses.canonical(now)
        fixed = losses is None and isinstance(self.spec.delay, Constant)
        return self.blocked, None if fixed else self.sent, losses

    def block(self, fault: int) -> None:
        """Lose every packet from now on, because of the fault with this record number.

        Faults overlap: packets get through again when each has been taken back. ``blame`` names
        the one that has lasted longest.
        """
        if self.settle is not None:
            self.settle()
        self._faults.append(fault)

    def unblock(self, fault: int) -> None:
        """Take back one :meth:`block`. Raises ``ValueError`` if that fault blocks nothing here."""
        if fault not in self._faults:
            raise ValueError(f"fault {fault} does not block {self.actor}/{self.name}")
        if self.settle is not None:
            self.settle()
        self._faults.remove(fault)

    @property
    def blocked(self) -> bool:
        """Whether packets vanish at the moment because of a fault."""
        return bool(self._faults)
