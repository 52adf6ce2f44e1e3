"""The page of a sweep: the same shell with its design points, and the pages of its worst runs.

Each run is a document of its own beside that of the sweep, and read when somebody opens it. What
all of them take is bounded: a picture that would be too large is left out, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite, isnan
from typing import Any, Final

from attrs import evolve

from sim.report.model.sweep import DesignPoint, Sweep, WorstRun
from sim.report.page.assembling import assembled, asset
from sim.report.page.packing import pack, packed

FORMAT: Final = 1
"""The version of the document; the page refuses another."""
LARGEST: Final = 1 << 20
"""Bytes of the document of one run, at most."""
LARGEST_OF_ALL: Final = 4 << 20
"""Bytes of the documents of all runs, at most."""

NO_ROOM: Final = "The page has no room for its picture."

_DIGITS: Final = 6
"""More of a figure nobody sees."""


def html(sweep: Sweep) -> str:
    """The results of a sweep as one HTML file."""
    runs, worst = _bounded(sweep.worst)
    return assembled(
        title=sweep.title,
        data=packed(document(evolve(sweep, worst=worst))),
        kind="sweep",
        sweep=asset("sweep.html"),
        runs="\n".join(runs),
    )


def document(sweep: Sweep) -> dict[str, Any]:
    """The document as plain data; the pictures of runs are not in it."""
    paths = list(dict.fromkeys(path for point in sweep.points for path in point.values))
    return {
        "format": FORMAT,
        "kind": "sweep",
        "title": sweep.title,
        "about": sweep.about,
        "seed": str(sweep.seed),  # JavaScript's numbers are exact up to 2^53 only
        "version": sweep.version,
        "digest": sweep.digest,
        "again": sweep.again,
        "experiment": sweep.experiment,
        "level": sweep.level,
        "replications": sweep.replications,
        "runs": sweep.runs,
        "failed": sweep.failed,
        "warnings": list(sweep.warnings),
        "metrics": [[each.name, each.unit, each.definition] for each in sweep.metrics],
        "paths": paths,
        "points": [_point(point, paths) for point in sweep.points],
        "cells": [_column(sweep.points, place) for place in range(len(sweep.metrics))],
        "worst": [_run(each) for each in sweep.worst],
    }


def _point(point: DesignPoint, paths: Iterable[str]) -> dict[str, Any]:
    return {
        "number": point.number,
        "values": [point.values.get(path) for path in paths],
        "runs": point.runs,
        "failed": point.failed,
        "breaks": [[law, count, law in point.expected] for law, count in point.breaks.items()],
    }


def _column(points: Sequence[DesignPoint], place: int) -> dict[str, list[Any]]:
    """A metric over the points."""
    cells = [point.cells[place] for point in points]
    return {
        "estimate": [_figure(each.estimate) for each in cells],
        "low": [_figure(each.low) for each in cells],
        "high": [_figure(each.high) for each in cells],
        "n": [each.n for each in cells],
    }


def _figure(value: float) -> float | str | None:
    """A number as JSON can say it: one that is not known is null, an infinite one a text.

    >>> _figure(0.123456789), _figure(float("nan")), _figure(float("-inf"))
    (0.123457, None, '-Infinity')
    """
    if isnan(value):
        return None
    if not isfinite(value):
        return "Infinity" if value > 0 else "-Infinity"
    return float(f"{value:.{_DIGITS}g}")


def _run(run: WorstRun) -> dict[str, Any]:
    return {
        "point": run.point,
        "replication": run.replication,
        "reasons": list(run.reasons),
        "broken": run.is_broken,
        "again": run.again,
        "shown": run.timeline is not None,
        "absent": run.absent,
    }


def _bounded(worst: Iterable[WorstRun]) -> tuple[list[str], tuple[WorstRun, ...]]:
    """The elements of the runs that there is room for; and what the page tells of all runs."""
    elements: list[str] = []
    told, size = [], 0
    for run in worst:
        data = "" if run.timeline is None else pack(run.timeline)
        fits = len(data) <= LARGEST and size + len(data) <= LARGEST_OF_ALL
        if data and fits:
            size += len(data)
            elements.append(_element(run, data))
        told.append(run if fits else evolve(run, timeline=None, absent=NO_ROOM))
    return elements, tuple(told)


def _element(run: WorstRun, data: str) -> str:
    name = f"run-{run.point}-{run.replication}"
    return f'<script type="application/octet-stream;base64" id="{name}">{data}</script>'
