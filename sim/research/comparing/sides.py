"""What is compared: a scenario, or another one's story with some settings of its own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final

from attrs import evolve, field, frozen

from sim.laws import catalogue as laws
from sim.research.experiments.designs import Point
from sim.research.experiments.paths import parsed, replaced
from sim.scenario import Scenario, as_written, load
from sim.scenario.model import SCENARIO
from sim.scenario.nodes import Given, Listing, Pairs, Scalar, from_python
from sim.scenario.problems import Reading

Story = str | os.PathLike[str] | Scenario
"""A scenario, or the name of its file."""


@frozen
class Side:
    """One of the two: its scenario, and what to call it."""

    label: str
    scenario: Scenario = field(repr=False)

    @classmethod
    def of(cls, story: Story) -> Side:
        """The scenario, or that of the file. Raises :class:`~sim.scenario.ScenarioError`."""
        scenario = story if isinstance(story, Scenario) else load(story, laws())
        return cls(scenario.name, scenario)

    def but(self, settings: Mapping[str, Any], label: str | None = None) -> Side:
        """The same story with other values at these paths, such as ``{"platform.grace": "15s"}``.

        ``profile`` is such a path, too. A value is one of code, or a node of a file. ``label`` says
        what is different. Raises ``ValueError`` for a path that leads nowhere and
        :class:`~sim.scenario.ScenarioError` for values that cannot stand there.
        """
        if not settings:
            return self
        tree = from_python(as_written(self.scenario))
        for path, value in settings.items():
            tree = replaced(tree, parsed(path), _node(value))
        reading = Reading()
        changed = SCENARIO.read(tree, (), reading)
        reading.finish()
        return Side(f"{self.label} with {label or Point(0, dict(settings)).label}", changed)

    def same_story(self, other: Side) -> bool:
        """Whether nothing is different but names and seeds: then there is nothing to compare."""
        return evolve(self.scenario, **_NAMELESS) == evolve(other.scenario, **_NAMELESS)


_NAMELESS: Final[dict[str, Any]] = {"name": "story", "about": "", "seed": 0}


def _node(value: Any) -> Scalar | Listing | Pairs | Given:
    return value if isinstance(value, Scalar | Listing | Pairs | Given) else from_python(value)
