"""A recording of the real client, as data. The format is described in docs/conformance.md."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen

from sim.protocol.roles import ROLES
from sim.protocol.units import MILLISECOND


class CaseError(ValueError):
    """A case file that cannot be used; ``problems`` has one sentence for each mistake."""

    def __init__(self, file: str, problems: list[str]) -> None:
        self.file = file
        self.problems = problems
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))


@frozen
class CaseClient:
    """One client of a case: its role and what its app does by itself."""

    role: str
    auto_subscribe: bool = False
    prevent_default: tuple[str, ...] = ()
    """``object:event``."""
    listeners: tuple[Mapping[str, str], ...] = ()
    """``event`` and, as JavaScript, what the app ``does`` in its listener."""
    connection_events_suppressed: bool = False


@frozen
class CaseStep:
    """One thing that was done, at a time in microseconds."""

    at: int
    client: str | None = None
    do: str | None = None
    args: Mapping[str, Any] | None = None
    target: str | None = None
    network: str | None = None
    platform: str | None = None
    by: str | None = None


@frozen
class Told:
    """One event, as an app was told it."""

    at: int
    object: str
    event: str
    fields: Mapping[str, Any]
    """Everything else that was written down: reason, about, data, from, page, session_state."""
    media: bool = False


@frozen
class Completion:
    """How one call ended; ``error`` and ``code`` only where they were written down."""

    at: int
    client: str
    call: str
    by: str
    fields: Mapping[str, Any]


@frozen
class Case:
    """One recording."""

    name: str
    platform: Mapping[str, Any]
    clients: Mapping[str, CaseClient]
    setup_ends: int
    script: tuple[CaseStep, ...]
    expect: Mapping[str, tuple[Told, ...]]
    completions: tuple[Completion, ...]
    left: Mapping[str, Mapping[str, Any]] = field(factory=dict)

    @property
    def last(self) -> int:
        """When the last thing was written down, in microseconds."""
        times = [step.at for step in self.script] + [c.at for c in self.completions]
        return max(times + [told.at for each in self.expect.values() for told in each], default=0)


_LARGEST: Final = 16 * 1024 * 1024


def read(path: str | os.PathLike[str]) -> Case:
    """Read a case file. Raises :class:`CaseError` with a sentence for each mistake."""
    name = os.fspath(path)
    try:
        data = Path(path).read_bytes()
    except OSError as problem:
        raise CaseError(name, [f"it cannot be read: {problem.strerror}"]) from problem
    return parse(data, name)


def parse(data: bytes, file: str) -> Case:
    """Read a case from the bytes of a file. Raises :class:`CaseError`."""
    if len(data) > _LARGEST:
        raise CaseError(file, ["it is larger than 16 MiB, the largest case allowed"])
    try:
        raw = json.loads(data)
    except RecursionError:
        raise CaseError(file, ["it is nested too deeply"]) from None
    except ValueError as problem:
        raise CaseError(file, [f"it is not JSON: {problem}"]) from None
    problems = _Problems()
    case = _case(raw, problems)
    if problems.found or case is None:
        raise CaseError(file, problems.found)
    return case


class _Problems:
    """Takes values out of the JSON and notes each that is not as it must be."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def get(self, data: Any, key: str, kind: type | tuple[type, ...], where: str) -> Any:
        value = data.get(key)
        if not isinstance(value, kind) or (isinstance(value, bool) and bool not in _all(kind)):
            names = " or ".join(_SAID[each] for each in _all(kind))
            self.found.append(f"{where}.{key} must be {names}")
            return next(iter(_all(kind)))()
        return value

    def optional(self, data: Any, key: str, kind: type, where: str) -> Any:
        return None if data.get(key) is None else self.get(data, key, kind, where)

    def each(self, data: Any, key: str, where: str) -> list[tuple[str, Any]]:
        rows = self.get(data, key, list, where)
        named = [(f"{where}.{key}[{n}]", row) for n, row in enumerate(rows)]
        for name, row in named:
            if not isinstance(row, dict):
                self.found.append(f"{name} must be an object")
        return [(name, row) for name, row in named if isinstance(row, dict)]


