"""An experiment that is run: how far it is, and what came of it in lines and in data."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from math import isnan
from pathlib import Path
from typing import Any, Final

import click

from sim.cli import exits, progress, terminal, verdicts
from sim.laws import BROKEN, HELD
from sim.research.experiments import Experiment
from sim.research.results import Estimate, Results
from sim.research.running.pool import LostWorkersError
from sim.research.running.progress import Progress
from sim.research.running.sweeping import sweep
from sim.research.showing.values import told_cuts
from sim.research.statistics.intervals import LEVEL
from sim.research.tables.manifests import MANIFEST, StoreError
from sim.scenario import ScenarioError
from sim.telling.columns import columns, wrap
from sim.telling.marks import faint, heading

EVERY: Final = 10.0
"""Seconds between two lines on how far it is, where nobody would see a bar."""
MOST_POINTS: Final = 12
"""So many points of each metric are printed."""
_NOTHING: Final = (
    "- is what no run could tell: what is measured did not happen; `sim metrics` defines it"
)
_FEW: Final = (
    "without from and to: seen, or seen to end, in fewer than two runs, which do not say how much "
    "that varies"
)
_waited: Final = time.monotonic  # noqa: TID251 - the time of who waits, not that of the story


# -- running ---------------------------------------------------------------------------------------


def run(
    experiment: Experiment,
    folder: str,
    scheduler: str | None,
    quiet: bool,
    arguments: Mapping[str, Any],
    *,
    as_json: bool = False,
) -> Results:
    """Run the experiment into the folder; say how to go on if that is cut short.

    Who asks ``as_json`` is told how far it is only if it takes long.

    Raises :class:`click.ClickException` for a folder that cannot be used.
    """
    with ExitStack() as open_things:
        told = open_things.enter_context(_shown(quiet, as_json))
        client = None
        if scheduler is not None:
            from sim.research.running.cluster import connected

            client = open_things.enter_context(connected(scheduler))
        try:
            return sweep(experiment, folder, client=client, progress=told, **arguments)
        except ScenarioError:
            raise
        except (StoreError, ValueError, LostWorkersError) as problem:
            raise click.ClickException(f"{problem}.") from None
        except (KeyboardInterrupt, OSError):
            if Path(folder, MANIFEST).exists():
                terminal.remark(f"What is done stays in {shlex.quote(folder)}: --resume goes on.")
            raise


@contextmanager
def _shown(quiet: bool, as_json: bool) -> Iterator[Callable[[Progress], object] | None]:
    """Give what is to be told how far it is: a bar on a terminal, else a line now and then."""
    if quiet:
        yield None
    elif progress.hidden():
        yield _Lines(last=not as_json)
    else:
        with ExitStack() as bars:
            yield _Bar(bars)


class _Bar:
    """A bar, which begins anew when it turns out how much there is to do."""

    def __init__(self, bars: ExitStack) -> None:
        self._bars = bars
        self._total = -1
        self._tell: progress.Shown | None = None

    def __call__(self, now: Progress) -> None:
        if now.total != self._total:
            self._bars.close()
            self._tell = self._bars.enter_context(progress.counted(now.total, "runs"))
            self._total = now.total
        if self._tell is not None:
            self._tell(now.runs, str(now))


class _Lines:
    """A line to standard error now and then, and when all is done: for files and pipes."""

    def __init__(self, *, last: bool) -> None:
        self._before = _waited()
        self._last = last

    def __call__(self, now: Progress) -> None:
        is_over = self._last and now.runs == now.total
        if is_over or _waited() - self._before >= EVERY:
            self._before = _waited()
            terminal.remark(str(now))


# -- what came of it -------------------------------------------------------------------------------


def code(results: Results) -> int:
    """0 if in every run all held that was to hold."""
    return exits.HELD if results.held else exits.BROKEN


def summary(results: Results, code: int) -> dict[str, Any]:
    """Everything as JSON can say it."""
    manifest = results.manifest
    points: dict[int, dict[str, Any]] = {
        point.number: {"point": point.number, "values": point.values, "metrics": {}}
        for point in results.points
    }
    for each in results.estimates():
        said = each.interval.to_data() | {"unit": each.metric.unit, "up_to": each.up_to}
        points[each.point.number]["metrics"][each.metric.name] = said
    keys = ("complete", "digest", "runs", "replications", "failed", "breaches")
    return {
        "name": manifest["name"],
        "folder": str(results.folder),
        **{key: manifest[key] for key in keys},
        "narrow": results.narrow if results.complete else None,
        "points": list(points.values()),
        "exit_code": code,
    }


def report(results: Results, part: tuple[int, int] | None, width: int) -> Iterator[str]:
    """The metrics by point, what broke, how to see it, and the verdict in the last line."""
    manifest = results.manifest
    points = len(results.points)
    head = f"{manifest['name']}: {_count(points, 'point')}, {_count(results.runs, 'run')}"
    yield heading(head)
    of = f" of part {part[0]}/{part[1]}" if part and not results.complete else ""
    digest = (
        f"digest {results.digest}" if results.complete else f"not complete: the runs{of} so far"
    )
    intervals = f"from and to: {LEVEL:.0%} intervals"
    yield from map(faint, wrap(f"seed {manifest['seed']}, {digest}; {intervals}", width))
    yield ""
    estimates = list(results.estimates())
    yield from _alone(estimates, width) if points == 1 else _compared(results, estimates, width)
    yield ""
    if results.complete and results.narrow is False:
        rule = results.experiment.until
        assert rule is not None
        yield from wrap(
            f"{rule.metric.name} is not as narrow as until says: {_count(rule.at_most, 'run')} of "
            "each point were not enough",
            width,
        )
    if any(isnan(e.interval.low) and not isnan(e.interval.estimate) for e in estimates):
        yield from map(faint, wrap(_FEW, width))
    if any(isnan(each.interval.estimate) for each in estimates):
        yield from map(faint, wrap(_NOTHING, width))
    if cut := told_cuts((each.metric.name, each.up_to) for each in estimates):
        yield from map(faint, wrap(cut, width))
    for law, times in results.breaches.items():
        yield f"law {law} was broken {_count(times, 'time')}"
    yield faint(f"page: python -m sim report {shlex.quote(str(results.folder))}")
    failed, runs = manifest["failed"], results.runs
    if failed:
        yield f"{verdicts.styled(BROKEN)} in {failed} of {_count(runs, 'run')}"
    else:
        yield f"{verdicts.styled(HELD, 'all held')} in {_count(runs, 'run')}"


def _alone(estimates: list[Estimate], width: int) -> Iterator[str]:
    """The metrics of the only point."""
    cut = _cut(estimates)
    heads = ("estimate", "from", "to", *cut, "unit", "metric")
    rows = [(*_figures(each, cut), each.metric.unit, each.metric.name) for each in estimates]
    yield from columns([tuple(map(heading, heads)), *rows], width)


def _compared(results: Results, estimates: list[Estimate], width: int) -> Iterator[str]:
    """Metric by metric, the points beside each other."""
    for number, metric in enumerate(results.metrics):
        here = [each for each in estimates if each.metric.name == metric.name]
        cut = _cut(here)
        rows = [(*_figures(each, cut), each.point.label or "as it is") for each in here]
        if number:
            yield ""
        unit = "" if here[0].metric.unit == "1" else f" ({here[0].metric.unit})"
        yield heading(f"{metric.name}{unit}")
        heads = ("estimate", "from", "to", *cut, "point")
        yield from columns([tuple(map(faint, heads)), *rows[:MOST_POINTS]], width, "  ")
        if len(rows) > MOST_POINTS:
            yield faint(f"  and {_count(len(rows) - MOST_POINTS, 'point')} more: --json has all")


def _cut(estimates: Iterable[Estimate]) -> tuple[str, ...]:
    """The head of the column that says where durations are cut, if some are."""
    return ("cut at",) if any(each.up_to is not None for each in estimates) else ()


def _figures(each: Estimate, cut: tuple[str, ...]) -> Iterator[str]:
    interval = each.interval
    yield from map(_number, (interval.estimate, interval.low, interval.high))
    if cut:
        yield "" if each.up_to is None else _number(each.up_to)


def _number(value: float) -> str:
    return "-" if value != value else f"{value:.4g}"  # noqa: PLR0124 - a dash for what is unknown


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
