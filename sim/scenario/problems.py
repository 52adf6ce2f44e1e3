"""What is wrong with a scenario, and where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from attrs import evolve, field, frozen

from sim.scenario.nodes import Mark, Node
from sim.wording import bare

Path = tuple[str | int, ...]
"""The way from the top of the scenario to a value: keys, and positions in lists."""


NOWHERE: Final = Mark(0, 0)

_LONGEST_NAME: Final = 400
"""Longer names of files are cut where they are shown."""


class Complaint(NamedTuple):
    """Something wrong with a value, told by those who do not know about files."""

    path: Path
    sentence: str


@frozen(order=True)
class Problem:
    """Something wrong in a file. ``line`` is 0 where it is not known, as in code."""

    file: str
    line: int
    column: int
    path: str
    sentence: str

    def __str__(self) -> str:
        """Return ``file:line:column: path: sentence``, without what is not known."""
        file = bare(self.file, _LONGEST_NAME)
        place = f"{file}:{self.line}:{self.column}" if self.line else file
        return ": ".join(part for part in (place, self.path, self.sentence) if part)


class ScenarioError(ValueError):
    """A scenario that is not right: ``problems`` is everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)

    def under(self, name: str) -> ScenarioError:
        """Return the same error about a value that is the part ``name`` of another."""
        return ScenarioError(evolve(each, path=_joined(name, each.path)) for each in self.problems)


def _joined(name: str, path: str) -> str:
    return f"{name}{path}" if path.startswith("[") or not path else f"{name}.{path}"


def written(path: Path) -> str:
    """Return a path as it is shown, always in one line.

    >>> written(("script", 2, "target"))
    'script[2].target'
    """
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            name = bare(step)
            text += f".{name}" if text else name
    return text


@frozen
class Reading:
    """One reading of a scenario: collects the problems and remembers where each value stands."""

    file: str = ""
    problems: list[Problem] = field(factory=list)
    marks: dict[Path, Mark] = field(factory=dict)

    def wrong(self, mark: Mark, path: Path, sentence: str) -> Any:
        """Note a problem; return :data:`BAD`, which stands for the value."""
        self.problems.append(Problem(self.file, mark.line, mark.column, written(path), sentence))
        return BAD

    def complain(self, path: Path, complaints: Iterable[Complaint]) -> None:
        """Note what is wrong with the value at ``path``, each at the nearest known place."""
        for complaint in complaints:
            whole = path + complaint.path
            self.wrong(self._mark(whole), whole, complaint.sentence)

    def seen(self, path: Path, node: Node) -> None:
        """Remember where the value at ``path`` stands."""
        self.marks[path] = Mark(node.line, node.column)

    def _mark(self, path: Path) -> Mark:
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, NOWHERE)

    def finish(self) -> None:
        """Raise :class:`ScenarioError` if there were problems, in the order of the file."""
        if self.problems:
            raise ScenarioError(sorted(dict.fromkeys(self.problems), key=_place))


def _place(problem: Problem) -> tuple[int, int]:
    return problem.line, problem.column


class Bad:
    """The type of :data:`BAD`."""

    def __repr__(self) -> str:
        return "BAD"


BAD: Final = Bad()
"""Stands for a value that could not be read. Checks pass over it: it has been complained about."""


def refuse(complaints: Iterable[Complaint]) -> None:
    """Raise :class:`ScenarioError` if there are complaints about a value made in code."""
    problems = [Problem("", 0, 0, written(path), sentence) for path, sentence in complaints]
    if problems:
        raise ScenarioError(problems)
