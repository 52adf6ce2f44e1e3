"""How much may happen before a story counts as one without an end."""

from __future__ import annotations

from typing import Final

from sim.protocol.units import MILLISECOND

MOST_EVENTS: Final = 100_000_000
"""Events of a whole run, if not said otherwise: hours of work for a machine."""
SHORT: Final = 100 * MILLISECOND
"""What multiplies with every answer grows beyond any bound within some such times."""
AT_ONCE: Final = 10_000
"""Events in a short time, in the smallest story."""
FOR_EACH: Final = 50
"""So many more for every pair of people, and of a step and a person: when a thousand people come at
once, each is told of a thousand others, subscribes to them and acknowledges it all."""


KEPT: Final = 2_000_000
"""Records of the smallest story that are kept in memory: about a gigabyte."""


class StoryWithoutEnd(ValueError):  # noqa: N818 - it is the story that is wrong
    """So much happens that the story will not end; says when, and who is behind it."""


def at_once(people: int, steps: int) -> int:
    """How many events a short time of such a story may have."""
    return AT_ONCE + _of_crowd(people, steps)


def most_kept(people: int, steps: int) -> int:
    """How many records of such a story are kept in memory at most."""
    return KEPT + _of_crowd(people, steps)


def _of_crowd(people: int, steps: int) -> int:
    return FOR_EACH * people * (people + steps)
