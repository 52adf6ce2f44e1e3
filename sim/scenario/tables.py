"""The shape of a mapping with known keys, and how attrs classes carry theirs.

An attribute of a model class says in its metadata how it is written (:func:`key`); the class is
decorated with ``@frozen(kw_only=True, field_transformer=spoken)``, so that code may give what
a file may give, and :func:`table` makes the shape. The class is thus the only place where its keys,
their shapes, their defaults and their documentation stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from keyword import iskeyword
from typing import Any, Final

import attrs
from attrs import frozen

from sim.scenario.drafts import Draft
from sim.scenario.nodes import Mark, Node, Pairs
from sim.scenario.problems import Complaint, Path, Reading, ScenarioError
from sim.scenario.shapes import Book, Json, Shape
from sim.wording import listing, nearest, not_one_of, phrase

_KEY: Final = "key"
REQUIRED: Final = object()
"""The default of a key that must be there."""


@frozen
class Key:
    """How one attribute is written: the shape of its value and a sentence on what it means.

    ``default`` is the value where the key is left out; without one the key must be there.
    """

    shape: Shape
    about: str
    written: str = ""
    attribute: str = ""
    default: Any = REQUIRED
    alike: tuple[str, ...] = ()
    """Words that people write for it, none of which is spelled like it."""


def key(shape: Shape, about: str, written: str = "", alike: tuple[str, ...] = ()) -> dict[str, Key]:
    """Return the metadata of an attribute; ``written`` is the key if it is not the name."""
    return {_KEY: Key(shape, about, written, alike=alike)}


Checks = Callable[[Any], Iterator[Complaint]]
"""Complains about a value or a :class:`Draft` as a whole; must cope with BAD anywhere."""


def _no_complaints(_: object) -> Iterator[Complaint]:
    return iter(())


def _unrefined(schema: Json) -> Json:
    return schema


@frozen
class Table(Shape):
    """A mapping with known keys; every other key is an error with the nearest right one.

    ``make`` is called with the attributes that were given; ``unmake`` returns the attributes that
    are to be written. ``one_of`` are keys of which exactly one must be there; ``refine`` adds to
    the JSON Schema what else is checked.
    """

    title: str
    says: str
    keys: dict[str, Key]
    kind: type | tuple[type, ...]
    make: Callable[..., Any]
    unmake: Callable[[Any], dict[str, Any]]
    one_of: tuple[str, ...] = ()
    checks: Checks = _no_complaints
    refine: Callable[[Json], Json] = _unrefined

    def structure(self, node: Node, path: Path, reading: Reading) -> Any:
        """Read every key, then make the value, or return a :class:`Draft` if that cannot be."""
        if not isinstance(node, Pairs):
            return self.unlike(node, path, reading)
        before = len(reading.problems)
        values = self._values(node, path, reading)
        given = [str(name.value) for name, _ in node.entries]
        guesses = {self._guess(name) for name in given if name not in self.keys}
        meant = frozenset(guess for guess in guesses if guess)
        reading.complain(path, self._lacking(given, meant))
        draft = Draft(values, self._defaults(), meant)
        reading.complain(path, self.checks(draft))
        if len(reading.problems) > before:
            return draft
        try:
            return self.make(**values)
        except ValueError as error:
            reading.wrong(Mark(node.line, node.column), path, self._in_our_words(str(error)))
            return draft

    def _in_our_words(self, sentence: str) -> str:
        """Return what a class says of its attributes with the keys of the language instead."""
        said = re.sub(r"^[A-Z][A-Za-z]+: ", "", sentence)
        for name, spec in self.keys.items():
            said = re.sub(rf"\b{spec.attribute}\b", name, said)
        return said

    def _values(self, node: Pairs, path: Path, reading: Reading) -> dict[str, Any]:
        values = {}
        for name, child in node.entries:
            spec = self.keys.get(str(name.value))
            place = (*path, str(name.value))
            if spec is None:
                guess = self._guess(name.value)
                sentence = not_one_of(name.value, self.keys, "a key here", guess)
                reading.wrong(Mark(name.line, name.column), place, sentence)
            else:
                values[spec.attribute] = spec.shape.read(child, place, reading)
        return values

    def _guess(self, written: Any) -> str | None:
        """Return the key that a wrong one was meant to be: a word for it, or the nearest."""
        words = {word: name for name, spec in self.keys.items() for word in spec.alike}
        return words.get(str(written)) or nearest(written, self.keys)

    def _lacking(self, given: list[str], meant: frozenset[str]) -> Iterator[Complaint]:
        """Complain about missing keys, unless a wrong one was ``meant`` to be one of them."""
        for name in self._required():
            if name not in given and name not in meant:
                about = phrase(self.keys[name].about)
                yield Complaint((), f"the key '{name}' is missing: {about}")
        chosen = [name for name in given if name in self.one_of]
        if self.one_of and not chosen and meant.isdisjoint(self.one_of):
            yield Complaint((), f"one of the keys {listing(self.one_of, 'or')} is missing")
        if len(chosen) > 1:
            yield Complaint((chosen[-1],), f"{listing(chosen)} exclude each other: keep one")

    def _required(self) -> list[str]:
        return [
            name
            for name, spec in self.keys.items()
            if spec.default is REQUIRED and name not in self.one_of
        ]

    def _defaults(self) -> dict[str, Any]:
        specs = self.keys.values()
        return {spec.attribute: spec.default for spec in specs if spec.default is not REQUIRED}

    def holds(self, value: Any) -> bool:
        """Whether it is an instance of the class."""
        return isinstance(value, self.kind)

    def write(self, value: Any) -> Any:
        """Return a dict of what is not as by default, in the order of the keys."""
        values = self.unmake(value)
        return {
            name: spec.shape.write(values[spec.attribute])
            for name, spec in self.keys.items()
            if spec.attribute in values
        }

    def schema(self, book: Book) -> Json:
        """Return a reference to the definition of an object."""
        return book.refer(self.title, lambda: self._object(book))

    def _object(self, book: Book) -> Json:
        schema: Json = {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: _property(spec, book) for name, spec in self.keys.items()},
        }
        if self._required():
            schema["required"] = self._required()
        if self.one_of:
            schema["oneOf"] = [{"required": [name]} for name in self.one_of]
        return self.refine(schema)


def _property(spec: Key, book: Book) -> Json:
    schema = {**spec.shape.schema(book), "description": spec.about}
    if spec.default is not REQUIRED and spec.default is not None:
        schema["default"] = spec.shape.write(spec.default)
    return schema


# -- attrs classes ---------------------------------------------------------------------------------


def said(value: Any) -> Any:
    """Stand for the converter of an attribute that takes more than its own type.

    :func:`spoken` puts the shape's in its place; this one tells type checkers that ``__init__``
    takes what a file may say: texts, dicts and lists.
    """
    raise AssertionError(value)


def spoken(_: type, fields: list[attrs.Attribute[Any]]) -> list[attrs.Attribute[Any]]:
    """Let attributes take what a file may say; use as ``field_transformer``."""
    return [attribute.evolve(converter=_converter(attribute)) for attribute in fields]


def _converter(attribute: attrs.Attribute[Any]) -> Callable[[Any], Any]:
    spec: Key = attribute.metadata[_KEY]
    written = spec.written or _hyphened(attribute.name)
    name = attribute.name if iskeyword(written) else written

    def converted(value: Any) -> Any:
        if value is None and attribute.default is None:
            return None
        try:
            return spec.shape.take(value)
        except ScenarioError as error:
            raise error.under(name) from None

    return converted


def _hyphened(name: str) -> str:
    return name.replace("_", "-")


def keys_of(kind: type) -> dict[str, Key]:
    """Return the keys of an attrs class, from the metadata of its attributes."""
    keys = {}
    for attribute in attrs.fields(kind):
        spec: Key = attribute.metadata[_KEY]
        name = spec.written or _hyphened(attribute.name)
        keys[name] = attrs.evolve(
            spec, written=name, attribute=attribute.name, default=_default(attribute)
        )
    return keys


def _default(attribute: attrs.Attribute[Any]) -> Any:
    default: Any = attribute.default
    if default is attrs.NOTHING:
        return REQUIRED
    factory = getattr(default, "factory", None)
    return factory() if factory else default


def given(thing: Any) -> tuple[str, ...]:
    """Return the attributes that were given: for a finished value, those not as by default."""
    if isinstance(thing, Draft):
        return thing.given
    kind: type = type(thing)
    return tuple([name for name, default in _defaults(kind) if getattr(thing, name) != default])


@cache
def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    """The attributes of an attrs class, each with its default, which nobody changes."""
    return tuple((attribute.name, _default(attribute)) for attribute in attrs.fields(kind))


def table(
    kind: type,
    title: str,
    says: str,
    keys: dict[str, Key] | None = None,
    checks: Checks = _no_complaints,
    refine: Callable[[Json], Json] = _unrefined,
    one_of: tuple[str, ...] = (),
) -> Table:
    """Return the shape of an attrs class; ``keys`` where the class is not our own."""
    return Table(
        title,
        says,
        keys_of(kind) if keys is None else keys,
        kind,
        kind,
        lambda value: {name: getattr(value, name) for name in given(value)},
        one_of,
        checks,
        refine,
    )


def foreign_keys(
    kind: type, shapes: Mapping[str, tuple[Shape, str]], **renamed: str
) -> dict[str, Key]:
    """Return keys for attributes of an attrs class that carries no metadata of ours.

    ``renamed`` are attributes whose key is not their name.
    """
    defaults = {attribute.name: _default(attribute) for attribute in attrs.fields(kind)}
    keys = {}
    for name, (shape, about) in shapes.items():
        written = renamed.get(name, _hyphened(name))
        keys[written] = Key(shape, about, written, name, defaults[name])
    return keys
