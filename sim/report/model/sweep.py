"""A sweep as a page shows it: its design points with what was measured, and its worst runs.

Plain data: who knows the results of experiments makes it.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from sim.report.model.timeline import Timeline


@frozen
class Measure:
    """A metric. ``unit`` is ``1`` for a share or a number."""

    name: str
    unit: str
    definition: str


@frozen
class Cell:
    """A metric at a design point: its estimate and the limits of its interval.

    What is not known is ``nan``; a limit may be infinite. ``n`` counts what is independent.
    """

    estimate: float
    low: float
    high: float
    n: int


@frozen
class DesignPoint:
    """One variant of the scenario. ``cells`` are in the order of the metrics."""

    number: int
    values: Mapping[str, str]
    """By path, what the scenario says there."""
    runs: int
    failed: int
    """In how many of them a law or an expectation broke that was not to break."""
    breaks: Mapping[str, int]
    """By law, how often it broke, of those that did."""
    expected: frozenset[str]
    """The laws that the scenario expects to break."""
    cells: tuple[Cell, ...] = field(repr=False)


@frozen
class WorstRun:
    """One run that is worth a look, and why."""

    point: int
    replication: int
    reasons: tuple[str, ...]
    is_broken: bool
    """Whether a law or an expectation broke that was not to break."""
    again: str
    """The line of a shell that runs it again; "" if there is none."""
    timeline: Timeline | None = field(default=None, repr=False)
    """Its picture, if the page is to have it."""
    absent: str = ""
    """Why it is not to have it, in a sentence."""


@frozen(kw_only=True)
class Sweep:
    """The results of an experiment, or of the part of it that is done."""

    title: str
    about: str
    seed: int
    version: str
    digest: str
    """"" if not all is done."""
    again: str
    """The line of a shell that shows it again; "" if there is none."""
    experiment: str = field(repr=False)
    """The experiment as YAML, with its scenario."""
    level: float
    """The confidence level of the intervals."""
    replications: int
    """Of each point, or of the one that has most."""
    metrics: tuple[Measure, ...]
    points: tuple[DesignPoint, ...] = field(repr=False)
    worst: tuple[WorstRun, ...] = field(repr=False)
    warnings: tuple[str, ...] = ()
    """What is to be known before it is believed, in sentences: that it is not complete."""

    @property
    def runs(self) -> int:
        """How many runs there are, over all points."""
        return sum(each.runs for each in self.points)

    @property
    def failed(self) -> int:
        """How many of them broke what was not to break."""
        return sum(each.failed for each in self.points)
