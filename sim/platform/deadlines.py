"""Deadlines in a heap. Each is data: when, what for, and the name of whom it concerns."""

from __future__ import annotations

import heapq
from enum import StrEnum
from typing import Final, NamedTuple

_FEW: Final = 64
"""Cancelled deadlines below this number are not worth clearing away."""


class Alarm(StrEnum):
    """What a deadline is for. Nobody has two of one kind at a time."""

    SILENCE = "a socket has been silent for too long"
    GRACE = "a lost connection is given up"
    IDLE = "a connection has not used media"
    ANNOUNCEMENT = "the others are told of a newcomer"


class Deadline(NamedTuple):
    """One entry: ``number`` counts them in the order of their making."""

    time: int
    number: int
    alarm: Alarm
    name: str


class Deadlines:
    """Deadlines in the order of their time, then of their making.

    Cancelling costs nothing: cancelled ones are dropped when they come up, and swept together when
    they are more than half of the heap, so memory stays in proportion to what is pending.
    """

    __slots__ = ("_heap", "_number", "_pending")

    def __init__(self) -> None:
        self._heap: list[Deadline] = []
        self._number = 0
        self._pending: dict[tuple[Alarm, str], int] = {}
        """The number of whatever is pending: other entries of the heap have been cancelled."""

    def set(self, time: int, alarm: Alarm, name: str) -> None:
        """Ask to be woken at ``time``, and at no other time for that alarm of that name."""
        self._number = number = self._number + 1
        self._pending[alarm, name] = number
        deadline = tuple.__new__(Deadline, (time, number, alarm, name))  # in half the time
        heapq.heappush(self._heap, deadline)
        if len(self._heap) > _FEW and len(self._heap) > 2 * len(self._pending):
            self._sweep()

    def cancel(self, alarm: Alarm, name: str) -> None:
        """Forget a deadline; one that has come up, or never was, is nothing to forget."""
        self._pending.pop((alarm, name), None)

    def earliest(self) -> int | None:
        """The time of the first pending deadline, or None when there is none."""
        heap, pending = self._heap, self._pending
        while heap:
            time, number, alarm, name = heap[0]
            if pending.get((alarm, name)) == number:
                return time
            heapq.heappop(heap)
        return None

    def due(self, now: int) -> Deadline | None:
        """Take the first deadline whose time has come, or None."""
        heap, pending = self._heap, self._pending
        while heap and heap[0].time <= now:
            deadline = heapq.heappop(heap)
            key = deadline.alarm, deadline.name
            if pending.get(key) == deadline.number:
                del pending[key]
                return deadline
        return None

    def snapshot(self) -> tuple[int, tuple[Deadline, ...]]:
        """How many were made so far, and what is pending, in its order."""
        return self._number, tuple(sorted(filter(self._is_pending, self._heap)))

    def restore(self, saved: tuple[int, tuple[Deadline, ...]]) -> None:
        """Have pending what a snapshot says, and nothing else."""
        self._number, pending = saved
        self._heap = list(pending)
        self._pending = {(entry.alarm, entry.name): entry.number for entry in pending}

    def _is_pending(self, entry: Deadline) -> bool:
        return self._pending.get((entry.alarm, entry.name)) == entry.number

    def _sweep(self) -> None:
        self._heap = [entry for entry in self._heap if self._is_pending(entry)]
        heapq.heapify(self._heap)

    def __len__(self) -> int:
        return len(self._heap)
