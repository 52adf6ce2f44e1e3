"""What is said of an example that fails, and which errors are no failures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from unittest import SkipTest

from hypothesis.errors import HypothesisException

from sim.simulation import Simulation
from sim.testing.failures import attach
from sim.testing.setups import Setup

_SKIPPING = (HypothesisException, SkipTest, KeyboardInterrupt, SystemExit, GeneratorExit)


def is_failure(problem: BaseException | None) -> bool:
    """Whether this error says that something is wrong with what is tested.

    Hypothesis ends examples by errors of its own, and pytest skips by one.
    """
    if problem is None or isinstance(problem, _SKIPPING):
        return False
    return isinstance(problem, (Exception, *_failed()))


def _failed() -> tuple[type[BaseException], ...]:
    """What ``pytest.fail`` raises, if pytest is there at all."""
    pytest: Any = sys.modules.get("pytest")
    return () if pytest is None else (pytest.fail.Exception,)


def tell(
    problem: BaseException, simulation: Simulation, machine: type, *, replayable: bool
) -> None:
    """Add to an error the story in which it came."""
    if not simulation.world.participants:
        return
    story = simulation.scenario
    declared: Any = machine
    attach(
        problem,
        story=story,
        records=simulation.records,
        setup=Setup.present(
            {name: app for name, app in declared.apps.items() if name in story.clients},
            declared.client_class,
            declared.platform_class,
        ),
        name=f"{machine.__module__}::{machine.__qualname__}",
        keep=f"{machine.__name__}.check_story({{file}})",
        folder=_folder(machine),
        replayable=replayable,
    )


def _folder(machine: type) -> Path:
    """The folder of the module that declares a machine."""
    file = getattr(sys.modules.get(machine.__module__), "__file__", None)
    return Path(file).parent.absolute() if file else Path.cwd()
