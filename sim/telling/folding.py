"""Fold what repeats, so that a room of two hundred reads like a room of three.

Four folds, in this order. What a client is told many times at one instant (who is there already)
becomes one line. So do lines that tell several clients the same at one time, as the story shows
times, and those of people who arrive or call together. Of what goes round for one person (a client
that dials forty times, a page that crashes and comes back) the first round and the last stay, and
of a long burst of lines of one sort the first few; a line counts the rest. What the scenario's
script says is never folded away; nothing is ever put before its cause.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator
from itertools import groupby
from typing import Final

from attrs import evolve, field, frozen

from sim.protocol.units import SECOND, format_clock
from sim.telling.rounds import Round, repeated
from sim.telling.story import Line
from sim.wording import whose

PILE: Final = 2
"""More lines than this of one sort, to one client at one instant, are one line."""
BURST_GAP: Final = 10 * SECOND
"""Lines of one sort belong to one burst while no gap between them is longer than this."""
LONGEST_BURST: Final = 20
"""A burst of more lines than this is cut short."""
KEPT: Final = 3
"""How many lines of a burst that is cut short are shown."""
ROUNDS: Final = range(2, 17)
"""Lines that a round of the story has: one line alone is no round."""
FEWEST_ROUNDS: Final = 6
"""A person's lines must go round so many times to be folded."""
MOST_NAMED: Final = 3
"""A round of more lines than this is named by its first."""
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
    length: int = 1
    """The number of lines in a round, of which the label is a name; 1 for single lines."""

    @property
    def words(self) -> str:
        """What the reader sees."""
        return f"… {self._many} until {format_clock(self.until)} ({UNFOLD})"

    @property
    def _many(self) -> str:
        if self.length == 1:
            return f"{self.count} more {self.label}"
        times, rest = divmod(self.count, self.length)
        # Where something came between them, rounds are counted in several places.
        what = f"lines of {self.label}" if rest else f"times {self.label}"
        return f"{self.count if rest else times} more {what}"


def fold(lines: Iterable[Line]) -> list[Line | Fold]:
    """Fold the lines of a story. No client's own lines change their order."""
    told = gather(pile(lines))
    rounds = _in_rounds(told)
    return _cut(told, rounds | _in_long_bursts(told, rounds))


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
    return _cut(lines, _in_long_bursts(lines))


def cut_rounds(lines: list[Line]) -> list[Line | Fold]:
    """Keep the first round and the last of what goes round, and count the others."""
    return _cut(lines, _in_rounds(lines))


class _Group:
    """Lines that are folded together.

    Their label, how many are a round, and where their present fold stands.
    """

    __slots__ = ("label", "length", "place")

    def __init__(self, label: str, length: int = 1) -> None:
        self.label = label
        self.length = length
        self.place: int | None = None


def _cut(lines: list[Line], groups: dict[int, _Group]) -> list[Line | Fold]:
    """Replace the lines at those places by folds, none of which stands before a line's cause."""
    places = _Places()
    shown: dict[int, Line | Fold] = dict(enumerate(lines))
    for index, line in enumerate(lines):
        group = groups.get(index)
        if group is None:
            places.put(line, index)
            continue
        at = group.place
        if at is None or places.after(line) > at:
            at = group.place = index
            shown[index] = Fold(group.label, line.time, line.time, (), 0, group.length)
        else:
            del shown[index]
        shown[at] = _counted(shown[at], line)
        places.put(line, at)
    return [shown[index] for index in sorted(shown)]


def _counted(into: Line | Fold, line: Line) -> Fold:
    assert isinstance(into, Fold)
    numbers = into.numbers + line.numbers
    return evolve(into, until=line.time, numbers=numbers, count=into.count + 1)


def _in_rounds(lines: list[Line]) -> dict[int, _Group]:
    """Which lines are folded since their person's lines go round, and with which others."""
    of: dict[tuple[str, ...], list[int]] = {}
    for index, line in enumerate(lines):
        of.setdefault(line.who, []).append(index)
    folded: dict[int, _Group] = {}
    for who, theirs in of.items():
        keys = [_sort(lines[index], index) for index in theirs]
        for each in repeated(keys, ROUNDS, FEWEST_ROUNDS):
            if len({keys[at] for at in range(each.start, each.start + each.length)}) > 1:
                first, last = each.hidden
                group = _Group(_name(each, who, [lines[at].label for at in theirs]), each.length)
                folded.update(dict.fromkeys(theirs[first:last], group))
    return folded


def _sort(line: Line, index: int) -> Hashable:
    """What a line has in common with those like it; one of the script is like none."""
    return index if line.scripted else (line.kind, line.label)


def _name(round: Round, who: tuple[str, ...], labels: list[str]) -> str:
    """``bob's connect, rejoin``."""
    unit = labels[round.start : round.start + round.length]
    owner = f"{whose(', '.join(who))} " if who else ""
    if len(unit) > MOST_NAMED:
        return f"{owner}{unit[0]} and the {len(unit) - 1} lines after it"
    return f"{owner}{', '.join(unit)}"


def _in_long_bursts(lines: list[Line], besides: Collection[int] = ()) -> dict[int, _Group]:
    """Which lines are folded as a burst is long, and with which others."""
    bursts: list[list[int]] = []
    burst_of: dict[tuple[str, str], list[int]] = {}
    for index, line in enumerate(lines):
        if line.scripted or index in besides:
            continue
        burst = burst_of.get((line.kind, line.label))
        if burst is None or line.time - lines[burst[-1]].time > BURST_GAP:
            burst = burst_of[line.kind, line.label] = []
            bursts.append(burst)
        burst.append(index)
    folded: dict[int, _Group] = {}
    for burst in bursts:
        if len(burst) > LONGEST_BURST:
            folded.update(dict.fromkeys(burst[KEPT:], _Group(lines[burst[0]].label)))
    return folded
