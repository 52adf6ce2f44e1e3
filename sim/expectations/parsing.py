"""The language of expectations: sentences to clauses.

bob sees sessionReconnecting, then sessionDisconnected(forceDisconnected) within 20s
guests never see streamDestroyed(networkDisconnected) of alice after 2min
everyone but bob sees connectionDestroyed of bob exactly once
nobody sees sessionDisconnected(mediaIdle)
eventually within 60s: everyone agrees who is here
at the end alice has 2 subscribers
law reconnect-first breaks
"""

from __future__ import annotations

import re
from typing import Final

from sim.expectations.clauses import (
    EVERYONE,
    NOBODY,
    SOMEBODY,
    Agrees,
    Clause,
    Counts,
    EndsAs,
    EndsWith,
    Item,
    LawVerdict,
    Sees,
    Subject,
    Then,
)
from sim.expectations.vocabulary import HEARD, heard
from sim.expectations.wording import listing, not_one_of, quoted
from sim.protocol.names import label
from sim.protocol.states import SESSION
from sim.protocol.units import parse_duration

NAME: Final = r"[A-Za-z][A-Za-z0-9_-]{0,39}"
_DURATION: Final = r"\d+(?:\.\d+)?\s*[a-z]+(?:\s*\d+(?:\.\d+)?\s*[a-z]+)*"

STATES: Final = tuple(sorted(SESSION))
THINGS: Final = {
    "publisher": "publisher",
    "publishers": "publisher",
    "subscriber": "subscriber",
    "subscribers": "subscriber",
}
LONGEST_TEXT: Final = 1_000

FORMS: Final = (
    "<who> sees <event>, then <event>",
    "<who> never sees <event>",
    "<who> sees <event> exactly 2 times",
    "<who> sees <event> between 2min and 3min",
    "eventually within 60s: everyone agrees who is here",
    "at the end <who> is connected",
    "at the end <who> has 2 subscribers",
    "law <name> holds",
)


def parse(text: str) -> Clause:
    """Return the clause that a sentence says.

    Raises ``ValueError`` with one sentence: what is wrong and what is allowed.

    >>> parse("bob never sees sessionDisconnected").most
    0
    """
    plain = " ".join(text.split())
    if len(plain) > LONGEST_TEXT:
        raise ValueError(f"an expectation may have {LONGEST_TEXT} characters, not {len(plain)}")
    words = _Words(plain)
    for opening, read in _OPENINGS.items():
        if words.take(opening):
            return words.whole(read(words))
    return words.whole(_sight(words))


