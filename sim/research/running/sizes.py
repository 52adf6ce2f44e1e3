"""How much work a run is, from what its scenario says: the same on every machine."""

from __future__ import annotations

from math import ceil
from typing import Final

from sim.protocol.units import SECOND
from sim.scenario import Scenario

ENOUGH: Final = 2.0
"""Seconds of work, by :func:`seconds`, that a shard is to have."""
MOST: Final = 1_000
"""A shard has at most this many replications."""

_PER_RUN: Final = 3e-3
_PER_PERSON_AND_SECOND: Final = 12e-6
_PER_PAIR: Final = 65e-6
"""What a run takes, in seconds: roughly, as measured; only the sizes of shards depend on it."""


def seconds(scenario: Scenario) -> float:
    """About how long a run takes, from what the scenario says and nothing else."""
    people = len(scenario.people)
    virtual = people * scenario.duration / SECOND
    return _PER_RUN + virtual * _PER_PERSON_AND_SECOND + people * people * _PER_PAIR


def size(scenario: Scenario, enough: float = ENOUGH) -> int:
    """How many replications together are so many seconds of work, but for a limit."""
    return min(max(ceil(enough / seconds(scenario)), 1), MOST)
