"""What may be expected of a run, as data. ``parsing.py`` reads it from sentences.

Every clause keeps its sentence as ``text``; two clauses are equal if they say the same.
"""

from __future__ import annotations

from attrs import frozen

from sim.protocol.names import label
from sim.wording import whose

EVERYONE = "everyone"
SOMEBODY = "somebody"
NOBODY = "nobody"
QUANTIFIERS = (EVERYONE, SOMEBODY, NOBODY)
"""Words that a sentence may begin with instead of a name."""


@frozen
class Subject:
    """Whom a clause is about.

    ``quantifier`` is ``everyone``, ``somebody`` or ``nobody``; ``name`` limits it to a person or
    the members of a group, and ``but`` leaves people out.
    """

    quantifier: str
    name: str = ""
    but: tuple[str, ...] = ()


@frozen
class Item:
    """An event that may be seen.

    ``object`` is ``session``, ``publisher``, ``subscriber`` (any) or ``subscriber(alice)``;
    ``argument`` is the reason, or the data of a signal; ``of`` is whose connection or stream it
    is about.
    """

    object: str
    name: str
    argument: str | None = None
    of: str | None = None

    def __str__(self) -> str:
        prefix = "" if self.object == "session" else f"{self.object}."
        argument = "" if self.argument is None else f"({self.argument})"
        return f"{prefix}{self.name}{argument}" + (f" of {self.of}" if self.of else "")


@frozen
class Then:
    """A later item of a sequence, and how soon after the one before it must come, in us."""

    item: Item
    within: int | None = None


@frozen
class Anchor:
    """Something that happens to a person or the members of a group, any number of times.

    ``what`` is a word of :data:`~sim.expectations.vocabulary.DEEDS`, or an event that is told;
    ``of`` whom the deed is about.
    """

    person: str
    what: str | Item
    of: str | None = None

    def __str__(self) -> str:
        return f"{whose(self.person)} {self.what}" + (f" of {self.of}" if self.of else "")


@frozen
class Clause:
    """Something expected of a run."""

    text: str


@frozen
class Sees(Clause):
    """The items are seen in this order; other events may come in between."""

    subject: Subject
    sequence: tuple[Then, ...]


@frozen
class Counts(Clause):
    """The item is seen so many times from ``start`` to ``end``, both in us and included."""

    subject: Subject
    item: Item
    least: int
    most: int | None
    start: int = 0
    end: int | None = None


@frozen
class Follows(Clause):
    """The item is seen so many times within ``within`` us after each occurrence of the anchor."""

    subject: Subject
    item: Item
    least: int
    most: int | None
    within: int
    anchor: Anchor


@frozen
class Lasts(Clause):
    """Something stays so for more than ``limit`` us on end; or, with ``never``, it does not."""

    subject: Subject
    never: bool
    limit: int


@frozen
class Ghost(Lasts):
    """A client believes in a connection whose person has gone: anybody's, or ``of`` somebody."""

    of: str | None = None


@frozen
class Pictures(Lasts):
    """A page shows ``number`` Subscribers of one person at a time: ``of`` somebody, or anybody.

    ``alone`` says that it shows nobody else meanwhile.
    """

    number: int = 2
    of: str | None = None
    alone: bool = False


@frozen
class Agrees(Clause):
    """Whenever nothing has disturbed for ``within`` us, all views of who is here are right."""

    within: int


@frozen
class EndsAs(Clause):
    """At the end the Session is in this state."""

    subject: Subject
    state: str


@frozen
class EndsWith(Clause):
    """At the end the page has so many elements of ``things``: ``publisher`` or ``subscriber``."""

    subject: Subject
    number: int
    things: str


@frozen
class LawVerdict(Clause):
    """A law holds, or breaks: an expected breach."""

    law: str
    holds: bool


def people_in(clause: Clause) -> tuple[str, ...]:
    """Return the names of people and groups that a clause mentions, each once."""
    names: list[str] = []
    subject = getattr(clause, "subject", None)
    if isinstance(subject, Subject):
        names += [subject.name, *subject.but]
    for item in items_in(clause):
        shown = label(item.object)
        names += [item.of or "", shown.subject if shown else ""]
    if isinstance(clause, Follows):
        names += [clause.anchor.person, clause.anchor.of or ""]
    elif isinstance(clause, Ghost | Pictures):
        names.append(clause.of or "")
    return tuple(dict.fromkeys(name for name in names if name))


def items_in(clause: Clause) -> tuple[Item, ...]:
    """Return the events that a clause is about."""
    if isinstance(clause, Sees):
        return tuple(then.item for then in clause.sequence)
    if isinstance(clause, Follows):
        what = clause.anchor.what
        return (clause.item, what) if isinstance(what, Item) else (clause.item,)
    return (clause.item,) if isinstance(clause, Counts) else ()


def expected_breaches(clauses: tuple[Clause, ...]) -> tuple[str, ...]:
    """Return the laws that are expected to break: their breach is no failure of the run."""
    return tuple(c.law for c in clauses if isinstance(c, LawVerdict) and not c.holds)
