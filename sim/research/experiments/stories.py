"""The scenario of an experiment: the name of a file, or a scenario in place."""

from __future__ import annotations

import os
from pathlib import Path as FilePath
from typing import Any

from attrs import evolve, frozen

from sim.laws import catalogue
from sim.scenario import Scenario, ScenarioError, as_written, load
from sim.scenario.loading import content, parsed, unknown_laws
from sim.scenario.model import SCENARIO
from sim.scenario.nodes import Given, Listing, Mark, Node, Pairs, Scalar
from sim.scenario.problems import BAD, Path, Problem, Reading
from sim.scenario.shapes import Book, Json, Shape


@frozen
class WrongStory:
    """A scenario with mistakes, as it was written: what is varied of it can be judged all the same.

    ``tree`` says nothing of places.
    """

    tree: Node

    @classmethod
    def of(cls, node: Node) -> WrongStory:
        """That of a tree with places."""
        return cls(_unplaced(node))


def _unplaced(node: Node) -> Node:
    if isinstance(node, Pairs):
        return Pairs(tuple((Scalar(name.value), _unplaced(each)) for name, each in node.entries))
    if isinstance(node, Listing):
        return Listing(tuple(map(_unplaced, node.items)))
    return evolve(node, line=0, column=0)


class Story(Shape):
    """A scenario. The name of a file is seen from the file that names it.

    One with mistakes is read as a :class:`WrongStory`.
    """

    says = "the name of a scenario file, or a scenario in place"

    def structure(self, node: Node, path: Path, reading: Reading) -> Any:
        """Read the file, or the mapping."""
        if isinstance(node, Pairs):
            scenario = SCENARIO.read(node, path, reading)
            reading.complain(path, unknown_laws(scenario, catalogue()))
            return scenario if isinstance(scenario, Scenario) else WrongStory.of(node)
        if isinstance(node, Scalar | Given) and isinstance(node.value, str | os.PathLike):
            return self._file(node, os.fspath(node.value), path, reading)
        return self.unlike(node, path, reading)

    def _file(self, node: Node, name: Any, path: Path, reading: Reading) -> Any:
        file = FilePath(reading.file).parent / name if reading.file else name
        try:
            return load(file, catalogue())
        except ScenarioError as wrong:
            for problem in wrong.problems:
                self._note(problem, node, path, reading)
        try:
            return WrongStory.of(parsed(content(os.fspath(file)), "")[0])
        except ScenarioError:
            return BAD

    def _note(self, problem: Problem, node: Node, path: Path, reading: Reading) -> None:
        """Note what is wrong inside of the file there, and what is wrong with it all here."""
        if problem.line:
            reading.problems.append(problem)
        else:
            sentence = f"{problem.file}: {problem.sentence}"
            reading.wrong(Mark(node.line, node.column), path, sentence)

    def holds(self, value: Any) -> bool:
        """Whether it is a scenario."""
        return isinstance(value, Scenario)

    def write(self, value: Any) -> Any:
        """Return the scenario in place: what is written needs no other file.

        Its networks are in the words that they were said in, by which they can be varied again.
        """
        return as_written(value)

    def schema(self, book: Book) -> Json:
        """Return that it is text or a scenario."""
        return {"anyOf": [{"type": "string"}, SCENARIO.schema(book)]}


STORY = Story()
