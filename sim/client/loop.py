"""The browser's event loop as data: timers, and continuations that run before the next task.

What is pending names its owner, what it is (``kind``) and what it is about, and nothing else: no
function of the SDK waits anywhere. So what waits can be copied, compared and given to a twin.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

Run = Callable[[str, str, Any], object]
"""Does what was put off: ``(owner, kind, about)``."""


class Timer(NamedTuple):
    """A pending ``setTimeout``, and the record that made it be set."""

    due: int
    number: int
    owner: str
    kind: str
    about: Any
    cause: int | None


class Because:
    """What happens inside names another record as its cause; afterwards, the one before again."""

    __slots__ = ("_cause", "_loop", "_outer")

    def __init__(self, loop: Loop, cause: int | None) -> None:
        self._loop = loop
        self._cause = cause
        self._outer: int | None = None

    def __enter__(self) -> None:
        self._outer, self._loop.cause = self._loop.cause, self._cause

    def __exit__(self, *_: object) -> None:
        self._loop.cause = self._outer


class Loop:
    """One page's event loop in virtual time.

    ``now`` is the time of the task being run; ``cause`` the record that explains it. ``run`` does
    what comes due.
    """

    __slots__ = ("_continuations", "_count", "_order", "_run", "_timers", "cause", "now")

    def __init__(self, run: Run) -> None:
        self.now = 0
        self.cause: int | None = None
        self._run = run
        self._timers: dict[int, Timer] = {}
        """By number, in the order of their setting."""
        self._order: list[tuple[int, int]] = []
        """A heap of their times and numbers; those of cancelled timers are still in it."""
        self._count = 0
        self._continuations: deque[tuple[str, str, Any, int | None]] = deque()

    def because(self, record: int | None) -> Because:
        """A scope in which ``record`` is the cause: ``with loop.because(record): ...``."""
        return Because(self, record)

    def later(self, delay: int, owner: str, kind: str, about: Any = None) -> int:
        """Set a timer, ``delay`` microseconds from now; return its number."""
        self._count += 1
        due = self.now + delay
        values = due, self._count, owner, kind, about, self.cause
        self._timers[self._count] = tuple.__new__(Timer, values)  # as Timer(...), in half the time
        heapq.heappush(self._order, (due, self._count))
        return self._count

    def due(self, number: int | None) -> int | None:
        """When that timer will run; None when there is none, or it has run."""
        timer = None if number is None else self._timers.get(number)
        return None if timer is None else timer.due

    def cancel(self, number: int | None) -> None:
        """Never run that timer; nothing happens when there is none, or it has run."""
        if number is not None:
            self._timers.pop(number, None)

    def cancel_all(self, owner: str) -> None:
        """Never run any of somebody's timers."""
        for timer in [t for t in self._timers.values() if t.owner == owner]:
            del self._timers[timer.number]

    def soon(self, owner: str, kind: str, about: Any = None) -> None:
        """Do that when the present task is over: a promise continuation."""
        self._continuations.append((owner, kind, about, self.cause))

    def settle(self) -> None:
        """Run all continuations, also those that they add."""
        while self._continuations:
            owner, kind, about, self.cause = self._continuations.popleft()
            self._run(owner, kind, about)

    def task(
        self, now: int, cause: int | None, action: Callable[..., object], *arguments: Any
    ) -> None:
        """Run ``action`` at ``now`` as one task, then its continuations."""
        self.now, self.cause = now, cause
        action(*arguments)
        if self._continuations:
            self.settle()

    def next_deadline(self) -> int | None:
        """When the next timer is due, or None."""
        order = self._order
        while order and order[0][1] not in self._timers:
            heapq.heappop(order)
        return order[0][0] if order else None

    def wake(self, now: int) -> None:
        """Run the timers that are due, in the order of their times, then of their setting."""
        while self._order and self._order[0][0] <= now:
            timer = self._timers.pop(heapq.heappop(self._order)[1], None)
            if timer is not None:
                self.task(now, timer.cause, self._run, timer.owner, timer.kind, timer.about)

    def clear(self) -> None:
        """Forget everything: the page is gone."""
        self._timers.clear()
        self._order.clear()
        self._continuations.clear()

    # -- copies ----------------------------------------------------------------------------------

    @property
    def pending(self) -> tuple[Timer, ...]:
        """The timers that have been set, in the order of their times, then of their setting."""
        return tuple(sorted(self._timers.values()))

    def snapshot(self) -> tuple[int, tuple[Timer, ...]]:
        """What is pending. Raises ``RuntimeError`` within a task: its rest is no data."""
        if self._continuations:
            raise RuntimeError("a snapshot is taken between two tasks, not within one")
        return self._count, tuple(self._timers.values())

    def restore(self, snapshot: tuple[int, tuple[Timer, ...]]) -> None:
        """Let that be pending, and nothing else."""
        self._count, timers = snapshot
        self._timers = {timer.number: timer for timer in timers}
        self._order = sorted([timer[:2] for timer in timers])
        self._continuations.clear()
