"""The scenario of a point, and where in the design its mistakes stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import define, field, frozen

from sim.research.experiments.designs import Design, Point
from sim.research.experiments.paths import parsed, replaced
from sim.scenario import Scenario, to_data
from sim.scenario.model import SCENARIO
from sim.scenario.nodes import Listing, Mark, Node, Pairs, Scalar, from_python
from sim.scenario.problems import Complaint, Path, Problem, Reading


@define
class Variation:
    """The variants of one scenario."""

    base: Scenario
    _tree: Node = field(init=False)
    _told: set[Problem] = field(factory=set, init=False)
    """What is wrong with whole scenarios, which is said of the first point."""

    def __attrs_post_init__(self) -> None:
        self._tree = from_python(to_data(self.base))

    def scenario(self, point: Point) -> Scenario:
        """The scenario with what the point says.

        Raises :class:`~sim.scenario.ScenarioError` with everything that is wrong with it.
        """
        if not point.values:
            return self.base
        reading = Reading()
        tree = self._tree
        for path, value in point.values.items():
            tree = replaced(tree, parsed(path), _Places().tree(value, ()))
        made = SCENARIO.read(tree, (), reading)
        reading.finish()
        assert isinstance(made, Scenario)
        return made

    def complaints(self, design: Design, point: Point) -> Iterator[Complaint]:
        """What is wrong with a point, each thing at its place in the design."""
        places = _Places()
        tree = self._tree
        yield from _overriding(design, point)
        for path, value in point.values.items():
            factor = design.factor(point, path)
            new = places.tree(value, design.place(point, path))
            try:
                tree = replaced(tree, parsed(path), new, places.mark(factor))
            except ValueError as problem:
                yield Complaint(factor, str(problem))
        reading = Reading()
        SCENARIO.read(tree, (), reading)
        for wrong in dict.fromkeys(reading.problems):
            if wrong not in self._told:
                yield places.complaint(wrong, point)
            if not wrong.line:
                self._told.add(wrong)


def _overriding(design: Design, point: Point) -> Iterator[Complaint]:
    """Paths that take back what a path before them says."""
    before: dict[Path, str] = {}
    for path in point.values:
        whole = parsed(path)
        for other, name in before.items():
            if other[: len(whole)] == whole:
                sentence = f"it takes back what {name} says before it: leave one of them out"
                yield Complaint(design.factor(point, path), sentence)
        before[whole] = path


@frozen
class _Places:
    """Gives the parts of a tree the numbers of their places in the design, as lines."""

    known: list[Path] = field(factory=list)

    def mark(self, place: Path) -> Mark:
        """A mark that stands for the place."""
        self.known.append(place)
        return Mark(len(self.known), 1)

    def tree(self, value: Any, place: Path) -> Node:
        """The tree of a plain value as a file would say it, with such marks."""
        line, column = self.mark(place)
        if isinstance(value, dict):
            pairs = ((name, each, (*place, name)) for name, each in value.items())
            return Pairs(
                tuple(
                    (Scalar(name, *self.mark(at)), self.tree(each, at)) for name, each, at in pairs
                ),
                line,
                column,
            )
        if isinstance(value, list):
            items = (self.tree(each, (*place, n)) for n, each in enumerate(value))
            return Listing(tuple(items), line, column)
        return Scalar(value, line, column)

    def complaint(self, wrong: Problem, point: Point) -> Complaint:
        """A problem of the varied scenario as one of the design."""
        where = f"{wrong.path}: " if wrong.path else ""
        if wrong.line:
            return Complaint(self.known[wrong.line - 1], f"{where}{wrong.sentence}")
        return Complaint((), f"with {point.label} the scenario is wrong: {where}{wrong.sentence}")
