"""What an app threw: the likeliest reason for which something that was waited for never came."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from sim.expectations.sightings import MOST_NAMED
from sim.protocol.records.calls import ENDS_OF_CALLS, LISTENER_THREW
from sim.trace.records import Record

_KEYS: Final = frozenset((entry.kind, entry.name) for entry in LISTENER_THREW.values())
_ELSEWHERE: Final = {"timeout": "a timeout of {}'s app", "load": "{}'s app, in a fresh page,"}
"""Where an app threw that was told no event."""


def is_thrown(record: Record) -> bool:
    """Whether a record says that an app threw."""
    return (record.kind, record.name) in _KEYS


def thrown(records: Iterable[Record], people: Collection[str]) -> list[str]:
    """Return for each of these people whose app threw what it threw last, in sentences: few.

    >>> data = {"event": "signal", "error": "KeyError: 'to'"}
    >>> thrown([Record(5, 7, "bob", "session", "callback", "listenerThrew", data, 6)], {"bob"})
    ["bob's listener of signal threw KeyError: 'to', #7"]
    """
    latest = {each.client: each for each in records if is_thrown(each) and each.client in people}
    more = len(latest) - MOST_NAMED
    rest = [f"the apps of {more} more threw, too"] if more > 0 else []
    return [*map(sentence, [*latest.values()][:MOST_NAMED]), *rest]


def sentence(record: Record) -> str:
    """What an app threw, and where: the record is one that says so."""
    event = record.data["event"]
    what = event if str(event).startswith(ENDS_OF_CALLS) else f"listener of {event}"
    where = _ELSEWHERE.get(event, "{}'s " + what).format(record.client)
    return f"{where} threw {record.data['error']}, #{record.seq}"
