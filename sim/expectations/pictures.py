"""How many pictures of one person a page shows: Subscribers' elements."""

from __future__ import annotations

from typing import Final

from sim.expectations.cast import Cast, shown_by
from sim.expectations.clauses import Pictures
from sim.expectations.lasting import Spells
from sim.expectations.sights import Finding
from sim.protocol.records import Trait, named
from sim.trace.records import Record

_CLOSES: Final = named(Trait.ENDS_PAGE)


class PictureWatch:
    """Who has so many pictures of one person at a time, for a :class:`Pictures`."""

    def __init__(self, clause: Pictures, cast: Cast) -> None:
        self._clause = clause
        self._cast = cast
        self._spells = Spells(clause.limit)
        self._shown: dict[str, dict[str, int]] = {}
        """By person: of whom the page has how many pictures."""

    def see(self, record: Record) -> None:
        """Take in a story record."""
        if record.object == "page" and record.kind == "state":
            subject = shown_by(record.data.get("element", ""))
            if subject:
                page = self._shown.setdefault(record.client, {})
                page[subject] = page.get(subject, 0) + (1 if record.name == "inserted" else -1)
                self._compare(page, record)
        elif (record.kind, record.name) in _CLOSES:
            page = self._shown.pop(record.client, {})
            self._compare(dict.fromkeys(page, 0), record)

    def _compare(self, page: dict[str, int], record: Record) -> None:
        clause = self._clause
        total = sum(page.values())
        for subject, number in page.items():
            if clause.of is None or self._cast.means(clause.of, subject):
                many = number >= clause.number and not (clause.alone and number < total)
                what = f"had {clause.number} pictures of {subject}"
                what += " and of nobody else" if clause.alone else ""
                self._spells.hold(record.client, what, subject, many, record)

    def finding(self, person: str, ended: int) -> Finding:
        """Return whether this person had so many for so long."""
        return self._spells.finding(self._clause, person, ended)
