"""A run as a still: lanes, bands, faults, messages and breaches, for papers and notebooks.

It is as wide as a column of text and read at that size. Idle stretches are folded; of many lanes
and tracks some have a row, and the others are counted in one.
"""

from __future__ import annotations

from typing import Any, Final

from sim.protocol.units import format_clock
from sim.report.formats.axis import Axis, Part, axis
from sim.report.formats.causes import carriers, failures, led_to
from sim.report.formats.lanes import Place, draw_lane, draw_rest, height_of
from sim.report.formats.looks import (
    ARROW,
    BREACH,
    CHAIN,
    FAULT,
    INK,
    LOOKS,
    MUTED,
    RULE,
    SURFACE,
    Look,
)
from sim.report.formats.rows import shown
from sim.report.formats.strokes import WIDE, Drawing, fitted
from sim.report.model.timeline import CONNECTION, LINK, MEDIA, STATES, Arrow, Timeline
from sim.telling.columns import wrap
from sim.telling.words import duration

NARROWEST: Final = 240
USUAL: Final = 480
_SMALL: Final = 640

_MARGIN: Final = 6
_NAMES: Final = 84
"""The room of names, left of the lanes."""
_TEXT: Final = 8.5
_TINY: Final = 7
_LEAST_SCENE: Final = 34
_FOLD: Final = 26
_TEAR: Final = 8
_TICKS: Final = 44
"""From one time above the picture to the next, at least."""
_MOST_LANES: Final = 16
_FEW_LANES: Final = 8
_MOST_ARROWS: Final = 150
_MOST_FINDINGS: Final = 4


def write(timeline: Timeline, width: int = USUAL) -> str:
    """The whole still. Raises ``ValueError`` with one sentence when it is too narrow."""
    if width < NARROWEST:
        raise ValueError(f"a width of {width} is too narrow for a still: at least {NARROWEST}")
    drawing = Drawing(width, _title(timeline))
    drawing.box(0, 0, width, 10_000, SURFACE)
    background = drawing.root[-1]
    y = _head(drawing, timeline, _MARGIN)
    y = _findings(drawing, timeline, y)
    y = _picture(drawing, timeline, y, _MOST_LANES, is_small=False)
    y = _legend(drawing, timeline, y)
    background.set("height", f"{y + _MARGIN:.1f}")
    return drawing.finished(y + _MARGIN)


def small(timeline: Timeline, width: int = _SMALL) -> str:
    """Sessions, faults and breaches alone, for the middle of a notebook."""
    drawing = Drawing(width, _title(timeline))
    drawing.box(0, 0, width, 10_000, SURFACE)
    background = drawing.root[-1]
    y = _findings(drawing, timeline, _MARGIN)
    y = _picture(drawing, timeline, y, _FEW_LANES, is_small=True)
    background.set("height", f"{y + _MARGIN:.1f}")
    return drawing.finished(y + _MARGIN)


def _title(timeline: Timeline) -> str:
    return f"{timeline.title}: {timeline.about}" if timeline.about else timeline.title


# -- above -----------------------------------------------------------------------------------------


def _head(drawing: Drawing, timeline: Timeline, y: float) -> float:
    room = int((drawing.width - 2 * _MARGIN) / (WIDE * _TEXT))
    run = f"{duration(timeline.ended)} simulated, seed {timeline.seed}, profile {timeline.profile}"
    digest = f", digest {timeline.digest[:12]}" if timeline.digest else ""
    bold = wrap(_title(timeline), int(room * 0.93))
    for number, line in enumerate([*bold, *wrap(run + digest, room), *timeline.warnings]):
        y += _TEXT + 2.5
        weight = "bold" if number < len(bold) else "normal"
        drawing.text(_MARGIN, y, line, _TEXT, font_weight=weight, fill=INK)
    return y + 4


def _findings(drawing: Drawing, timeline: Timeline, y: float) -> float:
    room = int((drawing.width - 2 * _MARGIN - 14) / (WIDE * _TEXT))
    for number, each in enumerate(timeline.findings[:_MOST_FINDINGS], 1):
        named = each.sentence if each.name in each.sentence else f"{each.name}: {each.sentence}"
        expected = "as expected, " if each.is_expected else ""
        for at, line in enumerate(wrap(f"{format_clock(each.time)} {expected}{named}", room)):
            y += _TEXT + 2.5
            if at == 0:
                _sign(drawing, _MARGIN + 5, y - 3, str(number))
            drawing.text(_MARGIN + 14, y, line, _TEXT, fill=BREACH)
    more = len(timeline.findings) - _MOST_FINDINGS
    if more > 0:
        y += _TEXT + 2.5
        drawing.text(_MARGIN + 14, y, f"… and {more} more breaches", _TEXT, fill=BREACH)
    return y + 4


