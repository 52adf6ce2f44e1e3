"""A digest of a story: equal stories have equal digests, on every machine.

It costs more than to write the story down, and most of those who run one never ask: so records wait
until somebody does, or until there are many.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any, Final

from sim.trace.records import Record, encode

_MANY: Final = 4_096
"""So many records wait at most: memory must not grow with time."""


class ToCome(ABC):
    """A digest that is made when it is asked for."""

    __slots__ = ()

    @property
    @abstractmethod
    def hex(self) -> str:
        """What it is: 32 hexadecimal digits."""

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        # What it is made of goes to no other process; what is left of it there is what it says.
        return str, (self.hex,)

    def __str__(self) -> str:
        return self.hex


class Retold(ToCome):
    """The digest of a story that nobody has written down: ``again`` tells it again, once."""

    __slots__ = ("_again", "_hex")

    def __init__(self, again: Callable[[], str]) -> None:
        self._again = again
        self._hex = ""

    @property
    def hex(self) -> str:
        """What it is: 32 hexadecimal digits."""
        self._hex = self._hex or self._again()
        return self._hex


class Digest(ToCome):
    """The running digest over the canonical lines of story records, in order."""

    __slots__ = ("_hash", "_records", "_waiting")

    def __init__(self) -> None:
        self._hash = blake2b(digest_size=16)
        self._waiting: list[Record] = []
        self._records = 0

    @property
    def records(self) -> int:
        """How many records there are."""
        return self._records + len(self._waiting)

    def copy(self) -> Digest:
        """Another digest of the same records."""
        copy = Digest()
        copy._hash, copy._records = self._hash.copy(), self._records
        copy._waiting = self._waiting.copy()
        return copy

    def take(self, record: Record) -> None:
        """Add a story record, which must not be changed afterwards."""
        self._waiting.append(record)
        if len(self._waiting) >= _MANY:
            self._settle()

    def add(self, line: str) -> None:
        """Add a story record's line, as :func:`sim.trace.records.encode` gives it."""
        if self._waiting:
            self._settle()
        self._hash.update(line.encode("ascii") + b"\n")
        self._records += 1

    def _settle(self) -> None:
        waiting, self._waiting = self._waiting, []
        for record in waiting:
            self.add(encode(record))

    @property
    def hex(self) -> str:
        """The digest of the records so far: 32 hexadecimal digits."""
        self._settle()
        return self._hash.hexdigest()


def header_digest(data: Mapping[str, Any]) -> str:
    """The digest of a header, 32 hexadecimal digits: of what it says, not of how it is written."""
    text = json.dumps(data, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode("ascii"), digest_size=16).hexdigest()
