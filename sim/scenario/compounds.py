"""Shapes made of shapes: one or another, lists, mappings from names. See ``shapes.py``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from sim.scenario.nodes import Listing, Node, Pairs
from sim.scenario.problems import BAD, Path, Reading
from sim.scenario.shapes import Book, Json, Shape


@frozen
class Either(Shape):
    """One shape for scalars, another for mappings, and maybe a third for lists."""

    says: str
    scalar: Shape
    mapping: Shape
    listing: Shape | None = None

    def _shapes(self) -> Iterator[Shape]:
        yield self.scalar
        yield self.mapping
        if self.listing:
            yield self.listing

    def structure(self, node: Node, path: Path, reading: Reading) -> Any:
        """Read with the shape for this kind of node."""
        if isinstance(node, Pairs):
            return self.mapping.read(node, path, reading)
        if isinstance(node, Listing):
            shape = self.listing
            return shape.read(node, path, reading) if shape else self.unlike(node, path, reading)
        simple = node.value is not None and isinstance(node.value, str | int | float)
        return self.scalar.read(node, path, reading) if simple else self.unlike(node, path, reading)

    def holds(self, value: Any) -> bool:
        """Whether one of the shapes does."""
        return any(shape.holds(value) for shape in self._shapes())

    def write(self, value: Any) -> Any:
        """Write with the first shape that holds the value."""
        return next(shape.write(value) for shape in self._shapes() if shape.holds(value))

    def schema(self, book: Book) -> Json:
        """Return that one of them must fit."""
        return {"anyOf": [shape.schema(book) for shape in self._shapes()]}


@frozen
class Several(Shape):
    """A list; its value is a tuple."""

    says: str
    item: Shape

    def structure(self, node: Node, path: Path, reading: Reading) -> Any:
        """Read each item."""
        if not isinstance(node, Listing):
            return self.unlike(node, path, reading)
        return tuple(
            self.item.read(item, (*path, index), reading) for index, item in enumerate(node.items)
        )

    def holds(self, value: Any) -> bool:
        """Whether it is a tuple of what the item's shape holds."""
        return isinstance(value, tuple) and all(self.item.holds(item) for item in value)

    def write(self, value: Any) -> Any:
        """Return a list."""
        return [self.item.write(item) for item in value]

    def schema(self, book: Book) -> Json:
        """Return an array."""
        return {"type": "array", "items": self.item.schema(book)}


@frozen
class Named(Shape):
    """A mapping from names to values of one shape; its value is a dict in the same order."""

    says: str
    name: Shape
    item: Shape

    def structure(self, node: Node, path: Path, reading: Reading) -> Any:
        """Read each name and each value."""
        if not isinstance(node, Pairs):
            return self.unlike(node, path, reading)
        values = {}
        for key, child in node.entries:
            place = (*path, str(key.value))
            value = self.item.read(child, place, reading)
            name = self.name.structure(key, place, reading)
            values[str(key.value)] = BAD if name is BAD else value
        return values

    def holds(self, value: Any) -> bool:
        """Whether it is a dict with such names and values."""
        return isinstance(value, dict) and all(
            self.name.holds(name) and self.item.holds(item) for name, item in value.items()
        )

    def write(self, value: Any) -> Any:
        """Return a dict."""
        return {name: self.item.write(item) for name, item in value.items()}

    def schema(self, book: Book) -> Json:
        """Return an object with a pattern for its names."""
        return {
            "type": "object",
            "propertyNames": self.name.schema(book),
            "additionalProperties": self.item.schema(book),
        }
