"""From the results of a sweep to what its page shows."""

from __future__ import annotations

import json
import os
import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from attrs import evolve

from sim.expectations import expected_breaches
from sim.overview.worst import Chosen, worst
from sim.report.model.building import timeline
from sim.report.model.sweep import Cell, DesignPoint, Measure, Sweep, WorstRun
from sim.report.model.timeline import Timeline
from sim.research.experiments import Point
from sim.research.results import Estimate, Results, read
from sim.research.running.store import SHARDS, Done, Store
from sim.research.showing.values import cuts
from sim.research.statistics.intervals import LEVEL
from sim.research.tables.manifests import StoreError, manifest
from sim.running import run
from sim.scenario import Scenario
from sim.scenario.layout import yaml_text
from sim.version import VERSION

FEW: Final = 8
"""So many of the worst runs are shown, if nothing else is said."""
WITH_MESSAGES: Final = 6_000
"""A run of more records is shown without its messages, so that the page stays small."""
AT_ALL: Final = 60_000
"""The pictures of runs of more records are left out."""

Told = Callable[[int], object]
"""Is told how many of the worst runs have been made again."""


def opened(folder: str | os.PathLike[str]) -> Results:
    """The results in a folder. Raises ``ValueError`` with one sentence if they cannot be shown."""
    found = manifest(Path(folder))
    if found is not None:
        _check_version(os.fspath(folder), found)
    with _readable(Path(folder)):
        return read(folder)


def _check_version(folder: object, said: Mapping[str, Any]) -> None:
    if said["version"] != VERSION:
        raise StoreError(
            f"{folder} has results of version {said['version']}, and this is {VERSION}: runs of"
            " another version cannot be made again"
        )


def sweep(results: Results, runs: int = FEW, told: Told | None = None) -> Sweep:
    """The results as a page shows them, with so many of the worst runs, each made again for it.

    Raises ``ValueError`` with one sentence for results of another version, and where no run is done
    yet.
    """
    with _readable(results.folder):
        made = results.manifest
        _check_version(results.folder, made)
        if not made["runs"]:
            raise StoreError(
                f"{results.folder} has no runs yet: `sweep … --resume` goes on with the experiment"
            )
        done = sorted(Store(results.folder, results.experiment).done(), key=lambda each: each.shard)
        estimates = list(results.estimates(LEVEL))
        points = tuple(_points(results, estimates, done))
        shards = [each.shard for each in done]
        chosen = worst(results.folder / SHARDS, shards, results.metrics, runs)
    return Sweep(
        title=results.experiment.name,
        about=results.experiment.about,
        seed=made["seed"],
        version=made["version"],
        digest=made["digest"] or "",
        again="" if results.temporary else _line("report", _named(results.folder)),
        experiment=yaml_text(made["experiment"]),
        level=LEVEL,
        replications=made["replications"],
        metrics=tuple(_measures(results, estimates)),
        points=points,
        worst=tuple(_again(results, chosen, told or (lambda _: None))),
        warnings=tuple(_warnings(results)),
    )


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    """What is in the folder was written by us: if it cannot be read, something has happened to it.

    Raises :class:`StoreError` with one sentence then.
    """
    try:
        yield
    except StoreError:
        raise
    except (OSError, ValueError, KeyError) as problem:
        raise StoreError(f"{folder} is damaged: {' '.join(str(problem).split())}") from problem


def _warnings(results: Results) -> Iterator[str]:
    if not results.complete:
        experiment = results.experiment
        total = experiment.most * len(results.points)
        said = "at most " if experiment.until else ""
        yield (
            f"It is not complete: {results.runs:,} of {said}{total:,} runs are done."
            " `sweep … --resume` goes on."
        )


def _measures(results: Results, estimates: Sequence[Estimate]) -> Iterator[Measure]:
    cut = cuts((each.metric.name, each.up_to) for each in estimates)
    for each in results.metrics:
        at = cut.get(each.name)
        said = f" Cut at {at}, the longest that was seen: some went on at the end." if at else ""
        yield Measure(each.name, each.unit, each.definition + said)


