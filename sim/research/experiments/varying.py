"""The scenario of a point, and where in the design its mistakes stand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from math import prod
from typing import Any

from attrs import define, evolve, field, frozen

from sim.research.experiments.designs import MOST_POINTS, Design, Hypercube, Point, Values
from sim.research.experiments.hypercube import is_range
from sim.research.experiments.paths import parsed, replaced
from sim.research.experiments.stories import WrongStory
from sim.scenario import Scenario, as_written
from sim.scenario.drafts import Draft
from sim.scenario.model import SCENARIO
from sim.scenario.nodes import Listing, Mark, Node, Pairs, Scalar, from_python
from sim.scenario.problems import BAD, Complaint, Path, Problem, Reading


@define
class Variation:
    """The variants of one scenario."""

    base: Scenario | WrongStory
    _tree: Node = field(init=False)
    _known: set[Problem] = field(factory=set, init=False)
    """What is wrong with the scenario itself, which is said of no point."""
    _told: set[tuple[Path, Problem]] = field(factory=set, init=False)
    """What is wrong with whole scenarios, by where that was said: once is enough."""

    def __attrs_post_init__(self) -> None:
        if isinstance(self.base, Scenario):
            self._tree = from_python(as_written(self.base))
            return
        self._tree, reading = self.base.tree, Reading()
        SCENARIO.read(self._tree, (), reading)
        self._known.update(reading.problems)

    def scenario(self, point: Point) -> Scenario:
        """The scenario with what the point says.

        Raises :class:`~sim.scenario.ScenarioError` with everything that is wrong with it.
        """
        if not point.values and isinstance(self.base, Scenario):
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
            if wrong.line:
                yield places.complaint(wrong)
            elif wrong not in self._known:
                yield from self._of_values(wrong, design, point)

    def _of_values(self, wrong: Problem, design: Design, point: Point) -> Iterator[Complaint]:
        """A problem with the whole scenario, at the place of the values that lead to it."""
        blamed = evolve(point, values=self._blamed(wrong, point.values))
        place = design.entry(blamed)
        if (place, wrong) not in self._told:
            self._told.add((place, wrong))
            sentence = f"with {blamed.label} the scenario is wrong: {_said(wrong)}"
            yield Complaint(place, sentence)

    def _blamed(self, wrong: Problem, values: Values) -> Values:
        """Of the values of a point those without any of which it would not be so."""
        blamed = values
        for path in values:
            others = {name: value for name, value in blamed.items() if name != path}
            if wrong in self._problems(others):
                blamed = others
        return blamed

    def _problems(self, values: Values) -> list[Problem]:
        tree, reading, places = self._tree, Reading(), _Places()
        for path, value in values.items():
            with suppress(ValueError):  # a way that another value would have made
                tree = replaced(tree, parsed(path), places.tree(value, ()))
        SCENARIO.read(tree, (), reading)
        return reading.problems


def designs(read: Any) -> Iterator[Design]:
    """A design that was read; of one with mistakes what there is without, each part by itself.

    Of each range there are two points then, and no point of a grid that has too many.
    """
    if isinstance(read, Design):
        yield read
    if not isinstance(read, Draft):
        return
    if isinstance(read.grid, dict):
        grid = {path: each for path, each in read.grid.items() if _is_right(each)}
        if grid and prod(map(len, grid.values())) <= MOST_POINTS:
            yield Design(grid=grid)
    if isinstance(read.rows, tuple) and 0 < len(read.rows) <= MOST_POINTS:
        yield Design(rows=tuple(map(_right, read.rows)))
    cube = read.latin_hypercube
    if isinstance(cube, Draft | Hypercube) and isinstance(cube.ranges, dict):
        ranges = {path: ends for path, ends in cube.ranges.items() if is_range(ends)}
        if ranges:
            yield Design(latin_hypercube=Hypercube(points=2, ranges=ranges))


def _is_right(value: Any) -> bool:
    """Whether nothing in it could not be read."""
    if isinstance(value, dict):
        return all(map(_is_right, value.values()))
    return all(map(_is_right, value)) if isinstance(value, list | tuple) else value is not BAD


def _right(row: Any) -> Values:
    """Of a point what could be read of it."""
    known = row.items() if isinstance(row, dict) else ()
    return {path: value for path, value in known if _is_right(value)}


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

    def complaint(self, wrong: Problem) -> Complaint:
        """A problem of a value in the varied scenario as one of the design."""
        return Complaint(self.known[wrong.line - 1], _said(wrong))


def _said(wrong: Problem) -> str:
    """Where it is wrong in the scenario, and what."""
    return f"{wrong.path}: {wrong.sentence}" if wrong.path else wrong.sentence
