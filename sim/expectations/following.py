"""What follows something that happens to somebody: within so long of every occurrence."""

from __future__ import annotations

from attrs import define, evolve, field

from sim.expectations.cast import Cast
from sim.expectations.clauses import Anchor, Follows, Item
from sim.expectations.sightings import MOST_NAMED, Sightings, at
from sim.expectations.sights import Finding
from sim.expectations.vocabulary import DEEDS
from sim.protocol.records import role_of
from sim.protocol.units import format_duration
from sim.trace.records import Record


@define
class _Span:
    """The time after one occurrence, and what was seen in it."""

    anchor: Record
    item: Item
    seen: list[Record] = field(factory=list)
    count: int = 0


class FollowWatch:
    """Whether one person sees the item of a :class:`Follows` after each occurrence of its anchor.

    Where the sentence names a group of the anchor again (``connectionDestroyed of guests within 60s
    of guests' crash``), the same member is meant; where the group is the subject and the event is
    not about it, each member is judged by what happens to itself.
    """

    def __init__(self, clause: Follows, person: str, sightings: Sightings) -> None:
        self._clause = clause
        self._person = person
        self._sightings = sightings
        who, anchor = clause.subject.name, clause.anchor
        self._by_itself = who in (anchor.person, anchor.of) and not _is_about(clause.item, who)
        self._open: list[_Span] = []
        self._wrong: list[_Span] = []
        self._right = 0

    @property
    def met(self) -> bool:
        """Whether it has been seen after an occurrence, so that nothing can change that."""
        return self._right > 0 or any(map(self._suffices, self._open))

    def see(self, record: Record) -> None:
        """Look at a record of this person, or of one to whom the anchor happens."""
        self._close(record.time)
        if record.kind == "event" and record.client == self._person:
            for span in self._open:
                if self._sightings.cast.matches(span.item, record):
                    span.count += 1
                    if span.count <= (self._clause.most or 0) + MOST_NAMED:
                        span.seen.append(record)
        if self._begins(record):
            self._open.append(_Span(record, self._item_after(record)))

    def _begins(self, record: Record) -> bool:
        if not happens(self._clause.anchor, record, self._sightings.cast):
            return False
        return (
            not self._by_itself or self._members(record)[self._clause.subject.name] == self._person
        )

    def _members(self, record: Record) -> dict[str, str]:
        """Return who an occurrence means by each name of the anchor."""
        anchor = self._clause.anchor
        members = {anchor.person: _victim(anchor, record, self._sightings.cast)}
        if anchor.of is not None:
            members[anchor.of] = self._sightings.cast.owner(record)
        return members

    def _item_after(self, record: Record) -> Item:
        """Return the item, about the very members of groups that the occurrence means."""
        item = self._clause.item
        for name, member in self._members(record).items():
            of = member if item.of == name else item.of
            item = evolve(item, of=of, object=item.object.replace(f"({name})", f"({member})"))
        return item

    # -- judging --------------------------------------------------------------------------------

    def _close(self, now: int) -> None:
        """Judge the spans that are over."""
        while self._open and self._ends(self._open[0]) < now:
            span = self._open.pop(0)
            if self._is_right(span):
                self._right += 1
            elif len(self._wrong) < MOST_NAMED:
                self._wrong.append(span)

    def _ends(self, span: _Span) -> int:
        return span.anchor.time + self._clause.within

    def _is_right(self, span: _Span) -> bool:
        return span.count >= self._clause.least and not self._has_too_many(span)

    def _has_too_many(self, span: _Span) -> bool:
        return self._clause.most is not None and span.count > self._clause.most

    def _suffices(self, span: _Span) -> bool:
        """Whether enough was seen, and more can do no harm."""
        return self._clause.most is None and span.count >= self._clause.least

    def finding(self, ended: int) -> Finding:
        """Return whether it was seen after each occurrence whose time was over at the end.

        One that the end cut short counts only if what was seen until then decides it.
        """
        over = [span for span in self._open if self._ends(span) <= ended]
        cut = [span for span in self._open if self._ends(span) > ended]
        wrong = [
            *self._wrong,
            *(span for span in over if not self._is_right(span)),
            *filter(self._has_too_many, cut),
        ]
        right = self._right + sum(map(self._is_right, over)) + sum(map(self._suffices, cut))
        if wrong:
            return Finding(False, "; ".join(map(self._why, wrong[:MOST_NAMED])))
        if right:
            return Finding(True, f"so it was after {self._clause.anchor}, {_times(right)}")
        if cut:
            first = cut[0].anchor
            left = format_duration(ended - first.time)
            return Finding(False, f"the story ends {left} after it, {at(first)}: too soon to say")
        return Finding(self._clause.least == 0, self._absent())

    def _absent(self) -> str:
        anchor = self._clause.anchor
        if isinstance(anchor.what, Item):
            people = self._sightings.cast.called(anchor.person)
            if len(people) == 1:
                instead = self._sightings.instead(anchor.what, people[0])
                return f"{people[0]} saw no {anchor.what}{instead}"
        return f"{anchor} never came{self._sightings.since}"

    def _why(self, span: _Span) -> str:
        clause = self._clause
        since = f"within {format_duration(clause.within)} of {clause.anchor} {at(span.anchor)}"
        if self._has_too_many(span):
            extra = self._sightings.named(span.seen[clause.most or 0 :])
            return f"{since}, {self._person} saw {_times(span.count)}, but {extra}"
        instead = self._sightings.instead(span.item, self._person, span.anchor.seq, span.seen)
        seen = f"{span.item} {_times(span.count)} only" if span.count else f"no {span.item}"
        return f"{since}, {self._person} saw {seen}{instead}"


def happens(anchor: Anchor, record: Record, cast: Cast) -> bool:
    """Whether a record is an occurrence of the anchor."""
    if not cast.means(anchor.person, _victim(anchor, record, cast)):
        return False
    if isinstance(anchor.what, Item):
        return record.kind == "event" and cast.matches(anchor.what, record)
    deed = DEEDS[anchor.what]
    return (
        (record.kind, record.name) == (deed.kind, deed.name)
        and role_of(record.object) == deed.object
        and all(record.data.get(key) == value for key, value in deed.told.items())
        and (anchor.of is None or cast.means(anchor.of, cast.owner(record)))
    )


def _victim(anchor: Anchor, record: Record, cast: Cast) -> str:
    """Return to whom it happens: whose record it is, or whom the record of nobody names."""
    key = "" if isinstance(anchor.what, Item) else DEEDS[anchor.what].victim
    return cast.person(record.data.get(key)) if key else record.client


def place_of(anchor: Anchor, person: str) -> tuple[str, str]:
    """Return whose records may be an occurrence for this person, and their name."""
    if isinstance(anchor.what, Item):
        return person, anchor.what.name
    deed = DEEDS[anchor.what]
    return "" if deed.victim else person, deed.name


def _is_about(item: Item, group: str) -> bool:
    return item.of == group or f"({group})" in item.object


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
