"""What goes round, in stories and in chains of causes: a client that dials, fails, dials again."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final

from attrs import frozen

from sim.trace import Record

LONGEST: Final = 8
"""Records that a round has at most."""
FEWEST: Final = 4
"""Times that something must come again to be folded: the first and the last round are shown."""


@frozen
class Round:
    """``length`` records, from ``start`` on, that come ``times`` times in a row."""

    start: int
    length: int
    times: int

    @property
    def end(self) -> int:
        """Where the last round ends."""
        return self.start + self.length * self.times

    @property
    def hidden(self) -> tuple[int, int]:
        """All rounds but the first and the last: from where to where."""
        return self.start + self.length, self.end - self.length


def rounds(records: Sequence[Record]) -> list[Round]:
    """What comes again and again, in order; rounds do not overlap.

    Two records are the same in this if they say the same sort of thing of the same client.
    """
    keys = [(each.client, each.object, each.kind, each.name) for each in records]
    return repeated(keys, range(1, LONGEST + 1), FEWEST)


def repeated(keys: Sequence[Hashable], lengths: range, fewest: int) -> list[Round]:
    """The rounds of one of these lengths that come ``fewest`` times or more, in order."""
    found: list[Round] = []
    start = 0
    while start < len(keys):
        # A round comes again from the key on that it begins with: most lengths need no more look.
        likely = [n for n in lengths if keys[start + n : start + n + 1] == [keys[start]]]
        best = max((_round(keys, start, length) for length in likely), key=_saved, default=None)
        if best is not None and best.times >= fewest:
            found.append(best)
            start = best.end
        else:
            start += 1
    return found


def _round(keys: Sequence[Hashable], start: int, length: int) -> Round:
    times, unit = 1, keys[start : start + length]
    while keys[start + times * length : start + (times + 1) * length] == unit:
        times += 1
    return Round(start, length, times if len(unit) == length else 0)


def _saved(round: Round) -> int:
    first, last = round.hidden
    return last - first
