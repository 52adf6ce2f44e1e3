"""A digest of a story: equal stories have equal digests, on every machine."""

from __future__ import annotations

from hashlib import blake2b


class Digest:
    """The running digest over the canonical lines of story records, in order."""

    __slots__ = ("_hash", "records")

    def __init__(self) -> None:
        self._hash = blake2b(digest_size=16)
        self.records = 0
        """How many lines have been added."""

    def add(self, line: str) -> None:
        """Add a story record's line, as :func:`sim.trace.records.encode` gives it."""
        self._hash.update(line.encode("ascii") + b"\n")
        self.records += 1

    @property
    def hex(self) -> str:
        """The digest of the lines so far: 32 hexadecimal digits."""
        return self._hash.hexdigest()
