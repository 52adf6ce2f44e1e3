"""Running two scenarios with common random numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from numbers import Integral
from typing import Any, Final

from attrs import evolve, field, frozen

from sim.research.comparing.comparison import Comparison, compared
from sim.research.comparing.sides import Side, Story
from sim.research.experiments.measures import made
from sim.research.metrics import Metric, catalogue
from sim.research.metrics.asking import ask
from sim.research.metrics.figures import Figures
from sim.research.observing import Observed, observe
from sim.research.running.pool import processes, spread
from sim.research.running.sending import can_be_sent, sent
from sim.research.statistics.intervals import LEVEL, checked
from sim.scenario import Scenario
from sim.wording import brief, not_one_of, quoted

REPLICATIONS: Final = 100
"""Pairs of runs, if no other number is asked for."""
LEAST, MOST = 2, 1_000_000
"""Pairs of runs that a comparison may have: the figures of all of them are in memory."""
_LARGEST: Final = 10
"""A task has at most so many runs, so that progress is seen."""
_OF_LAWS: Final = frozenset({"law-breaks", "runs-failed"})
"""The shipped metrics for which a run has to be judged."""

Asked = str | Metric | Callable[..., Any]
"""A metric: its name, itself, or a function of an ``Observed``."""


def compare(
    first: Story | Side,
    second: Story | Side | Mapping[str, Any],
    *,
    metric: Asked | Sequence[Asked] | None = None,
    replications: int = REPLICATIONS,
    seed: int | None = None,
    level: float = LEVEL,
    jobs: int = 1,
    progress: Callable[[int], object] | None = None,
) -> Comparison:
    """Run two scenarios with the same draws, and say by how much the second differs.

    ``first`` and ``second`` are scenarios or their files; ``second`` may also say what is different
    in the first: ``{"platform.grace": "15s"}``, ``{"profile": "opentok.js-2.35.2"}``. ``metric`` is
    the name of one, a :class:`~sim.research.metrics.Metric`, a function of what was observed in a
    run, or several of these; all of the catalogue if None. Both sides of every pair have one
    ``seed`` (that of the first scenario, if none is given) and one replication number: wherever the
    two are alike, they meet the same losses, outages and arrivals. ``jobs`` processes share the
    work; the result is the same. ``progress`` is told how many runs are done.

    Raises ``ValueError`` for a metric or a path that there is not, no metric at all, fewer than two
    replications or more than a million, or two scenarios that are the same, and
    :class:`~sim.scenario.ScenarioError`.

    Is a backoff worth it? It costs time in the session, and 10 pairs of runs are enough to see it.
    With draws of their own, more than five times as many would be needed:

    >>> at_once, backoff = "scenarios/rejoin-at-once.yaml", "scenarios/rejoin-with-backoff.yaml"
    >>> found = compare(at_once, backoff, metric="presence", replications=10)
    >>> found.difference.high < 0, found.p < 0.01, found.saved > 5
    (True, True, True)
    """
    one = first if isinstance(first, Side) else Side.of(first)
    if isinstance(second, Mapping):
        other = one.but(second)
    else:
        other = second if isinstance(second, Side) else Side.of(second)
    chosen = _metrics(metric)
    _check_number(replications)
    checked(level)
    luck = one.scenario.seed if seed is None else seed
    stories = [evolve(side.scenario, seed=luck) for side in (one, other)]
    if one.same_story(other):
        raise ValueError(
            f"there is nothing to compare: {one.label} and {other.label} are the same story"
        )
    figures = _figures(stories, chosen, replications, processes(jobs), progress)
    return Comparison(one, other, luck, replications, level, compared(chosen, figures, luck, level))


def _metrics(asked: Asked | Sequence[Asked] | None) -> tuple[Metric, ...]:
    if asked is None:
        return tuple(catalogue().values())
    if isinstance(asked, str | Metric) or callable(asked):
        return (_metric(asked),)
    if not isinstance(asked, Iterable):
        raise ValueError(f"{quoted(asked)} is no metric: name one, or give a function")
    named = list(asked)
    found = {_metric(each).name: each for each in named}
    if not found:
        raise ValueError("there is nothing to compare: no metric is named")
    for each in named:
        name = _metric(each).name
        if found[name] != each:
            raise ValueError(f"{quoted(name)} stands for two metrics: call one otherwise")
    return tuple(map(_metric, found.values()))


def _metric(asked: Asked) -> Metric:
    if isinstance(asked, Metric):
        return asked
    if callable(asked):
        return made(asked)
    if asked not in catalogue():
        raise ValueError(not_one_of(asked, catalogue(), "a metric"))
    return catalogue()[asked]


def _check_number(replications: Any) -> None:
    """Raise ``ValueError`` for what is no number of pairs of runs."""
    if isinstance(replications, bool) or not isinstance(replications, Integral):
        raise ValueError(f"{brief(replications)} is not a number of pairs of runs")
    if int(replications) < LEAST:
        raise ValueError(f"a comparison needs {LEAST} pairs of runs or more, not {replications}")
    if int(replications) > MOST:
        raise ValueError(f"a comparison has {MOST:,} pairs of runs at most, not {replications:,}")


# -- running ---------------------------------------------------------------------------------------


@frozen
class _Task:
    """Some replications of one side."""

    side: int
    scenario: Scenario = field(repr=False)
    metrics: tuple[Asked, ...] = field(repr=False)
    """Shipped ones by name; none, if they are measured where they are."""
    judged: bool
    """Whether a metric looks at laws."""
    first: int
    count: int


def _figures(
    stories: Sequence[Scenario],
    metrics: tuple[Metric, ...],
    replications: int,
    jobs: int,
    progress: Callable[[int], object] | None,
) -> list[list[Figures]]:
    """By metric, the figures of both sides."""
    parts: dict[tuple[int, int], list[Figures]] = {}
    done = 0
    for task, found in _made(stories, metrics, replications, jobs):
        parts[task.side, task.first] = found
        done += task.count
        if progress is not None:
            progress(done)
    sides = [[parts[key] for key in sorted(parts) if key[0] == side] for side in (0, 1)]
    return [
        _agreeing(metric.name, [Figures.joined([each[at] for each in side]) for side in sides])
        for at, metric in enumerate(metrics)
    ]


def _agreeing(name: str, sides: list[Figures]) -> list[Figures]:
    """Both sides. Raises ``ValueError`` if one has durations and the other numbers."""
    Figures.joined(sides).checked(name)
    return sides


def _made(
    stories: Sequence[Scenario], metrics: tuple[Metric, ...], replications: int, jobs: int
) -> Iterator[tuple[_Task, list[Figures]]]:
    """The figures of each task. What other processes cannot be given is measured in this one."""
    named = sent(metrics)
    judged = any(each in _OF_LAWS or not isinstance(each, str) for each in named)
    if jobs == 1 or can_be_sent(metrics):
        yield from spread(_run, _tasks(stories, named, judged, replications), jobs)
        return
    for task, runs in spread(_watch, _tasks(stories, (), judged, replications), jobs):
        yield task, _measured(metrics, runs)


def _tasks(
    stories: Sequence[Scenario], metrics: tuple[Asked, ...], judged: bool, replications: int
) -> Iterator[_Task]:
    for first in range(0, replications, _LARGEST):
        count = min(_LARGEST, replications - first)
        for side, scenario in enumerate(stories):
            yield _Task(side, scenario, metrics, judged, first, count)


def _run(task: _Task) -> tuple[_Task, list[Figures]]:
    return task, _measured(_metrics(task.metrics), _runs(task))


def _watch(task: _Task) -> tuple[_Task, tuple[Observed, ...]]:
    return task, tuple(_runs(task))


def _runs(task: _Task) -> Iterator[Observed]:
    laws = None if task.judged else ()
    for number in range(task.first, task.first + task.count):
        yield observe(task.scenario, replication=number, laws=laws)


def _measured(metrics: tuple[Metric, ...], runs: Iterable[Observed]) -> list[Figures]:
    """By metric, the figures of the runs."""
    said = [[ask(metric, seen) for metric in metrics] for seen in runs]
    return [Figures.of(column) for column in zip(*said, strict=True)]
