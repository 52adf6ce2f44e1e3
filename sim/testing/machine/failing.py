"""What is said of an example that fails, and which errors are no failures."""

from __future__ import annotations

import sys
from typing import Any
from unittest import SkipTest

from hypothesis.errors import HypothesisException

from sim.scenario import dump
from sim.simulation import Simulation

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
    problem.add_note(dump(simulation.scenario))
