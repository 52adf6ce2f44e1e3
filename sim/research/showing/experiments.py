"""The results of an experiment: its metrics over the points of its design."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from math import isnan
from textwrap import fill, wrap
from typing import TYPE_CHECKING, Any, Final

from sim.research.experiments import Point
from sim.research.experiments.designs import written
from sim.research.showing.axes import COLOURS, axes, labelled, panels
from sim.research.showing.tables import row
from sim.research.showing.values import between, cuts, figure, numbers, several, told_cuts
from sim.research.statistics.intervals import LEVEL, Interval
from sim.wording import listing, not_one_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.research.results import Estimate, Results

AS_IT_IS: Final = "as it is"
"""What a point does not say: the scenario does."""
MOST_ROWS: Final = 60
EDGE: Final = 0.02
"""Where crosses stand, as a share of the axis."""
BELOW: Final = 64
"""So many letters of what stands below an axis are in a line."""
NAME: Final = 44
"""So many letters of a point's name are in a line."""
TICK: Final = 90
"""So many letters the names of values have together below the axis, in a line."""
MOST_KINDS: Final = 6
"""So many values that are no numbers stand beside each other; of more, points are named."""
BESIDE: Final = 0.12
"""How far apart neighbouring lines are where values are no numbers."""
APART: Final = 0.008
"""How far apart the intervals of neighbouring lines are, as a share of the axis."""
MOST_LINES: Final = len(COLOURS)
"""So many values of a second parameter have a line each; of more, points are named."""


def plot(results: Results, metric: str | None, on: Axes | None, level: float) -> Axes:
    """Draw one metric, or all of them below each other; return the last axes."""
    found = list(results.estimates(level))
    names = [each.name for each in results.metrics]
    if metric is not None and metric not in names:
        raise ValueError(not_one_of(metric, names, "a metric of these results"))
    known = [name for name in names if any(_is(e, name) and e.interval.known for e in found)]
    wanted = [metric] if metric is not None else known or names[:1]
    if on is not None and len(wanted) > 1:
        raise ValueError("several metrics do not go on one pair of axes: name one of them")
    lying = _lying(results.points)
    places = [axes(on, lying or 3.6)] if len(wanted) == 1 else panels(len(wanted), lying or 2.6)
    for place, name in zip(places, wanted, strict=True):
        _draw([each for each in found if _is(each, name)], place)
    runs = several(results.replications, "replication")
    places[0].set_title(f"{results.experiment.name}: {runs}, {level:.0%} intervals", fontsize=10)
    return places[-1]


def _is(estimate: Estimate, name: str) -> bool:
    return estimate.metric.name == name


def _draw(found: Sequence[Estimate], place: Axes) -> None:
    points = [each.point for each in found]
    label = labelled(found[0].metric.name, found[0].metric.unit)
    for cut in cuts((each.metric.name, each.up_to) for each in found).values():
        label = f"{label},\ncut at {cut}"
    if any(isnan(each.interval.estimate) for each in found):
        corner = place.transAxes
        place.text(0.99, 0.98, "×: no figure", ha="right", va="top", fontsize=7, transform=corner)
    lines = _by_line(points)
    if lines is None and _scattered(points):
        _scatter(found, label, place)
        return
    if lines is None:
        _named(found[:MOST_ROWS], place)
        more = len(found) - MOST_ROWS
        place.set_xlabel(f"{label}; {more} more points not shown" if more > 0 else label)
        return
    place.set_ylabel(label)
    paths = list(points[0].values)
    where, unit = _places([each.values[paths[0]] for each in points], place)
    step = (max(where) - min(where)) * APART if unit is not None else BESIDE
    for number, (name, on_line) in enumerate(lines.items()):
        there = sorted(on_line, key=lambda each: where[each.number])
        aside = step * (number - (len(lines) - 1) / 2)
        at = [where[each.number] + aside for each in there]
        intervals = [found[each.number].interval for each in there]
        style = "o" if unit is None else "o-"
        _errorbars(place, at, intervals, COLOURS[number], name, style)
    place.set_xlabel(f"{paths[0]} [{unit}]" if unit else paths[0])
    if len(paths) == 2:
        place.legend(title=paths[1], fontsize=8, title_fontsize=8, frameon=False)