# -- design points ---------------------------------------------------------------------------------


def _points(
    results: Results, estimates: Sequence[Estimate], done: Sequence[Done]
) -> Iterator[DesignPoint]:
    cells: dict[int, list[Cell]] = {}
    for each in estimates:
        found = each.interval
        cell = Cell(found.estimate, found.low, found.high, found.n)
        cells.setdefault(each.point.number, []).append(cell)
    shards: dict[int, list[Done]] = {}
    for one in done:
        shards.setdefault(one.shard.point, []).append(one)
    for point in results.points:
        here = shards.get(point.number, [])
        breaks = Counter[str]()
        for shard in here:
            breaks.update(shard.breaches)
        yield DesignPoint(
            number=point.number,
            values={path: said(value) for path, value in point.values.items()},
            runs=sum(each.shard.count for each in here),
            failed=sum(each.failed for each in here),
            breaks=dict(sorted(breaks.items())),
            expected=_expected(results, point) if breaks else frozenset(),
            cells=tuple(cells[point.number]),
        )


def _expected(results: Results, point: Point) -> frozenset[str]:
    return frozenset(expected_breaches(results.experiment.at(point).expect))


def said(value: Any) -> str:
    """A value as a scenario file would say it.

    >>> said("15s"), said(True), said({"after": "2s"})
    ('15s', 'true', '{"after": "2s"}')
    """
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# -- the worst runs --------------------------------------------------------------------------------


def _again(results: Results, chosen: Sequence[Chosen], told: Told) -> Iterator[WorstRun]:
    """The runs, made again."""
    for count, each in enumerate(chosen, 1):
        scenario = results.experiment.at(results.points[each.point])
        yield _run(results, scenario, each)
        told(count)


def _run(results: Results, scenario: Scenario, chosen: Chosen) -> WorstRun:
    """The run, made again."""
    bare = run(scenario, replication=chosen.replication, keep=False)
    line = ""
    if not results.temporary:
        line = _line("replay", bare.token, "--scenario", _named(results.folder))
    shown = absent = None
    if bare.count > AT_ALL:
        absent = f"It has {bare.count:,} records, too many for this page."
    else:
        level = "wire" if bare.count <= WITH_MESSAGES else "story"
        shown = timeline(scenario, replication=chosen.replication, trace_level=level)
        shown = evolve(shown, again=line or shown.again)
        if shown.digest != chosen.digest:
            shown = evolve(shown, warnings=(*shown.warnings, _other(chosen)))
    return WorstRun(
        point=chosen.point,
        replication=chosen.replication,
        reasons=(*_broken(chosen, shown), *chosen.reasons),
        is_broken=chosen.is_broken,
        again=line,
        timeline=shown,
        absent=absent or "",
    )


def _other(chosen: Chosen) -> str:
    return (
        f"This is not the run that was measured, whose digest was {chosen.digest}: the program was"
        " changed since, though its version is the same."
    )


def _broken(chosen: Chosen, shown: Timeline | None) -> Iterator[str]:
    """What broke, each law and expectation once; in numbers alone where there is no picture."""
    if not chosen.is_broken:
        return
    found = [] if shown is None else [each for each in shown.findings if not each.is_expected]
    counts = Counter((each.kind, each.name) for each in found)
    for each in found:
        times = counts.pop((each.kind, each.name), 0)
        if times and each.kind == "law":
            more = f" {times} times" if times > 1 else ""
            yield f"law {each.name} broke{more}: {each.sentence}"
        elif times:
            yield f"{each.name}: {each.sentence}"
    if not found:
        broke = f"laws broke {chosen.breaks} times" if chosen.breaks > 1 else "a law broke"
        yield broke if chosen.breaks else "an expectation did not hold"


def _named(folder: Path) -> str:
    """The folder such that no program takes it for an option."""
    return f"./{folder}" if str(folder).startswith("-") else str(folder)


def _line(*words: str) -> str:
    return f"python -m sim {shlex.join(words)}"
