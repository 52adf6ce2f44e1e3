"""The first difference of two stories, told: what both have, where they part, what led there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sim.protocol.quirks import PROFILES
from sim.protocol.units import format_clock, format_duration
from sim.telling.cast import Cast
from sim.telling.columns import columns, wrap
from sim.telling.excerpts import led_to
from sim.telling.layout import numbered
from sim.telling.marks import heading
from sim.telling.story import sentence
from sim.trace import Difference, Record
from sim.trace.compare import Comparison
from sim.wording import phrase


def report(comparison: Comparison, left: str, right: str, width: int) -> Iterator[str]:
    """Lines about two traces of these names; the first says it all in short."""
    difference = comparison.difference
    if difference is None:
        yield "the stories are the same"
    else:
        yield f"the stories part at record {difference.number}"
    profiles = next((row[1:] for row in comparison.header if row[0] == "profile"), ())
    for name, one, other in comparison.header:
        if name == "quirks" and _are_usual((one, other), profiles):
            continue
        said = f"header: {_header(name, one, other, left, right)}"
        lines = wrap(said, width - 2) if name == "quirks" else [said]
        yield from (f"  {line}" for line in lines)
    if difference is not None:
        yield from parting(difference, left, right, width)


def _are_usual(quirks: Iterable[object], profiles: Iterable[object]) -> bool:
    """Whether the quirks are those of the profiles, so that naming these says it all."""
    usual = [PROFILES.get(str(name)) for name in profiles]
    return [frozenset(each) if isinstance(each, list) else None for each in quirks] == usual


def _header(name: str, one: object, other: object, left: str, right: str) -> str:
    """Where two headers differ, in words; of lists only what one of them has."""
    if name == "scenario_hash":
        return "they are of different scenarios"
    if isinstance(one, list) and isinstance(other, list):
        alone = [each for each in one if each not in other], [e for e in other if e not in one]
        if one and other and any(alone):
            said, says = (_value(name, each) for each in alone)
            return f"of {name}, only {left} has {said}; only {right} has {says}"
    return f"{name} is {_value(name, one)} in {left}, {_value(name, other)} in {right}"


def _value(name: str, value: object) -> str:
    """A value of the header in words."""
    if value is None:
        return "not given"
    if isinstance(value, int) and (name == "duration" or name.startswith("bounds.")):
        return format_duration(value)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value) or "empty"


def parting(difference: Difference, left: str, right: str, width: int) -> Iterator[str]:
    """The difference with its surroundings and causes on both sides."""
    if difference.before:
        yield ""
        yield heading("Before it, in both")
        yield from numbered(difference.before, width)
    before = {record.seq: record for record in difference.before}
    sides = (
        (left, difference.left, difference.after_left, difference.causes_left),
        (right, difference.right, difference.after_right, difference.causes_right),
    )
    for name, record, after, causes in sides:
        yield ""
        yield heading(name)
        if record is None:
            yield "  has ended"
            continue
        shown = before | {each.seq: each for each in (*causes, record, *after)}
        cast = Cast.of_excerpt(shown[number] for number in sorted(shown))
        yield from numbered((record, *after), width, "  ", record.seq, cast)
        if len(causes) > 1:
            yield f"  {phrase(led_to(record.seq))}:"
            yield from numbered(causes, width, "    ", cast=cast)
    yield from _details(difference.left, difference.right, width)


def _details(one: Record | None, other: Record | None, width: int) -> Iterator[str]:
    """Where two records differ that read alike."""
    if one is None or other is None or sentence(one) != sentence(other):
        return
    fields = [name for name in Record._fields if name not in {"seq", "data"}]
    pairs = [(name, getattr(one, name), getattr(other, name)) for name in fields]
    keys = dict.fromkeys((*one.data, *other.data))
    pairs += [(f"its {key}", one.data.get(key), other.data.get(key)) for key in keys]
    differ = [(name, a, b) for name, a, b in pairs if a != b]
    yield ""
    yield heading("They differ in")
    for name, a, b in differ:
        clock = name == "time"
        said, says = (format_clock(a), format_clock(b)) if clock else (str(a), str(b))
        yield from columns([(name, f"{said}, and {says}")], width, "  ")


def summary(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON can say it."""
    difference = comparison.difference
    return {
        "same": comparison.equal,
        "header": [
            {"field": name, "left": one, "right": other} for name, one, other in comparison.header
        ],
        "difference": None
        if difference is None
        else {
            "record": difference.number,
            "left": _data(difference.left),
            "right": _data(difference.right),
            "causes_left": [_data(cause) for cause in difference.causes_left],
            "causes_right": [_data(cause) for cause in difference.causes_right],
        },
    }


def _data(record: Record | None) -> dict[str, Any] | None:
    return None if record is None else record._asdict()
