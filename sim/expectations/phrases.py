"""The parts of sentences: who, which event, what happened to somebody, how often, when."""

from __future__ import annotations

import re
from typing import Final

from sim.expectations.clauses import EVERYONE, NOBODY, SOMEBODY, Anchor, Item, Subject
from sim.expectations.vocabulary import DEEDS, HEARD, heard, is_of_somebody, no_event
from sim.expectations.words import Words
from sim.protocol.events import EventSpec
from sim.protocol.names import MEMBER, label
from sim.wording import listing, nearest, not_one_of, quoted

NAME: Final = r"[A-Za-z][A-Za-z0-9_-]{0,39}"

_ITEM: Final = re.compile(
    rf"(?:(publisher|subscriber(?:\({NAME}\))?)\.)?"
    r"(signal:[A-Za-z0-9._~-]+|[A-Za-z]+)(?:\(([^()]*)\))?\s*"
)
_COUNT: Final = r"(?:(exactly|at least|at most) )?(?:([0-9]{1,6}) times?|(once)|(twice))"


def subject(words: Words) -> Subject | None:
    """Read whom a sentence is about; None if it begins with no name."""
    found = words.take(NAME)
    if not found:
        return None
    name = found.group().strip()
    if name in (SOMEBODY, NOBODY):
        return Subject(name)
    if name != EVERYONE:
        return Subject(EVERYONE, name)
    but: list[str] = []
    if words.take("but"):
        but.append(named(words))
        while words.take_mark(r",\s*and\s|,|and\s"):
            but.append(named(words))
    return Subject(EVERYONE, "", tuple(but))


def named(words: Words) -> str:
    """Read a person's or a group's name."""
    return words.need(NAME, "a name").group().strip()


def of_whom(words: Words) -> str | None:
    """Read whom something is of, if the sentence says so."""
    return named(words) if words.take("of") else None


def item(words: Words, told: Subject) -> Item:
    """Read an event that ``told`` are told, maybe with object, reason and whom it is about."""
    found = _ITEM.match(words.text, words.position)
    if not found:
        raise ValueError(words.stuck("an event such as sessionDisconnected(networkDisconnected)"))
    owner, name, argument = found.groups()
    event = Item(owner or "session", name, argument)
    of_object = label(owner)
    known_as = f"{of_object.role}.{name}" if of_object else name
    spec = heard(known_as)
    if spec is None:
        raise ValueError(no_event(known_as))
    _check_reason(event, known_as, spec)
    words.position = found.end()
    of = of_whom(words)
    if of is not None:
        _check_owner(event, known_as, spec, of, told)
    return Item(event.object, name, argument, of)


def _check_owner(event: Item, known_as: str, spec: EventSpec, of: str, told: Subject) -> None:
    """Complain about an event that is never about this person where these are told it."""
    if not is_of_somebody(spec):
        allowed = listing((name for name, each in HEARD.items() if is_of_somebody(each)), "or")
        raise ValueError(
            f"{known_as} is not about anybody's connection, stream or signal: leave 'of {of}' out; "
            f"'of' somebody may be {allowed}"
        )
    if spec.object == "Publisher" and not _may_be(told, of):
        raise ValueError(
            f"{known_as} is told to whose Publisher it is, and to nobody else: "
            f"'{of} sees {known_as}' is what {of} is told"
        )
    shown = label(event.object)
    if shown and shown.subject and not _overlap(shown.subject, of):
        raise ValueError(
            f"{event.object} shows {shown.subject}: leave 'of {of}' out, "
            f"or write '{known_as} of {of}'"
        )


def _may_be(subject: Subject, person: str) -> bool:
    """Whether somebody of this name may be one of those whom a sentence is about."""
    if subject.name:
        return _overlap(subject.name, person)
    return person not in subject.but


def _overlap(one: str, other: str) -> bool:
    """Whether two names may mean the same person: one of them may be a group, one its member."""
    members = MEMBER.parse(one), MEMBER.parse(other)
    origins = [member.origin if member else None for member in members]
    return one == other or origins[0] == other or origins[1] == one


def _check_reason(event: Item, known_as: str, spec: EventSpec) -> None:
    """Complain about a reason that the event never has."""
    if event.argument is None or "data" in spec.fields:
        return
    if not spec.reasons:
        raise ValueError(f"{known_as} has no reason: leave ({event.argument}) out")
    if event.argument not in spec.reasons:
        raise ValueError(not_one_of(event.argument, spec.reasons, f"a reason of {known_as}"))


def anchor(words: Words) -> Anchor:
    """Read what happens to somebody: ``mia's crash``, ``guests' sessionDisconnected``."""
    found = words.take_mark(rf"({NAME})(?:['’]s|['’])(?![\w-])")
    if not found:
        raise ValueError(words.stuck("somebody's deed or event, such as mia's crash"))
    person = found.group(1)
    for word in DEEDS:
        if words.take(rf"{word}(?![:.(])"):
            return Anchor(person, word, _of_deed(words, word))
    _check_deed(words)
    return Anchor(person, item(words, Subject(EVERYONE, person)))


def _of_deed(words: Words, deed: str) -> str | None:
    of = of_whom(words)
    if of is not None and not DEEDS[deed].of:
        allowed = listing((word for word, each in DEEDS.items() if each.of), "or")
        raise ValueError(
            f"{deed} is not done to anybody else: leave 'of {of}' out; "
            f"'of' somebody may be {allowed}"
        )
    return of


def _check_deed(words: Words) -> None:
    """Complain about what is neither a deed nor an event, with the nearest of both."""
    found = re.match(r"(?:network|platform) ?[\w-]*|[\w:.-]+(?:\([^()]*\)\.\w+)?", words.rest)
    written = found.group().strip() if found else ""
    if not written:
        raise ValueError(words.stuck("a deed such as crash, or an event"))
    plain = re.sub(r"\([^()]*\)", "", written)
    if heard(plain) is None:
        guess = nearest(written, [*DEEDS, *HEARD])
        hint = f"did you mean {guess!r}? " if guess else ""
        raise ValueError(
            f"{quoted(written)} is neither a deed nor an event: {hint}"
            f"{'A' if hint else 'a'}llowed are the events and {', '.join(DEEDS)}"
        )


def count(words: Words) -> tuple[int, int | None] | None:
    """Read how often; None if the sentence does not say."""
    found = words.take(_COUNT)
    if not found:
        return None
    how, number, once, _ = found.groups()
    times = int(number) if number else 1 if once else 2
    return (0 if how == "at most" else times, None if how == "at least" else times)


def window(words: Words) -> tuple[int, int | None]:
    """Read from when to when, in microseconds; the whole story if the sentence does not say."""
    if words.take("between"):
        start = words.duration()
        words.need("and", "and")
        end = words.duration()
        if end < start:
            raise ValueError("the time after 'and' must not be before the one after 'between'")
        return start, end
    if words.take("before"):
        return 0, words.duration()
    return (words.duration() if words.take("after") else 0), None
