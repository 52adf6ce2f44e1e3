"""The picture of a timeline in characters: rows of states, marks and numbers over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil
from typing import Final

from sim.report.formats.axis import Axis, axis
from sim.report.formats.rows import LIVE, Row, rows, session, shown
from sim.report.model.timeline import (
    CONNECTION,
    LINK,
    MEDIA,
    PUBLISHER,
    SESSION,
    SUBSCRIBER,
    Lane,
    Stretch,
    Timeline,
    Track,
)
from sim.telling.marks import faint, style, visible
from sim.telling.words import duration
from sim.wording import bare

GLYPHS: Final[Mapping[str, Mapping[str, str]]] = {
    SESSION: {
        "connecting": ".",
        "connected": "=",
        "migrating": ">",
        "disconnecting": "-",
        "ended": "_",
        "reconnecting": "~",
    },
    PUBLISHER: {"starting": ".", "publishing": "=", "ended": "_"},
    SUBSCRIBER: {"starting": ".", "showing": "=", "ended": "_", "frozen": "~"},
    CONNECTION: {"joined": "=", "lost": "~"},
    LINK: {
        "up": " ",
        "lossy": "%",
        "no way in": "<",
        "no way out": ">",
        "refused": "x",
        "out": "!",
    },
    MEDIA: {"cut": "!"},
}
"""Kind of track → state → its character; of two states in one column the later here is shown."""
_COLOURS: Final = {"~": "yellow", "!": "red", "%": "yellow", "<": "red", ">": "red", "x": "red"}

CALL, FAULT, EVENT = ">", "!", "'"
_KINDS: Final = {"event": EVENT, "call": CALL, "fault": FAULT}
"""Kind of record → its mark; of two in one column the later here is shown."""
_MEANINGS: Final = {EVENT: "told", CALL: "a call", FAULT: "something breaks"}

_MOST_LANES: Final = 12
_LEAST_SCENE: Final = 8
_TICKS: Final = 14
"""Columns from one time above the picture to the next, at least."""
_LEGEND: Final = {
    ".": "starting",
    "=": "running",
    "~": "interrupted",
    "-": "leaving",
    "_": "ended",
}


def picture(timeline: Timeline, width: int) -> Iterator[str]:
    """The rows with their names before them, the clock above and a legend below."""
    lanes = shown(timeline, _MOST_LANES)
    names = [visible(timeline.lanes[at].name) for at in lanes]
    names += [_indented(row) for at in lanes for row in rows(timeline.lanes[at])]
    room = min(max(8, *map(len, names)), width // 4)
    line = axis(timeline, width - room - 1, _LEAST_SCENE, lambda each: len(_folded(each)) + 2)
    yield from (" " * (room + 1) + faint(row) for row in (_clock(line),))
    used = set[str]()
    for lane in lanes:
        for label, row in _rows(timeline, lane, line):
            used |= set(row)
            yield f"{_fitted(label, room)} {_coloured(row)}"
    hidden = [lane for lane in range(len(timeline.lanes)) if lane not in lanes]
    if hidden:
        row = _crowd([timeline.lanes[lane] for lane in hidden], line)
        yield f"{_fitted(f'{len(hidden)} more', room)} {row}"
    yield from map(faint, _legend(used, width, bool(hidden)))


def _rows(timeline: Timeline, at: int, line: Axis) -> Iterator[tuple[str, str]]:
    lane = timeline.lanes[at]
    own, marks = session(lane), _marks(timeline, at, line)
    if own is None:
        yield visible(lane.name), marks
    else:
        yield visible(lane.name), _fold(_band(own, line), line)
        yield from [("", marks)] if marks.strip() else []
    for row in rows(lane):
        filled = _number(row.tracks, line) if row.is_counted else _band(row.tracks[0], line)
        yield _indented(row), _fold(filled, line)


def _indented(row: Row) -> str:
    return f"  {row.label}"


def _span(line: Axis, began: int, ended: int) -> range:
    first = min(int(line.place(began)), line.size - 1)
    return range(first, max(min(ceil(line.place(ended)), line.size), first + 1))


def _band(track: Track, line: Axis) -> str:
    glyphs = GLYPHS[track.kind]
    gravity = {glyph: number for number, glyph in enumerate(glyphs.values())}
    row = [" "] * line.size
    for band in track.bands:
        glyph = glyphs[band.state]
        span = _span(line, band.began, band.ended)
        for at in span:
            if at > span[0] or gravity[glyph] >= gravity.get(row[at], -1):
                row[at] = glyph
    return "".join(row)


def _number(tracks: Iterable[Track], line: Axis) -> str:
    """How many of the tracks are on, column by column; ``+`` for ten and more."""
    numbers = [0] * line.size
    for track in tracks:
        on: set[int] = set()
        for band in track.bands:
            if band.state in LIVE[track.kind]:
                on.update(_span(line, band.began, band.ended))
        for at in on:
            numbers[at] += 1
    return "".join(" " if not number else str(number) if number < 10 else "+" for number in numbers)


def _crowd(lanes: Sequence[Lane], line: Axis) -> str:
    """How many of them are in the session, in tenths, column by column; ``=`` for all."""
    tracks = [track for lane in lanes for track in lane.tracks if track.kind == SESSION]
    here = [
        sum(each == "=" for each in at)
        for at in zip(*(_band(track, line) for track in tracks), strict=True)
    ]
    row = ("=" if each == len(lanes) else str(10 * each // len(lanes)) for each in here)
    return _fold("".join(row).ljust(line.size), line)


def _marks(timeline: Timeline, lane: int, line: Axis) -> str:
    row, order = [" "] * line.size, (" ", *_KINDS.values())
    for at, record in enumerate(timeline.records):
        mark = _KINDS.get(record.kind)
        if mark and record.seq and timeline.lane_of[at] == lane:
            place = _span(line, record.time, record.time)[0]
            row[place] = max(row[place], mark, key=order.index)
    for sign, finding in reversed(list(zip(signs(timeline), timeline.findings, strict=False))):
        if finding.row is not None and timeline.lane_of[finding.row] == lane:
            row[_span(line, finding.time, finding.time)[0]] = sign
    return "".join(row)


def _folded(stretch: Stretch) -> str:
    return duration(stretch.ended - stretch.began).replace(" ", "")


def _clock(line: Axis) -> str:
    """When each scene begins and goes on, and how long each stretch is that is folded."""
    row = ""
    for part in line.parts:
        if part.is_folded:
            length = _folded(Stretch(part.began, part.ended))
            row = row[: part.start].ljust(part.start) + f"/{length}/"
            continue
        for time, text in part.ticks(_TICKS):
            at = min(int(part.place(time)), part.start + part.size - 1)
            is_first = at == part.start
            if at + len(text) <= part.start + part.size and (is_first or len(row) < at):
                row = row.ljust(at) + text
    return row


def _fold(row: str, line: Axis) -> str:
    """A row with strokes where something is folded."""
    cells = list(row)
    for part in line.parts:
        for at in (part.start, part.start + part.size - 1) if part.is_folded else ():
            cells[at] = cells[at] if cells[at] == " " else "/"
    return "".join(cells)


def _coloured(row: str) -> str:
    return "".join(style(each, fg=_COLOURS.get(each)) if each in _COLOURS else each for each in row)


def _fitted(label: str, room: int) -> str:
    return bare(label, room).ljust(room)


def _legend(used: set[str], width: int, is_crowded: bool) -> list[str]:
    """What the signs mean that are used; none is torn from its meaning."""
    meanings = [f"{sign} {says}" for sign, says in (_LEGEND | _MEANINGS).items() if sign in used]
    meanings += ["0-9 how many tenths are here"] if is_crowded else []
    lines = [""]
    for each in (*meanings, "/5s/ so long is folded"):
        longer = f"{lines[-1]}   {each}" if lines[-1] else each
        lines[-1:] = [longer] if len(longer) <= width else [lines[-1], each]
    return lines


def signs(timeline: Timeline) -> str:
    """What each of the first findings is called in the picture."""
    return "123456789"[: len(timeline.findings)]
