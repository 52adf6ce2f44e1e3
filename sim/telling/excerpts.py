"""One record of a story in its place: the records around it, and what led to it."""

from __future__ import annotations

from collections.abc import Sequence

from sim.trace import Record


def around(records: Sequence[Record], number: int, before: int, after: int) -> Sequence[Record]:
    """The record of that number with so many ``before`` and ``after`` it, or as many as there are.

    ``records`` are a whole story from its first record on.
    """
    return records[max(0, number - 1 - before) : number + after]


def led_to(number: int) -> str:
    """The title of a chain of causes.

    >>> led_to(47)
    'What led to #47, the root first'
    """
    return f"What led to #{number}, the root first"
