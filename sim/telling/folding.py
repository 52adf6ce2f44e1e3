"""Fold what repeats, so that a room of two hundred reads like a room of three.

Three folds, in this order. What a client is told many times at one instant (who is there already)
becomes one line. So do lines that tell several clients the same at one time, as the story shows
times, and those of people who arrive or call together. Of a long burst of lines of one sort the
first few stay, followed by a line that counts the rest. What the scenario's script says is never
folded away; nothing is ever put before its cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from attrs import evolve, field, frozen

from sim.protocol.units import SECOND, format_clock
from sim.telling.story import Line

PILE: Final = 2
"""More lines than this of one sort, to one client at one instant, are one line."""
BURST_GAP: Final = 10 * SECOND
"""Lines of one sort belong to one burst while no gap between them is longer than this."""
LONGEST_BURST: Final = 20
"""A burst of more lines than this is cut short."""
KEPT: Final = 3
"""How many lines of a burst that is cut short are shown."""
PILED: Final = ("event", "callback")
"""What one client is told many times at one instant is of these kinds: events and failures."""
COMMON: Final = (*PILED, "call")
"""What several people are told, or do, at one time is of these."""
_NEVER: Final = 1 << 62
UNFOLD: Final = "--unfold"
"""The option that shows every line by itself."""


@frozen
class Fold:
    """Stands for lines like the ones before it, that come from ``time`` until ``until``."""

    label: str
    time: int
    until: int
    numbers: tuple[int, ...] = field(repr=False)
    count: int = 0

    @property
    def words(self) -> str:
        """What the reader sees."""
        return f"… {self.count} more {self.label} until {format_clock(self.until)} ({UNFOLD})"


def fold(lines: Iterable[Line]) -> list[Line | Fold]:
    """Fold the lines of a story. No client's own lines change their order."""
    return cut_bursts(gather(pile(lines)))


def pile(lines: Iterable[Line]) -> Iterator[Line]:
    """Join neighbours of one sort that one client is told at one instant, if they are many."""
    for _, group in groupby(lines, key=lambda line: (line.time, line.who, line.kind, line.label)):
        first, *others = group
        if len(others) < PILE or first.kind not in PILED:
            yield from (first, *others)
        else:
            yield evolve(
                _joined(first, others),
                words=f"{first.words} +{len(others)}",
                more=tuple(line.words for line in others),
            )


def _joined(first: Line, others: list[Line]) -> Line:
    every = (first, *others)
    return evolve(
        first,
        numbers=tuple(number for line in every for number in line.numbers),
        causes=tuple(cause for line in every for cause in line.causes),
    )


class _Places:
    """Where in the list the records' lines are."""

    def __init__(self) -> None:
        self._of: dict[int, int] = {}

    def put(self, line: Line, at: int) -> None:
        """The line stands there."""
        self._of.update(dict.fromkeys(line.numbers, at))

    def after(self, line: Line) -> int:
        """Where the last of its causes stands: it may stand no earlier."""
        return max((self._of.get(cause, -1) for cause in line.causes), default=-1)


def gather(lines: Iterable[Line]) -> list[Line]:
    """Join lines that tell different clients the same at what the story shows as one time.

    A line joins an earlier one only when neither its cause nor one of its client's lines stands
    between them.
    """
    gathered: list[Line] = []
    places = _Places()
    open_at: dict[tuple[object, ...], int] = {}
    last_of: dict[str, int] = {}
    for line in lines:
        key = (format_clock(line.time), line.kind, line.label, line.words, line.more)
        at = open_at.get(key, -1)
        if at >= 0 and _last(line, last_of) < at and places.after(line) <= at:
            gathered[at] = evolve(_joined(gathered[at], [line]), who=gathered[at].who + line.who)
        else:
            at = len(gathered)
            gathered.append(line)
            if line.kind in COMMON and not line.scripted:
                open_at[key] = at
        places.put(line, at)
        last_of.update(dict.fromkeys(line.who, at))
    return gathered


def _last(line: Line, last_of: dict[str, int]) -> int:
    """Where the last line about one of its people stands; never before the first for nobody's."""
    return max((last_of.get(who, -1) for who in line.who), default=_NEVER)


def cut_bursts(lines: list[Line]) -> list[Line | Fold]:
    """Keep the first lines of every long burst and count the rest."""
    places = _Places()
    shown: dict[int, Line | Fold] = dict(enumerate(lines))
    long = _in_long_bursts(lines)
    for index, line in enumerate(lines):
        burst = long.get(index)
        if burst is None:
            places.put(line, index)
            continue
        at = burst.place
        if at is None or places.after(line) > at:
            at = burst.place = index
            shown[index] = Fold(line.label, line.time, line.time, (), 0)
        else:
            del shown[index]
        shown[at] = _counted(shown[at], line)
        places.put(line, at)
    return [shown[index] for index in sorted(shown)]


def _counted(into: Line | Fold, line: Line) -> Fold:
    assert isinstance(into, Fold)
    numbers = into.numbers + line.numbers
    return evolve(into, until=line.time, numbers=numbers, count=into.count + 1)


class _Burst:
    """The lines of one long burst that are folded; ``place`` is where their present fold stands."""

    __slots__ = ("place",)

    def __init__(self) -> None:
        self.place: int | None = None


def _in_long_bursts(lines: list[Line]) -> dict[int, _Burst]:
    """Which lines are folded, and with which others."""
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
    folded: dict[int, _Burst] = {}
    for burst in bursts:
        if len(burst) > LONGEST_BURST:
            folded.update(dict.fromkeys(burst[KEPT:], _Burst()))
    return folded
