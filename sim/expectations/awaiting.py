"""Waiting for an expectation to come true, while a run goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeGuard

from sim.expectations.cast import Cast
from sim.expectations.checker import together
from sim.expectations.clauses import (
    EVERYONE,
    NOBODY,
    QUANTIFIERS,
    Clause,
    Counts,
    Follows,
    Sees,
    people_in,
)
from sim.expectations.parsing import parse
from sim.expectations.sightings import Past
from sim.expectations.thrown import is_thrown, thrown
from sim.expectations.watching import SEEN, Routes
from sim.trace.header import Person
from sim.trace.records import Record
from sim.wording import not_one_of, quoted


class Await:
    """A sentence that may come true. Feed it every story record from when the waiting begins.

    ``people`` are those of the trace's header; it may grow. ``past`` are the story records so far,
    until ``since`` microseconds, of which only those count that say who is who. Raises
    ``ValueError``, one sentence, for a sentence that is none, names somebody who is not there, or
    can only be judged when all is over, such as ``bob never sees ...`` or ``at the end ...``.

    >>> reconnecting = Await("bob sees sessionReconnecting", {"bob": Person()}, [])
    >>> reconnecting.met
    False
    """

    def __init__(
        self, text: str, people: Mapping[str, Person], past: Iterable[Record], since: int = 0
    ) -> None:
        clause = parse(text)
        if not _can_be_awaited(clause):
            raise ValueError(
                f"{quoted(clause.text)} can only be judged at the end: what is waited for "
                "must come to be seen, as in 'bob sees sessionReconnecting'"
            )
        self._cast = Cast(people)
        before = tuple(past)
        for record in before:
            self._cast.see(record)
        self._routes = Routes(self._cast, Past(before, since))
        self._thrown = list(filter(is_thrown, before))
        self._watches = self._routes.add(clause)
        self._subject = clause.subject
        self._latest = 0
        for name in people_in(clause):
            if not self._cast.called(name):
                words = QUANTIFIERS if name == clause.subject.name else ()
                raise ValueError(not_one_of(name, [*people, *words], "somebody here"))

    def __call__(self, record: Record) -> None:
        """Take in a story record."""
        self._latest = record.time
        self._cast.see(record)
        self._routes.see(record)
        if is_thrown(record):
            self._thrown.append(record)

    @property
    def met(self) -> bool:
        """Whether it has come true."""
        watches = [self._watches.of(person).met for person in self._cast.of(self._subject)]
        return bool(watches) and (all if self._subject.quantifier == EVERYONE else any)(watches)

    @property
    def missing(self) -> str:
        """What was there instead, and what the people's apps threw; "" when it has come true."""
        if self.met:
            return ""
        people = self._cast.of(self._subject)
        found = together(
            self._subject, [self._watches.finding(person, self._latest) for person in people]
        )
        return "; ".join([found.why, *thrown(self._thrown, people)])


def _can_be_awaited(clause: Clause) -> TypeGuard[Sees | Counts | Follows]:
    if not isinstance(clause, SEEN) or clause.subject.quantifier == NOBODY:
        return False
    return isinstance(clause, Sees) or (clause.least > 0 and clause.most is None)
