"""A timeline as the document of the page: JSON in columns, compressed, as text.

What is long is in columns of whole numbers: times as differences, names and texts as places in a
list of words that all columns share. ``assets/document.js`` is the other half.
"""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from attrs import evolve

from sim.report.comparing import compared
from sim.report.comparing.document import document as comparison
from sim.report.comparing.idle import in_both
from sim.report.model.timeline import STATES, Arrow, Lane, Timeline, Track
from sim.trace import Record, causes

FORMAT: Final = 1
"""The version of the document; the page refuses another."""

NONE: Final = -1
"""In a column: no row, no word, no time."""

_EFFORT: Final = 7
"""More takes three times as long for a hundredth less."""

_NUMBERS: Final = re.compile(r"(\d+)")
_HOLE: Final = "\x00"
"""Where a number stands in the pattern of a text: no text of a trace needs this character."""


def pack(timeline: Timeline, against: Timeline | None = None) -> str:
    """The document of the timeline as base64: the same bytes for the same timeline."""
    return packed(document(timeline, against))


def packed(data: Mapping[str, Any]) -> str:
    """A document as base64: plain data, compressed."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return b64encode(zlib.compress(text.encode("ascii"), _EFFORT)).decode("ascii")


def unpack(packed: str) -> dict[str, Any]:
    """What :func:`pack` packed, as plain data."""
    return dict(json.loads(zlib.decompress(b64decode(packed))))


def document(timeline: Timeline, against: Timeline | None = None) -> dict[str, Any]:
    """The document as plain data."""
    if against is not None:
        common = in_both(timeline.stretches, against.stretches)
        timeline, against = evolve(timeline, stretches=common), evolve(against, stretches=common)
    words = _Words()
    return {
        "format": FORMAT,
        **_about(timeline),
        "states": {kind: list(states) for kind, states in STATES.items()},
        "lanes": [_lane(lane, words) for lane in timeline.lanes],
        "rows": _rows(timeline, words),
        "arrows": _arrows(timeline, words),
        "shades": _shades(timeline, words),
        "findings": _findings(timeline),
        "laws": dict(timeline.laws),
        "expectations": [[text, held] for text, held in timeline.expectations.items()],
        "stretches": [[each.began, each.ended] for each in timeline.stretches],
        "words": words.list,
        "against": None if against is None else document(against),
        "comparison": None if against is None else comparison(compared(timeline, against)),
    }


class _Places(dict[str | None, int]):
    """Text → its place, in the order in which they are asked for."""

    def __missing__(self, word: str | None) -> int:
        place = self[word] = len(self) - 1
        return place


class _Words:
    """Texts, each once; a column has their places."""

    def __init__(self) -> None:
        self._places = _Places({None: NONE})
        self.place: Callable[[str | None], int] = self._places.__getitem__
        """Where the word is in the list; -1 for None."""

    @property
    def list(self) -> list[str]:
        """All that have been placed."""
        return [word for word in self._places if word is not None]


def _about(timeline: Timeline) -> dict[str, Any]:
    return {
        "title": timeline.title,
        "about": timeline.about,
        "seed": str(timeline.seed),  # JavaScript's numbers are exact up to 2^53 only
        "replication": str(timeline.replication),
        "profile": timeline.profile,
        "version": timeline.version,
        "digest": timeline.digest,
        "token": timeline.token,
        "again": timeline.again,
        "scenario": timeline.scenario,
        "level": timeline.level,
        "ended": timeline.ended,
        "warnings": list(timeline.warnings),
    }


# -- lanes, arrows, shades, findings ---------------------------------------------------------------


def _lane(lane: Lane, words: _Words) -> dict[str, Any]:
    tracks = [_track(track, words) for track in lane.tracks]
    return {"name": lane.name, "role": lane.role, "platform": lane.is_platform, "tracks": tracks}


def _track(track: Track, words: _Words) -> dict[str, Any]:
    return {
        "kind": track.kind,
        "label": track.label,
        "began": _steps(band.began for band in track.bands),
        "ended": [band.ended - band.began for band in track.bands],
        "state": [words.place(band.state) for band in track.bands],
        "row": [band.row for band in track.bands],
        "until": [_or_none(band.until) for band in track.bands],
    }


def _arrows(timeline: Timeline, words: _Words) -> dict[str, list[int]]:
    arrows = timeline.arrows
    return {
        "source": [each.source for each in arrows],
        "target": [each.target for each in arrows],
        "sent": _steps(each.sent for each in arrows),
        "lost": [int(each.got is None) for each in arrows],
        "late": [_late(each, timeline) for each in arrows],
        "row": _steps(each.row for each in arrows),
        "label": [words.place(each.label) for each in arrows],
        "frame": [int(each.is_frame) for each in arrows],
    }


def _late(arrow: Arrow, timeline: Timeline) -> int:
    """How long after its record it arrived: it hardly ever did, so that the column is all zeros."""
    return 0 if arrow.got is None else arrow.got - timeline.records[arrow.row].time


def _shades(timeline: Timeline, words: _Words) -> dict[str, list[int]]:
    shades = timeline.shades
    return {
        "lane": [each.lane for each in shades],
        "began": _steps(each.began for each in shades),
        "ended": [each.ended - each.began for each in shades],
        "label": [words.place(each.label) for each in shades],
        "row": [each.row for each in shades],
    }


def _findings(timeline: Timeline) -> list[dict[str, Any]]:
    return [
        {
            "kind": each.kind,
            "name": each.name,
            "sentence": each.sentence,
            "time": each.time,
            "row": _or_none(each.row),
            "expected": each.is_expected,
        }
        for each in timeline.findings
    ]


# -- rows ------------------------------------------------------------------------------------------


def _rows(timeline: Timeline, words: _Words) -> dict[str, Any]:
    records = timeline.records
    row_of = {record.seq: row for row, record in enumerate(records) if record.seq}
    patterns, numbers = _patterns(timeline.told, words)
    return {
        "time": _steps(record.time for record in records),
        "seq": _numbers(records),
        "lane": list(timeline.lane_of),
        "client": _clients(timeline, words),
        "object": [words.place(record.object) for record in records],
        "kind": [words.place(record.kind) for record in records],
        "name": [words.place(record.name) for record in records],
        "reason": [words.place(_text(record.reason)) for record in records],
        "thing": [words.place(_thing(record)) for record in records],
        "whose": [words.place(_whose(record)) for record in records],
        "cause": _causes(records, row_of),
        "besides": _besides(records, row_of),
        "told": patterns,
        "numbers": numbers,
    }


def _clients(timeline: Timeline, words: _Words) -> list[int]:
    """Of each row its person; -1 for the one whose lane it is in."""
    for lane in timeline.lanes:
        words.place(lane.name)
    names = [lane.name for lane in timeline.lanes]
    pairs = zip(timeline.records, timeline.lane_of, strict=True)
    return [
        NONE if each.client == names[lane] else words.place(each.client) for each, lane in pairs
    ]


def _numbers(records: Iterable[Record]) -> list[int]:
    """0 for the number that comes next, -1 for none, else how many are missing before it."""
    column, last = [], 0
    for record in records:
        column.append(record.seq - last - 1 if record.seq else NONE)
        last = record.seq or last
    return column


def _causes(records: Iterable[Record], row_of: Mapping[int, int]) -> list[int]:
    """How many rows before it each row's cause is; 0 if it has none here."""
    return [row - row_of.get(record.cause or 0, row) for row, record in enumerate(records)]


