"""Virtual time: SimPy's engine with a defined order for what happens at the same instant.

At one instant, faults come first, then deliveries, then the platform's timers, then the clients'
timers, then the script, then what people and their apps do of themselves; among equals the person
declared first, then what was scheduled first. Whatever a script says, faults included, is done in
the script's turn, in the order of writing; the end of a fault is a fault.
With ``ties`` the order is drawn instead, to find code that depends on it; frames of one socket
keep their order all the same, because deliveries take them from a queue.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from heapq import heappop, heappush
from typing import Any, Final

from simpy import Environment, Event
from simpy.core import EmptySchedule
from simpy.events import EventPriority

from sim.draws.stream import Stream
from sim.protocol.units import FAR, format_clock, format_duration
from sim.world.bounds import MOST_EVENTS, SHORT, StoryWithoutEnd, at_once, most_kept
from sim.world.ties import Ties

Action = Callable[[Event], None]
Process = Generator[Event, Any, None]

PLACES: Final = 1 << 32
FAULT: Final = 1 * PLACES
DELIVERY: Final = 2 * PLACES
PLATFORM_TIMER: Final = 3 * PLACES
CLIENT_TIMER: Final = 4 * PLACES
SCRIPT: Final = 5 * PLACES
PEOPLE: Final = 6 * PLACES
"""Ranks at one instant; the number of the person is added. 0 is SimPy's own URGENT."""
FIRST: Final = 1
"""Before every rank, and behind what SimPy needs to start a process."""

_NEVER: Final = (math.inf, 0)
_BURST: Final = 1_000
"""Events between two looks at the bounds."""


class Moment(Event):
    """An instant that a process waits for; it has always succeeded."""

    _ok = True
    _value = None

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.callbacks = []


class InternalError(Exception):
    """The simulator contradicts itself: a fault of ours, never of a scenario."""


def _past(action: Any, time: int, now: int) -> InternalError:
    owner = getattr(action, "__self__", None)
    name = getattr(action, "__qualname__", repr(action))
    who = f"{name} of {type(owner).__name__}" if owner is not None else name
    return InternalError(f"{who} asks for {time} us when it is {now} us: time cannot go back")


