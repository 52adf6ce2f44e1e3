"""Names without history: what states that differ only in their counters have in common.

Explorers compare states. Two are the same when whatever may happen next is the same, whichever
number a connection has got and however many frames have passed. A :class:`Renaming` numbers names
in the order of their first mention and counts from the first number that is mentioned. To compare
several things that mention each other (a client, the platform, the frames between them), give the
same one to each of them, in a fixed order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any, Final

from sim.protocol.frames import Disconnect, Frame, Message, Status

NAMING: Final = ("id", "connection", "stream", "from", "to", "name", "signal", "exclusion")
"""Keys of a message's content whose texts are names."""


def counted(name: Any) -> list[Any]:
    """The key by which names are in order: numbers in them count as such, so that what was made
    before it does not change it.

    >>> sorted(["bob#10", "bob#9", "al#11"], key=counted)
    ['al#11', 'bob#9', 'bob#10']
    """
    parts = re.split(r"([0-9]+)", str(name))
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]


class Renaming:
    """New names for old ones."""

    __slots__ = ("_bases", "_names")

    def __init__(self) -> None:
        self._names: dict[Any, int] = {}
        self._bases: dict[Any, int] = {}

    def name(self, old: Any) -> int | None:
        """The number of a name, in the order of first mention; None for None."""
        return None if old is None else self._names.setdefault(old, len(self._names))

    def number(self, lane: Any, old: int) -> int:
        """A number of a growing sequence, counted from the first that is mentioned."""
        return old - self._bases.setdefault(lane, old)

    def content(self, content: Any, named: bool = False) -> Any:
        """The content of a message, with its names renamed, as nested tuples."""
        if isinstance(content, Mapping):
            return tuple(
                (key, self.content(content[key], key in NAMING)) for key in sorted(content)
            )
        if isinstance(content, list | tuple):
            return tuple(self.content(each, named) for each in content)
        return self.name(content) if named and isinstance(content, str) else content

    def frame(self, frame: Frame, sent: Any, answered: Any) -> tuple[Any, ...]:
        """A frame without its cause; ``sent`` and ``answered`` are the lanes that number requests:
        its sender's own, and those of the other side that it answers.
        """
        if isinstance(frame, Message):
            number = self.number(sent, frame.txn)
            content = self.content(frame.content)
            return "message", number, frame.method, frame.resource, content
        if isinstance(frame, Status):
            number = self.number(answered, frame.txn)
            return "status", number, frame.status, self.content(frame.content)
        if isinstance(frame, Disconnect):
            return "disconnect", frame.reconnect
        return (type(frame).__name__.lower(),)


def since(now: int) -> Callable[[int | None], int | None]:
    """Makes times relative to ``now``, in microseconds."""
    return lambda at: None if at is None else at - now


def fingerprint(canonical: tuple[Any, ...]) -> str:
    """A hash of a canonical form that is the same in every process: 32 hexadecimal digits."""
    return blake2b(repr(canonical).encode(), digest_size=16).hexdigest()
