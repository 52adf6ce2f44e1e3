"""A parameter of a scenario by its path: ``platform.grace``, ``script[2].at``.

A path goes through the keys of the language and the names of the scenario. What the language has
and the scenario leaves out may be set, too; people and networks must be there.
"""

from __future__ import annotations

import re
from typing import Final

from attrs import evolve

from sim.scenario.nodes import Listing, Mark, Node, Pairs, Scalar, described
from sim.scenario.problems import NOWHERE, Path, written
from sim.wording import not_one_of, quoted

_PART: Final = re.compile(r"(?:^|\.)([A-Za-z][\w-]*)|\[([0-9]{1,6})\]|\[\"([^\"\]]+)\"\]")
NAMED: Final = {"clients": "somebody of the scenario", "networks": "a network of the scenario"}
"""Mappings whose keys are names: a path does not make new ones."""


def parsed(text: str) -> Path:
    """Read a path. A key with a dot in it stands in brackets and quotes.

    Raises ``ValueError`` with one sentence.

    >>> parsed("clients.bob.network"), parsed("script[2].at")
    (('clients', 'bob', 'network'), ('script', 2, 'at'))
    """
    steps: list[str | int] = []
    position = 0
    while position < len(text):
        found = _PART.match(text, position)
        if found is None:
            break
        name, index, key = found.groups()
        steps.append(int(index) if index is not None else name or key)
        position = found.end()
    if position < len(text) or not steps or isinstance(steps[0], int):
        raise ValueError(
            f"{quoted(text)} is not the path of a parameter: write, for example, platform.grace, "
            "clients.bob.network or script[0].at"
        )
    return tuple(steps)


def replaced(tree: Node, path: Path, value: Node, mark: Mark = NOWHERE) -> Node:
    """Return the tree with ``value`` at ``path``; keys on the way that are not there are made.

    ``mark`` is the place that such keys are given. Raises ``ValueError`` with one sentence when
    there is nothing that the path could go through.
    """
    return _replaced(tree, path, value, mark, 0)


def _replaced(node: Node, path: Path, value: Node, mark: Mark, depth: int) -> Node:
    if depth == len(path):
        return value
    step = path[depth]
    if isinstance(step, int):
        return _in_list(node, path, value, mark, depth)
    if not isinstance(node, Pairs):
        raise ValueError(_nothing_in(node, path[:depth]))
    children = {str(name.value): child for name, child in node.entries}
    if depth == 1 and path[0] in NAMED and step not in children:
        raise ValueError(not_one_of(step, children, NAMED[str(path[0])]))
    child = children.get(step, _empty(path, depth + 1, mark))
    children[step] = _replaced(child, path, value, mark, depth + 1)
    marks = {str(name.value): name for name, _ in node.entries}
    new = Scalar(step, mark.line, mark.column)
    entries = tuple((marks.get(name, new), each) for name, each in children.items())
    return evolve(node, entries=entries)


def _in_list(node: Node, path: Path, value: Node, mark: Mark, depth: int) -> Node:
    index = path[depth]
    assert isinstance(index, int)
    if not isinstance(node, Listing):
        raise ValueError(_nothing_in(node, path[:depth], "no list"))
    if index >= len(node.items):
        count = len(node.items)
        items = "1 item" if count == 1 else f"{count} items"
        has = f"{items}, counted from 0" if count else "nothing in it"
        raise ValueError(
            f"there is no {written(path[: depth + 1])}: {written(path[:depth])} has {has}"
        )
    children = list(node.items)
    children[index] = _replaced(children[index], path, value, mark, depth + 1)
    return evolve(node, items=tuple(children))


def _empty(path: Path, depth: int, mark: Mark) -> Node:
    """What stands where the scenario says nothing, for the rest of the path to go through."""
    if depth < len(path) and isinstance(path[depth], int):
        return Listing((), mark.line, mark.column)
    return Pairs((), mark.line, mark.column)


def _nothing_in(node: Node, path: Path, what: str = "no mapping") -> str:
    return f"{written(path)} of the scenario is {described(node)}, {what} that a path could go into"
