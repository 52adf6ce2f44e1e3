"""All expectations of one run, checked as its records come in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Protocol, TypeVar

from attrs import frozen

from sim.expectations.agreement import AgreementWatch
from sim.expectations.cast import Cast
from sim.expectations.clauses import (
    EVERYONE,
    SOMEBODY,
    Agrees,
    Clause,
    EndsAs,
    EndsWith,
    Ghost,
    LawVerdict,
    Pictures,
    Subject,
)
from sim.expectations.endings import Standing
from sim.expectations.ghosts import GhostWatch
from sim.expectations.pictures import PictureWatch
from sim.expectations.sights import Finding
from sim.expectations.watching import SEEN, Routes
from sim.trace.header import Person
from sim.trace.records import Record

Judge = Callable[[int, Mapping[str, str | None]], Finding]
"""Given when the run ended and how the laws fared: what became of a clause."""


class _Sees(Protocol):
    def see(self, record: Record) -> None: ...


_Watching = TypeVar("_Watching", bound=_Sees)


@frozen
class Outcome:
    """What became of one expectation: its sentence, whether it held, and what shows it."""

    text: str
    held: bool
    why: str

    def __str__(self) -> str:
        """``bob sees sessionConnected: bob saw no …``: the sentence, and what shows it."""
        return f"{self.text}: {self.why}"

    def __repr__(self) -> str:
        return f"<expectation {'held' if self.held else 'broken'}: {self}>"


class Checker:
    """Watches one run. Feed it every story record (:meth:`see` is a sink of a recorder).

    ``people`` are those of the trace's header; it may grow while the run goes on.
    """

    def __init__(self, clauses: Iterable[Clause], people: Mapping[str, Person]) -> None:
        self._cast = Cast(people)
        self._standing = Standing()
        self._routes = Routes(self._cast)
        self._always: list[_Sees] = []
        self._clauses = [(clause, self._judge(clause)) for clause in clauses]

    def see(self, record: Record) -> None:
        """Take in a story record."""
        kind = record.kind
        if kind == "state" and record.object == "platform":
            self._cast.see(record)
        elif kind != "event":
            self._standing.see(record)
        if kind != "state":
            self._routes.see(record)
        for watch in self._always:
            watch.see(record)

    __call__ = see

    def finish(self, ended: int, laws: Mapping[str, str | None] | None = None) -> list[Outcome]:
        """Return what became of every clause, in order.

        ``ended`` is the end of the run in microseconds; ``laws`` says of each law that was checked
        where it broke (``at 0:41.200, #57``), or None if it held.
        """
        findings = [(clause, judge(ended, laws or {})) for clause, judge in self._clauses]
        return [Outcome(clause.text, finding.held, finding.why) for clause, finding in findings]

    # -- one clause --------------------------------------------------------------------------------

    def _judge(self, clause: Clause) -> Judge:
        if isinstance(clause, SEEN):
            return self._of_each(clause.subject, self._routes.add(clause).finding)
        if isinstance(clause, Ghost):
            ghosts = self._watching(GhostWatch(clause, self._cast))
            return self._of_each(clause.subject, ghosts.finding)
        if isinstance(clause, Pictures):
            pictures = self._watching(PictureWatch(clause, self._cast))
            return self._of_each(clause.subject, pictures.finding)
        if isinstance(clause, EndsAs):
            state = partial(self._standing.of_state, clause)
            return self._of_each(clause.subject, lambda person, _: state(person))
        if isinstance(clause, EndsWith):
            page = partial(self._standing.of_page, clause)
            return self._of_each(clause.subject, lambda person, _: page(person))
        if isinstance(clause, LawVerdict):
            return lambda _, laws: _law(clause, laws)
        assert isinstance(clause, Agrees)
        suppressed = [name for name, person in self._cast.people.items() if person.suppressed]
        agreement = self._watching(AgreementWatch(clause.within, suppressed))
        return lambda ended, _: agreement.finding(ended)

    def _watching(self, watch: _Watching) -> _Watching:
        """Let it see every record."""
        self._always.append(watch)
        return watch

    def _of_each(self, subject: Subject, find: Callable[[str, int], Finding]) -> Judge:
        return lambda ended, _: together(
            subject, [find(person, ended) for person in self._cast.of(subject)]
        )


def together(subject: Subject, findings: list[Finding]) -> Finding:
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


def _law(clause: LawVerdict, laws: Mapping[str, str | None]) -> Finding:
    if clause.law not in laws:
        return Finding(False, f"the law {clause.law} was not checked")
    broke = laws[clause.law]
    if broke is None:
        return Finding(clause.holds, f"{clause.law} held")
    return Finding(not clause.holds, f"{clause.law} broke {broke}")
