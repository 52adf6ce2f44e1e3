"""Time along a line: scenes to scale, and between them idle stretches folded.

Scenes share the line by the square roots of their lengths, so that the minute in which nothing much
happens leaves room for the second in which everything does. Each is to a scale of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from math import sqrt
from typing import Final

from attrs import field, frozen

from sim.protocol.units import DAY, HOUR, MILLISECOND, MINUTE, SECOND, format_clock
from sim.report.model.timeline import Stretch, Timeline

_SHORTEST: Final = 1_000
"""What is shorter weighs as a millisecond."""

_STEPS: Final = tuple(
    unit * count
    for unit, counts in (
        (MILLISECOND, (1, 2, 5, 10, 20, 50, 100, 200, 500)),
        (SECOND, (1, 2, 5, 10, 20, 30)),
        (MINUTE, (1, 2, 5, 10, 20, 30)),
        (HOUR, (1, 2, 6, 12, 24)),
        (DAY, (2, 7, 30, 100)),
    )
    for count in counts
)
"""How far round times are apart."""


def _clock(time: int, scale: int) -> str:
    """A clock's reading as exact as a scale shows it."""
    clock = format_clock(time)
    exact = clock[:-4] if scale >= 10 * SECOND else clock[:-2] if scale >= SECOND else clock
    return exact.rstrip("0").rstrip(".") if "." in exact else exact


@frozen
class Part:
    """A scene, or what is folded between two. Positions are in the units of the line."""

    began: int
    ended: int
    start: int
    size: int
    is_folded: bool = False

    def place(self, time: int) -> float:
        """Where a moment of it is; in one without length, in the middle."""
        length = self.ended - self.began
        share = (time - self.began) / length if length else 0.5
        return self.start + min(max(share, 0.0), 1.0) * self.size

    def ticks(self, spacing: int) -> list[tuple[int, str]]:
        """Its beginning, and round times at least ``spacing`` apart, with their clocks."""
        length = self.ended - self.began
        step = next((each for each in _STEPS if each * self.size >= spacing * length), length) or 1
        round_ones = range(-(-(self.began + 1) // step) * step, self.ended, step)
        far = [time for time in round_ones if self.place(time) - self.start >= spacing]
        last = self.start + self.size - spacing // 2
        return [
            (self.began, _clock(self.began, length)),
            *((time, _clock(time, step)) for time in far if self.place(time) <= last),
        ]


@frozen
class Axis:
    """The whole line, from the beginning of the story to its end."""

    parts: tuple[Part, ...]
    _begins: list[int] = field(init=False, repr=False)

    @_begins.default
    def _of_parts(self) -> list[int]:
        return [part.began for part in self.parts]

    @property
    def size(self) -> int:
        """Its length in units."""
        return self.parts[-1].start + self.parts[-1].size

    def place(self, time: int) -> float:
        """Where a moment is; the borders of what is folded belong to the scenes."""
        return self._at(time).place(time)

    @property
    def scenes(self) -> tuple[Part, ...]:
        """What is not folded."""
        return tuple(part for part in self.parts if not part.is_folded)

    def _at(self, time: int) -> Part:
        index = max(bisect_right(self._begins, time) - 1, 0)
        part = self.parts[index]
        return self.parts[index - 1] if part.is_folded and time == part.began and index else part


def axis(timeline: Timeline, size: int, least: int, folded: Callable[[Stretch], int]) -> Axis:
    """A line of ``size`` units on which no scene is shorter than ``least``.

    ``folded`` says how much a stretch takes when it is folded. Of more stretches than there is room
    for, the longest are folded.
    """
    end = max(timeline.ended, *(record.time for record in timeline.records[-1:]), 0)
    stretches = _longest(timeline.stretches, size, least, folded)
    borders = [(0, 0), *((each.began, each.ended) for each in stretches), (end, end)]
    scenes = [
        (borders[at][1], max(borders[at + 1][0], borders[at][1])) for at in range(len(borders) - 1)
    ]
    room = size - sum(map(folded, stretches))
    sizes = _shared(room, least, [sqrt(max(until - since, _SHORTEST)) for since, until in scenes])
    parts, start = list[Part](), 0
    for number, ((since, until), length) in enumerate(zip(scenes, sizes, strict=True)):
        parts.append(Part(since, until, start, length))
        start += length
        if number < len(stretches):
            stretch = stretches[number]
            parts.append(Part(stretch.began, stretch.ended, start, folded(stretch), is_folded=True))
            start += folded(stretch)
    return Axis(tuple(parts))


def _longest(
    stretches: Sequence[Stretch], size: int, least: int, folded: Callable[[Stretch], int]
) -> list[Stretch]:
    """The longest stretches that may be folded on the line, in the order of time."""
    chosen, room = list[Stretch](), size - least
    for stretch in sorted(stretches, key=lambda each: each.began - each.ended):
        room -= folded(stretch) + least
        if room < 0:
            break
        chosen.append(stretch)
    return sorted(chosen, key=lambda each: each.began)


def _shared(room: int, least: int, weights: list[float]) -> list[int]:
    """``room`` in whole parts, each of at least ``least``, the rest of it by weight."""
    rest, total = room - least * len(weights), sum(weights)
    ends = [round(rest * each / total) for each in accumulate(weights)]
    return [least + end - begin for begin, end in zip([0, *ends], ends, strict=False)]