def _sign(drawing: Drawing, x: float, y: float, sign: str) -> None:
    drawing.shape("circle", cx=x, cy=y, r=5, fill=BREACH)
    drawing.text(x, y + 2.5, sign, _TINY, fill=SURFACE, text_anchor="middle", font_weight="bold")


# -- the lanes -------------------------------------------------------------------------------------


def _picture(drawing: Drawing, timeline: Timeline, y: float, most: int, *, is_small: bool) -> float:
    room = drawing.width - _NAMES - 2 * _MARGIN
    line = axis(timeline, room, _LEAST_SCENE, lambda each: _FOLD)
    lanes = shown(timeline, most)
    if is_small:
        lanes = [at for at in lanes if not timeline.lanes[at].is_platform] or lanes
    top = y + 20
    places: dict[int, Place] = {}
    bottom = top
    for at in lanes:
        places[at] = Place(_MARGIN, bottom, _NAMES, _MARGIN + _NAMES, line, is_small)
        bottom += height_of(timeline.lanes[at], is_small=is_small)
    for number, at in enumerate(lanes):
        draw_lane(drawing, timeline, at, places[at], is_striped=number % 2 == 1)
    hidden = [
        at
        for at, lane in enumerate(timeline.lanes)
        if at not in places and not (is_small and lane.is_platform)
    ]
    if hidden:
        place = Place(_MARGIN, bottom, _NAMES, _MARGIN + _NAMES, line, is_small)
        bottom += draw_rest(drawing, [timeline.lanes[at] for at in hidden], place)
    _clock(drawing, line, top, bottom)
    if not is_small:
        hidden_arrows = _arrows(drawing, timeline, places)
        if hidden_arrows:
            bottom += _TEXT + 2.5
            said = f"{hidden_arrows} more messages are not drawn"
            drawing.text(_MARGIN, bottom, said, _TINY, fill=MUTED)
    _breaches(drawing, timeline, places)
    return bottom


def _clock(drawing: Drawing, line: Axis, top: float, bottom: float) -> None:
    """When scenes begin and go on, and a torn edge with its length for what is folded."""
    left = float(_MARGIN + _NAMES)
    drawing.line(left, top, left + line.size, top, stroke=RULE, stroke_width=0.5)
    for part in line.parts:
        if part.is_folded:
            _torn(drawing, part, left + part.start, top, bottom)
            continue
        for time, label in part.ticks(_TICKS):
            x = left + part.place(time)
            drawing.line(x, top - 2, x, bottom, stroke=RULE, stroke_width=0.5)
            if part.place(time) + len(label) * WIDE * _TINY <= part.start + part.size:
                drawing.text(x, top - 3, label, _TINY, fill=MUTED)


def _torn(drawing: Drawing, part: Part, x: float, top: float, bottom: float) -> None:
    drawing.box(x + _TEAR, top, part.size - 2 * _TEAR, bottom - top, SURFACE)
    for edge in (x + _TEAR, x + part.size - _TEAR):
        steps = "".join(
            f"{'M' if at == 0 else 'L'}{edge + (1.5 if at % 2 else -1.5):.1f} {y:.1f} "
            for at, y in enumerate(_steps(top, bottom))
        )
        drawing.shape("path", d=steps.strip(), stroke=MUTED, stroke_width=0.6, fill="none")
    length = duration(part.ended - part.began).replace(" ", "")
    middle = x + part.size / 2
    drawing.text(middle, top - 10, length, _TINY, fill=MUTED, text_anchor="middle")


def _steps(top: float, bottom: float) -> list[float]:
    count = max(int((bottom - top) / 5), 1)
    return [top + (bottom - top) * at / count for at in range(count + 1)]


