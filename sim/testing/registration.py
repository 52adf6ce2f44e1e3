"""What Hypothesis is told of the product's types, when it looks for them.

``st.from_type(sim.Scenario)`` works in any project that has the product installed: Hypothesis calls
:func:`register` when it is imported. Nothing is imported then; the types are registered once they
exist, and the strategies made once somebody asks for them.

>>> from hypothesis import Phase, find, settings, strategies as st
>>> import sim
>>> quickly = settings(phases=[Phase.generate, Phase.shrink])
>>> find(st.from_type(sim.Scenario), lambda story: len(story.clients) == 2, settings=quickly)
Scenario(name='drawn', seed=0, duration='10s', clients={'alice': Person(), 'bob': Person()})
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from sim.imported import when_imported

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

STRATEGIES: Final = {
    "Person": "people",
    "Platform": "platforms",
    "Policies": "policies",
    "Profile": "profiles",
    "Reaction": "answers",
    "Rejoin": "rejoins",
    "Scenario": "scenarios",
    "Step": "steps",
    "Outages": "outages",
    "LinkSpec": "links",
}
"""By the name of the type: the strategy in :mod:`sim.testing.strategies`, with its defaults."""

HOMES: Final = {
    "Outages": "sim.network.specs",
    "LinkSpec": "sim.network.specs",
    "Profile": "sim.protocol.quirks",
}
"""Where a type is, if not in ``sim.scenario``, which imports all of these."""


def register() -> None:
    """Called once by Hypothesis, by its entry point."""
    when_imported("sim.scenario", _register)


def _register() -> None:
    from hypothesis.strategies import register_type_strategy  # noqa: PLC0415 - it may not be there

    for name, strategy in STRATEGIES.items():
        kind = getattr(import_module(HOMES.get(name, "sim.scenario")), name)
        register_type_strategy(kind, _resolver(strategy))


def _resolver(name: str) -> Any:
    def resolve(_: type) -> SearchStrategy[Any]:
        made: SearchStrategy[Any] = getattr(import_module("sim.testing.strategies"), name)()
        return made

    return resolve
