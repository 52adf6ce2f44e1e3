"""How durations, probabilities, rates, numbers, names and texts are written."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Final

from sim.expectations.phrases import NAME as NAME_PATTERN
from sim.protocol.units import (
    LONGEST,
    TERM_PATTERN,
    UNIT_PATTERN,
    UNITS,
    format_duration,
    parse_duration,
)
from sim.scenario.nodes import UNPRINTABLE
from sim.scenario.problems import BAD
from sim.scenario.shapes import Value, text_for
from sim.wording import LONGEST_QUOTE, quoted

_DURATION_PATTERN: Final = rf"{TERM_PATTERN}(\s*{TERM_PATTERN})*"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# -- durations ---------------------------------------------------------------------------------


def _duration(value: Any) -> Any:
    if _is_number(value):
        return _no_unit(value)
    if not isinstance(value, str):
        return BAD
    if value.startswith("-"):
        raise ValueError(f"{quoted(value)} is negative: a duration cannot be")
    return _parsed(value)


def _parsed(text: str) -> int:
    if len(text) > LONGEST_QUOTE:
        raise ValueError(f"{quoted(text)} is not a duration: it has {len(text)} characters")
    return parse_duration(text)


def _no_unit(value: float) -> int:
    if value < 0:
        raise ValueError(f"{quoted(value)} is negative: a duration cannot be")
    raise ValueError(
        f"{quoted(value)} has no unit: write {quoted(value)[:12]}s for seconds, "
        f"or another of the units {', '.join(UNITS)}"
        if value <= LONGEST
        else f"{quoted(value)} is not a duration: write, for example, 2min 7s"
    )


def _positive_duration(value: Any) -> Any:
    nothing = _is_number(value) and value == 0
    duration = 0 if nothing else _duration(value)
    if duration == 0:
        raise ValueError("this duration must be more than 0s")
    return duration


def _is_duration(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LONGEST


_DURATION_SCHEMA: Final = {
    "type": "string",
    "pattern": rf"^\s*{_DURATION_PATTERN}\s*$",
    "description": "Numbers with units: 250ms, 5.9s, 2min 7s, 1h (us, ms, s, min, h, d).",
}

DURATION: Final = Value(
    "a duration such as 2min 7s",
    _duration,
    _is_duration,
    format_duration,
    _DURATION_SCHEMA,
    "duration",
)
"""A duration; its value is whole microseconds."""

POSITIVE_DURATION: Final = Value(
    "a duration such as 2min 7s",
    _positive_duration,
    lambda value: _is_duration(value) and value > 0,
    format_duration,
    _DURATION_SCHEMA,
    "duration",
)
"""A duration of more than nothing."""


# -- numbers -----------------------------------------------------------------------------------


def whole_number(least: int, most: int, about: str = "a whole number") -> Value:
    """Return the shape of a whole number from ``least`` to ``most``."""

    def parse(value: Any) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            return BAD
        if not least <= value <= most:
            raise ValueError(f"{quoted(value)} is out of range: allowed are {least} to {most}")
        return value

    def holds(value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    json = {"type": "integer", "minimum": least, "maximum": most}
    return Value(f"{about} from {least} to {most}", parse, holds, json=json)


def number(least: float, most: float) -> Value:
    """Return the shape of a number from ``least`` to ``most``; it may be a fraction like 1/40."""

    def parse(value: Any) -> Any:
        found: Any = _fraction(value) if isinstance(value, str) else value
        if not _is_number(found):
            return BAD
        if not least <= found <= most:
            raise ValueError(
                f"{quoted(value)} is out of range: allowed are {least:.12g} to {most:.12g}"
            )
        return float(found)

    def holds(value: object) -> bool:
        return isinstance(value, float) and least <= value <= most

    json = {"anyOf": [{"type": "number", "minimum": least, "maximum": most}, _FRACTION_SCHEMA]}
    return Value(f"a number from {least:g} to {most:g}", parse, holds, json=json)


_FRACTION: Final = re.compile(r"\s*([0-9]{1,18})\s*/\s*([0-9]{1,18})\s*")
_PERCENT: Final = re.compile(r"\s*([0-9]{1,18}(?:\.[0-9]{1,18})?)\s*%\s*")
_FRACTION_SCHEMA: Final = {"type": "string", "pattern": r"^\s*[0-9]+\s*/\s*[0-9]+\s*$"}


def _fraction(text: str) -> object:
    found = _FRACTION.fullmatch(text)
    if not found:
        return BAD
    if int(found.group(2)) == 0:
        raise ValueError(f"{quoted(text)} divides by 0")
    return int(found.group(1)) / int(found.group(2))


def _probability(value: Any) -> Any:
    found: Any = value
    if isinstance(value, str):
        percent = _PERCENT.fullmatch(value)
        found = float(Fraction(percent.group(1)) / 100) if percent else _fraction(value)
    if not _is_number(found):
        return BAD
    if not 0 <= found <= 1:
        raise ValueError(
            f"{quoted(value)} is not a probability: it must be from 0 to 1, or from 0% to 100%"
        )
    return float(found)


PROBABILITY: Final = Value(
    "a probability such as 5%, 0.05 or 1/20",
    _probability,
    lambda value: isinstance(value, float) and 0 <= value <= 1,
    json={
        "anyOf": [
            {"type": "number", "minimum": 0, "maximum": 1},
            {"type": "string", "pattern": r"^\s*([0-9]+(\.[0-9]+)?\s*%|[0-9]+\s*/\s*[0-9]+)\s*$"},
        ],
        "description": "From 0 to 1: 0.05, 5% or 1/20.",
    },
    title="probability",
)


# -- rates -------------------------------------------------------------------------------------

_RATE: Final = re.compile(r"\s*([0-9]{1,18}(?:\.[0-9]{1,18})?)\s*/\s*(.+)")


def _rate(value: Any) -> Any:
    found = _RATE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return BAD
    times, per = Fraction(found.group(1)), found.group(2).strip()
    length = UNITS[per] if per in UNITS else _parsed(per)
    if times == 0 or length == 0:
        raise ValueError(f"{quoted(value)} is no rate: nothing ever happens, or all at once")
    gap = round(length / times)
    if not 1 <= gap <= LONGEST:
        raise ValueError(
            f"{quoted(value)} is out of range: a rate is from once in 366 days to 1/us"
        )
    return gap


def _per(gap: int) -> str:
    unit = next((name for name, size in UNITS.items() if size == gap), None)
    return f"1/{unit or format_duration(gap)}"


RATE: Final = Value(
    "a rate such as 3/min",
    _rate,
    lambda value: _is_duration(value) and value > 0,
    _per,
    {
        "type": "string",
        "pattern": rf"^\s*[0-9]+(\.[0-9]+)?\s*/\s*(({UNIT_PATTERN})|{_DURATION_PATTERN})\s*$",
        "description": "How many in how long: 1/min, 2.5/h, 3/10s.",
    },
    "rate",
)
"""A rate; its value is the mean time from one to the next, in microseconds."""


# -- words -------------------------------------------------------------------------------------


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError(f"{quoted(value)} is not text: put it in quotes")
    if UNPRINTABLE.search(value):
        raise ValueError("this text has control characters in it")
    return value


TEXT: Final = Value(
    "text",
    _text,
    lambda value: isinstance(value, str) and not UNPRINTABLE.search(value),
    json={"type": "string"},
)


def pattern(says: str, expression: str, rule: str) -> Value:
    """Return the shape of a text that an expression matches; ``rule`` says it in words."""
    compiled = re.compile(expression)

    def parse(value: Any) -> Any:
        text = _text(value)
        if not compiled.fullmatch(text):
            raise ValueError(f"{quoted(value)} is not {says}: {rule}")
        return text

    def holds(value: object) -> bool:
        return isinstance(value, str) and compiled.fullmatch(value) is not None

    return Value(says, parse, holds, json={"type": "string", "pattern": f"^(?:{expression})$"})


NAME: Final = pattern(
    "a name",
    NAME_PATTERN,
    "it begins with a letter and goes on with up to 39 letters, digits, - and _",
)


def _flag(value: Any) -> Any:
    if isinstance(value, str) and value in ("true", "false"):
        raise ValueError(text_for(value))
    return value if isinstance(value, bool) else BAD


FLAG: Final = Value(
    "true or false",
    _flag,
    lambda value: isinstance(value, bool),
    json={"type": "boolean"},
)
