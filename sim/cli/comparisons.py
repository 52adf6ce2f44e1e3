"""What was compared, by metric, in lines; and settings as the command line says them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isinf, isnan
from typing import Final

import click

from sim.research.comparing import Compared, Comparison, Side
from sim.research.metrics import catalogue
from sim.research.showing.values import told_cuts
from sim.research.statistics.intervals import Interval
from sim.scenario import ScenarioError
from sim.scenario.nodes import Kind, Node
from sim.scenario.syntax import YamlError, tree
from sim.telling.columns import wrap
from sim.telling.marks import faint, heading
from sim.wording import not_one_of, quoted

_GAP: Final = 2
_HEADS: Final = ("metric", "A", "B", "B - A", "p", "saved")
_TOLD_BY_NAME: Final = {"1", "1/h"}
"""Units that the name of a metric tells: a share or a number, or ``...-per-hour``."""
_LEAST_P: Final = 0.001
"""A p below is not written out: it says no more, and of drawn flips it is not known exactly."""
_MOST_SAVED: Final = 1_000
_VALUE: Final = Kind("a value", "something", "one value")


# -- what is compared ------------------------------------------------------------------------------


def check_metrics(names: Sequence[str]) -> None:
    """Refuse a metric that there is not. Raises :class:`click.BadParameter`."""
    for name in names:
        if name not in catalogue():
            raise click.BadParameter(
                not_one_of(name, catalogue(), "a metric") + ".", param_hint="--metric"
            )


def settings(side: Side, letter: str, profile: str | None, written: Sequence[str]) -> Side:
    """The side with another profile and settings. Raises :class:`click.BadParameter`."""
    said = [*written] if profile is None else [f"profile={profile}", *written]
    values: dict[str, Node] = {}
    for path, value in (_setting(letter, each) for each in said):
        if path in values:
            raise _wrong(letter, f"{path} is set twice: once is enough")
        values[path] = value
    try:
        return side.but(values, ", ".join(said))
    except ScenarioError as wrong:
        problems = (f"{each.path}: {each.sentence}" for each in wrong.problems)
        raise _wrong(letter, "; ".join(problems)) from None
    except ValueError as wrong:
        raise _wrong(letter, str(wrong)) from None


def _setting(letter: str, written: str) -> tuple[str, Node]:
    path, equals, text = written.partition("=")
    if not equals or not path.strip() or not text.strip():
        raise _wrong(letter, f"{quoted(written)} is not PATH=VALUE, such as platform.grace=15s")
    try:
        node, flaws = tree(text, _VALUE)
    except YamlError as problem:
        raise _wrong(letter, f"{quoted(text)}: {problem.sentence}") from None
    if flaws:
        raise _wrong(letter, f"{quoted(text)}: {flaws[0].sentence}")
    return path.strip(), node


def _wrong(letter: str, sentence: str) -> click.BadParameter:
    return click.BadParameter(f"{sentence}.", param_hint=f"--set-{letter}")


# -- what was found --------------------------------------------------------------------------------


def report(comparison: Comparison, width: int) -> Iterator[str]:
    """The comparison in lines; the verdict comes last."""
    rows = [_row(each) for each in _told(comparison)]
    yield from map(heading, wrap(f"A: {comparison.first.label}", width))
    yield from map(heading, wrap(f"B: {comparison.second.label}", width))
    facts = (
        f"{comparison.replications} pairs of runs, seed {comparison.seed}; ± is half of an interval"
        f" of {100 * comparison.level:.10g} %"
    )
    yield from map(faint, wrap(facts, width))
    yield ""
    if rows:
        yield from _table([_HEADS, *rows], width)
        yield ""
    yield from _left_out(comparison, width)
    yield from verdict(comparison, width)


def verdict(comparison: Comparison, width: int) -> list[str]:
    """Which metrics differ by more than chance."""
    names = [each.metric.name for each in comparison.differing]
    if not names:
        return wrap("no difference that is more than chance", width)
    differ = "differs" if len(names) == 1 else "differ"
    return wrap(f"more than chance: {', '.join(names)} {differ}", width)


def _told(comparison: Comparison) -> list[Compared]:
    """The metrics that have a row: they have figures, and differ in some pair."""
    return [each for each in comparison.metrics if each.known and not each.alike]


def _left_out(comparison: Comparison, width: int) -> Iterator[str]:
    alike = [each.metric.name for each in comparison.metrics if each.alike]
    unknown = [each.metric.name for each in comparison.metrics if not each.known]
    if alike:
        yield from map(faint, wrap(f"alike in every pair: {', '.join(alike)}", width))
    if cut := told_cuts((each.metric.name, each.up_to) for each in comparison.metrics):
        yield from map(faint, wrap(cut, width))
    unsure = [each.metric.name for each in _told(comparison) if isnan(each.difference.half_width)]
    if unsure:
        few = f"without ±, seen to end in fewer than two pairs: {', '.join(unsure)}"
        yield from map(faint, wrap(few, width))
    if unknown:
        yield from map(faint, wrap(f"without figures: {', '.join(unknown)}", width))


def _table(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Names to the left and numbers to the right; where that is too wide, lines of their own."""
    sizes = [max(map(len, column)) for column in zip(*rows, strict=True)]
    narrow = sum(sizes) + _GAP * (len(sizes) - 1) > width
    for number, (name, *numbers) in enumerate(rows):
        cells = [each.rjust(size) for each, size in zip(numbers, sizes[1:], strict=True)]
        told = (" " * _GAP).join(cells)
        lines = (
            [name, f"  {' '.join(numbers)}"] if narrow else [f"{name.ljust(sizes[0] + _GAP)}{told}"]
        )
        yield from map(heading, lines) if number == 0 else lines


def _row(compared: Compared) -> tuple[str, ...]:
    unit = "" if compared.metric.unit in _TOLD_BY_NAME else f" ({compared.metric.unit})"
    return (
        compared.metric.name + unit,
        _number(compared.first.estimate),
        _number(compared.second.estimate),
        _difference(compared.difference),
        _p(compared.corrected),
        _saved(compared.saved),
    )


def _number(value: float) -> str:
    """Three or four figures, and no exponent where a few zeros do."""
    size = abs(value)
    if 0.0 < size < 1e-3 or size >= 1e5:
        return f"{value:.1e}"
    return f"{value:.3g}" if size < 0.1 else f"{value:.4g}" if size < 1e3 else f"{value:.0f}"


def _difference(interval: Interval) -> str:
    """The difference to as many places as its interval lets it have."""
    half = interval.half_width
    if isnan(half) or half == 0.0:
        return f"{'+' if interval.estimate > 0.0 else ''}{_number(interval.estimate)}"
    if half < 1e-3 or half >= 1e5:
        return f"{interval.estimate:+.1e} ± {half:.1e}"
    places = max(0, 1 - _magnitude(half))
    return f"{interval.estimate:+.{places}f} ± {half:.{places}f}"


def _magnitude(value: float) -> int:
    """The power of ten of its first figure."""
    return int(f"{value:e}".partition("e")[2])


def _p(p: float) -> str:
    return f"<{_LEAST_P:g}" if p < _LEAST_P else f"{p:.3f}"


def _saved(times: float) -> str:
    if isnan(times):
        return "-"
    if isinf(times) or times > _MOST_SAVED:
        return f">{_MOST_SAVED} ×"
    return f"{times:.1f} ×" if times < 10 else f"{times:.0f} ×"
