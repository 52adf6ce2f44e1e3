"""Units of virtual time. The clock counts whole microseconds; there are no floats in it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from sim.wording import quoted

MILLISECOND: Final = 1_000
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
LONGEST: Final = 366 * DAY
"""The longest duration that the product accepts: a year."""
FAR: Final = 1 << 62
"""Later than any time."""

MOST: Final = 2**64 - 1
"""The largest whole number that anybody may give."""

UNITS: Final[dict[str, int]] = {
    "us": 1,
    "ms": MILLISECOND,
    "s": SECOND,
    "min": MINUTE,
    "h": HOUR,
    "d": DAY,
}

UNIT_PATTERN: Final = "|".join(UNITS)
TERM_PATTERN: Final = rf"[0-9]+(\.[0-9]+)?\s*({UNIT_PATTERN})"
"""A number with its unit, for programs that look at durations without reading them."""
_TERM: Final = re.compile(rf"([0-9]+)(?:\.([0-9]+))?\s*({UNIT_PATTERN})(?![a-z])")


@lru_cache(maxsize=1_024)
def parse_duration(text: str) -> int:
    """Read a duration such as ``"2min 7s"``, ``"40ms"`` or ``"1.5h"``; return microseconds.

    Decimal fractions are exact: no floating point is involved.

    Raises ``ValueError`` with one sentence when the text is not a duration.

    >>> parse_duration("2min 7s")
    127000000
    >>> parse_duration("1.5ms")
    1500
    """
    position, total = 0, 0
    stripped = text.strip()
    while position < len(stripped):
        term = _TERM.match(stripped, position)
        if term is None:
            raise ValueError(_no_duration(text))
        whole, fraction, unit = term.group(1), term.group(2) or "", UNITS[term.group(3)]
        total += _microseconds(text, whole, fraction, unit)
        position = term.end()
        while position < len(stripped) and stripped[position] == " ":
            position += 1
    if not stripped:
        raise ValueError("an empty text is not a duration: write, for example, 5.9s")
    if total > LONGEST:
        raise ValueError(f"{quoted(text)} is longer than 366 days, the longest duration allowed")
    return total


_LONG_UNITS: Final[dict[str, tuple[str, ...]]] = {
    "us": ("µs", "usec", "usecs", "microsecond", "microseconds"),
    "ms": ("msec", "msecs", "millis", "millisecond", "milliseconds"),
    "s": ("sec", "secs", "second", "seconds"),
    "min": ("m", "mins", "minute", "minutes"),
    "h": ("hr", "hrs", "hour", "hours"),
    "d": ("day", "days"),
}
"""How people spell units that are spelled otherwise here."""
_SPELLINGS: Final = {word: unit for unit, words in _LONG_UNITS.items() for word in words}


def _no_duration(text: str) -> str:
    """Return the sentence about a text that is no duration; maybe it is one in other words."""
    plain = re.sub(
        r"(\d)\s*([a-zµ]+)(?:\s*(?:,|and\b))?",
        lambda found: found[1] + _SPELLINGS.get(found[2], found[2]),
        text.strip().lower(),
    )
    is_one = re.fullmatch(rf"{TERM_PATTERN}(\s*{TERM_PATTERN})*", plain)
    hint = f"did you mean {plain!r}? W" if is_one else "w"
    return (
        f"{quoted(text)} is not a duration: {hint}rite numbers with units, such as 250ms, 5.9s, "
        "2min 7s or 1h (units: us, ms, s, min, h, d)"
    )


def _microseconds(text: str, whole: str, fraction: str, unit: int) -> int:
    if len(whole) > 18 or len(fraction) > 18:
        raise ValueError(f"{quoted(text)} has too many digits for a duration")
    scaled, rest = divmod(int(fraction or "0") * unit, int(10 ** len(fraction)))
    if rest:
        raise ValueError(f"{quoted(text)} is finer than a microsecond, the unit of the clock")
    return int(whole) * unit + scaled


def format_duration(microseconds: int) -> str:
    """Write a duration the way :func:`parse_duration` reads it, exactly.

    >>> format_duration(127_000_000)
    '2min 7s'
    >>> format_duration(5_900_000)
    '5.9s'
    """
    if microseconds == 0:
        return "0s"
    parts: list[str] = []
    rest = microseconds
    for unit, size in (("d", DAY), ("h", HOUR), ("min", MINUTE)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
    if rest >= SECOND or (rest and parts):
        parts.append(_decimal(rest, SECOND, 6) + "s")
    elif rest >= MILLISECOND:
        parts.append(_decimal(rest, MILLISECOND, 3) + "ms")
    elif rest:
        parts.append(f"{rest}us")
    return " ".join(parts)


def _decimal(value: int, unit: int, digits: int) -> str:
    whole, rest = divmod(value, unit)
    return f"{whole}.{rest:0{digits}d}".rstrip("0").rstrip(".") if rest else str(whole)


def format_clock(microseconds: int) -> str:
    """Write a point in time as ``h:mm:ss.mmm`` (hours only when there are any).

    >>> format_clock(127_250_000)
    '2:07.250'
    """
    milliseconds = microseconds // MILLISECOND
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // 1000:02d}.{rest % 1000:03d}"
    return f"{hours}:{minutes:02d}:{seconds}" if hours else f"{minutes}:{seconds}"


_CLOCK: Final = re.compile(
    r"(?:(?P<h>[0-9]{1,4}):)?(?P<m>[0-9]{1,4}):(?P<s>[0-5][0-9](?:\.[0-9]+)?)"
)


def parse_time(text: str) -> int:
    """Read a point in time as :func:`format_clock` writes it, or as a duration from the beginning.

    Raises ``ValueError`` with one sentence when the text is neither.

    >>> parse_time("2:07"), parse_time("2min 7s"), parse_time("1:00:00.5")
    (127000000, 127000000, 3600500000)
    """
    stripped = text.strip()
    clock = _CLOCK.fullmatch(stripped)
    if clock is None and (":" in stripped or not re.search("[a-zµ]", stripped)):
        raise ValueError(
            f"{quoted(text)} is not a time: write it as the story does, such as 2:07, 2:07.250 or"
            " 1:02:07, or as a duration such as 2min 7s"
        )
    if clock is None:
        return parse_duration(text)
    hours, minutes, seconds = clock.group("h", "m", "s")
    if hours and int(minutes) >= 60:
        raise ValueError(f"{quoted(text)} is not a time: an hour has minutes from 00 to 59")
    return parse_duration(f"{hours or 0}h {minutes}min {seconds}s")
