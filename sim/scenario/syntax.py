"""YAML text to a tree: YAML 1.2 with its core schema, and nothing that surprises.

``on``, ``yes`` and ``12:30`` are text; tags, merge keys and more than one document are refused;
keys are text and stand only once. Aliases are allowed as long as the tree stays small when they
are written out. The tree is built from the parser's events, so that a file with a million brackets
is refused at the twenty-fifth: the parser itself takes time quadratic in the depth.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from sim.scenario.nodes import (
    DEEPEST,
    SCENARIO_FILE,
    UNPRINTABLE,
    Kind,
    Listing,
    Mark,
    Node,
    Pairs,
    Scalar,
    described,
    size,
)
from sim.wording import quoted

MOST_VALUES: Final = 50_000
"""A tree may have this many values with its aliases written out."""

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where PyYAML was built with it (ten times as fast), else its own."""


class YamlError(Exception):
    """The text is not YAML, or has something that the language leaves out."""

    def __init__(self, sentence: str, mark: Mark) -> None:
        super().__init__(sentence)
        self.sentence, self.mark = sentence, mark


def tree(text: str, kind: Kind = SCENARIO_FILE) -> tuple[Node, list[YamlError]]:
    """Return the tree of a YAML text, and the flaws that did not keep it from being built.

    ``kind`` is what the text should be. Raises :class:`YamlError` where nothing can be built.
    """
    _refuse_unprintable(text, kind)
    builder = _Builder(_events(text), kind)
    root = builder.document()
    if root is None:
        raise YamlError(f"the file is empty: it needs at least {kind.least}", Mark(1, 1))
    return root, builder.flaws


def _refuse_unprintable(text: str, kind: Kind) -> None:
    found = UNPRINTABLE.search(text)
    if found:
        before = text[: found.start()]
        mark = Mark(before.count("\n") + 1, len(before) - before.rfind("\n"))
        code = f"U+{ord(found.group()):04X}"
        raise YamlError(f"the character {code} is not text: is this {kind.name}?", mark)


def _events(text: str) -> Iterator[Event]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(text, error) from None


def _syntax_error(text: str, error: yaml.MarkedYAMLError) -> YamlError:
    place = error.problem_mark or error.context_mark
    mark = Mark(place.line + 1, place.column + 1) if place else Mark(1, 1)
    if _indented_by_tab(text, mark.line):
        return YamlError("a tab cannot indent a line in YAML: use spaces", mark)
    problem = (error.problem or "it cannot be read").strip()
    context = f" {error.context}" if error.context else ""
    return YamlError(f"this is not YAML: {problem}{context}{_hint(problem)}", mark)


def _indented_by_tab(text: str, line: int) -> bool:
    shown = "".join(text.split("\n")[line - 1 : line])
    return "\t" in shown[: len(shown) - len(shown.lstrip())]


_HINTS: Final = {
    "mapping values are not allowed": "; is a line indented too far, or must a text with ': ' in "
    "it be put in quotes?",
    "cannot start any token": "; text that begins with this character needs quotes",
    "could not find expected ':'": "; every key needs ': ' and a value",
    "did not find expected key": "; are all keys of this mapping indented alike?",
    "did not find expected ',' or": "; is a comma or a closing bracket missing?",
}


def _hint(problem: str) -> str:
    return next((hint for known, hint in _HINTS.items() if known in problem), "")


# -- the core schema, https://yaml.org/spec/1.2.2/#103-core-schema ---------------------------


_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: Final[dict[str, bool | float | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_INTEGERS: Final[tuple[tuple[re.Pattern[str], Callable[[str], int]], ...]] = (
    (re.compile(r"[-+]?[0-9]{1,4000}"), int),
    (re.compile(r"0o[0-7]{1,4000}"), lambda text: int(text, 0)),
    (re.compile(r"0x[0-9a-fA-F]{1,4000}"), lambda text: int(text, 0)),
)


def plain_value(text: str) -> str | int | float | bool | None:
    """Return what an unquoted word means.

    >>> plain_value("on"), plain_value("0o17"), plain_value("1e3")
    ('on', 15, 1000.0)
    """
    if text in _WORDS:
        return _WORDS[text]
    for pattern, read in _INTEGERS:
        if pattern.fullmatch(text):
            return read(text)
    return float(text) if _FLOAT.fullmatch(text) else text


# -- events to nodes -----------------------------------------------------------------------------


class _Builder:
    """Builds the tree of one document from its events."""

    def __init__(self, events: Iterator[Event], kind: Kind) -> None:
        self._events = events
        self._kind = kind
        self._anchors: dict[str, Node | None] = {}
        self.flaws: list[YamlError] = []

    def document(self) -> Node | None:
        root = None
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    sentence = f"a second document begins here: a file holds {self._kind.many}"
                    raise _error(event, sentence)
            elif isinstance(event, NodeEvent):
                root = self._node(event, 0)
        return root if documents else None

    def _node(self, event: NodeEvent, depth: int) -> Node:
        if depth > DEEPEST:
            raise _error(event, f"this is nested more than {DEEPEST} deep")
        if isinstance(event, AliasEvent):
            return self._alias(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        node = self._fresh(event, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        if size(node) > MOST_VALUES:
            raise _error(event, f"this has more than {MOST_VALUES} values, aliases written out")
        return node

    def _alias(self, event: AliasEvent) -> Node:
        if event.anchor not in self._anchors:
            raise _error(event, f"there is no anchor &{event.anchor} before this alias")
        node = self._anchors[event.anchor]
        if node is None:
            raise _error(event, f"the alias *{event.anchor} stands inside what it stands for")
        return node

    def _fresh(self, event: NodeEvent, depth: int) -> Node:
        line, column = _mark(event)
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self.flaws.append(_error(event, f"the tag {quoted(tag)} is not part of the language"))
        if isinstance(event, ScalarEvent):
            return Scalar(_meaning(event), line, column)
        if isinstance(event, SequenceStartEvent):
            return Listing(tuple(self._children(depth)), line, column)
        assert isinstance(event, MappingStartEvent)
        return Pairs(self._entries(depth), line, column)

    def _children(self, depth: int) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, CollectionEndEvent):
                return
            assert isinstance(event, NodeEvent)
            yield self._node(event, depth + 1)

    def _entries(self, depth: int) -> tuple[tuple[Scalar, Node], ...]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        children = self._children(depth)
        for key in children:
            value = next(children)
            fault = _wrong_key(key, entries)
            if fault:
                self.flaws.append(YamlError(fault, Mark(key.line, key.column)))
            elif isinstance(key, Scalar) and isinstance(key.value, str):
                entries[key.value] = (key, value)
        return tuple(entries.values())


def _meaning(event: ScalarEvent) -> Any:
    return plain_value(event.value) if event.implicit[0] else event.value


def _wrong_key(key: Node, entries: dict[str, tuple[Scalar, Node]]) -> str | None:
    if not isinstance(key, Scalar) or not isinstance(key.value, str):
        return f"a key must be text, and {described(key)} is not"
    if key.value == "<<":
        return "merge keys (<<) are not part of YAML 1.2: write the keys out"
    if key.value in entries:
        first = entries[key.value][0].line
        return f"the key {quoted(key.value)} stands here twice, first in line {first}"
    return None


def _mark(event: Event) -> Mark:
    mark = event.start_mark
    return Mark(mark.line + 1, mark.column + 1) if mark else Mark(1, 1)


def _error(event: Event, sentence: str) -> YamlError:
    return YamlError(sentence, _mark(event))
