"""What is compared: a scenario, or another one's story with some settings of its own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from sim.laws import catalogue as laws
from sim.research.experiments.designs import Point
from sim.research.experiments.varying import Variation
from sim.scenario import Scenario, load

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

    def but(self, settings: Mapping[str, Any]) -> Side:
        """The same story with other values at these paths, such as ``{"platform.grace": "15s"}``.

        ``profile`` is such a path, too. Raises ``ValueError`` for a path that leads nowhere and
        :class:`~sim.scenario.ScenarioError` for a value that cannot stand there.
        """
        if not settings:
            return self
        point = Point(0, dict(settings))
        changed = Variation(self.scenario).scenario(point)
        return Side(f"{self.label} with {point.label}", changed)
