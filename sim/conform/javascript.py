"""What is understood of the JavaScript in a listener, as data.

Calls, one after the other; put off by a promise or a timer; and guards, which let something happen
only so often: ``if (!again) { again = 1; publish() }``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from sim.protocol.units import MILLISECOND

LONGEST: Final = 1_000
"""The most characters of a listener's script."""


@frozen
class Call:
    """A function that is called, with its arguments as they are written."""

    name: str
    arguments: str


@frozen
class Later:
    """What is put off by so many microseconds; None means to a promise's continuation."""

    delay: int | None
    body: tuple[Statement, ...]


@frozen
class Guard:
    """What happens only if a variable is below ``limit``; asking may add ``step`` to it.

    ``first`` says whether that comes before the comparison.
    """

    variable: str
    limit: int
    step: int
    first: bool
    body: tuple[Statement, ...]


@frozen
class Set:
    """A variable of a guard gets a value, or one more if ``value`` is None."""

    variable: str
    value: int | None


Statement = Call | Later | Guard | Set

_ARROW: Final = r"(?:\(\s*\w*\s*\)\s*=>|function\s*\(\s*\w*\s*\))\s*"
_PROMISE: Final = re.compile(
    rf"(?:Promise\.resolve\(\)\.then|queueMicrotask)\({_ARROW}(.+)\)", re.DOTALL
)
_TIMEOUT: Final = re.compile(rf"setTimeout\({_ARROW}(.+?)(?:,\s*([0-9]+)\s*)?\)", re.DOTALL)
_CALL: Final = re.compile(r"(?:await\s+)?(?:[\w\[\]]+\.)*(\w+)\(([^()]*)\)", re.DOTALL)
_THROWN: Final = re.compile(r"throw\s+(.*)", re.DOTALL)

_VARIABLE: Final = r"(?:(?:window|globalThis|self)\.)?(?P<variable>[A-Za-z_]\w*)"
_GUARD: Final = re.compile(
    rf"if\s*\(\s*(?P<not>!)?\s*(?P<before>\+\+)?{_VARIABLE}(?P<after>\+\+)?"
    r"\s*(?:(?P<compared><=?)\s*(?P<limit>[0-9]{1,6})\s*)?\)\s*(?P<body>.+)",
    re.DOTALL,
)
_SET: Final = re.compile(
    rf"(?:{_VARIABLE}\s*(?:=\s*(?P<value>true|false|[0-9]{{1,6}})|\+\+|\+=\s*1))", re.DOTALL
)
_WORDS: Final = {"true": 1, "false": 0}


def parse(script: str) -> tuple[Statement, ...]:
    """The statements of a script. Raises ``ValueError`` for what is not understood."""
    if len(script) > LONGEST:
        raise ValueError(f"has {len(script)} characters; the most allowed is {LONGEST}")
    return _block(script, ())


def _block(script: str, variables: tuple[str, ...]) -> tuple[Statement, ...]:
    return tuple(_statement(each, variables) for each in _split(script))


def _split(script: str) -> Iterator[str]:
    """The statements of a script or of a block: they end where no bracket is open."""
    depth, begun = 0, 0
    script = _unwrapped(script)
    for position, character in enumerate(script):
        depth += (character in "([{") - (character in ")]}")
        guarded = character == "}" and script[begun:].lstrip().startswith("if")
        if depth == 0 and (character in ";\n" or guarded):
            yield from _nonempty(script[begun : position + guarded])
            begun = position + 1
    yield from _nonempty(script[begun:])


def _unwrapped(script: str) -> str:
    script = script.strip().rstrip(";").strip()
    whole = script.startswith("{") and script.endswith("}")
    return script[1:-1].strip() if whole else script


def _nonempty(statement: str) -> Iterator[str]:
    if statement.strip():
        yield statement.strip()


def _statement(script: str, variables: tuple[str, ...]) -> Statement:
    if wrapped := _PROMISE.fullmatch(script):
        return Later(None, _block(wrapped[1], variables))
    if wrapped := _TIMEOUT.fullmatch(script):
        delay = min(int(wrapped[2] or 0), 86_400_000) * MILLISECOND
        return Later(delay, _block(wrapped[1], variables))
    if guard := _GUARD.fullmatch(script):
        return _guard(guard, variables)
    if (given := _SET.fullmatch(script)) and given["variable"] in variables:
        value = given["value"]
        return Set(given["variable"], None if value is None else int(_WORDS.get(value, value)))
    if thrown := _THROWN.fullmatch(script):
        return Call("throw", thrown[1])
    called = _CALL.fullmatch(script)
    if called is None:
        raise ValueError(f"says {script!r}")
    return Call(called[1], called[2].strip())


def _guard(match: re.Match[str], variables: tuple[str, ...]) -> Guard:
    variable, negated, limit = match["variable"], match["not"], match["limit"]
    if (negated is None) == (limit is None):  # either not yet, or less than so often
        raise ValueError(f"says {match[0]!r}")
    most = 1 if limit is None else int(limit) + (match["compared"] == "<=")
    step = int(bool(match["before"])) + int(bool(match["after"]))
    body = _block(match["body"], (*variables, variable))
    return Guard(variable, most, step, match["before"] is not None, body)


def calls(statements: tuple[Statement, ...], delay: int = 0) -> Iterator[tuple[str, int]]:
    """The calls in them, each with its delay in microseconds."""
    for each in statements:
        if isinstance(each, Later):
            yield from calls(each.body, delay + (each.delay or 0))
        elif isinstance(each, Guard):
            yield from calls(each.body, delay)
        elif isinstance(each, Call):
            yield each.name, delay
