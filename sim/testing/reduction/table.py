"""The table of reductions: what is tried to make a scenario smaller, boldest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from attrs import frozen

from sim.protocol.quirks import PROFILES, QUIRKS
from sim.scenario.settings import PROFILE
from sim.testing.reduction.people import fewer_members, fewer_people
from sim.testing.reduction.pieces import Data, Path, Trying, at, entries, fewer, replaced, without
from sim.testing.reduction.times import (
    constant_instead_of_chance,
    rounder_fractions,
    rounder_times,
    shorter_story,
    shorter_waits,
)

_KEPT: Final = ("name", "seed", "duration", "profile", "clients", "script", "expect", "laws")
"""Keys at the top that stay, or that reductions of their own are about."""


@frozen
class Reduction:
    """A way to make a scenario smaller."""

    name: str
    about: str
    tries: Callable[[Data], Trying]


def _is_fault(step: dict[str, Any]) -> bool:
    return "do" not in step


def _fewer_steps(data: Data, faults: bool) -> Trying:
    script = data.get("script", [])
    places = [place for place, step in enumerate(script) if _is_fault(step) is faults]

    def made_of(left: list[int]) -> Data:
        gone = set(places).difference(left)
        return replaced(data, script=[s for place, s in enumerate(script) if place not in gone])

    yield from fewer(places, made_of)


def _fewer_faults(data: Data) -> Trying:
    yield from _fewer_steps(data, faults=True)


def _fewer_deeds(data: Data) -> Trying:
    yield from _fewer_steps(data, faults=False)


def _fewer_expectations(data: Data) -> Trying:
    yield from fewer(data.get("expect", []), lambda left: replaced(data, expect=left))


def _fewer_quirks(data: Data) -> Trying:
    """Try the documented client, with as few of the quirks as are needed."""
    on = PROFILE.take(data.get("profile", "documented")).quirks
    documented = next(iter(PROFILES))

    def made_of(quirks: list[str]) -> Data:
        switched = {"base": documented, "quirks": dict.fromkeys(quirks, True)}
        return replaced(data, profile=switched if quirks else None)

    yield from fewer([quirk for quirk in QUIRKS if quirk in on], made_of)


def _defaults(data: Data) -> Trying:
    """Try to leave out whatever may be left out, so that it is as by default."""
    for path in list(entries(data)):
        if _may_go(path) and at(data, path[:-1]) is not None and path[-1] in at(data, path[:-1]):
            rest = without(data, path)
            if (yield rest):
                data = rest


def _may_go(path: Path) -> bool:
    if len(path) == 1:
        return path[0] not in _KEPT
    if path[0] in ("profile", "laws", "expect"):
        return False
    # An outage that lasts to the end is not simpler than one that ends.
    return not (path[0] == "clients" and len(path) == 2) and path[-1] != "for"


REDUCTIONS: Final = (
    Reduction("people", "without people and groups", fewer_people),
    Reduction("members", "smaller groups", fewer_members),
    Reduction("faults", "without faults of networks and deeds of the platform", _fewer_faults),
    Reduction("steps", "without what people do", _fewer_deeds),
    Reduction("expectations", "without expectations", _fewer_expectations),
    Reduction("quirks", "the documented client, with fewer quirks", _fewer_quirks),
    Reduction("settings", "as by default: networks, settings, further keys", _defaults),
    Reduction("chance", "a duration instead of a distribution", constant_instead_of_chance),
    Reduction("probabilities", "probabilities with fewer figures", rounder_fractions),
    Reduction("duration", "a shorter story", shorter_story),
    Reduction("waits", "less time before what happens next", shorter_waits),
    Reduction("times", "rounder and shorter durations", rounder_times),
)
"""What is tried, in this order, again and again until nothing of it still breaks."""
