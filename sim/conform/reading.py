"""From a file to a :class:`~sim.conform.case.Case`, or to a sentence for each mistake in it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sim.conform import arguments, choices, listeners
from sim.conform.case import (
    Case,
    CaseClient,
    CaseError,
    CaseListener,
    CaseStep,
    Completion,
    Told,
)
from sim.conform.problems import FLAG, NUMBER, OBJECT, TEXT, Problems
from sim.protocol.roles import ROLES
from sim.protocol.units import MILLISECOND
from sim.scenario.quantities import NAME
from sim.scenario.references import RESERVED
from sim.wording import brief

LARGEST: Final = 4 * 1024 * 1024
"""The most bytes of a case file; the recordings have less than 70,000."""
DEEPEST: Final = 40
"""How deep a case may be nested; the recordings are nested five deep."""
MOST_CLIENTS: Final = 50
MOST_STEPS: Final = 5_000
LATEST: Final = 12 * 3_600_000
"""The last time that a case may name, in milliseconds: twelve hours."""

_OF_CASE: Final = (
    *("case", "sdk", "platform", "clients", "setup_ends_ms", "script"),
    *("expect", "completions", "left"),
)
_OF_CLIENT: Final = (
    *("role", "auto_subscribe", "prevent_default", "listeners"),
    "connection_events_suppressed",
)
_OF_LISTENER: Final = ("event", "object", "does")
_OF_STEP: Final = ("t_ms", "client", "do", "args", "target", "network", "platform", "by")
_OF_COMPLETION: Final = ("t_ms", "client", "call", "by", "ok", "error", "code")

_FIELDS_OF_TOLD: Final = ("t_ms", "object", "event", "media")
_FIELDS_OF_COMPLETIONS: Final[tuple[str, ...]] = ("ok", "error", "code")


def read(path: str | os.PathLike[str]) -> Case:
    """Read a case file. Raises :class:`~sim.conform.case.CaseError`."""
    name = os.fspath(path)
    if not name:
        raise CaseError("''", ["it cannot be read: the name is empty"])
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as problem:
        said = problem.strerror if isinstance(problem, OSError) else problem
        raise CaseError(name, [f"it cannot be read: {said}"]) from problem
    return parse(data, name)


def parse(data: bytes, file: str) -> Case:
    """Read a case from the bytes of a file. Raises :class:`~sim.conform.case.CaseError`."""
    if len(data) > LARGEST:
        raise CaseError(file, [f"it is larger than {LARGEST >> 20} MiB, the largest case allowed"])
    try:
        raw = json.loads(data)
        too_deep = _is_too_deep(raw)
    except RecursionError:
        raw, too_deep = None, True
    except ValueError as problem:
        raise CaseError(file, [f"it is not JSON: {problem}"]) from None
    if too_deep:
        raise CaseError(file, [f"it is nested more than {DEEPEST} deep"])
    if not isinstance(raw, dict):
        raise CaseError(file, ["a case is a JSON object"])
    problems = Problems()
    case = _case(raw, problems)
    if problems.found:
        raise CaseError(file, problems.listed())
    return case


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return bool(level)


def _case(raw: dict[str, Any], problems: Problems) -> Case:
    problems.keys(raw, _OF_CASE, "case")
    clients = _clients(problems.need(raw, "clients", OBJECT, "case"), problems)
    platform = problems.need(raw, "platform", OBJECT, "case")
    choices.check(platform, problems)
    return Case(
        problems.need(raw, "case", TEXT, "case"),
        platform,
        clients,
        _time(raw, "setup_ends_ms", "case", problems),
        _steps(raw, clients, problems),
        _expected(raw, clients, problems),
        _completions(raw, clients, problems),
        _left(raw, clients, problems),
    )


def _clients(raw: dict[str, Any], problems: Problems) -> dict[str, CaseClient]:
    if len(raw) > MOST_CLIENTS:
        problems.add("case.clients", f"has {len(raw)} clients; the most allowed is {MOST_CLIENTS}")
        return {}
    if not (raw or problems.found):
        problems.add("case.clients", "has nobody in it")
    for name in raw:
        if not NAME.holds(name):
            allowed = "up to 40 letters, digits, - and _, the first a letter"
            problems.add("case.clients", f"has a client called {brief(name)}; a name is {allowed}")
        elif name in RESERVED:
            problems.add("case.clients", f"has a client called {name!r}: that means something else")
    return {name: _client(data, f"clients.{name}", problems) for name, data in raw.items()}


def _client(data: Any, where: str, problems: Problems) -> CaseClient:
    if not isinstance(data, dict):
        problems.add(where, "must be an object")
        return CaseClient("publisher")
    problems.keys(data, _OF_CLIENT, where)
    role = problems.need(data, "role", TEXT, where)
    if role not in ROLES:
        problems.add(f"{where}.role", f"is {role!r}; the roles are {', '.join(ROLES)}")
    return CaseClient(
        role,
        problems.may(data, "auto_subscribe", FLAG, where) or False,
        tuple(_prevented(data, where, problems)),
        tuple(_listeners(data, where, problems)),
        problems.may(data, "connection_events_suppressed", FLAG, where) or False,
    )


def _prevented(data: dict[str, Any], where: str, problems: Problems) -> list[tuple[str, str]]:
    found = []
    for place, value in problems.items(data, "prevent_default", where, TEXT):
        kind, event = listeners.place(value)
        if kind is None:
            problems.add(
                place, f"is {value!r}; it must be OBJECT:EVENT, the object {listeners.OBJECTS}"
            )
        elif complaint := listeners.unknown(kind, event):
            problems.add(f"{place}:", complaint)
        else:
            found.append((kind, event))
    return found


def _listeners(data: dict[str, Any], where: str, problems: Problems) -> list[CaseListener]:
    found = []
    for place, row in problems.items(data, "listeners", where, OBJECT):
        problems.keys(row, _OF_LISTENER, place)
        event, does = (problems.need(row, key, TEXT, place) for key in ("event", "does"))
        prefix = problems.may(row, "object", TEXT, place)
        kind, event = listeners.place(f"{prefix}:{event}" if prefix else event)
        if kind is None:
            problems.add(f"{place}.object", f"must be {listeners.OBJECTS}")
            continue
        if event and (complaint := listeners.unknown(kind, event)):
            problems.add(f"{place}.event:", complaint)
        try:
            listeners.deed(does)
        except ValueError as problem:
            problems.add(f"{place}.does", str(problem))
        found.append(CaseListener(event, does, kind))
    return found


def _time(data: dict[str, Any], key: str, where: str, problems: Problems) -> int:
    value: float = problems.need(data, key, NUMBER, where)
    if not 0 <= value <= LATEST:
        problems.add(f"{where}.{key}", f"must be from 0 to {LATEST}: milliseconds of twelve hours")
        return 0
    return round(value * MILLISECOND)


def _steps(
    raw: dict[str, Any], clients: Mapping[str, CaseClient], problems: Problems
) -> tuple[CaseStep, ...]:
    rows = problems.items(raw, "script", "case", OBJECT, needed=True)
    if len(rows) > MOST_STEPS:
        problems.add("case.script", f"has {len(rows)} steps; the most allowed is {MOST_STEPS}")
        return ()
    return tuple(_step(where, data, clients, problems) for where, data in rows)


def _step(
    where: str, data: dict[str, Any], clients: Mapping[str, CaseClient], problems: Problems
) -> CaseStep:
    problems.keys(data, _OF_STEP, where)
    texts = {
        key: problems.may(data, key, TEXT, where)
        for key in ("client", "do", "target", "network", "platform", "by")
    }
    problems.known(texts["client"], clients, f"{where}.client")
    args = problems.may(data, "args", OBJECT, where)
    for key, complaint in arguments.complaints(args or {}):
        problems.add(f"{where}.args.{key}", complaint)
    return CaseStep(_time(data, "t_ms", where, problems), args=args, **texts)


def _expected(
    raw: dict[str, Any], clients: Mapping[str, CaseClient], problems: Problems
) -> dict[str, tuple[Told, ...]]:
    expect = problems.need(raw, "expect", OBJECT, "case")
    for name in expect:
        problems.known(name, clients, "case.expect")
    return {
        name: tuple(
            _told(where, row, problems)
            for where, row in problems.items(expect, name, "expect", OBJECT, needed=True)
        )
        for name in expect
    }


def _told(where: str, data: dict[str, Any], problems: Problems) -> Told:
    return Told(
        _time(data, "t_ms", where, problems),
        problems.need(data, "object", TEXT, where),
        problems.need(data, "event", TEXT, where),
        {key: value for key, value in data.items() if key not in _FIELDS_OF_TOLD},
        problems.may(data, "media", FLAG, where) or False,
    )


def _completions(
    raw: dict[str, Any], clients: Mapping[str, CaseClient], problems: Problems
) -> tuple[Completion, ...]:
    return tuple(
        _completion(where, row, clients, problems)
        for where, row in problems.items(raw, "completions", "case", OBJECT, needed=True)
    )


def _completion(
    where: str, data: dict[str, Any], clients: Mapping[str, CaseClient], problems: Problems
) -> Completion:
    problems.keys(data, _OF_COMPLETION, where)
    client, call, by = (problems.need(data, key, TEXT, where) for key in ("client", "call", "by"))
    problems.known(client, clients, f"{where}.client")
    fields = {key: data[key] for key in _FIELDS_OF_COMPLETIONS if key in data}
    return Completion(_time(data, "t_ms", where, problems), client, call, by, fields)


def _left(
    raw: dict[str, Any], clients: Mapping[str, CaseClient], problems: Problems
) -> dict[str, dict[str, Any]]:
    left = problems.may(raw, "left", OBJECT, "case") or {}
    for name in left:
        problems.known(name, clients, "case.left")
    return {name: problems.need(left, name, OBJECT, "left") for name in left}
