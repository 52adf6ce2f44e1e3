"""Which of two scenarios is the smaller one, and which of two durations is the simpler one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sim.protocol.units import MILLISECOND, MINUTE, SECOND, parse_duration
from sim.scenario import Scenario, to_data
from sim.testing.reduction.pieces import Path, at, entries

TEXTS: Final = ("name", "about", "type", "data")
"""Keys whose text may look like a duration and is none."""

UNITS: Final = (MINUTE, 10 * SECOND, SECOND, 100 * MILLISECOND, 10 * MILLISECOND, MILLISECOND, 1)
"""What durations are rounded to, the roundest first."""

Size = tuple[int, ...]


def size(scenario: Scenario) -> Size:
    """How large a scenario is, for comparing: people count most, then faults, then steps.

    Then come the quirks that are on, the number of things that are said at all, how many figures
    the probabilities have, how rough the durations are and how long. Making scenarios smaller in
    this order ends.
    """
    data = to_data(scenario)
    faults = sum(not step.do for step in scenario.script)
    times = [time for _, time in durations(data)]
    return (
        sum(person.count for person in scenario.clients.values()),
        faults,
        len(scenario.script),
        len(scenario.profile.quirks),
        _things(data),
        sum(len(repr(number)) for _, number in fractions(data)),
        sum(map(roughness, times)),
        sum(times),
    )


def _things(data: Any) -> int:
    """How many keys and items there are, at every depth."""
    if isinstance(data, dict):
        return sum(1 + _things(value) for value in data.values())
    return sum(1 + _things(value) for value in data) if isinstance(data, list) else 0


def durations(data: Any) -> Iterator[tuple[Path, int]]:
    """The paths to durations, with how many microseconds they are."""
    for path in entries(data):
        value = at(data, path)
        if isinstance(value, str) and path[-1] not in TEXTS and value[:1].isdigit():
            try:
                yield path, parse_duration(value)
            except ValueError:
                continue


def fractions(data: Any) -> Iterator[tuple[Path, float]]:
    """The paths to numbers that are not whole: probabilities and other parameters of chance."""
    for path in entries(data):
        value = at(data, path)
        if isinstance(value, float):
            yield path, value


def roughness(time: int) -> int:
    """How far a duration is from a round number: 0 is round, the larger the rougher.

    >>> [roughness(time) for time in (0, 36_000_000, 127_000_000, 5_900_000, 1_234)]
    [0, 1, 2, 3, 6]
    """
    if time == 0:
        return 0
    if time % MINUTE == 0 or (time < MINUTE and time % SECOND == 0):
        return 1
    return next(rank for rank, unit in enumerate(UNITS) if time % unit == 0) or 1


def simpler(time: int) -> list[int]:
    """Simpler durations: 0, the nearest round ones, and shorter ones that are as round.

    >>> [each // 1000 for each in simpler(5_900_000)][:5]
    [0, 60000, 10000, 5000, 6000]
    """
    found = [0]
    for unit in UNITS:
        floor = time - time % unit
        found += [floor, floor + unit]
    whole = next(unit for unit in UNITS if time % unit == 0)
    for unit in dict.fromkeys((whole, min(whole, SECOND))):
        cut = time // unit
        while cut := cut // 2:
            found.append(time - cut * unit)
    mine = roughness(time), time
    return [each for each in dict.fromkeys(found) if (roughness(each), each) < mine]