class _Words:
    """A sentence and how far it has been read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def take(self, expression: str) -> re.Match[str] | None:
        """Read on if the expression matches here, as whole words."""
        return self.take_mark(rf"(?:{expression})(?![\w-])")

    def take_mark(self, expression: str) -> re.Match[str] | None:
        """Read on if the expression matches here; it need not end where a word does."""
        found = re.compile(rf"(?:{expression})\s*").match(self.text, self.position)
        if found:
            self.position = found.end()
        return found

    @property
    def rest(self) -> str:
        """What has not been read."""
        return self.text[self.position :]

    def need(self, expression: str, expected: str) -> re.Match[str]:
        """Read on; raise ``ValueError`` if something else stands here."""
        found = self.take(expression)
        if not found:
            raise ValueError(self.stuck(expected))
        return found

    def stuck(self, expected: str) -> str:
        """Return the sentence that something else was expected here."""
        read = self.text[: self.position].strip()
        after = f"after {quoted(read[-50:])} " if read else ""
        got = quoted(self.rest) if self.rest else "the end"
        return f"{after}expected {expected}, got {got}"

    def whole(self, clause: Clause) -> Clause:
        """Return the clause if the sentence ends here."""
        if self.rest:
            raise ValueError(self.stuck("the end of the sentence"))
        return clause

    def duration(self) -> int:
        """Read a duration; return microseconds."""
        return parse_duration(self.need(_DURATION, "a duration such as 2min 6s").group().strip())


# -- who ---------------------------------------------------------------------------------------


def _subject(words: _Words) -> Subject:
    found = words.take(NAME)
    if not found:
        raise ValueError(
            f"{quoted(words.text)} is not an expectation: allowed are {listing(FORMS)}"
        )
    name = found.group().strip()
    if name in (SOMEBODY, NOBODY):
        return Subject(name)
    if name != EVERYONE:
        return Subject(EVERYONE, name)
    but: list[str] = []
    if words.take("but"):
        but.append(words.need(NAME, "a name").group().strip())
        while words.take_mark(r",\s*and\s|,|and\s"):
            but.append(words.need(NAME, "a name").group().strip())
    return Subject(EVERYONE, "", tuple(but))


# -- what is seen ------------------------------------------------------------------------------

_ITEM: Final = re.compile(
    rf"(?:(publisher|subscriber(?:\({NAME}\))?)\.)?"
    r"(signal:[A-Za-z0-9._~-]+|[A-Za-z]+)(?:\(([^()]*)\))?\s*"
)


def _item(words: _Words) -> Item:
    found = _ITEM.match(words.text, words.position)
    if not found:
        raise ValueError(words.stuck("an event such as sessionDisconnected(networkDisconnected)"))
    owner, name, argument = found.groups()
    item = Item(owner or "session", name, argument)
    of_object = label(owner)
    _check(item, f"{of_object.role}.{name}" if of_object else name)
    words.position = found.end()
    of = words.need(NAME, "a name").group().strip() if words.take("of") else None
    return Item(item.object, name, argument, of)


def _check(item: Item, known_as: str) -> None:
    """Complain about an event that there is not, or that never has this reason."""
    event = heard(known_as)
    if event is None:
        raise ValueError(not_one_of(known_as, HEARD, "an event"))
    if item.argument is None or "data" in event.fields:
        return
    if not event.reasons:
        raise ValueError(f"{known_as} has no reason: leave ({item.argument}) out")
    if item.argument not in event.reasons:
        raise ValueError(not_one_of(item.argument, event.reasons, f"a reason of {known_as}"))


def _sight(words: _Words) -> Clause:
    subject = _subject(words)
    if words.take("never sees?"):
        item = _item(words)
        return Counts(words.text, subject, item, 0, 0, *_window(words))
    words.need("sees?", "sees or never sees")
    item = _item(words)
    count = words.take(_COUNT)
    start, end = _window(words)
    if count:
        return Counts(words.text, subject, item, *_limits(count), start, end)
    if start or end is not None:
        return Counts(words.text, subject, item, 1, None, start, end)
    return Sees(words.text, subject, (Then(item), *_sequence(words)))


def _sequence(words: _Words) -> list[Then]:
    sequence = []
    while words.rest:
        words.need(r", then|then", "', then' and another event, a count, a time or the end")
        item = _item(words)
        sequence.append(Then(item, words.duration() if words.take("within") else None))
    return sequence


_COUNT: Final = r"(?:(exactly|at least|at most) )?(?:(\d{1,6}) times?|(once)|(twice))"


def _limits(count: re.Match[str]) -> tuple[int, int | None]:
    how, number, once, _ = count.groups()
    times = int(number) if number else 1 if once else 2
    return (0 if how == "at most" else times, None if how == "at least" else times)


def _window(words: _Words) -> tuple[int, int | None]:
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


# -- the other forms ---------------------------------------------------------------------------


def _agreement(words: _Words) -> Clause:
    within = words.duration()
    if not words.take_mark(":"):
        raise ValueError(words.stuck("':'"))
    words.need(r"everyone agrees who is here", "'everyone agrees who is here'")
    return Agrees(words.text, within)


def _at_the_end(words: _Words) -> Clause:
    subject = _subject(words)
    if words.take("is|are"):
        state = words.need("[a-z]+", "a state").group().strip()
        if state not in STATES:
            raise ValueError(not_one_of(state, STATES, "a state of a session"))
        return EndsAs(words.text, subject, state)
    words.need("has|have", "is or has")
    number = words.need(r"\d{1,6}|no", "a number").group().strip()
    things = words.need("[a-z]+", "publishers or subscribers").group().strip()
    if things not in THINGS:
        raise ValueError(not_one_of(things, THINGS, "a thing to count"))
    return EndsWith(words.text, subject, 0 if number == "no" else int(number), THINGS[things])


def _law(words: _Words) -> Clause:
    name = words.need("[a-z][a-z0-9-]*", "the name of a law").group().strip()
    verdict = words.need("holds|breaks", "holds or breaks").group().strip()
    return LawVerdict(words.text, name, verdict == "holds")


_OPENINGS: Final = {
    "eventually within": _agreement,
    "at the end": _at_the_end,
    "law": _law,
}
