"""Shorter and rounder times, rounder probabilities."""

from __future__ import annotations

from itertools import product
from typing import Any

from sim.draws.distributions import value
from sim.protocol.units import format_duration, parse_duration
from sim.scenario.spreads import SPREAD, VARYING
from sim.testing.reduction.pieces import Data, Trying, at, entries, put
from sim.testing.reduction.sizes import durations, fractions, simpler


def constant_instead_of_chance(data: Data) -> Trying:
    """Try a duration instead of a distribution: the one below which half of the values lie."""
    for path in list(entries(data)):
        drawn = at(data, path)
        if isinstance(drawn, dict) and set(drawn) & set(VARYING.one_of):
            try:
                median = value(SPREAD.take(drawn), 0.5)
            except ValueError:
                continue
            certain = put(data, path, format_duration(median))
            if (yield certain):
                data = certain


def rounder_fractions(data: Data) -> Trying:
    """Try probabilities with fewer figures: up, as what is likelier breaks sooner, then down."""
    for path, fraction in list(fractions(data)):
        for figures, up in product((0, 1, 2), (True, False)):
            unit = 10.0**-figures
            tried = put(data, path, round((fraction // unit + up) * unit, figures))
            if (yield tried):
                data = tried
                break


def shorter_story(data: Data) -> Trying:
    """Try a shorter story."""
    yield from _simpler(data, ("duration",))


def shorter_waits(data: Data) -> Trying:
    """Try less time before what happens next: all that comes later comes earlier with it."""
    number = 0
    while number < len(found := _instants(data)):
        before, now = (0, *found)[number], found[number]
        for gap in simpler(now - before):
            if gap > now - before:
                continue
            earlier = _earlier(data, now, now - before - gap)
            if (yield earlier):
                data = earlier
                break
        else:
            number += 1


def rounder_times(data: Data) -> Trying:
    """Try each duration by itself: none, a round one, a shorter one that is as round."""
    for path, _ in list(durations(data)):
        if at(data, path) is not None:
            data = yield from _simpler(data, path)


def _simpler(data: Data, path: tuple[str | int, ...]) -> Any:
    """Try simpler durations in that place, as long as one is taken."""
    going_on = True
    while going_on:
        going_on = False
        for time in simpler(parse_duration(at(data, path))):
            tried = put(data, path, format_duration(time))
            if (yield tried):
                data, going_on = tried, True
                break
    return data


def _instants(data: Data) -> list[int]:
    """When the script does something and somebody comes, in order, but for the beginning."""
    times = {parse_duration(step["at"]) for step in data.get("script", [])}
    times |= {parse_duration(p["from"]) for p in data["clients"].values() if "from" in p}
    return sorted(times - {0})


def _earlier(data: Data, since: int, by: int) -> Data:
    """Everything from ``since`` on comes earlier, the end of the story, too."""

    def moved(text: str) -> str:
        time = parse_duration(text)
        return format_duration(time - by) if time >= since else text

    script = [step | {"at": moved(step["at"])} for step in data.get("script", [])]
    clients = {
        name: person | {"from": moved(person["from"])} if "from" in person else person
        for name, person in data["clients"].items()
    }
    duration = moved(data["duration"])
    return data | {"duration": duration, "clients": clients, "script": script}
