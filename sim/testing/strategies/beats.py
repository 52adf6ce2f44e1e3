"""When the steps of a script are: at any time, or around the beat of the story.

A story has one beat, a round time at which its first trouble is likely to begin. What else happens
is often close to it, or close to what follows from it by the client's and the platform's timers.
That is how two faults meet, and how a removal meets a reconnection.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from attrs import frozen
from hypothesis.strategies import SearchStrategy

from sim.protocol.units import SECOND
from sim.testing.strategies.edges import Edge, around
from sim.testing.strategies.quantities import between, now_and_then
from sim.testing.strategies.series import one_of_these

SETTLED: Final = 5 * SECOND
"""By then those who come first are connected and see each other."""


@frozen
class Beat:
    """The time of a story's trouble, the story's duration, and the edges that follow."""

    at: int
    duration: int
    edges: tuple[Edge, ...]

    @property
    def close(self) -> SearchStrategy[int]:
        """Mostly around the beat."""
        return now_and_then(self.at_once(self.at), self.following, 3)

    @property
    def following(self) -> SearchStrategy[int]:
        """Around the beat, around all that may follow from an outage at the beat, or any time."""
        moments = (self.at, *(self.at + edge.length for edge in self.edges))
        return now_and_then(_around(moments, 0, self.duration), between(0, self.duration), 2)

    @property
    def after(self) -> SearchStrategy[int]:
        """The same, but not before the beat, which is the simplest."""
        moments = tuple(self.at + edge.length for edge in self.edges)
        turns = one_of_these((self.at, *around(moments, self.at, self.duration)))
        return now_and_then(between(self.at, self.duration), turns, 2)

    def at_once(self, *moments: int) -> SearchStrategy[int]:
        """Within milliseconds of one of these moments, or within a retransmission."""
        return _around(moments, 0, self.duration)


@cache
def _around(moments: tuple[int, ...], least: int, most: int) -> SearchStrategy[int]:
    return one_of_these(around(moments, least, most) or (least,))


@cache
def beats(duration: int, edges: tuple[Edge, ...]) -> SearchStrategy[Beat]:
    """A few round times in a story of that duration; the simplest is when everybody has come."""
    parts = [duration * part // 4 // SECOND * SECOND for part in (1, 2, 3)]
    times = dict.fromkeys(time for time in (SETTLED, *parts) if time <= duration)
    return one_of_these([Beat(time, duration, edges) for time in times])
