"""Fold what repeats, so that a room of two hundred reads like a room of three.

Three folds, in this order. What a client is told many times at one instant (who is there already)
becomes one line. So do lines that tell several clients the same within a second. Of a long burst of
lines of one sort the first few stay, followed by a line that counts the rest. What the scenario's
script says is never folded away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from attrs import evolve, frozen

from sim.cli.story import Line
from sim.protocol.units import SECOND, format_clock

PILE: Final = 2
"""More lines than this of one sort, to one client at one instant, are one line."""
TOGETHER: Final = 1 * SECOND
"""Lines that say the same to different clients within this time are one line."""
BURST_GAP: Final = 10 * SECOND
"""Lines of one sort belong to one burst while no gap between them is longer than this."""
LONGEST_BURST: Final = 20
"""A burst of more lines than this is cut short."""
KEPT: Final = 3
"""How many lines of a burst that is cut short are shown."""


@frozen
class Fold:
    """Stands for ``count`` lines like the one before it, the last of them at ``until``."""

    count: int
    label: str
    until: int

    @property
    def words(self) -> str:
        """What the reader sees."""
        return f"… {self.count} more like this ({self.label}), until {format_clock(self.until)}"


def fold(lines: Iterable[Line]) -> list[Line | Fold]:
    """Fold the lines of a story. No client's own lines change their order."""
    return cut_bursts(gather(pile(lines)))


def pile(lines: Iterable[Line]) -> Iterator[Line]:
    """Join neighbours of one sort that one client is told at one instant, if they are many."""
    for _, group in groupby(lines, key=lambda line: (line.time, line.who, line.kind, line.label)):
        first, *others = group
        if len(others) < PILE:
            yield from (first, *others)
        else:
            yield evolve(first, words=f"{first.words} +{len(others)}")


def gather(lines: Iterable[Line]) -> list[Line]:
    """Join lines that tell different clients the same at about the same time.

    A line joins an earlier one only when none of its client's lines stands between them.
    """
    gathered: list[Line] = []
    open_at: dict[tuple[str, str, str], int] = {}
    last_of: dict[str, int] = {}
    for line in lines:
        key = (line.kind, line.label, line.words)
        at = open_at.get(key, -1)
        if at >= 0 and _joins(line, gathered[at], at, last_of):
            gathered[at] = evolve(gathered[at], who=gathered[at].who + line.who)
        else:
            at = len(gathered)
            gathered.append(line)
            if line.kind == "event":
                open_at[key] = at
        last_of.update(dict.fromkeys(line.who, at))
    return gathered


def _joins(line: Line, group: Line, at: int, last_of: dict[str, int]) -> bool:
    last = max((last_of.get(who, -1) for who in line.who), default=at)
    return last < at and line.time - group.time <= TOGETHER


def cut_bursts(lines: list[Line]) -> list[Line | Fold]:
    """Keep the first lines of every long burst and count the rest."""
    bursts: list[list[int]] = []
    burst_of: dict[tuple[str, str], list[int]] = {}
    for index, line in enumerate(lines):
        if line.scripted:
            continue
        burst = burst_of.get((line.kind, line.label))
        if burst is None or line.time - lines[burst[-1]].time > BURST_GAP:
            burst = burst_of[line.kind, line.label] = []
            bursts.append(burst)
        burst.append(index)
    hidden: dict[int, Fold | None] = {}
    for burst in bursts:
        if len(burst) > LONGEST_BURST:
            rest = burst[KEPT:]
            hidden.update(dict.fromkeys(rest))
            last = lines[rest[-1]]
            hidden[rest[0]] = Fold(len(rest), last.label, last.time)
    shown = (hidden.get(index, line) for index, line in enumerate(lines))
    return [entry for entry in shown if entry is not None]
