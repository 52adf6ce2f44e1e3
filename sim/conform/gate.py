"""Lets things through in their order, each no earlier than its time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from simpy import Event

from sim.world.kernel import Kernel
from sim.world.wire import Wire

T = TypeVar("T")


class Held(NamedTuple):
    """What is held back of a wire: a frame, or the opening or the end of its socket."""

    wire: Wire
    tell: Callable[[], None]

    def go_on(self) -> None:
        """Tell whoever it is for."""
        self.tell()


class _Waiting(NamedTuple, Generic[T]):
    due: int | None
    item: T


class Gate(Generic[T]):
    """A queue in which nothing overtakes: what is due lets through all that came before it.

    So one that waits too long, as the recording does not say what it did, holds nobody up. What has
    no time of its own goes as soon as nothing is before it.
    """

    def __init__(self, kernel: Kernel, rank: int, let: Callable[[T], object]) -> None:
        self._kernel = kernel
        self._rank = rank
        self._let = let
        self._waiting: deque[_Waiting[T]] = deque()

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self._waiting)

    def put(self, item: T, due: int | None) -> None:
        """Let something through at ``due``, or without a time as soon as nothing is before it."""
        now = self._kernel.now
        if not self._waiting and (due is None or due <= now):
            self._let(item)
            return
        self._waiting.append(_Waiting(due, item))
        if due is not None:
            self._kernel.at(max(due, now), self._rank, self._open)

    def drop(self, goes: Callable[[T], bool]) -> None:
        """Forget what waits, as far as it goes."""
        self._waiting = deque(each for each in self._waiting if not goes(each.item))
        self._kernel.at(self._kernel.now, self._rank, self._open)

    def holds(self, mine: Callable[[T], bool]) -> bool:
        """Whether anything of that kind waits."""
        return any(mine(each.item) for each in self._waiting)

    def cut(self, due: int, goes: Callable[[T], bool]) -> None:
        """Forget what goes of all that would be let through later than that."""
        places = [n for n, each in enumerate(self._waiting, 1) if _is_due(each, due)]
        first = places[-1] if places else 0
        kept = (each for n, each in enumerate(self._waiting) if n < first or not goes(each.item))
        self._waiting = deque(list(kept))

    def _open(self, _: Event) -> None:
        now = self._kernel.now
        due = [
            n for n, each in enumerate(self._waiting, 1) if each.due is not None and each.due <= now
        ]
        for _number in range(due[-1] if due else 0):
            if self._waiting:
                self._let(self._waiting.popleft().item)
        while self._waiting and self._waiting[0].due is None:
            self._let(self._waiting.popleft().item)


def _is_due(waiting: _Waiting[T], now: int) -> bool:
    return waiting.due is not None and waiting.due <= now
