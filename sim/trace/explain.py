"""Why something happened: the chain of causes of a record, back to its root."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import islice

from sim.trace.reader import Trace
from sim.trace.records import Record


def chain(records: Trace | Iterable[Record], number: int) -> tuple[Record, ...]:
    """The causes of record ``number``, the root first and the record itself last.

    Takes a trace, a list or an iterator. What can be read twice is read twice, so that memory
    stays small; the rest is kept. Raises ``LookupError`` with one sentence when there is no such
    record.
    """
    story = _rereadable(records)
    wanted = _numbers(_story(story), number)
    return tuple(record for record in islice(_story(story), number) if record.seq in wanted)


def _rereadable(records: Trace | Iterable[Record]) -> Trace | Iterable[Record]:
    again = records.rereadable if isinstance(records, Trace) else not isinstance(records, Iterator)
    return records if again else list(records)


def _story(records: Trace | Iterable[Record]) -> Iterator[Record]:
    return (record for record in records if record.seq)


def _numbers(records: Iterator[Record], number: int) -> set[int]:
    """The numbers of the records in the chain."""
    causes = array("q", [0])
    for record in records:
        causes.append(record.cause or 0)
        if record.seq >= number:
            break
    last = len(causes) - 1
    if not 0 < number <= last:
        raise LookupError(f"there is no record {number}; the trace has {last}, numbered from 1")
    numbers = set()
    while number:
        numbers.add(number)
        number = causes[number]
    return numbers
