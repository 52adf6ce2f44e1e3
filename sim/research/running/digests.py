"""Digests of rows, which do not depend on the order of the rows or on how they are put together.

The digest of several rows is the sum of their own. That tells accidents apart, which is what it is
for; it is no protection against somebody who looks for two results with the same digest.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

_BYTES: Final = 16
_MODULUS: Final = 1 << 8 * _BYTES


def of_row(row: str) -> int:
    """The digest of one row as text."""
    return int.from_bytes(blake2b(row.encode("utf-8"), digest_size=_BYTES).digest(), "big")


def summed(digests: Iterable[int]) -> int:
    """The digest of all rows, of those of some."""
    return sum(digests) % _MODULUS


def shown(digest: int) -> str:
    """A digest in 32 hexadecimal digits."""
    return f"{digest:0{2 * _BYTES}x}"
