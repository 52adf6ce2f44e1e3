"""One direction of one TCP connection, as far as an app can tell.

What is modelled: everything arrives, in order, and a lost packet holds up all that was sent after
it until a retransmission gets through. Retransmissions come when the timer says, not when a link
heals: after an outage the first data arrives with the next retransmission, which may be a minute
later. The timer is that of RFC 6298: ``rto`` at first, doubled by every retransmission, at most
``rto_max``.

What is not, and why no app can see it:

- Acknowledgements are not packets. One that is lost makes the sender retransmit something that
  the receiver has and drops; it delays nothing, as the next acknowledgement covers it. Only an
  outage of the other direction could show, once more packets are under way than TCP may send
  unacknowledged (10 at first, RFC 6928): more than signalling sends in such a time.
- What is sent behind a lost packet waits with it, and the retransmission carries all of it as one
  packet. Real TCP would send it at once, but the receiver has to hold it back all the same. Three
  such packets would make real TCP retransmit early (RFC 5681, 3.2); signalling is too sparse.
- After a retransmission got through, the timer starts from ``rto`` again, as it does once new data
  gives a new measurement of the round trip (RFC 6298, 5.3 and Karn's algorithm).
- A connection does not give up by itself: apps do so long before TCP (RFC 1122 asks for 100 s).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from operator import add
from typing import Any, Generic, TypeVar

from attrs import define

from sim.network.direction import Direction
from sim.network.specs import Transport

T = TypeVar("T")


@define(eq=False)
class Ahead:
    """What will become of items that are sent at these ``times``, unless something happens.

    ``arrivals`` may be fewer: of those behind them nothing can be told. ``lost`` are the places of
    those whose first packet is lost; they come with a retransmission, before the next is sent.
    """

    times: Sequence[int]
    arrivals: list[int]
    lost: list[int]
    sent: int
    """The number of the first packet."""
    arrival: int
    """When the last item before arrives."""

    def cut(self, count: int) -> None:
        """Leave the first ``count`` alone."""
        del self.arrivals[count:]
        self.lost = [place for place in self.lost if place < count]


class StreamSender(Generic[T]):
    """Sends items over a direction, in order.

    ``deadline`` is when to call :meth:`retransmit`, or None if nothing waits. While it is set, new
    items queue behind the lost one.
    """

    __slots__ = ("_arrival", "_delivered", "_direction", "_queue", "_rto", "_transport", "deadline")

    def __init__(self, direction: Direction, transport: Transport) -> None:
        self.deadline: int | None = None
        self._direction = direction
        self._transport = transport
        self._rto = transport.rto
        self._arrival = 0
        self._queue: list[T] = []
        self._delivered: tuple[T, ...] = ()

    @property
    def blame(self) -> int | str | None:
        """Why the last packet was lost: a fault's record number, or the address of a draw."""
        return self._direction.blame

    def send(self, item: T, now: int) -> int | None:
        """Send an item at ``now`` (us); return when it arrives.

        None means that its packet was lost or that it waits behind a lost one: it is queued and
        arrives with a later :meth:`retransmit`.
        """
        if self.deadline is not None:
            self._queue.append(item)
            return None
        arrival = self._direction.transmit(now)
        if arrival is None:
            self._queue.append(item)
            self.deadline = now + self._rto
            return None
        if arrival < self._arrival:
            return self._arrival
        self._arrival = arrival
        return arrival

    def lookahead(self, times: Sequence[int]) -> Ahead:
        """Say what will become of items sent at these ``times``, while nothing waits.

        Asking changes nothing; faults do not count.
        """
        direction, departures = self._direction, times
        number, rto = direction.sent, self._transport.rto
        known, lost = direction.foretell(times, rto)
        delays = direction.delays(number, known + len(lost))
        if lost:
            departures = list(times)
            for before, place in reversed([*enumerate(lost)]):
                departures[place] += rto
                del delays[place + before : place + before + 1]
        arrivals = list(map(add, departures, delays))
        if lost and lost[-1] >= len(arrivals):
            lost = [place for place in lost if place < len(arrivals)]
        if arrivals and (arrivals[0] < self._arrival or arrivals != sorted(arrivals)):
            arrivals = list(accumulate(arrivals, max, initial=self._arrival))[1:]
        return Ahead(times, arrivals, lost, number, self._arrival)

    def take(self, ahead: Ahead) -> None:
        """Be as if all that has been sent."""
        self._direction.sent = ahead.sent + len(ahead.arrivals) + len(ahead.lost)
        self._arrival = ahead.arrivals[-1]

    def roll_back(self, ahead: Ahead, count: int, until: int, item: T) -> list[int]:
        """Be as if only the first ``count`` of what was taken had been sent, each of them an
        ``item``, and what was to be sent again after ``until`` had not been.

        Return when those arrive that are on their way then; one may wait for a retransmission.
        """
        lost = bisect_left(ahead.lost, count)
        again = ahead.times[ahead.lost[lost - 1]] + self._transport.rto if lost else 0
        waits = bool(lost) and again > until
        self._direction.sent = ahead.sent + count + lost - waits
        gone = count - waits
        self._arrival = ahead.arrivals[gone - 1] if gone else ahead.arrival
        if waits:
            self._queue.append(item)
            self.deadline = again
        return ahead.arrivals[bisect_right(ahead.arrivals, until, 0, gone) : gone]

    def catch_up(self, ahead: Ahead, count: int, until: int) -> None:
        """Let a channel that counts packets count those of the first ``count`` items; see
        :meth:`roll_back`.
        """
        direction = self._direction
        if not direction.counts:
            return
        times, rto = list(ahead.times[:count]), self._transport.rto
        for place in reversed(ahead.lost[: bisect_left(ahead.lost, count)]):
            again = times[place] + rto
            if again <= until:
                times.insert(place + 1, again)
        direction.catch_up(ahead.sent, times)

    def last_lost(self, ahead: Ahead, count: int) -> tuple[int, int] | None:
        """When the last packet is lost of the first ``count`` items, and its number."""
        lost = bisect_left(ahead.lost, count)
        if not lost:
            return None
        place = ahead.lost[lost - 1]
        return ahead.times[place], ahead.sent + place + lost - 1

    def retransmit(self, now: int) -> int | None:
        """Send the whole queue once more as one packet, when ``deadline`` has come.

        Returns when all of it arrives, and then :meth:`take_queue` gives the items; or None if it
        was lost again, and the next deadline is twice as far off.
        """
        arrival = self._direction.transmit(now)
        if arrival is None:
            self._rto = min(2 * self._rto, self._transport.rto_max)
            self.deadline = now + self._rto
            return None
        self._rto = self._transport.rto
        self.deadline = None
        self._delivered = (*self._delivered, *self._queue)
        self._queue.clear()
        self._arrival = max(self._arrival, arrival)
        return self._arrival

    def take_queue(self) -> list[T]:
        """Return the items that the last successful :meth:`retransmit` carried, and forget them."""
        items, self._delivered = self._delivered, ()
        return list(items)

    def snapshot(self) -> tuple[Any, ...]:
        """What waits and since when, as plain data; the direction is copied with its link."""
        return self.deadline, self._rto, self._arrival, tuple(self._queue), self._delivered

    def restore(self, saved: tuple[Any, ...]) -> None:
        """Have waiting what waited."""
        self.deadline, self._rto, self._arrival, queue, self._delivered = saved
        self._queue = list(queue)

    def canonical(self, now: int, form: Callable[[T], Any]) -> tuple[Any, ...]:
        """What matters to the future; ``form`` gives that of an item."""
        return (
            None if self.deadline is None else self.deadline - now,
            self._rto,
            max(0, self._arrival - now),
            tuple([form(item) for item in self._queue]),
            tuple([form(item) for item in self._delivered]),
        )
