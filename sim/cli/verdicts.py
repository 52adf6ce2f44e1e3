"""Laws and expectations on a terminal: a compact table, and every breach with its surroundings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from sim.expectations import Outcome
from sim.laws import BROKEN, HELD, NOT_EXERCISED, Breach, Verdict
from sim.protocol.units import format_clock
from sim.telling.columns import columns, wrap
from sim.telling.layout import numbered
from sim.telling.marks import heading, style

COLOURS: Final = {HELD: "green", BROKEN: "red", NOT_EXERCISED: "yellow"}
WORST_FIRST: Final = (BROKEN, HELD, NOT_EXERCISED)
SHOWN: Final = 3
"""How many breaches of one law are told; the first with the records around it."""


def styled(outcome: str, text: str | None = None) -> str:
    """The outcome, or other words for it, in its colour."""
    return style(text or outcome, fg=COLOURS[outcome], bold=outcome == BROKEN)


def laws(outcomes: Mapping[str, str], width: int, expected: Collection[str] = ()) -> Iterator[str]:
    """The laws by outcome, names in order; ``outcomes`` maps a law's name to its outcome.

    A law that is broken and among ``expected`` is no failure: the scenario says that it breaks.
    """
    by_outcome: dict[str, list[str]] = {outcome: [] for outcome in WORST_FIRST}
    for name, outcome in outcomes.items():
        remark = " (as expected)" if outcome == BROKEN and name in expected else ""
        by_outcome[outcome].append(name + remark)
    counts = ", ".join(f"{len(names)} {outcome}" for outcome, names in by_outcome.items())
    yield from columns([(heading("Laws"), counts)], width)
    rows = [(styled(outcome), ", ".join(names)) for outcome, names in by_outcome.items() if names]
    yield from columns(rows, width, "  ")


def goals(reached: Mapping[str, int], width: int) -> Iterator[str]:
    """The quirks that were at work, of those that the profile has; nothing if it has none."""
    if reached:
        seen = [
            f"{name}{f' ({times} times)' if times > 1 else ''}"
            for name, times in reached.items()
            if times
        ]
        rows = [(heading("Quirks"), f"{len(seen)} of {len(reached)} at work")]
        yield from columns(rows, width)
        if seen:
            yield from _indented(", ".join(seen), width)


def unkept(verdicts: Iterable[Verdict], width: int) -> Iterator[str]:
    """The laws that the platform's settings make impossible to keep, by what they do not allow."""
    laws: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict.why:
            laws.setdefault(verdict.why, []).append(verdict.law.name)
    for why, names in laws.items():
        yield from _indented(f"{why}, so not exercised: {', '.join(names)}", width)


def breaches(
    verdicts: Iterable[Verdict], width: int, expected: Collection[str] = ()
) -> Iterator[str]:
    """What broke each broken law, with the records around it; in short if it was expected."""
    for verdict in verdicts:
        if not verdict.broken:
            continue
        first, *others = verdict.breaches
        yield ""
        yield from first_breach(verdict, width)
        if verdict.law.name in expected:
            continue
        yield from numbered(first.context, width, "  ", first.record.seq)
        if first.record.seq > 1 and len(first.context) == 1:
            yield from _indented("what was around it is too long ago to be shown", width)
        for breach in others[: SHOWN - 1]:
            yield from _place(breach, width)
        if verdict.broken > SHOWN:
            yield f"  ... and {verdict.broken - SHOWN} more times"


def first_breach(verdict: Verdict, width: int) -> Iterator[str]:
    """The law that broke, and the first time that it did."""
    law = verdict.law
    yield from columns([(styled(BROKEN), heading(law.name), f"({law.source})")], width)
    yield from _indented(law.statement, width)
    yield from _place(verdict.breaches[0], width)


def failures(
    verdicts: Iterable[Verdict],
    outcomes: Iterable[Outcome],
    width: int,
    expected: Collection[str] = (),
) -> Iterator[str]:
    """What failed, each in a sentence, to stand before everything else; nothing if all held."""
    for verdict in verdicts:
        if verdict.broken and verdict.law.name not in expected:
            first, more = verdict.breaches[0], verdict.broken - 1
            place = f"{verdict.law.name} at {format_clock(first.time)}, #{first.record.seq}"
            often = f" (and {more} more {'time' if more == 1 else 'times'})" if more else ""
            yield from columns([(styled(BROKEN), f"{place}: {first.sentence}{often}")], width)
    for outcome in outcomes:
        if not outcome.held:
            yield from columns([(styled(BROKEN), _expectation(outcome))], width)


def _place(breach: Breach, width: int) -> Iterator[str]:
    place = f"at {format_clock(breach.time)}, #{breach.record.seq}: {breach.sentence}"
    return _indented(place, width)


def _indented(text: str, width: int) -> Iterator[str]:
    return ("  " + line for line in wrap(text, width - 2))


def expectations(outcomes: Sequence[Outcome], width: int) -> Iterator[str]:
    """The scenario's expectations, each with why it did not hold."""
    if not outcomes:
        return
    yield heading("Expectations")
    rows = [
        (styled(HELD if outcome.held else BROKEN), _expectation(outcome)) for outcome in outcomes
    ]
    yield from columns(rows, width, "  ")


def _expectation(outcome: Outcome) -> str:
    return outcome.text if outcome.held else f"{outcome.text}: {outcome.why}"
