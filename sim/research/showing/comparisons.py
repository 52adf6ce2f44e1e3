"""A comparison: the differences, metric by metric."""

from __future__ import annotations

from html import escape
from math import isnan
from typing import TYPE_CHECKING, Final

from sim.research.showing.axes import COLOURS, FAINT, axes, labelled, panels
from sim.research.showing.values import between, figure, told_cuts
from sim.wording import not_one_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.research.comparing.comparison import Compared, Comparison

_HEADS: Final = ("metric", "unit", "a", "b", "b − a", "interval", "p", "variance saved")


def plot(comparison: Comparison, metric: str | None, on: Axes | None) -> Axes:
    """Draw one difference with its interval, or of all those that there are; return the last axes.

    A metric that is the same in every pair has none.
    """
    names = [each.metric.name for each in comparison.metrics]
    if metric is not None and metric not in names:
        raise ValueError(not_one_of(metric, names, "a metric of this comparison"))
    wanted = [each for each in comparison.metrics if metric in {None, each.metric.name}]
    known = [e for e in wanted if e.difference.known and not e.alike] or wanted[:1]
    if on is not None and len(known) > 1:
        raise ValueError("several metrics do not go on one pair of axes: name one of them")
    places = [axes(on, 1.6)] if len(known) == 1 else panels(len(known), 1.1)
    for place, each in zip(places, known, strict=True):
        _draw(each, place, each in comparison.differing)
    title = f"{comparison.second.label} less {comparison.first.label}"
    said = f"{comparison.replications} pairs, {comparison.level:.0%} intervals"
    places[0].set_title(f"{title}\n{said}", fontsize=9)
    return places[-1]


def _draw(compared: Compared, place: Axes, differs: bool) -> None:
    found = compared.difference
    sides = [max(found.estimate - found.low, 0.0)], [max(found.high - found.estimate, 0.0)]
    colour = COLOURS[0] if differs else FAINT
    place.axvline(0, color="black", linewidth=0.8)
    place.errorbar([found.estimate], [0], xerr=sides, fmt="o", color=colour, capsize=4)
    place.set_yticks([])
    place.set_ylim(-1, 1)
    place.spines["left"].set_visible(False)
    cut = "" if compared.up_to is None else f" of durations cut at {figure(compared.up_to)} s"
    label = labelled(compared.metric.name, compared.metric.unit)
    place.set_xlabel(f"{label}: difference{cut}, {_p(compared)}", fontsize=9)


def _p(compared: Compared) -> str:
    if not compared.known:
        return "no figures of both"
    return "the same in every pair" if compared.alike else f"p = {figure(compared.corrected)}"


def html(comparison: Comparison) -> str:
    """A table with a row a metric; what differs is strong."""
    head = "".join(f"<th>{escape(each)}</th>" for each in _HEADS)
    rows = "".join(_row(each, each in comparison.differing) for each in comparison.metrics)
    cut = told_cuts((each.metric.name, each.up_to) for each in comparison.metrics)
    return (
        f"<div>a: <b>{escape(comparison.first.label)}</b>, b: "
        f"<b>{escape(comparison.second.label)}</b>; {comparison.replications} pairs under the same "
        f"luck<table><tr>{head}</tr>{rows}</table><small>{comparison.level:.0%} intervals; p of a "
        "sign-flip test, by Holm for all metrics together; strong where it says that they differ"
        f"{f'; {escape(cut)}' if cut else ''}</small></div>"
    )


def _row(compared: Compared, differs: bool) -> str:
    known = compared.known
    cells = (
        compared.metric.name,
        compared.metric.unit,
        figure(compared.first.estimate),
        figure(compared.second.estimate),
        figure(compared.difference.estimate),
        between(compared.difference),
        figure(compared.corrected) if known else "",
        "" if isnan(compared.saved) or compared.alike else f"× {figure(compared.saved)}",
    )
    strong = ("<b>", "</b>") if differs else ("", "")
    return f"<tr>{''.join(f'<td>{strong[0]}{escape(c)}{strong[1]}</td>' for c in cells)}</tr>"