_SAID: Final = {
    str: "a text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}
_NUMBER: Final = (float, int)


def _all(kind: type | tuple[type, ...]) -> tuple[type, ...]:
    return kind if isinstance(kind, tuple) else (kind,)


def _case(raw: Any, problems: _Problems) -> Case | None:
    if not isinstance(raw, dict):
        problems.found.append("a case is a JSON object")
        return None
    clients = {
        name: _client(data, f"clients.{name}", problems)
        for name, data in problems.get(raw, "clients", dict, "case").items()
    }
    expect = problems.get(raw, "expect", dict, "case")
    for name in expect:
        if name not in clients:
            problems.found.append(f"expect names {name!r}, who is not among the clients")
    return Case(
        problems.get(raw, "case", str, "case"),
        problems.get(raw, "platform", dict, "case"),
        clients,
        _time(raw, "setup_ends_ms", "case", problems),
        _steps(raw, clients, problems),
        {name: _told(expect, name, problems) for name in expect},
        _completions(raw, clients, problems),
        problems.optional(raw, "left", dict, "case") or {},
    )


def _client(data: Any, where: str, problems: _Problems) -> CaseClient:
    if not isinstance(data, dict):
        problems.found.append(f"{where} must be an object")
        return CaseClient("publisher")
    role = problems.get(data, "role", str, where)
    if role not in ROLES:
        problems.found.append(f"{where}.role is {role!r}; the roles are {', '.join(ROLES)}")
    return CaseClient(
        role,
        bool(data.get("auto_subscribe")),
        tuple(problems.optional(data, "prevent_default", list, where) or ()),
        tuple(problems.optional(data, "listeners", list, where) or ()),
        bool(data.get("connection_events_suppressed")),
    )


def _time(data: Any, key: str, where: str, problems: _Problems) -> int:
    value: float = problems.get(data, key, _NUMBER, where)
    if not 0 <= value <= 86_400_000:
        problems.found.append(f"{where}.{key} must be between 0 and a day, in milliseconds")
        return 0
    return round(value * MILLISECOND)


def _steps(
    raw: Any, clients: Mapping[str, CaseClient], problems: _Problems
) -> tuple[CaseStep, ...]:
    steps = []
    for where, data in problems.each(raw, "script", "case"):
        client = problems.optional(data, "client", str, where)
        if client is not None and client not in clients:
            problems.found.append(f"{where}.client is {client!r}, who is not among the clients")
        texts = {
            key: problems.optional(data, key, str, where)
            for key in ("do", "target", "network", "platform", "by")
        }
        args = problems.optional(data, "args", dict, where)
        steps.append(CaseStep(_time(data, "t_ms", where, problems), client, args=args, **texts))
    return tuple(steps)


def _told(expect: Any, name: str, problems: _Problems) -> tuple[Told, ...]:
    told = []
    for where, data in problems.each(expect, name, "expect"):
        told.append(
            Told(
                _time(data, "t_ms", where, problems),
                problems.get(data, "object", str, where),
                problems.get(data, "event", str, where),
                {key: value for key, value in data.items() if key not in _NOT_FIELDS},
                bool(data.get("media")),
            )
        )
    return tuple(told)


_NOT_FIELDS: Final = ("t_ms", "object", "event", "media")


def _completions(
    raw: Any, clients: Mapping[str, CaseClient], problems: _Problems
) -> tuple[Completion, ...]:
    ended = []
    for where, data in problems.each(raw, "completions", "case"):
        client = problems.get(data, "client", str, where)
        if client not in clients:
            problems.found.append(f"{where}.client is {client!r}, who is not among the clients")
        call, by = (problems.get(data, key, str, where) for key in ("call", "by"))
        fields = {key: data[key] for key in ("ok", "error", "code") if key in data}
        ended.append(Completion(_time(data, "t_ms", where, problems), client, call, by, fields))
    return tuple(ended)
