"""The picture of a timeline in characters: rows of states, marks and numbers over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil
from typing import Final

from sim.protocol.units import SECOND, format_clock
from sim.report.formats.axis import Axis, Part, axis
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
_MOST_TRACKS: Final = 3
"""More of one kind in a lane are counted in one row."""
_COUNTED: Final = {
    SUBSCRIBER: ("showing", "frozen"),
    PUBLISHER: ("publishing",),
    CONNECTION: ("joined",),
}
_LEAST_SCENE: Final = 6
_LEGEND: Final = {
    ".": "starting",
    "=": "running",
    "~": "interrupted",
    "-": "leaving",
    "_": "ended",
}


def picture(timeline: Timeline, width: int) -> Iterator[str]:
    """The rows with their names before them, the clock above and a legend below."""
    shown = _shown(timeline)
    names = max(
        (len(label) for lane in shown for label, _ in _labels(timeline.lanes[lane])), default=0
    )
    room = min(max(names, 8), width // 4)
    line = axis(timeline, width - room - 1, _LEAST_SCENE, lambda each: len(_folded(each)) + 2)
    yield from (" " * (room + 1) + faint(row) for row in (_clock(line),))
    used = set[str]()
    for lane in shown:
        for label, row in _rows(timeline, lane, line):
            used |= set(row)
            yield f"{_fitted(label, room)} {_coloured(row)}"
    hidden = [lane for lane in range(len(timeline.lanes)) if lane not in shown]
    if hidden:
        row = _crowd([timeline.lanes[lane] for lane in hidden], line)
        yield f"{_fitted(f'{len(hidden)} more', room)} {row}"
    yield from map(faint, _legend(used, width, bool(hidden)))


def _shown(timeline: Timeline) -> list[int]:
    """The lanes with a row of their own: those that a breach or a fault concerns come first."""
    count = len(timeline.lanes)
    if count <= _MOST_LANES:
        return list(range(count))
    blamed = [timeline.lane_of[each.row] for each in timeline.findings if each.row is not None]
    troubled = [shade.lane for shade in timeline.shades]
    ranked = dict.fromkeys((count - 1, *blamed, *troubled, *range(count)))
    return sorted(list(ranked)[:_MOST_LANES])


def _labels(lane: Lane) -> list[tuple[str, list[Track]]]:
    """The rows of a lane below its own: what each is called, and the tracks that are in it."""
    rows: list[tuple[str, list[Track]]] = []
    for kind in (LINK, MEDIA, PUBLISHER, SUBSCRIBER, CONNECTION):
        tracks = [each for each in lane.tracks if each.kind == kind and _is_news(each)]
        if len(tracks) > _MOST_TRACKS:
            rows.append((f"  {len(tracks)} {kind}s", tracks))
        else:
            rows += [(f"  {_called(each)}", [each]) for each in tracks]
    return [(visible(lane.name), []), *rows]


def _is_news(track: Track) -> bool:
    return bool(track.bands) and (track.kind != LINK or any(b.state != "up" for b in track.bands))


def _called(track: Track) -> str:
    """A Subscriber is called by whom it shows: ``sees bob``."""
    inner = track.label.partition("(")[2] if track.kind == SUBSCRIBER else ""
    return visible(f"sees {inner.replace(')', '', 1)}" if inner else track.label)


def _rows(timeline: Timeline, lane: int, line: Axis) -> Iterator[tuple[str, str]]:
    shown = timeline.lanes[lane]
    (name, _), *rows = _labels(shown)
    session = [each for each in shown.tracks if each.kind == SESSION]
    marks = _marks(timeline, lane, line)
    if session:
        yield name, _fold(_band(session[0], line), line)
        if marks.strip():
            yield "", marks
    else:
        yield name, marks
    for label, tracks in rows:
        row = _band(tracks[0], line) if len(tracks) == 1 else _number(tracks, line)
        yield label, _fold(row, line)


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
            if band.state in _COUNTED.get(track.kind, ()):
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
    """When each scene begins, and how long each stretch is that is folded."""
    row = ""
    for part in line.parts:
        if part.is_folded:
            length = _folded(Stretch(part.began, part.ended))
            row = row[: part.start].ljust(part.start) + f"/{length}/"
        elif part.start >= len(row):
            text = _brief(part)
            fits = len(text) < part.size or part is line.parts[-1]
            row = row.ljust(part.start) + (text[: part.size] if fits else "")
    return row


def _brief(part: Part) -> str:
    """When a scene begins, as exactly as its scale shows it."""
    clock = format_clock(part.began)
    length = part.ended - part.began
    exact = clock[:-4] if length >= 10 * SECOND else clock[:-2] if length >= SECOND else clock
    return exact.rstrip("0").rstrip(".") if "." in exact else exact


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
