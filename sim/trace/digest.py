"""A digest of a story: equal stories have equal digests, on every machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any


class Digest:
    """The running digest over the canonical lines of story records, in order."""

    __slots__ = ("_hash", "records")

    def __init__(self) -> None:
        self._hash = blake2b(digest_size=16)
        self.records = 0
        """How many lines have been added."""

    def copy(self) -> Digest:
        """Another digest of the same lines."""
        copy = Digest()
        copy._hash, copy.records = self._hash.copy(), self.records
        return copy

    def add(self, line: str) -> None:
        """Add a story record's line, as :func:`sim.trace.records.encode` gives it."""
        self._hash.update(line.encode("ascii") + b"\n")
        self.records += 1

    @property
    def hex(self) -> str:
        """The digest of the lines so far: 32 hexadecimal digits."""
        return self._hash.hexdigest()


def header_digest(data: Mapping[str, Any]) -> str:
    """The digest of a header, 32 hexadecimal digits: of what it says, not of how it is written."""
    text = json.dumps(data, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode("ascii"), digest_size=16).hexdigest()