def _places(values: Sequence[Any], place: Axes) -> tuple[Sequence[float], str | None]:
    """Where on the axis the values are, and its unit; None if they are no numbers but names."""
    scale = numbers(values)
    if scale is not None:
        return scale
    names = list(dict.fromkeys(map(written, values)))
    shown = [fill(each, TICK // len(names), break_long_words=False) for each in names]
    place.set_xticks(range(len(names)), shown, fontsize=8)
    place.set_xlim(-0.5, len(names) - 0.5)
    return [names.index(written(each)) for each in values], None


def _by_line(points: Sequence[Point]) -> dict[str, list[Point]] | None:
    """By the value of the second parameter; None if that makes no lines, or too many."""
    paths = list(points[0].values)
    if not 1 <= len(paths) <= 2 or any(list(each.values) != paths for each in points):
        return None
    values = [each.values[paths[0]] for each in points]
    if numbers(values) is None and len(set(map(written, values))) > MOST_KINDS:
        return None
    lines: dict[str, list[Point]] = {}
    for each in points:
        lines.setdefault(written(each.values[paths[1]]) if len(paths) == 2 else "", []).append(each)
    alone = len(lines) == len(points) > 1
    return lines if len(lines) <= MOST_LINES and not alone else None


def _scattered(points: Sequence[Point]) -> bool:
    """Whether each point has numbers of its own for all parameters, as of a Latin hypercube."""
    paths = list(points[0].values)
    if len(paths) < 2 or any(list(each.values) != paths for each in points):
        return False
    columns = [[each.values[path] for each in points] for path in paths]
    return all(
        numbers(column) is not None and len(set(map(str, column))) == len(points) > 1
        for column in columns
    )


def _scatter(found: Sequence[Estimate], label: str, place: Axes) -> None:
    """Each point over its first parameter; no line, as others are not the same along it."""
    first, *others = found[0].point.values
    where, unit = _places([each.point.values[first] for each in found], place)
    _errorbars(place, where, [each.interval for each in found], COLOURS[0], "", "o")
    name = f"{first} [{unit}]" if unit else first
    place.set_xlabel(fill(f"{name}; each with its own {listing(others)}", BELOW))
    place.set_ylabel(label)


def _named(found: Sequence[Estimate], place: Axes) -> None:
    """The points below each other, each with its name beside its interval."""
    at = list(range(len(found)))
    _errorbars(place, at, [each.interval for each in found], COLOURS[0], "", "o", lying=True)
    place.set_yticks(at, [fill(_name(each.point), NAME) for each in found], fontsize=8)
    place.set_ylim(len(at) - 0.5, -0.5)


def _lying(points: Sequence[Point]) -> float:
    """How high a panel is in which points are named, in inches; 0.0 if they stand on an axis."""
    if _by_line(points) is not None or _scattered(points):
        return 0.0
    lines = sum(len(wrap(_name(each), NAME)) + 1 for each in points[:MOST_ROWS])
    return 0.7 + 0.16 * lines


def _name(point: Point) -> str:
    return point.label or AS_IT_IS


def _errorbars(
    place: Axes,
    at: Sequence[float],
    intervals: Sequence[Interval],
    colour: str,
    label: str,
    style: str,
    *,
    lying: bool = False,
) -> None:
    """Estimates with their limits; a cross on the axis where there is no figure."""
    sides = [
        [max(each.estimate - each.low, 0.0) for each in intervals],
        [max(each.high - each.estimate, 0.0) for each in intervals],
    ]
    estimates = [each.estimate for each in intervals]
    across, up = (estimates, at) if lying else (at, estimates)
    place.errorbar(
        across,
        up,
        xerr=sides if lying else None,
        yerr=None if lying else sides,
        fmt=style,
        color=colour,
        label=label or None,
        capsize=3,
        markersize=4,
        linewidth=1.3,
    )
    missing = [where for where, each in zip(at, intervals, strict=True) if isnan(each.estimate)]
    if not missing:
        return
    edge = [EDGE] * len(missing)
    frame = place.get_yaxis_transform() if lying else place.get_xaxis_transform()
    across, up = (edge, missing) if lying else (missing, edge)
    place.plot(across, up, "x", color=colour, transform=frame, markersize=5)


# -- a table for notebooks -------------------------------------------------------------------------


def html(results: Results) -> str:
    """A table: metrics below each other for one point, beside each other for several."""
    found = list(results.estimates(LEVEL))
    state = "" if results.complete else ", not complete"
    broke = ", ".join(
        f"{law} broke {several(number, 'time')}" for law, number in results.breaches.items()
    )
    done = f"{several(len(results.points), 'design point')}, {several(results.runs, 'run')}{state}"
    head = f"<b>{escape(results.experiment.name)}</b>: {done}; {escape(broke) or 'no law broke'}"
    rows = _single(found) if len(results.points) == 1 else _several(results.points, found)
    cut = told_cuts((each.metric.name, each.up_to) for each in found)
    said = f"{LEVEL:.0%} intervals over the replications" + (f"; {cut}" if cut else "")
    note = f"<small>{escape(said)}</small>"
    return f"<div>{head}<table>{rows}</table>{note}</div>"


def _single(found: Sequence[Estimate]) -> str:
    head = row("th", ("metric", "estimate", "interval", "unit"))
    rows = (
        row("td", (e.metric.name, figure(e.interval.estimate), _limits(e), e.metric.unit))
        for e in found
    )
    return head + "".join(rows)


def _limits(each: Estimate) -> str:
    """Between which limits it is, and where durations are cut if they are."""
    cut = "" if each.up_to is None else f"cut at {figure(each.up_to)}"
    return "; ".join(filter(None, (between(each.interval), cut)))


def _several(points: Sequence[Point], found: Sequence[Estimate]) -> str:
    metrics = list(dict.fromkeys(f"{each.metric.name} [{each.metric.unit}]" for each in found))
    by_point: dict[int, list[str]] = {}
    for each in found:
        limits = _limits(each)
        shown = figure(each.interval.estimate) + (f" ({limits})" if limits else "")
        by_point.setdefault(each.point.number, []).append(shown)
    paths = list(dict.fromkeys(path for point in points for path in point.values))
    rows = (
        row("td", (*_values(point, paths), *by_point[point.number])) for point in points[:MOST_ROWS]
    )
    more = len(points) - MOST_ROWS
    rest = row("td", (f"and {more} more",)) if more > 0 else ""
    return row("th", (*paths, *metrics)) + "".join(rows) + rest


def _values(point: Point, paths: Iterable[str]) -> Iterator[str]:
    """What stands there at a point."""
    for path in paths:
        yield written(point.values[path]) if path in point.values else AS_IT_IS
