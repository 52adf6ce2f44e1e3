"""Measure which laws break with which quirk: ``python -m tools.measure_quirks [STORIES]``.

Each quirk is switched on alone, in random stories around its own scenario: the same people and
steps at other times, and a few more calls and faults among them. What breaks is printed, and what
of it the table of quirks does not list yet (``laws``).
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any, Final

from attrs import evolve

import sim
from sim.laws import BROKEN
from sim.protocol.quirks import QUIRKS, profile
from sim.protocol.units import SECOND
from sim.scenario import Scenario, Step, load

SCENARIOS: Final = Path(__file__).parent.parent / "scenarios" / "quirks"
STORIES: Final = 100
"""How many stories about each quirk."""
AFTER: Final = 60 * SECOND
"""How much longer a story is than its scenario: what is to come in time has the time."""

CALLS: Final = ("connect", "disconnect", "publish", "unpublish", "destroy", "close-browser")
FAULTS: Final[tuple[dict[str, Any], ...]] = (
    {"network": "reset"},
    {"network": "down", "lasting": "1s"},
    {"network": "down", "lasting": "8s"},
    {"network": "down", "lasting": "40s"},
    {"network": "down", "lasting": "4s", "mode": "refused"},
    *({"platform": "close-socket", "code": code} for code in (1000, 1001, 1011)),
)


def around(quirk: str, number: int) -> Scenario:
    """A random story around the scenario of a quirk, with that quirk alone switched on."""
    random = Random(f"{quirk}/{number}")
    shown = load(SCENARIOS / f"{quirk}.yaml")
    shaken = random.random() < 0.5
    moved = [evolve(s, at=_near(random, s.at, 1) if shaken else s.at) for s in shown.script]
    times = [step.at for step in shown.script] or [shown.duration // 2]
    more = [
        _more(random, random.choice(list(shown.clients)), _near(random, random.choice(times), 5))
        for _ in range(random.randint(0, 4))
    ]
    script = [evolve(s, at=max(s.at, shown.clients[s.client].since)) for s in (*moved, *more)]
    return evolve(
        shown,
        script=tuple(sorted(script, key=lambda step: step.at)),
        duration=shown.duration + AFTER,
        profile=profile("documented", {quirk: True}),
        expect=(),
        seed=number,
    )


def _near(random: Random, time: int, seconds: int) -> int:
    """A time that is about the same: often within a hundredth or a tenth of a second."""
    away = random.choice((seconds * SECOND, SECOND // 10, SECOND // 100))
    return max(0, time + random.randint(-away, away))


def _more(random: Random, who: str, at: int) -> Step:
    if random.random() < 0.6:
        return sim.Step(at=at, client=who, do=random.choice(CALLS))
    return sim.Step(at=at, client=who, **random.choice(FAULTS))


def broken(quirk: str, number: int) -> list[str]:
    """The laws that break in that story."""
    result = sim.run(around(quirk, number), keep=False)
    return [law for law, verdict in result.laws.items() if verdict.outcome == BROKEN]


def main(stories: int) -> None:
    """Print a line for each quirk: the laws that broke, and in how many of the stories."""
    for quirk in QUIRKS:
        seen = Counter(law for number in range(stories) for law in broken(quirk, number))
        told = ", ".join(f"{law} {count}" for law, count in seen.most_common()) or "nothing"
        missing = sorted(set(seen) - set(QUIRKS[quirk].laws))
        print(f"{quirk}: {told}" + (f"; not listed: {', '.join(missing)}" if missing else ""))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else STORIES)
