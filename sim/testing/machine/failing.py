"""What is said of an example that fails."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.scenario import Person, Scenario
from sim.simulation import Simulation
from sim.testing.failures import attach
from sim.testing.setups import Setup


def tell(
    problem: BaseException,
    simulation: Simulation,
    machine: type,
    *,
    replayable: bool,
    coming: tuple[str, Person] | None = None,
) -> None:
    """Add to an error the story in which it came; ``coming`` is who could not be let in."""
    story = _story(simulation, coming)
    if story is None:
        return
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


def _story(simulation: Simulation, coming: tuple[str, Person] | None) -> Scenario | None:
    """The story so far; None if there is none."""
    if coming is not None:
        with suppress(ValueError):  # they are in already, or can be in no story
            return simulation.scenario_with(*coming)
    return simulation.scenario if simulation.world.participants else None


def _folder(machine: type) -> Path:
    """The folder of the module that declares a machine."""
    file = getattr(sys.modules.get(machine.__module__), "__file__", None)
    return Path(file).parent.absolute() if file else Path.cwd()
