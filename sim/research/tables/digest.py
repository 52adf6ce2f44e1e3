"""The identity of results: a digest of rows, whatever files they are in.

A run's digest is that of its rows in their canonical form, which is JSON. The digest of many runs
is the sum of theirs: in which order they came, and in what shards, makes no difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Final

from sim.research.tables.columns import Row

MODULUS: Final = 1 << 128
_BYTES: Final = 16

_encode: Final = json.JSONEncoder(
    ensure_ascii=True, separators=(",", ":"), check_circular=False
).encode


def of_run(rows: Mapping[str, list[Row]]) -> int:
    """The digest of one run's rows, by table.

    >>> of_run({"runs": [(0, 1)]}) == of_run({"runs": [(1, 0)]})
    False
    """
    content = blake2b(digest_size=_BYTES)
    for name in sorted(rows):
        content.update(f"{_encode([name, rows[name]])}\n".encode("ascii"))
    return int.from_bytes(content.digest(), "big")


def of_runs(digests: Iterable[int]) -> int:
    """The digest of runs with these digests, in any order.

    >>> of_runs([1, 2, MODULUS - 1])
    2
    """
    return sum(digests) % MODULUS


def shown(digest: int) -> str:
    """A digest in 32 hexadecimal digits.

    >>> shown(255)
    '000000000000000000000000000000ff'
    """
    return f"{digest:032x}"
