"""The table that is printed: what was measured, and its bounds."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen


@frozen
class Row:
    """``value`` must not exceed ``bound``; ``measured`` and ``allowed`` say so in words."""

    what: str
    measured: str
    allowed: str
    value: float
    bound: float

    @property
    def ok(self) -> bool:
        return self.value <= self.bound


def print_table(rows: Iterable[Row]) -> int:
    """Print each row as it comes; 1 when a bound is missed, else 0."""
    print(f"{'what':<60}{'measured':<52}{'at most'}")
    missed = 0
    for row in rows:
        missed += not row.ok
        verdict = "ok" if row.ok else "NOT OK"
        print(f"{row.what:<60}{row.measured:<52}{row.allowed:<10}{verdict}", flush=True)
    return int(missed > 0)
