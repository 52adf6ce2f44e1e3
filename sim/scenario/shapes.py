"""The building blocks of the language: what a shape is, and the simple ones.

A shape says how one kind of value is written. From it come the errors (all of them, each with its
place), the value itself, the way back to plain data, and the JSON Schema. ``tables.py`` has the
shape of a mapping with known keys.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from attrs import field, frozen

from sim.scenario.nodes import Given, Mark, Node, Scalar, described, from_python
from sim.scenario.problems import BAD, Path, Problem, Reading, ScenarioError
from sim.wording import nearest, not_one_of, quoted

Json = dict[str, Any]


@frozen
class Book:
    """The definitions that a JSON Schema refers to, by name."""

    definitions: Json = field(factory=dict)

    def refer(self, title: str, make: Callable[[], Json]) -> Json:
        """Return a reference to the definition of that title, which is made once."""
        if title not in self.definitions:
            self.definitions[title] = {}
            self.definitions[title] = make()
        return {"$ref": f"#/$defs/{title}"}


class Shape(ABC):
    """How one kind of value is written."""

    says: str
    """What is expected, with an article: ``a duration such as 2min 7s``."""

    def read(self, node: Node, path: Path, reading: Reading) -> Any:
        """Return the value; note what is wrong and return :data:`BAD`, or a part of the value."""
        reading.seen(path, node)
        if isinstance(node, Given) and self.holds(node.value):
            return node.value
        return self.structure(node, path, reading)

    def take(self, value: Any) -> Any:
        """Return the value that code gave: itself if it is one, else read like plain data.

        Raises :class:`~sim.scenario.problems.ScenarioError`, a ``ValueError``.
        """
        if self.holds(value):
            return value
        reading = Reading()
        result = self.read(_tree(value), (), reading)
        reading.finish()
        return result

    def unlike(self, node: Node, path: Path, reading: Reading) -> Any:
        """Note that something else was expected."""
        sentence = f"expected {self.says}, got {described(node)}"
        return reading.wrong(Mark(node.line, node.column), path, sentence)

    @abstractmethod
    def structure(self, node: Node, path: Path, reading: Reading) -> Any:
        """Read a node that is not already a value."""

    @abstractmethod
    def holds(self, value: Any) -> bool:
        """Whether this is a value that the shape could have read."""

    @abstractmethod
    def write(self, value: Any) -> Any:
        """Return the plain data that reads as this value."""

    @abstractmethod
    def schema(self, book: Book) -> Json:
        """Return the JSON Schema of what may be written."""


def _tree(value: Any) -> Node:
    try:
        return from_python(value)
    except ValueError as error:
        raise ScenarioError([Problem("", 0, 0, "", str(error))]) from None


def as_is(value: Any) -> Any:
    """Return the value."""
    return value


@frozen
class Value(Shape):
    """One scalar: a word, a number, a text with a grammar of its own.

    ``parse`` turns true, false, numbers and text into the value; it raises ``ValueError`` with a
    sentence, or returns :data:`BAD` for something else altogether.
    """

    says: str
    parse: Callable[[Any], Any]
    held: Callable[[Any], bool]
    shown: Callable[[Any], Any] = as_is
    json: Json = field(factory=dict)
    title: str = ""

    def structure(self, node: Node, path: Path, reading: Reading) -> Any:
        """Parse a scalar."""
        if not isinstance(node, Scalar | Given) or node.value is None:
            return self.unlike(node, path, reading)
        try:
            value = self.parse(node.value)
        except ValueError as error:
            return reading.wrong(Mark(node.line, node.column), path, str(error))
        return self.unlike(node, path, reading) if value is BAD else value

    def holds(self, value: Any) -> bool:
        """Whether ``held`` says so."""
        return self.held(value)

    def write(self, value: Any) -> Any:
        """Return what ``shown`` makes of it."""
        return self.shown(value)

    def schema(self, book: Book) -> Json:
        """Return the schema that was given, as a definition if it has a title."""
        return book.refer(self.title, lambda: self.json) if self.title else self.json


@frozen
class Word:
    """One of the words of a :class:`Choice`: how it is written, what it means, and a line on it."""

    written: str | bool
    means: Any
    about: str = ""


@frozen
class Choice(Shape):
    """One of a few words, or else something of another shape.

    ``kind`` ends the sentence "'x' is not ...": with an article.
    """

    kind: str
    words: tuple[Word, ...]
    otherwise: Shape | None = None

    @property
    def says(self) -> str:  # type: ignore[override]
        """The words, and what else is allowed."""
        return " or ".join([*self.spelled, *([self.otherwise.says] if self.otherwise else [])])

    @property
    def spelled(self) -> list[str]:
        """The words as they stand in a file."""
        return [_spelled(word.written) for word in self.words]

    def structure(self, node: Node, path: Path, reading: Reading) -> Any:
        """Find the word."""
        if isinstance(node, Scalar | Given):
            for word in self.words:
                if isinstance(node.value, type(word.written)) and word.written == node.value:
                    return word.means
        if self.otherwise:
            return self._other(self.otherwise, node, path, reading)
        if not isinstance(node, Scalar | Given) or not isinstance(node.value, str):
            return self.unlike(node, path, reading)
        sentence = (
            text_for(node.value)
            if node.value in self.spelled
            else not_one_of(node.value, self.spelled, self.kind)
        )
        return reading.wrong(Mark(node.line, node.column), path, sentence)

    def _other(self, shape: Shape, node: Node, path: Path, reading: Reading) -> Any:
        """Read with the other shape; if that cannot read a word, say which words there are."""
        written = node.value if isinstance(node, Scalar | Given) else None
        if not (isinstance(written, str) and written[:1].isalpha()):
            return shape.read(node, path, reading)
        trial = Reading()
        value = shape.read(node, path, trial)
        if not trial.problems:
            return value
        guess = nearest(written, self.spelled)
        hint = f": did you mean {guess!r}?" if guess else ""
        sentence = f"expected {self.says}, got {described(node)}{hint}"
        return reading.wrong(Mark(node.line, node.column), path, sentence)

    def holds(self, value: Any) -> bool:
        """Whether a word means this."""
        if any(_same(word.means, value) for word in self.words):
            return True
        return self.otherwise is not None and self.otherwise.holds(value)

    def write(self, value: Any) -> Any:
        """Return the last word that means this."""
        for word in reversed(self.words):
            if _same(word.means, value):
                return word.written
        assert self.otherwise is not None
        return self.otherwise.write(value)

    def schema(self, book: Book) -> Json:
        """Return an enumeration, with what else is allowed."""
        lines = [f"{_spelled(word.written)}: {word.about}" for word in self.words if word.about]
        words: Json = {"enum": [word.written for word in self.words]}
        if lines:
            words["description"] = "\n".join(lines)
        return {"anyOf": [words, self.otherwise.schema(book)]} if self.otherwise else words


def text_for(word: str) -> str:
    """Return the sentence for ``"true"`` where ``true`` is meant.

    >>> text_for("true")
    "'true' in quotes is text: write true without them"
    """
    return f"{quoted(word)} in quotes is text: write {word} without them"


def _spelled(word: str | bool) -> str:
    return str(word).lower() if isinstance(word, bool) else word


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def choice(kind: str, words: dict[str, str]) -> Choice:
    """Return the shape of words that mean themselves, each with a line on it."""
    return Choice(kind, tuple(Word(word, word, about) for word, about in words.items()))
