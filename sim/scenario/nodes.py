"""A scenario as a tree of plain values, each with its place: what shapes read.

Trees come from YAML text (``syntax.py``) or from Python values (:func:`from_python`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from attrs import field, frozen

from sim.wording import quoted

DEEPEST: Final = 24
"""How deep lists and mappings may be nested. The language itself needs 8."""

UNPRINTABLE: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""What YAML 1.2 does not count as text (section 5.1), and the byte order mark."""


class Mark(NamedTuple):
    """Where something stands in a file; lines and columns count from 1, 0 is nowhere."""

    line: int
    column: int


class Kind(NamedTuple):
    """What a file should be, with an article, and what it needs at least: for sentences."""

    name: str
    least: str
    many: str


SCENARIO_FILE: Final = Kind("a scenario file", "a name, a duration and clients", "one scenario")


@frozen
class Scalar:
    """Text, a number, true, false or nothing."""

    value: str | int | float | bool | None
    line: int = 0
    column: int = 0


@frozen
class Given:
    """Any value that came from code rather than from a file."""

    value: object
    line: int = 0
    column: int = 0


@frozen
class Listing:
    """A list. ``size`` counts the values in it, at every depth, aliases written out."""

    items: tuple[Node, ...]
    line: int = 0
    column: int = 0
    size: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "size", 1 + sum(size(item) for item in self.items))


@frozen
class Pairs:
    """Keys and values in the order of the file. Keys are text and each stands there once."""

    entries: tuple[tuple[Scalar, Node], ...]
    line: int = 0
    column: int = 0
    size: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        total = 1 + sum(1 + size(value) for _, value in self.entries)
        object.__setattr__(self, "size", total)


Node = Scalar | Given | Listing | Pairs


def size(node: Node) -> int:
    """Return how many values a tree has with its aliases written out."""
    return node.size if isinstance(node, Listing | Pairs) else 1


def described(node: Node) -> str:
    """Return what a node is, for a sentence: ``a list``, ``the number 12``, ``'fast'``."""
    if isinstance(node, Pairs):
        return "a mapping"
    if isinstance(node, Listing):
        return "a list"
    number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
    return f"the number {quoted(node.value)}" if number else quoted(node.value)


def from_python(value: object, depth: int = 0) -> Node:
    """Return the tree of a Python value: dicts, lists and tuples, and whatever is in them.

    Raises ``ValueError`` for keys that are not text and for values nested too deep.
    """
    if depth > DEEPEST:
        raise ValueError(f"the value is nested more than {DEEPEST} deep")
    if isinstance(value, Mapping):
        return Pairs(tuple((_key(k), from_python(v, depth + 1)) for k, v in value.items()))
    if isinstance(value, list | tuple):
        return Listing(tuple(from_python(item, depth + 1) for item in value))
    return Given(value)


def to_python(node: Node) -> Any:
    """Return what a tree says as dicts, lists and the values in them: see :func:`from_python`."""
    if isinstance(node, Pairs):
        return {str(name.value): to_python(value) for name, value in node.entries}
    if isinstance(node, Listing):
        return [to_python(item) for item in node.items]
    return node.value


def _key(key: object) -> Scalar:
    if not isinstance(key, str):
        raise ValueError(f"the key {quoted(key)} is not text")
    return Scalar(key)
