"""Deadlines in a heap; a timer that moves later is left where it is until it comes up."""

from __future__ import annotations

import heapq
from enum import StrEnum
from typing import Final

from attrs import define

_FEW: Final = 64
"""Cancelled timers below this number are not worth clearing away."""


class Alarm(StrEnum):
    """What a deadline is for."""

    SILENCE = "a socket has been silent for too long"
    GRACE = "a lost connection is given up"
    IDLE = "a connection has not used media"
    ANNOUNCEMENT = "the others are told of a newcomer"


@define(eq=False)
class Timer:
    """One deadline: what it is for and the name of whom it concerns."""

    alarm: Alarm
    name: str
    pending: bool = False


class Deadlines:
    """Timers in the order of their time, then of their making.

    Cancelling costs nothing: cancelled timers are dropped when they come up, and swept together
    when they are more than half of the heap, so memory stays in proportion to what is pending.
    """

    __slots__ = ("_cancelled", "_heap", "_number")

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Timer]] = []
        self._number = 0
        self._cancelled = 0

    def set(self, time: int, alarm: Alarm, name: str) -> Timer:
        """Ask to be woken at ``time``."""
        timer = Timer(alarm, name)
        self.again(time, timer)
        return timer

    def again(self, time: int, timer: Timer) -> None:
        """Put a timer that has come up back, for a later time."""
        self._number += 1
        timer.pending = True
        heapq.heappush(self._heap, (time, self._number, timer))

    def cancel(self, timer: Timer | None) -> None:
        """Forget a timer; None and one that has come up are nothing to forget."""
        if timer is None or not timer.pending:
            return
        timer.pending = False
        self._cancelled += 1
        if self._cancelled > _FEW and 2 * self._cancelled > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].pending]
            heapq.heapify(self._heap)
            self._cancelled = 0

    def earliest(self) -> int | None:
        """The time of the first pending timer, or None when there is none."""
        while self._heap and not self._heap[0][2].pending:
            heapq.heappop(self._heap)
            self._cancelled -= 1
        return self._heap[0][0] if self._heap else None

    def due(self, now: int) -> Timer | None:
        """Take the first timer whose time has come, or None."""
        earliest = self.earliest()
        if earliest is None or earliest > now:
            return None
        timer = heapq.heappop(self._heap)[2]
        timer.pending = False
        return timer

    def __len__(self) -> int:
        return len(self._heap)
