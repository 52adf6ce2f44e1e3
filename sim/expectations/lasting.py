"""What is so with somebody for a while: since when, for how long, and the longest time."""

from __future__ import annotations

from typing import NamedTuple

from sim.expectations.clauses import Lasts
from sim.expectations.sights import Finding
from sim.protocol.units import format_clock, format_duration
from sim.trace.records import Record


class _Spell(NamedTuple):
    """A time in which something was so: from a record to another, or until now."""

    what: str
    begun: Record
    ended: Record | None
    length: int

    def __str__(self) -> str:
        until = "until the end" if self.ended is None else f"until {_when(self.ended)}"
        length = format_duration(self.length // 1000 * 1000)
        return f"{self.what} from {_when(self.begun)}, {until}: {length}"


class Spells:
    """For each person, what is so, since when, and the first and longest that was so."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._since: dict[tuple[str, str, str], Record] = {}
        self._first: dict[str, _Spell] = {}
        self._longest: dict[str, _Spell] = {}

    def hold(self, person: str, what: str, which: str, now: bool, record: Record) -> None:
        """From this record on it is so with a person, or not so.

        ``what`` says it in words, ``which`` tells it from others of which the same is said.
        """
        key = (person, what, which)
        if now:
            self._since.setdefault(key, record)
        elif key in self._since:
            begun = self._since.pop(key)
            spell = _Spell(what, begun, record, record.time - begun.time)
            self._longest[person] = _longer(self._longest.get(person), spell)
            if spell.length > self._limit:
                self._first.setdefault(person, spell)

    def finding(self, clause: Lasts, person: str, ended: int) -> Finding:
        """Return whether it was so with this person for longer than the clause says."""
        longest, lasting = self._longest.get(person), self._first.get(person)
        for (who, what, _), begun in self._since.items():
            if who == person:
                spell = _Spell(what, begun, None, ended - begun.time)
                longest = _longer(longest, spell)
                if spell.length > self._limit:
                    lasting = lasting or spell
        if lasting is not None:
            but = "but " if clause.never else ""
            return Finding(not clause.never, f"{but}{person} {lasting}")
        told = f"at most {person} {longest}" if longest else f"{person} never did"
        return Finding(clause.never, told)


def _when(record: Record) -> str:
    return f"{format_clock(record.time)}, #{record.seq}"


def _longer(one: _Spell | None, other: _Spell) -> _Spell:
    return other if one is None or other.length > one.length else one
