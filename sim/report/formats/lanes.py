"""The lanes of a still: a person's bands, marks and faults, one row under another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from sim.report.formats.axis import Axis
from sim.report.formats.looks import FAULT, HUES, INK, MUTED, STRIPE
from sim.report.formats.rows import Row, counts, rows, session
from sim.report.formats.strokes import WIDE, Drawing, fitted
from sim.report.model.timeline import LINK, MEDIA, Lane, Timeline, Track

_BAND: Final = 11
_THIN: Final = 5
_STRIP: Final = 3
_COUNT: Final = 9
_MARKS: Final = 5
_GAP: Final = 1.5
_PADDING: Final = 3
_NAME: Final = 8.5
_TINY: Final = 7
_SMALLEST: Final = 6


@frozen
class Place:
    """Where a lane is: its corner, the room of its name, and its line of time."""

    left: float
    top: float
    names: float
    start: float
    line: Axis
    is_small: bool = False

    def x(self, time: int) -> float:
        """Where a moment is."""
        return self.start + self.line.place(time)

    @property
    def right(self) -> float:
        """Where its line of time ends."""
        return self.start + self.line.size

    @property
    def band(self) -> float:
        """The height of the band of a session, with what is above it."""
        return _PADDING + _BAND

    @property
    def middle(self) -> float:
        """Where messages come from and go to."""
        return self.top + _PADDING + _BAND / 2


def height_of(lane: Lane, *, is_small: bool) -> float:
    """How much room a lane takes."""
    own = 2 * _PADDING + _BAND
    if is_small:
        return own
    return own + _MARKS + sum(_height(row) + _GAP for row in rows(lane))


def _height(row: Row) -> float:
    if row.is_counted:
        return _COUNT
    return _STRIP if row.kind in (LINK, MEDIA) else _THIN


def draw_lane(
    drawing: Drawing, timeline: Timeline, at: int, place: Place, *, is_striped: bool
) -> None:
    """Draw a lane with everything in it but its messages."""
    lane = timeline.lanes[at]
    height = height_of(lane, is_small=place.is_small)
    if is_striped:
        drawing.box(place.left, place.top, place.right - place.left, height, STRIPE)
    _faults(drawing, timeline, at, place, height)
    y = place.top + _PADDING
    name = fitted(lane.name, place.names - 4, _NAME)
    drawing.text(place.left, y + _BAND - 2.5, name, _NAME, fill=INK, font_weight="bold")
    own = session(lane)
    if own is not None:
        _bands(drawing, own, place, y, _BAND, is_named=True)
    if place.is_small:
        return
    y += _BAND + _GAP
    _marks(drawing, timeline, at, place, y)
    y += _MARKS
    for row in rows(lane):
        size = _height(row)
        label = fitted(row.label, place.names - 8, _SMALLEST)
        drawing.text(place.left + 6, y + size - 0.2, label, _SMALLEST, fill=MUTED)
        if row.is_counted:
            _number(drawing, row.tracks, place, y, size)
        else:
            _bands(drawing, row.tracks[0], place, y, size)
        y += size + _GAP


def draw_rest(drawing: Drawing, lanes: Sequence[Lane], place: Place) -> float:
    """Draw those without a lane as a number over time; return how much room that takes."""
    tracks = [each for lane in lanes if (each := session(lane)) is not None]
    label = fitted(f"{len(lanes)} more", place.names - 4, _NAME)
    drawing.text(place.left, place.top + 2 * _COUNT - 2, label, _NAME, fill=INK)
    _number(drawing, tracks, place, place.top + _PADDING, 2 * _COUNT - _PADDING)
    return 2 * _COUNT + _PADDING


def _bands(
    drawing: Drawing, track: Track, place: Place, y: float, size: float, *, is_named: bool = False
) -> None:
    for band in track.bands:
        if (track.kind, band.state) == (LINK, "up"):
            continue
        x, until = place.x(band.began), place.x(band.ended)
        drawing.state(x, y, until - x, size, track.kind, band.state)
        at = _free(place, x, until, len(band.state) * WIDE * _TINY + 6) if is_named else None
        if at is not None:
            drawing.text(at + 3, y + size - 3, band.state, _TINY, fill=INK)


def _free(place: Place, x: float, until: float, room: float) -> float | None:
    """Where in a band there is so much room in one scene; None where there is not."""
    for scene in place.line.scenes:
        begin = max(x, place.start + scene.start)
        if min(until, place.start + scene.start + scene.size) - begin >= room:
            return begin
    return None


def _number(drawing: Drawing, tracks: Sequence[Track], place: Place, y: float, size: float) -> None:
    """How many are live, as steps; the most of them is as high as the row, and said."""
    steps = list(counts(tracks))
    most = max(number for _, number in steps)
    path = f"M{place.x(0):.1f} {y + size:.1f}"
    for time, number in steps:
        path += f" H{place.x(time):.1f} V{y + size - size * number / max(most, 1):.1f}"
    path += f" H{place.right:.1f} V{y + size:.1f} Z"
    calm = HUES["calm"]
    drawing.shape("path", d=path, fill=calm.fill, stroke=calm.line, stroke_width=0.5)
    drawing.text(
        place.right - 2, y + size - 1.5, f"at most {most}", _SMALLEST, fill=INK, text_anchor="end"
    )


def _faults(drawing: Drawing, timeline: Timeline, at: int, place: Place, height: float) -> None:
    for shade in timeline.shades:
        if shade.lane == at:
            x, until = place.x(shade.began), place.x(shade.ended)
            area = drawing.box(x, place.top, until - x, height, FAULT, fill_opacity=0.13)
            drawing.within(area, shade.label)
            drawing.line(x, place.top, x, place.top + height, stroke=FAULT, stroke_width=0.7)


def _marks(drawing: Drawing, timeline: Timeline, at: int, place: Place, y: float) -> None:
    """A stroke for each event that the app was told, a wedge for each call; each place once."""
    events, calls = dict[str, float](), dict[str, float]()
    for row, record in enumerate(timeline.records):
        if timeline.lane_of[row] == at and record.seq and record.kind in ("event", "call"):
            x = place.x(record.time)
            (events if record.kind == "event" else calls).setdefault(f"{x:.1f}", x)
    strokes = "".join(f"M{x} {y:.1f} v{_MARKS - 2} " for x in events)
    wedges = "".join(f"M{x} {y:.1f} l2 3.6 h-4 z " for x in calls)
    if strokes:
        drawing.shape("path", d=strokes.strip(), stroke=MUTED, stroke_width=0.6)
    if wedges:
        drawing.shape("path", d=wedges.strip(), fill=INK)
