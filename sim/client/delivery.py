"""What makes delivery reliable over several real sockets: open requests, numbers seen before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from sim.client.page import Reply
from sim.protocol.frames import Message, Status

LOST: Final = Status(0, 500, {}, None)
"""What a request is answered with when its socket is gone for good (L18615)."""

Hand = Callable[[Reply | None, Status], bool]
"""Hands an answer to whoever waits for it; whether that may make the client throw."""


Throws = Callable[[int, int | None], bool]
"""Whether the client throws, with so many requests left, at the answer to one of that cause."""


class Pending(NamedTuple):
    """A request without its answer."""

    message: Message
    retry: bool
    reply: Reply | None


class Requests:
    """The requests that the platform has not acknowledged yet, in the order of their making."""

    __slots__ = ("_count", "_hand", "_open")

    def __init__(self, hand: Hand) -> None:
        self._hand = hand
        self._count = 0
        self._open: dict[int, Pending] = {}

    def __iter__(self) -> Iterator[Message]:
        return (pending.message for pending in self._open.values())

    def add(
        self,
        method: str,
        resource: str,
        content: dict[str, Any],
        cause: int | None,
        retry: bool,
        reply: Reply | None,
    ) -> Message:
        """Number a new request and wait for its answer."""
        self._count += 1
        message = Message(self._count, method, resource, content, cause)
        self._open[self._count] = Pending(message, retry, reply)
        return message

    def waiting(self, txn: int) -> Pending | None:
        """The request of that number, as long as it has no answer."""
        return self._open.get(txn)

    def answer(self, status: Status) -> None:
        """Hand an answer to whoever waits for it; an unexpected one is ignored."""
        pending = self._open.pop(status.txn, None)
        if pending is not None:
            self._hand(pending.reply, status)

    def cancel(self, txn: int) -> None:
        """Neither send that request again nor wait for its answer."""
        self._open.pop(txn, None)

    def fail(self, retried: bool, throws: Throws = lambda *_: False) -> bool:
        """Answer open requests with :data:`LOST`; with ``retried`` false only those that must not
        be sent again.

        ``throws`` is asked where the client may throw: if it does, nobody hears any more of those
        that are left, and this is False.
        """
        for txn, pending in list(self._open.items()):
            if (pending.retry and not retried) or self._open.pop(txn, None) is None:
                continue
            if self._hand(pending.reply, LOST) and throws(len(self._open), pending.message.cause):
                self._open.clear()
                return False
        return True

    def forget(self) -> None:
        """Wait for no answer any more."""
        self._open.clear()

    def snapshot(self) -> tuple[int, tuple[Pending, ...]]:
        """How many there were, and those that are open."""
        return self._count, tuple(self._open.values())

    def restore(self, snapshot: tuple[int, tuple[Pending, ...]]) -> None:
        """Let those be open, and no others."""
        self._count, pending = snapshot
        self._open = {each.message.txn: each for each in pending}


NEW: Final = "new"
KNOWN: Final = "known"
FORGOTTEN: Final = "forgotten"
"""What the number of a message is to who receives it: it may have been met long ago."""


class Seen:
    """The numbers of messages received: which are new, and which repeat an earlier one.

    Messages come in the order of their numbers, so the highest one says it all. With ``lifetime``
    (microseconds) numbers are remembered one by one and forgotten after that time, as the shipped
    client does (quirk ``forgotten-message-is-told-again``).
    """

    __slots__ = ("_highest", "_lifetime", "_times")

    def __init__(self, lifetime: int | None = None) -> None:
        self._highest = 0
        self._lifetime = lifetime
        self._times: dict[int, int] = {}

    def meet(self, txn: int, now: int) -> str:
        """A message has come: what its number is, one of the words above."""
        last = None if self._lifetime is None else self._remember(txn, now, self._lifetime)
        if txn > self._highest:
            self._highest = txn
            return NEW
        is_known = self._lifetime is None or (last is not None and last + self._lifetime > now)
        return KNOWN if is_known else FORGOTTEN

    def _remember(self, txn: int, now: int, lifetime: int) -> int | None:
        """Remember the number from now on; return when it was met before, if that is known."""
        last = self._times.pop(txn, None)
        self._times[txn] = now
        while (first := next(iter(self._times))) != txn:
            if self._times[first] + lifetime > now:
                break
            del self._times[first]
        return last

    def snapshot(self) -> tuple[int, tuple[tuple[int, int], ...]]:
        """The highest number, and when those were met that are remembered one by one."""
        return self._highest, tuple(self._times.items())

    def restore(self, snapshot: tuple[int, tuple[tuple[int, int], ...]]) -> None:
        """Remember those."""
        self._highest, times = snapshot
        self._times = dict(times)