class Kernel(Environment):
    """The engine of one run. Times are whole microseconds.

    ``ties`` are the draws of the order at one instant, ``max_events`` bounds the whole run.
    """

    now: int = 0
    """The time, in microseconds: read more often than anything else, hence no property."""
    rank: int = 0
    """The highest rank of what has happened at this time, or happens now."""
    until: int = FAR
    """Up to when time passes for now: nobody looks at what comes later."""
    script_at: int = FAR
    """When the script does something next."""

    def __init__(self, ties: Stream | None = None, max_events: int = MOST_EVENTS) -> None:
        super().__init__(initial_time=0)
        self.crowd: Callable[[], tuple[int, int]] = lambda: (0, 0)
        """How many people and steps there are: the more, the more may happen at once."""
        self.keeps = False
        """Whether records are kept in memory: they are bounded, too, then."""
        self._max_events = max_events
        self.written: Callable[[], int] = lambda: 0
        """How many records there are: they are bounded like events."""
        self.blamed: Callable[[], str] = lambda: "nobody looks at its records"
        """Who is behind a story without end, in words."""
        self._moment = Moment(self)
        """Stands for the instant to actions, which take one as callbacks do."""
        self._ties = None if ties is None else Ties(ties)
        self.events = 0
        """How many events there have been."""
        self.ahead = 0
        """How many more there would have been, had they not been taken ahead: they count, too."""
        self._next_look = min(_BURST, max_events)
        self._looks: deque[tuple[int, int]] = deque()

    def next_time(self, but: Callable[[Event], bool]) -> int | None:
        """When something happens next, ``but`` for one event; None when nothing ever will."""
        queue: list[Any] = self._queue
        first = queue[0] if queue else None
        if first is not None and but(first[3]):
            first = min(queue[1:3], default=None)
        return None if first is None else first[0]

    # -- scheduling --------------------------------------------------------------------------

    def at(self, time: int, rank: int, action: Action) -> None:
        """Run ``action`` at ``time``, in the order of ``rank`` among what happens then.

        It is what SimPy's ``schedule`` does, which takes delays and adds them to the time again;
        but it is the action itself that waits in the queue: nobody waits for an event of it.

        Raises :class:`InternalError` for a time that has passed: virtual time never goes back.
        """
        if time < self.now:
            raise _past(action, time, self.now)
        if self._ties is not None:
            rank = self._ties.place(time, rank, self.now)
        queue: list[Any] = self._queue
        heappush(queue, (time, rank, next(self._eid), action))

    def sleep(self, delay: int, rank: int) -> Event:
        """An event for a process to wait for, ``delay`` from now; refused as by :meth:`at`."""
        if delay < 0:
            raise _past(self.active_process or self.sleep, self.now + delay, self.now)
        if self._ties is not None:
            rank = self._ties.place(self.now + delay, rank, self.now)
        moment = Moment(self)
        self.schedule(moment, EventPriority(rank), delay)
        return moment

    @contextmanager
    def tentative(self) -> Iterator[None]:
        """Let nothing of what is scheduled inside happen if it raises."""
        queue = list(self._queue)
        counts = None if self._ties is None else self._ties.counts()
        try:
            yield
        except BaseException:
            self._queue[:] = queue
            if self._ties is not None and counts is not None:
                self._ties.count_as(counts)
            raise

    def begin(self, process: Process) -> None:
        """Start a process now: what it waits for first is in order before anything else is."""
        first = next(process, None)
        if first is not None:
            self.process(_resumed(first, process))

    # -- running -----------------------------------------------------------------------------

    def advance(self, time: int) -> None:
        """Let everything happen that comes before ``time``; then it is ``time``."""
        self._run_before(time, 0)

    def advance_to_turn(self, rank: int) -> None:
        """Let everything happen at this instant that comes before that rank."""
        turn = rank if self._ties is None else self._ties.turn(self.now, rank)
        self._run_before(self.now, turn)

    def settle(self) -> None:
        """Let processes that have been started begin to wait."""
        self._run_before(self.now, FIRST)

    def step(self) -> None:
        """Let the next thing happen: for SimPy's own ``run``, which nothing here uses."""
        if not self._burst(_NEVER, 1):
            raise EmptySchedule
        self.events += 1

    def happened(self, rank: int) -> int:
        """Up to which time everything of that rank has happened, or happens now."""
        return self.now if rank <= self.rank else self.now - 1

    def _run_before(self, time: int, place: int) -> None:
        bound, self.until = (time, place), time
        while True:
            wanted = self._next_look - self.events
            done = self._burst(bound, wanted)
            self.events += done
            if done < wanted:
                break
            self._look()
        self.now = self._now = time
        self.rank = place

    def _burst(self, bound: tuple[float, int], most: int) -> int:
        """Process up to ``most`` events that come before ``bound``; return how many there were.

        Nothing here stops an environment by an event.
        """
        queue: list[Any] = self._queue
        moment = self._moment
        for number in range(most):
            if not queue or queue[0] >= bound:
                return number
            time, rank, _, event = heappop(queue)
            if time != self.now:
                self.now = self._now = time
                self.rank = rank
            elif rank > self.rank:
                self.rank = rank
            if isinstance(event, Event):
                _process(event)
            else:  # nearly always
                event(moment)
        return most

    def _look(self) -> None:
        """Raise :class:`StoryWithoutEnd` if a bound is reached."""
        now, looks, written = self.now, self._looks, self.written()
        while looks and looks[0][0] < now - SHORT:
            looks.popleft()
        looks.append((now, written))
        since, before = looks[0]
        events, records = (len(looks) - 1) * _BURST, written - before
        crowd = self.crowd()
        if max(events, records) >= at_once(*crowd):
            many = f"{events:,} events" if events >= records else f"{records:,} records"
            passed = format_duration(now - since)
            within = f"in {passed}" if now > since else "without virtual time passing"
            raise StoryWithoutEnd(f"{many} at {format_clock(now)} {within}: {self.blamed()}")
        if self.keeps and written > most_kept(*crowd):
            kept = (
                f"{written:,} records by {format_clock(now)}, more than are kept in memory "
                "(with keep=False, or --quiet, none are)"
            )
            raise StoryWithoutEnd(f"{kept}: {self.blamed()}")
        if self.events + self.ahead >= self._max_events:
            allowed = f"{self._max_events:,} events, the most allowed, by {format_clock(now)}"
            raise StoryWithoutEnd(f"{allowed}: {self.blamed()}")
        self._next_look = min(self.events + _BURST, self._max_events)


def _process(event: Any) -> None:
    """What SimPy's own ``step`` does."""
    callbacks, event.callbacks = event.callbacks, None
    for callback in callbacks:
        callback(event)
    if not event._ok and not hasattr(event, "_defused"):
        raise event._value


def _resumed(first: Event, rest: Process) -> Process:
    yield first
    yield from rest
