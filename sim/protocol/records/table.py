"""The whole table, and how judges look things up in it."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, Final

from sim.protocol.names import label
from sim.protocol.records.calls import CALL_RECORDS
from sim.protocol.records.deviations import DEVIATION_RECORDS
from sim.protocol.records.entry import Entry, Trait
from sim.protocol.records.events import EVENT_RECORDS
from sim.protocol.records.incidents import INCIDENT_RECORDS
from sim.protocol.records.states import STATE_RECORDS

RECORDS: Final[tuple[Entry, ...]] = (
    *EVENT_RECORDS,
    *CALL_RECORDS,
    *INCIDENT_RECORDS,
    *STATE_RECORDS,
    *DEVIATION_RECORDS,
)
"""Every record that a run can write, at every level."""

_BY_KEY: Final = {entry.key: entry for entry in RECORDS}
_OPEN: Final = tuple(entry for entry in RECORDS if "<" in entry.name)
"""Entries of which any text may take the place of ``<…>``, as in ``signal:<type>``."""


def entry(kind: str, role: str, name: str) -> Entry:
    """The entry of that kind, role and name. Raises ``KeyError`` when there is none.

    >>> entry("event", "session", "signal:chat").name
    'signal:<type>'
    """
    found = _BY_KEY.get((kind, role, name))
    return found or next(each for each in _matching(kind, role, name))


def _matching(kind: str, role: str, name: str) -> list[Entry]:
    found = [
        each
        for each in _OPEN
        if (each.kind, each.role) == (kind, role) and name.startswith(each.name.partition("<")[0])
    ]
    if not found:
        raise KeyError((kind, role, name))
    return found


@lru_cache(maxsize=4096)
def role_of(object: str) -> str:
    """Which sort of object has that label.

    >>> role_of("publisher1"), role_of("subscriber(bob)#1")
    ('publisher', 'subscriber')
    """
    parsed = label(object)
    return parsed.role if parsed else object


@lru_cache(maxsize=4096)
def find(kind: str, object: str, name: str) -> Entry | None:
    """The entry of a record, or None: a trace of a later version may have others."""
    try:
        return entry(kind, role_of(object), name)
    except KeyError:
        return None


@cache
def having(*traits: Trait) -> tuple[Entry, ...]:
    """The entries that have one of these traits at least, in the order of the table."""
    return tuple(each for each in RECORDS if each.traits.intersection(traits))


@cache
def named(*traits: Trait) -> tuple[tuple[str, str], ...]:
    """Kind and name of the entries that have one of these traits, each once.

    >>> named(Trait.ENDS_PAGE)
    (('call', 'closeBrowser'), ('fault', 'crash'))
    """
    return tuple(dict.fromkeys((each.kind, each.name) for each in having(*traits)))


@cache
def explaining(*reasons: str) -> tuple[Entry, ...]:
    """The entries that can be why something ended for one of these reasons."""
    return tuple(each for each in RECORDS if set(each.explains).intersection(reasons))


def problem(object: str, kind: str, name: str, data: dict[str, Any], level: int) -> str | None:
    """What is wrong with a record by this table, in one sentence; None if nothing is."""
    about = f"record {kind} {name} of {object}"
    found = find(kind, object, name)
    if found is None:
        return f"{about}: the table of records does not list it"
    wrong = found.problem(data, level)
    return f"{about}: {wrong}" if wrong else None
