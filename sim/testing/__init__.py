"""The testing kit: property-based tests that people can write against sessions.

Needs the extra: ``pip install 'session-sim[testing]'``. Names are imported when they are first
used, so that ``import sim.testing`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.testing.given import given_scenario
    from sim.testing.machine import (
        AppThrew,
        NotDeterministic,
        NotExercised,
        SessionMachine,
        rule,
    )

_HOMES = {
    "AppThrew": "sim.testing.machine",
    "NotDeterministic": "sim.testing.machine",
    "NotExercised": "sim.testing.machine",
    "SessionMachine": "sim.testing.machine",
    "given_scenario": "sim.testing.given",
    "rule": "sim.testing.machine",
}

__all__ = [
    "AppThrew",
    "NotDeterministic",
    "NotExercised",
    "SessionMachine",
    "given_scenario",
    "rule",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim.testing' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
