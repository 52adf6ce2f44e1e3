"""The address of a random decision, and the key that it stands for."""

from __future__ import annotations

from hashlib import blake2b
from json import JSONEncoder
from typing import Final

from attrs import frozen

SCHEME: Final = "sim-draws-1"
"""Part of every key. A new way of making keys or words gets a new name."""

_CANONICAL: Final = JSONEncoder(ensure_ascii=True, separators=(",", ":"))


@frozen
class Address:
    """Who decides what: ``(seed, replication, actor, purpose)``.

    With an index it names one draw: ``Address(7, 0, "bob", "outage/start").at(3)`` is
    ``"bob/outage/start/3"``. Seed and replication are those of the run and are not repeated.
    """

    seed: int
    replication: int
    actor: str
    purpose: str

    @property
    def text(self) -> str:
        """The canonical text: a JSON array in ASCII without spaces, one for each address."""
        parts = [SCHEME, self.seed, self.replication, self.actor, self.purpose]
        return _CANONICAL.encode(parts)

    @property
    def key(self) -> tuple[int, int]:
        """Two 64-bit words: BLAKE2b-128 of the text, read as little-endian integers."""
        digest = blake2b(self.text.encode("ascii"), digest_size=16).digest()
        return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")

    def at(self, index: int) -> str:
        """Name the draw with this index, the way a trace does."""
        return f"{self.actor}/{self.purpose}/{index}"
