"""The browser's event loop: timers, and promise continuations that run before the next task."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable

Action = Callable[[], object]


class Timer:
    """A pending ``setTimeout``; remembers the record that made it be set."""

    __slots__ = ("action", "cause", "due")

    def __init__(self, due: int, action: Action, cause: int | None) -> None:
        self.due = due
        self.action: Action | None = action
        self.cause = cause

    def cancel(self) -> None:
        """Never run the action."""
        self.action = None


class Loop:
    """One page's event loop in virtual time.

    ``now`` is the time of the task being run; ``cause`` the record that explains it.
    """

    __slots__ = ("_continuations", "_count", "_timers", "cause", "now")

    def __init__(self) -> None:
        self.now = 0
        self.cause: int | None = None
        self._timers: list[tuple[int, int, Timer]] = []
        self._count = 0
        self._continuations: deque[tuple[Action, int | None]] = deque()

    def later(self, delay: int, action: Action) -> Timer:
        """Run ``action`` as a task of its own, ``delay`` microseconds from now."""
        timer = Timer(self.now + delay, action, self.cause)
        self._count += 1
        heapq.heappush(self._timers, (timer.due, self._count, timer))
        return timer

    def soon(self, action: Action) -> None:
        """Run ``action`` when the present task is over: a promise continuation."""
        self._continuations.append((action, self.cause))

    def settle(self) -> None:
        """Run all continuations, also those that they add."""
        while self._continuations:
            action, self.cause = self._continuations.popleft()
            action()

    def task(self, now: int, cause: int | None, action: Action) -> None:
        """Run ``action`` at ``now`` as one task, then its continuations."""
        self.now, self.cause = now, cause
        action()
        self.settle()

    def next_deadline(self) -> int | None:
        """When the next timer is due, or None."""
        timers = self._timers
        while timers and timers[0][2].action is None:
            heapq.heappop(timers)
        return timers[0][0] if timers else None

    def wake(self, now: int) -> None:
        """Run the timers that are due, in the order of their times, then of their setting."""
        while self._timers and self._timers[0][0] <= now:
            timer = heapq.heappop(self._timers)[2]
            if timer.action is not None:
                self.task(now, timer.cause, timer.action)

    def clear(self) -> None:
        """Forget everything: the page is gone."""
        self._timers.clear()
        self._continuations.clear()
