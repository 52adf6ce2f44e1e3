"""Any plain value, as the parameter of a scenario may have it."""

from __future__ import annotations

from typing import Any

from sim.scenario.nodes import Given, Listing, Node, Pairs, Scalar
from sim.scenario.problems import Path, Reading
from sim.scenario.shapes import Book, Json, Shape


class Plain(Shape):
    """Text, a number, true, false, nothing, or lists and mappings of them, kept as written."""

    says = "a value as a scenario file would say it"

    def structure(self, node: Node, path: Path, reading: Reading) -> Any:
        """Take the tree apart, and remember where its parts stand."""
        if isinstance(node, Pairs):
            return {
                str(name.value): self.read(child, (*path, str(name.value)), reading)
                for name, child in node.entries
            }
        if isinstance(node, Listing):
            return [self.read(item, (*path, n), reading) for n, item in enumerate(node.items)]
        assert isinstance(node, Scalar | Given)
        return node.value if self.holds(node.value) else self.unlike(node, path, reading)

    def holds(self, value: Any) -> bool:
        """Whether a file could say it."""
        if isinstance(value, dict):
            return all(isinstance(name, str) and self.holds(each) for name, each in value.items())
        if isinstance(value, list):
            return all(map(self.holds, value))
        return value is None or isinstance(value, str | int | float)

    def write(self, value: Any) -> Any:
        """Return it."""
        return value

    def schema(self, book: Book) -> Json:
        """Return that anything goes: what may stand there depends on the path."""
        return {}


PLAIN = Plain()
