"""A deterministic simulator of video-session lifecycles (OpenTok / Vonage Video).

>>> import sim
>>> result = sim.run("scenarios/kick.yaml", seed=7)
>>> result.held
True
>>> result.clients["bob"].sees("sessionDisconnected", "forceDisconnected")
True

Names are imported when they are first used, so that ``import sim`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.version import VERSION as __version__

if TYPE_CHECKING:
    from sim.laws import LawBroken
    from sim.laws import check as check_trace
    from sim.report import Report
    from sim.research import replicate
    from sim.result import ClientResult, Result
    from sim.running import run
    from sim.scenario import (
        Person,
        Policies,
        Reaction,
        Rejoin,
        Scenario,
        ScenarioError,
        Step,
        load,
        loads,
    )
    from sim.simulation import NotReached, Simulation
    from sim.trace import Record, TraceError
    from sim.trace import read as read_trace
    from sim.world.app import App
    from sim.world.bounds import StoryWithoutEnd

_HOMES = {
    "App": "sim.world.app",
    "ClientResult": "sim.result",
    "LawBroken": "sim.laws",
    "NotReached": "sim.simulation",
    "Person": "sim.scenario",
    "Policies": "sim.scenario",
    "Reaction": "sim.scenario",
    "Record": "sim.trace",
    "Rejoin": "sim.scenario",
    "Report": "sim.report",
    "Result": "sim.result",
    "Scenario": "sim.scenario",
    "ScenarioError": "sim.scenario",
    "Simulation": "sim.simulation",
    "Step": "sim.scenario",
    "StoryWithoutEnd": "sim.world.bounds",
    "TraceError": "sim.trace",
    "load": "sim.scenario",
    "loads": "sim.scenario",
    "replicate": "sim.research",
    "run": "sim.running",
}
_PACKAGES = frozenset({"report", "research"})
"""Packages that may be named without an ``import`` of their own: ``sim.research.compare``."""
_RENAMED = {"check_trace": ("sim.laws", "check"), "read_trace": ("sim.trace", "read")}

__all__ = [
    "App",
    "ClientResult",
    "LawBroken",
    "NotReached",
    "Person",
    "Policies",
    "Reaction",
    "Record",
    "Rejoin",
    "Report",
    "Result",
    "Scenario",
    "ScenarioError",
    "Simulation",
    "Step",
    "StoryWithoutEnd",
    "TraceError",
    "__version__",
    "check_trace",
    "load",
    "loads",
    "read_trace",
    "replicate",
    "run",
]


def __getattr__(name: str) -> Any:
    if name in _PACKAGES:
        return import_module(f"sim.{name}")
    if name in _HOMES:
        module, attribute = _HOMES[name], name
    elif name in _RENAMED:
        module, attribute = _RENAMED[name]
    else:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
