"""A story that was saved, told again as the machine that found it tells it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sim.result import Result
from sim.scenario import Scenario, load
from sim.testing.machine.judging import Judged


def found(story: str | os.PathLike[str] | Scenario, asking: dict[str, Any]) -> Scenario:
    """The story itself, or that of a file, relative to the module with these globals.

    Raises :class:`sim.ScenarioError` for what is none, ``OSError`` for a file that is not there.
    """
    if isinstance(story, Scenario):
        return story
    return load(Path(asking.get("__file__", "."), "..", story).resolve())


def told(simulation: Judged) -> Result:
    """Let a story happen to its end, judged as it runs.

    Raises :class:`sim.LawBroken`, or ``AssertionError`` for what the story expects and is not so.
    """
    simulation.advance(simulation.end)
    result = simulation.close()
    missed = [outcome for outcome in result.expectations if not outcome.held]
    assert not missed, "\n".join(map(str, missed))
    return result
