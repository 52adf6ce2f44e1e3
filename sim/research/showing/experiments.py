"""The results of an experiment: its metrics over the points of its design."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from sim.research.experiments import Point
from sim.research.showing.axes import COLOURS, axes, labelled, panels
from sim.research.showing.values import between, figure, numbers, several
from sim.research.statistics.intervals import LEVEL, Interval
from sim.wording import listing, not_one_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.research.results import Estimate, Results

AS_IT_IS: Final = "as it is"
"""What a point does not say: the scenario does."""
MOST_ROWS: Final = 60
MOST_LETTERS: Final = 60
"""Of the names of points in one line; longer ones are slanted."""
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
    places = [axes(on)] if len(wanted) == 1 else panels(len(wanted), 2.6)
    for place, name in zip(places, wanted, strict=True):
        _draw([each for each in found if _is(each, name)], place)
    runs = results.replications
    places[0].set_title(
        f"{results.experiment.name}: {several(runs, 'replication')}, {level:.0%} intervals",
        fontsize=10,
    )
    return places[-1]


def _is(estimate: Estimate, name: str) -> bool:
    return estimate.metric.name == name


def _draw(found: Sequence[Estimate], place: Axes) -> None:
    metric = found[0].metric
    place.set_ylabel(labelled(metric.name, metric.unit))
    paths = _paths(each.point for each in found)
    if _scattered(found, paths):
        _scatter(found, paths, place)
        return
    lines = _lines(found, paths)
    if lines is None:
        _named(found, place)
        return
    scale = numbers([each.point.values[paths[0]] for each in found])
    step = (max(scale[0]) - min(scale[0])) * APART if scale else 0.0
    for number, (label, points) in enumerate(lines.items()):
        placed = numbers([each.point.values[paths[0]] for each in points])
        assert placed is not None
        at = [value + step * (number - (len(lines) - 1) / 2) for value in placed[0]]
        _errorbars(place, at, [each.interval for each in points], COLOURS[number], label, "o-")
    place.set_xlabel(f"{paths[0]} [{scale[1]}]" if scale and scale[1] else paths[0])
    if len(paths) == 2:
        place.legend(title=paths[1], fontsize=8, title_fontsize=8, frameon=False)


def _lines(found: Sequence[Estimate], paths: list[str]) -> dict[str, list[Estimate]] | None:
    """By the value of the second parameter, along the first.

    None if the first is no number, if there are more, or if a point leaves one as it is.
    """
    if not 1 <= len(paths) <= 2 or any(len(each.point.values) < len(paths) for each in found):
        return None
    scale = numbers([each.point.values[paths[0]] for each in found])
    if scale is None:
        return None
    lines: dict[str, list[Estimate]] = {}
    for _, each in sorted(zip(scale[0], found, strict=True), key=lambda pair: pair[0]):
        label = str(each.point.values[paths[1]]) if len(paths) == 2 else ""
        lines.setdefault(label, []).append(each)
    return lines if len(lines) <= MOST_LINES else None


def _scattered(found: Sequence[Estimate], paths: list[str]) -> bool:
    """Whether each point has numbers of its own of two parameters or more, as of a hypercube."""
    if len(paths) < 2 or any(len(each.point.values) < len(paths) for each in found):
        return False
    columns = [[each.point.values[path] for each in found] for path in paths]
    return all(
        numbers(column) is not None and len(set(map(str, column))) == len(found) > 1
        for column in columns
    )


def _scatter(found: Sequence[Estimate], paths: list[str], place: Axes) -> None:
    """Each point over its first parameter; no line, as others are not the same along it."""
    scale = numbers([each.point.values[paths[0]] for each in found])
    assert scale is not None
    _errorbars(place, scale[0], [each.interval for each in found], COLOURS[0], "", "o")
    name = f"{paths[0]} [{scale[1]}]" if scale[1] else paths[0]
    place.set_xlabel(f"{name}; each with its own {listing(paths[1:])}")


def _paths(points: Iterable[Point]) -> list[str]:
    """What is varied: a point of a list need not say all of it, nor in the same order."""
    return list(dict.fromkeys(path for point in points for path in point.values))


def _named(found: Sequence[Estimate], place: Axes) -> None:
    at = list(range(len(found)))
    _errorbars(place, at, [each.interval for each in found], COLOURS[0], "", "o")
    labels = [(each.point.label or AS_IT_IS).replace(", ", "\n") for each in found]
    longest = max(len(line) for label in labels for line in label.split("\n"))
    slanted = longest * len(at) > MOST_LETTERS
    place.set_xticks(at, labels, fontsize=8, rotation=25 if slanted else 0)
    if slanted:
        for each in place.get_xticklabels():
            each.set_horizontalalignment("right")
    place.set_xlim(-0.5, len(at) - 0.5)
    place.set_xlabel("design point")


def _errorbars(
    place: Axes,
    at: Sequence[float],
    intervals: Sequence[Interval],
    colour: str,
    label: str,
    style: str,
) -> None:
    below = [max(each.estimate - each.low, 0.0) for each in intervals]
    above = [max(each.high - each.estimate, 0.0) for each in intervals]
    place.errorbar(
        at,
        [each.estimate for each in intervals],
        yerr=[below, above],
        fmt=style,
        color=colour,
        label=label or None,
        capsize=3,
        markersize=4,
        linewidth=1.3,
    )


# -- a table for notebooks -------------------------------------------------------------------------


def html(results: Results) -> str:
    """A table: metrics below each other for one point, beside each other for several."""
    found = list(results.estimates(LEVEL))
    state = "" if results.complete else ", not complete"
    broken = (f"{law} broke {several(times, 'time')}" for law, times in results.breaches.items())
    points = several(len(results.points), "design point")
    runs = several(results.runs, "run")
    head = (
        f"<b>{escape(results.experiment.name)}</b>: {points}, {runs}{state}; "
        f"{escape(', '.join(broken)) or 'no law broke'}"
    )
    rows = _single(found) if len(results.points) == 1 else _several(results.points, found)
    note = f"<small>{LEVEL:.0%} intervals over the replications</small>"
    return f"<div>{head}<table>{rows}</table>{note}</div>"


def _single(found: Sequence[Estimate]) -> str:
    head = _row("th", ("metric", "estimate", "interval", "unit"))
    rows = (
        _row("td", (e.metric.name, figure(e.interval.estimate), between(e.interval), e.metric.unit))
        for e in found
    )
    return head + "".join(rows)


def _several(points: Sequence[Point], found: Sequence[Estimate]) -> str:
    metrics = list(dict.fromkeys(f"{each.metric.name} [{each.metric.unit}]" for each in found))
    by_point: dict[int, list[str]] = {}
    for each in found:
        limits = between(each.interval)
        shown = figure(each.interval.estimate) + (f" ({limits})" if limits else "")
        by_point.setdefault(each.point.number, []).append(shown)
    paths = _paths(points)
    rows = (
        _row("td", (*(point.values.get(path, AS_IT_IS) for path in paths), *by_point[point.number]))
        for point in points[:MOST_ROWS]
    )
    more = len(points) - MOST_ROWS
    rest = _row("td", (f"and {more} more",)) if more > 0 else ""
    return _row("th", (*paths, *metrics)) + "".join(rows) + rest


def _row(tag: str, cells: Iterable[Any]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(str(cell))}</{tag}>' for cell in cells)}</tr>"
