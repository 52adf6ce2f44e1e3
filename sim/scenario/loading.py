"""Scenario files to scenarios. A YAML reader is imported when it is first used."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any, Final

from sim.expectations.clauses import LawVerdict
from sim.scenario.model import SCENARIO, Scenario
from sim.scenario.nodes import SCENARIO_FILE, Kind, Node, from_python
from sim.scenario.problems import Complaint, Problem, Reading, ScenarioError
from sim.wording import brief, not_one_of

LARGEST: Final = 1 << 20
"""A file may have this many bytes: 1 MiB."""


def load(path: str | os.PathLike[str], laws: Collection[str] | None = None) -> Scenario:
    """Return the scenario in a file.

    ``laws`` are the names of the laws that there are; without them no name of a law is an error.
    Raises :class:`~sim.scenario.problems.ScenarioError` with everything that is wrong.
    """
    name = _name(path)
    return loads(content(name), name, laws)


def loads(
    text: str | bytes, filename: str = "<text>", laws: Collection[str] | None = None
) -> Scenario:
    """Return the scenario in a text, or in bytes of UTF-8; errors as for :func:`load`."""
    node, reading = parsed(text, filename)
    return _scenario(node, reading, laws)


def content(name: str) -> bytes:
    """Return what is in a file, at most a byte more than is allowed.

    Raises :class:`~sim.scenario.problems.ScenarioError` with the reason why it cannot be read.
    """
    if not name:
        raise _alone("''", "cannot read the file: its name is empty")
    try:
        with FilePath(name).open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise _alone(name, f"cannot read the file: {reason[:1].lower()}{reason[1:]}") from None
    except UnicodeError:
        raise _alone(name, "cannot read the file: its name is not text") from None
    except ValueError:
        raise _alone(name, "cannot read the file: its name has a null character in it") from None


def parsed(text: str | bytes, filename: str, kind: Kind = SCENARIO_FILE) -> tuple[Node, Reading]:
    """Return the tree of a text and the reading that has noted its flaws.

    ``kind`` is what the file should be. Raises :class:`~sim.scenario.problems.ScenarioError` where
    there is no tree.
    """
    reading = Reading(filename)
    return _tree(_decoded(text, filename, kind), reading, kind), reading


def from_data(data: Mapping[str, Any], laws: Collection[str] | None = None) -> Scenario:
    """Return the scenario of plain data, such as :func:`~sim.scenario.dumping.to_data` makes."""
    try:
        node = from_python(data)
    except ValueError as error:
        raise _alone("", str(error)) from None
    return _scenario(node, Reading(), laws)


def _scenario(node: Node, reading: Reading, laws: Collection[str] | None) -> Scenario:
    scenario = SCENARIO.read(node, (), reading)
    if laws is not None:
        reading.complain((), unknown_laws(scenario, laws))
    reading.finish()
    assert isinstance(scenario, Scenario)
    return scenario


def _decoded(text: str | bytes, filename: str, kind: Kind) -> str:
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if size > LARGEST:
        raise _alone(filename, "the file is larger than 1 MiB, the largest allowed")
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = text[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        sentence = f"the byte 0x{text[error.start]:02x} is not UTF-8: is this {kind.name}?"
        raise ScenarioError([Problem(filename, line, column, "", sentence)]) from None


def _tree(text: str, reading: Reading, kind: Kind) -> Node:
    from sim.scenario.syntax import YamlError, tree  # noqa: PLC0415 - only files need YAML

    try:
        node, flaws = tree(text, kind)
    except YamlError as error:
        reading.wrong(error.mark, (), error.sentence)
        reading.finish()
        raise
    for flaw in flaws:
        reading.wrong(flaw.mark, (), flaw.sentence)
    return node


def _name(path: object) -> str:
    name = os.fspath(path) if isinstance(path, str | os.PathLike) else path
    if not isinstance(name, str):
        made = ": sim.scenario.from_data makes one of it" if isinstance(path, Mapping) else ""
        sentence = f"a scenario is a sim.Scenario or the name of a file, not {brief(path)}{made}"
        raise _alone("", sentence)
    return name


def _alone(filename: str, sentence: str) -> ScenarioError:
    return ScenarioError([Problem(filename, 0, 0, "", sentence)])


def unknown_laws(scenario: Any, laws: Collection[str]) -> Iterator[Complaint]:
    """Complain about names of laws in a scenario, or in what could be read of one."""
    for index, clause in enumerate(_tuple(scenario, "expect")):
        if isinstance(clause, LawVerdict) and clause.law not in laws:
            yield Complaint(("expect", index), not_one_of(clause.law, laws, "a law"))
    for index, name in enumerate(_tuple(scenario, "laws")):
        if isinstance(name, str) and name not in laws:
            yield Complaint(("laws", index), not_one_of(name, laws, "a law"))


def _tuple(scenario: Any, key: str) -> tuple[Any, ...]:
    value = getattr(scenario, key, None)
    return value if isinstance(value, tuple) else ()