def _besides(records: Iterable[Record], row_of: Mapping[int, int]) -> dict[str, list[int]]:
    """Row → the rows that it follows from besides its cause, where there are any."""
    found = {}
    for row, record in enumerate(records):
        numbers = [number for number in causes(record) if number != record.cause]
        if rows := [row_of[number] for number in numbers if number in row_of]:
            found[str(row)] = rows
    return found


def _thing(record: Record) -> str | None:
    """What it is about, for those who ask who sees what: a stream, a connection, an element."""
    data = record.data
    own = data.get("own") if record.name == "sessionConnected" else None
    return _text(data.get("element") or data.get("stream") or data.get("connection") or own)


def _whose(record: Record) -> str | None:
    """The connection of its stream, or how the link fails."""
    data = record.data
    if "stream" in data:
        return _text(data.get("connection"))
    return _text(data.get("direction") or data.get("to"))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _patterns(told: Sequence[str], words: _Words) -> tuple[list[int], list[int | str]]:
    """Each text as a pattern with holes for its numbers, and all numbers one after another."""
    column, numbers = list[int](), list[int | str]()
    for text in told:
        parts = _NUMBERS.split(text.replace(_HOLE, "␀"))
        column.append(words.place(_HOLE.join(parts[::2])))
        numbers += map(_number, parts[1::2])
    return column, numbers


def _number(digits: str) -> int | str:
    """The digits as a number, if that says the same: ``007`` and ``١`` are texts."""
    number = int(digits) if len(digits) < 10 else -1
    return number if str(number) == digits else digits


def _steps(values: Iterable[int]) -> list[int]:
    """The first value, and of each other by how much it is more than the one before."""
    return [after - before for before, after in pairwise((0, *values))]


def _or_none(row: int | None) -> int:
    return NONE if row is None else row
