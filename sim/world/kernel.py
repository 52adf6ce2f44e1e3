"""Virtual time: SimPy's engine with a defined order for what happens at the same instant.

At one instant, faults come first, then deliveries, then the platform's timers, then the clients'
timers, then the script, then what people do by habit; among equals the person declared first, then
what was scheduled first. Whatever a script says, faults included, is done in the script's turn, in
the order of writing; the end of a fault is a fault.
With ``ties`` the order is drawn instead, to find code that depends on it; frames of one socket
keep their order all the same, because deliveries take them from a queue.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from simpy import Environment, Event
from simpy.events import EventPriority

from sim.draws.stream import Stream

Action = Callable[[Event], None]

PLACES: Final = 1 << 32
FAULT: Final = 1 * PLACES
DELIVERY: Final = 2 * PLACES
PLATFORM_TIMER: Final = 3 * PLACES
CLIENT_TIMER: Final = 4 * PLACES
PEOPLE: Final = 5 * PLACES
"""Ranks at one instant; the number of the person is added. 0 is SimPy's own URGENT."""


class Moment(Event):
    """An instant at which one action runs; it has always succeeded."""

    def __init__(self, env: Environment, action: Action | None) -> None:
        self.env = env
        self.callbacks = [] if action is None else [action]
        self._ok = True
        self._value = None


class InternalError(Exception):
    """The simulator contradicts itself: a fault of ours, never of a scenario."""


def _past(action: Action, time: int, now: int) -> InternalError:
    owner = getattr(action, "__self__", None)
    name = getattr(action, "__qualname__", repr(action))
    who = f"{name} of {type(owner).__name__}" if owner is not None else name
    return InternalError(f"{who} asks for {time} us when it is {now} us: time cannot go back")


class Kernel(Environment):
    """The engine of one run. Times are whole microseconds."""

    def __init__(self, ties: Stream | None = None) -> None:
        super().__init__(initial_time=0)
        self._ties = ties
        self._drawn = 0

    @property
    def now(self) -> int:
        """The time, in microseconds."""
        return self._now  # type: ignore[return-value]

    def at(self, time: int, rank: int, action: Action) -> None:
        """Run ``action`` at ``time``, in the order of ``rank`` among what happens then.

        Raises :class:`InternalError` for a time that has passed: virtual time never goes back.
        """
        if time < self._now:
            raise _past(action, time, self.now)
        if self._ties is not None:
            rank = self._permuted()
        self.schedule(Moment(self, action), EventPriority(rank), time - self._now)

    def sleep(self, delay: int, rank: int) -> Event:
        """An event for a process to wait for, ``delay`` from now."""
        if self._ties is not None:
            rank = self._permuted()
        moment = Moment(self, None)
        self.schedule(moment, EventPriority(rank), delay)
        return moment

    def _permuted(self) -> int:
        assert self._ties is not None
        self._drawn += 1
        return 1 + (self._ties.bits(self._drawn - 1) >> 1)
