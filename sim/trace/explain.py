"""Why something happened: the causes of a record, back to their roots.

Most records have one cause. Some have further ones in their data: what a replay is ``of``, and what
explains an end ``besides`` its cause. So a chain may fork on its way back.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from sim.protocol.records import RECORDS
from sim.protocol.records.entry import RECORD_NUMBERS
from sim.trace.reader import Trace
from sim.trace.records import Record

_FURTHER: Final = {
    (entry.kind, entry.name): field.name
    for entry in RECORDS
    for field in entry.data
    if field.type is RECORD_NUMBERS
}
"""Kind and name of records that may have further causes → the key of their data that lists them."""


def causes(record: Record) -> tuple[int, ...]:
    """The numbers of the records that it directly follows from: its cause, then further ones.

    >>> causes(Record(9, 7, "bob", "platform", "state", "replayed", {"of": [2, 4]}, 6))
    (6, 2, 4)
    """
    cause = () if record.cause is None else (record.cause,)
    key = _FURTHER.get((record.kind, record.name))
    further = () if key is None else _earlier(record.data.get(key), record.seq)
    return (*cause, *(number for number in further if number != record.cause))


def _earlier(numbers: Any, number: int) -> tuple[int, ...]:
    """Those of a list that can be causes of the record of that number."""
    listed = numbers if isinstance(numbers, list | tuple) else ()
    return tuple(each for each in listed if isinstance(each, int) and 0 < each < number)


def chain(records: Trace | Iterable[Record], number: int) -> tuple[Record, ...]:
    """The causes of record ``number`` in the order of the story, and the record itself last.

    The first is a root; there are more where the chain forks (:func:`causes`).

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
    cause_of = array("q", [0])
    further: dict[int, tuple[int, ...]] = {}
    for record in records:
        cause_of.append(record.cause or 0)
        if (record.kind, record.name) in _FURTHER:
            further[record.seq] = causes(record)
        if record.seq >= number:
            break
    last = len(cause_of) - 1
    if not 0 < number <= last:
        raise LookupError(f"there is no record {number}; the trace has {last}, numbered from 1")
    numbers, open_ones = set[int](), [number]
    while open_ones:
        number = open_ones.pop()
        if number and number not in numbers:
            numbers.add(number)
            open_ones += (cause_of[number], *further.get(number, ()))
    return numbers
