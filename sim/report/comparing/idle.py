"""When nothing happens in either of two runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.protocol.units import SECOND
from sim.report.model.timeline import Stretch

LEAST: Final = 5 * SECOND
"""What is shorter is not worth folding."""


def in_both(stretches: Sequence[Stretch], others: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """The times in which nothing happens in either run: only these are folded in both pictures.

    >>> in_both([Stretch(0, 20 * SECOND)], [Stretch(9 * SECOND, 99 * SECOND)])
    (Stretch(began=9000000, ended=20000000),)
    """
    found = []
    left, right = 0, 0
    while left < len(stretches) and right < len(others):
        one, other = stretches[left], others[right]
        began, ended = max(one.began, other.began), min(one.ended, other.ended)
        if ended - began >= LEAST:
            found.append(Stretch(began, ended))
        if one.ended < other.ended:
            left += 1
        else:
            right += 1
    return tuple(found)
