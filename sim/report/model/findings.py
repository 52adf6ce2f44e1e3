"""What did not hold: breaches of laws, and expectations, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.expectations.sightings import numbers
from sim.laws import Verdict
from sim.report.model.recording import Recording
from sim.report.model.timeline import Finding


def findings(recording: Recording, row_of: Mapping[int, int]) -> list[Finding]:
    """The breaches in the order of time, then the expectations that did not hold.

    ``row_of`` maps numbers of records to rows.
    """
    breaches = [
        each
        for verdict in recording.verdicts.values()
        for each in _breaches(verdict, row_of, verdict.law.name in recording.expected)
    ]
    return [*sorted(breaches, key=lambda each: each.time), *_missed(recording, row_of)]


def _breaches(verdict: Verdict, row_of: Mapping[int, int], is_expected: bool) -> Iterator[Finding]:
    name, more = verdict.law.name, verdict.broken - len(verdict.breaches)
    for breach in verdict.breaches:
        row = row_of.get(breach.record.seq)
        yield Finding("law", name, breach.sentence, breach.time, row, is_expected)
    if more > 0:
        last = verdict.breaches[-1]
        said = f"it broke {more} more time{'' if more == 1 else 's'} after that"
        yield Finding("law", name, said, last.time, None, is_expected)


def _missed(recording: Recording, row_of: Mapping[int, int]) -> Iterator[Finding]:
    """An expectation is judged at the end of the run, or by the record that its sentence names."""
    for outcome in recording.expectations:
        if outcome.held:
            continue
        row = _named(outcome.why, row_of)
        time = recording.ended if row is None else recording.records[row].time
        yield Finding("expectation", outcome.text, outcome.why, time, row)


def _named(sentence: str, row_of: Mapping[int, int]) -> int | None:
    """The row of the first record that a sentence names; ``bob#1`` names none."""
    rows = (row_of.get(number) for number in numbers(sentence))
    return next((row for row in rows if row is not None), None)