def _arrows(drawing: Drawing, timeline: Timeline, places: dict[int, Place]) -> int:
    """Draw messages between lanes that are shown; of very many those that led to a breach.

    Returns how many are not drawn.
    """
    rows = [each.row for each in failures(timeline) if each.row is not None]
    blamed = carriers(timeline, {at for row in rows for at in led_to(timeline, row)})
    plain = [each for each in timeline.arrows if each not in blamed]
    if len(plain) > _MOST_ARROWS:
        plain = []
    drawn = 0
    for each in (*plain, *blamed):  # what is to blame comes over the others
        if each.source in places and each.target in places:
            _arrow(drawing, each, places, is_blamed=each in blamed)
            drawn += 1
    return len(timeline.arrows) - drawn


def _arrow(drawing: Drawing, arrow: Arrow, places: dict[int, Place], *, is_blamed: bool) -> None:
    source, target = places[arrow.source], places[arrow.target]
    x1, y1, y2 = source.x(arrow.sent), source.middle, target.middle
    colour = CHAIN if is_blamed else ARROW
    look: dict[str, Any] = {"stroke": colour, "stroke_width": 1.1 if is_blamed else 0.5}
    if arrow.got is None:
        end = y1 + (8 if y2 > y1 else -8)
        drawing.line(x1, y1, x1 + 3, end, **look)
        cross = f"M{x1 + 1.5:.1f} {end - 1.5:.1f} l3 3 m0 -3 l-3 3"
        drawing.shape("path", d=cross, fill="none", **look)
        return
    x2 = target.x(arrow.got)
    drawing.line(x1, y1, x2, y2, opacity=1 if is_blamed else 0.55, **look)
    drawing.shape("circle", cx=x2, cy=y2, r=1.6 if is_blamed else 1, fill=colour)


def _breaches(drawing: Drawing, timeline: Timeline, places: dict[int, Place]) -> None:
    """A numbered sign under each moment; those of one moment stand beside each other."""
    taken: list[tuple[int, float]] = []
    for number, each in enumerate(timeline.findings[:9], 1):
        lane = -1 if each.row is None else timeline.lane_of[each.row]
        place = places.get(lane)
        if place is None:
            continue
        x = at = place.x(each.time)
        while any(lane == other and abs(at - by) < 10 for other, by in taken):
            at += 10.5
        taken.append((lane, at))
        drawing.line(x, place.top, x, place.top + place.band + 3, stroke=BREACH)
        _sign(drawing, at, place.top + place.band + 3, str(number))


# -- below -----------------------------------------------------------------------------------------


def _legend(drawing: Drawing, timeline: Timeline, y: float) -> float:
    """The states that occur, each once for all kinds of tracks that look alike in it."""
    used = {
        (track.kind, band.state)
        for lane in timeline.lanes
        for track in lane.tracks
        for band in track.bands
    }
    names: dict[Look, dict[str, None]] = {}
    samples: dict[Look, tuple[str, str]] = {}
    for kind, states in STATES.items():
        for state in states:
            if (kind, state) in used and (kind, state) != (LINK, "up"):
                look = LOOKS[kind][state]
                said = f"{kind} {state}" if kind in (LINK, MEDIA, CONNECTION) else state
                names.setdefault(look, {})[said] = None
                samples.setdefault(look, (kind, state))
    x, y = float(_MARGIN), y + 12
    for look, words in names.items():
        text = ", ".join(words)
        length = 17 + len(text) * WIDE * _TINY + 8
        if x + length > drawing.width and x > _MARGIN:
            x, y = float(_MARGIN), y + 11
        drawing.state(x, y - 7, 14, 7, *samples[look])
        drawing.text(x + 17, y - 0.5, fitted(text, drawing.width - x - 17, _TINY), _TINY, fill=INK)
        x += length
    y += 11
    _legend_of_marks(drawing, y)
    return y


def _legend_of_marks(drawing: Drawing, y: float) -> None:
    x = float(_MARGIN)
    drawing.shape("path", d=f"M{x + 7} {y - 6} l2.5 5 h-5 z", fill=INK)
    drawing.text(x + 17, y - 0.5, "a call", _TINY, fill=INK)
    x += 50
    drawing.shape("path", d=f"M{x + 7} {y - 6} v5", stroke=MUTED, stroke_width=0.8)
    drawing.text(x + 14, y - 0.5, "an app is told", _TINY, fill=INK)
    x += 74
    drawing.box(x, y - 7, 14, 7, FAULT, fill_opacity=0.13)
    drawing.line(x, y - 7, x, y, stroke=FAULT, stroke_width=0.7)
    drawing.text(x + 17, y - 0.5, "a fault", _TINY, fill=INK)
