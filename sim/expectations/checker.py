"""All expectations of one run, checked as its records come in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from attrs import frozen

from sim.expectations.agreement import AgreementWatch
from sim.expectations.clauses import (
    EVERYONE,
    SOMEBODY,
    Agrees,
    Clause,
    Counts,
    EndsAs,
    EndsWith,
    LawVerdict,
    Sees,
    Subject,
)
from sim.expectations.endings import Standing
from sim.expectations.sights import CountWatch, Finding, SequenceWatch
from sim.protocol.names import MEMBER
from sim.trace.header import Person
from sim.trace.records import Record

Judge = Callable[[int, Mapping[str, bool]], Finding]
"""Given when the run ended and which laws held: what became of a clause."""


@frozen
class Outcome:
    """What became of one expectation: its sentence, whether it held, and what shows it."""

    text: str
    held: bool
    why: str


class Checker:
    """Watches one run. Feed it every story record (:meth:`see` is a sink of a recorder).

    ``people`` are those of the trace's header. A name of a clause that is nobody's stands for the
    members of that group: ``guests`` for ``guests-1``, ``guests-2``, ...
    """

    def __init__(self, clauses: Iterable[Clause], people: Mapping[str, Person]) -> None:
        self._people = people
        self._standing = Standing()
        self._watches: dict[tuple[str, str], list[SequenceWatch | CountWatch]] = {}
        self._agreements: list[AgreementWatch] = []
        self._clauses = [(clause, self._judge(clause)) for clause in clauses]

    def see(self, record: Record) -> None:
        """Take in a story record."""
        if record.kind == "event":
            for watch in self._watches.get((record.client, record.name), ()):
                watch.see(record)
        elif record.kind in ("state", "fault", "call"):
            self._standing.see(record)
        for agreement in self._agreements:
            agreement.see(record)

    __call__ = see

    def finish(self, ended: int, laws: Mapping[str, bool] | None = None) -> list[Outcome]:
        """Return what became of every clause, in order.

        ``ended`` is the end of the run in microseconds; ``laws`` says which of the laws that were
        checked held.
        """
        findings = [(clause, judge(ended, laws or {})) for clause, judge in self._clauses]
        return [Outcome(clause.text, finding.held, finding.why) for clause, finding in findings]

    # -- one clause --------------------------------------------------------------------------------

    def _judge(self, clause: Clause) -> Judge:
        if isinstance(clause, Sees | Counts):
            return self._sight(clause)
        if isinstance(clause, EndsAs):
            return self._of_each(clause.subject, partial(self._standing.of_state, clause))
        if isinstance(clause, EndsWith):
            return self._of_each(clause.subject, partial(self._standing.of_page, clause))
        if isinstance(clause, LawVerdict):
            return lambda _, laws: _law(clause, laws)
        assert isinstance(clause, Agrees)
        suppressed = [name for name, person in self._people.items() if person.suppressed]
        watch = AgreementWatch(clause.within, suppressed)
        self._agreements.append(watch)
        return lambda ended, _: watch.finding(ended)

    def _sight(self, clause: Sees | Counts) -> Judge:
        watches: dict[str, SequenceWatch | CountWatch] = {}
        for person in self._of(clause.subject):
            watch = (
                SequenceWatch(clause, person)
                if isinstance(clause, Sees)
                else CountWatch(clause, person)
            )
            watches[person] = watch
            for name in watch.names:
                self._watches.setdefault((person, name), []).append(watch)
        return self._of_each(clause.subject, lambda person: watches[person].finding())

    def _of(self, subject: Subject) -> list[str]:
        """Return the people whom a clause is about."""
        without = {person for name in subject.but for person in self._named(name)}
        named = self._named(subject.name) if subject.name else list(self._people)
        return [person for person in named if person not in without]

    def _named(self, name: str) -> list[str]:
        if name in self._people:
            return [name]
        members = ((person, MEMBER.parse(person)) for person in self._people)
        return [person for person, member in members if member and member.origin == name]

    def _of_each(self, subject: Subject, find: Callable[[str], Finding]) -> Judge:
        people = self._of(subject)
        return lambda _, __: _together(subject, [find(person) for person in people])


def _together(subject: Subject, findings: list[Finding]) -> Finding:
    """Return what the findings about single people make of a clause about them all."""
    if subject.name and not findings:
        return Finding(False, f"there is nobody called {subject.name}")
    held = [finding for finding in findings if finding.held]
    failed = [finding for finding in findings if not finding.held]
    if subject.quantifier == EVERYONE:
        return _first(failed, held, not failed)
    if subject.quantifier == SOMEBODY:
        return _first(held, failed, bool(held))
    return _first(held, failed, not held)


def _first(telling: list[Finding], others: list[Finding], verdict: bool) -> Finding:
    """Return the verdict with the findings that tell most: three at most."""
    told = telling or others
    more = f"; and {len(told) - 3} more" if len(told) > 3 else ""
    return Finding(verdict, "; ".join(finding.why for finding in told[:3]) + more)


def _law(clause: LawVerdict, laws: Mapping[str, bool]) -> Finding:
    held = laws.get(clause.law)
    if held is None:
        return Finding(False, f"the law {clause.law} was not checked")
    return Finding(held == clause.holds, f"{clause.law} {'held' if held else 'broke'}")
