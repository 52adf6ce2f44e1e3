"""Times and lengths as Hypothesis draws them: round ones are simpler, and shrunk to."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.protocol.units import MILLISECOND, MINUTE, SECOND
from sim.scenario import Scenario

ROUND: Final = (MINUTE, 10 * SECOND, SECOND, 100 * MILLISECOND, MILLISECOND, 1)
"""Durations are multiples of these, the roundest first."""

NEAR: Final = SECOND
"""How far from an edge a time may be that is drawn for its sake."""


def spans(least: int, most: int) -> SearchStrategy[int]:
    """Durations in microseconds from ``least`` to ``most``, both included."""
    multiples = [
        st.integers(-(-least // unit), most // unit).map(unit.__mul__)
        for unit in ROUND
        if -(-least // unit) <= most // unit
    ]
    return st.one_of(multiples)


def offsets(most: int) -> SearchStrategy[int]:
    """Differences of up to ``most`` microseconds, either way; none at all is the simplest."""
    multiples = [
        st.integers(-(most // unit), most // unit).map(unit.__mul__)
        for unit in ROUND
        if unit <= most
    ]
    return st.one_of(st.just(0), *multiples)


def edges(scenario: Scenario) -> tuple[int, ...]:
    """How long an outage lasts where something else begins to happen, shortest first.

    A client takes its network for lost after its silence, and gives up when its window is over,
    too; the platform takes a socket for dead after its detection, and lets go after the grace.
    """
    timers, platform = scenario.timers, scenario.platform
    lost = timers.silence if platform.reconnection else timers.silence_without_reconnection
    within = (lost, lost + timers.window, platform.detection, platform.detection + platform.grace)
    return tuple(sorted(set(within)))


def outage_lengths(scenario: Scenario, least: int, most: int) -> SearchStrategy[int]:
    """How long outages last: anything, or nearly as long as makes a difference."""
    reached = [edge for edge in edges(scenario) if least <= edge <= most]
    anything = spans(least, most)
    if not reached:
        return anything
    close = st.builds(
        _within, st.sampled_from(reached), offsets(NEAR), st.just(least), st.just(most)
    )
    return anything | close


def moments(scenario: Scenario) -> SearchStrategy[int]:
    """When something happens: any time, or close to what the script does, or to what follows."""
    end = scenario.duration
    anywhen = spans(0, end)
    marks = sorted({mark for mark in _marks(scenario) if mark <= end})
    if not marks:
        return anywhen
    close = st.builds(_within, st.sampled_from(marks), offsets(NEAR), st.just(0), st.just(end))
    return anywhen | close


def _marks(scenario: Scenario) -> list[int]:
    marks = []
    for step in scenario.script[:50]:
        ends = (step.at,) if step.lasting is None else (step.at, step.at + step.lasting)
        follow = edges(scenario) if step.network else ()
        marks += [*ends, *(step.at + edge for edge in follow)]
    return marks


def _within(about: int, offset: int, least: int, most: int) -> int:
    return max(least, min(about + offset, most))
