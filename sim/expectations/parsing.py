"""The language of expectations: sentences to clauses.

bob sees sessionReconnecting, then sessionDisconnected(forceDisconnected) within 20s
guests never see streamDestroyed(networkDisconnected) of alice after 2min
everyone but bob sees connectionDestroyed of bob exactly once
alice sees connectionDestroyed of mia within 10s of mia's crash
nobody sees a ghost for more than 10s
bob is never alone with two pictures of alice
eventually within 60s: everyone agrees who is here
at the end alice has 2 subscribers
law reconnect-first breaks
"""

from __future__ import annotations

from typing import Final

from sim.expectations.clauses import (
    Agrees,
    Clause,
    Counts,
    EndsAs,
    EndsWith,
    Follows,
    Ghost,
    Item,
    LawVerdict,
    Pictures,
    Sees,
    Subject,
    Then,
)
from sim.expectations.phrases import anchor, count, item, named, of_whom, subject, window
from sim.expectations.words import Words
from sim.protocol.states import SESSION
from sim.protocol.units import format_duration
from sim.wording import listing, not_one_of, quoted

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
    "<who> sees <event> within 10s of <person>'s <deed>",
    "<who> sees no ghost for more than 10s",
    "<who> never has two pictures of <person>",
    "<who> is never alone with two pictures of <person>",
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
    words = Words(plain)
    for opening, form in _OPENINGS.items():
        if words.take(opening):
            clause = form(words)
            break
    else:
        clause = _about(words, _who(words))
    words.end()
    return clause


def _who(words: Words) -> Subject:
    who = subject(words)
    if who is None:
        raise ValueError(
            f"{quoted(words.text)} is not an expectation: allowed are {listing(FORMS)}"
        )
    return who


# -- what somebody sees and shows --------------------------------------------------------------


def _about(words: Words, who: Subject) -> Clause:
    """Read what is said about somebody."""
    if words.take("(?:is|are) never alone with"):
        return _pictures(words, who, never=True, alone=True)
    if words.take("never ha(?:s|ve)"):
        return _pictures(words, who, never=True)
    if words.take("ha(?:s|ve)"):
        return _pictures(words, who, never=False)
    if words.take("never sees?"):
        return _ghost(words, who, never=True) if words.take("a ghost") else _never(words, who)
    words.need("sees?", "sees, never sees, never has or is never alone with")
    if words.take("no ghost"):
        return _ghost(words, who, never=True)
    if words.take("a ghost"):
        return _ghost(words, who, never=False)
    return _sight(words, who)


def _never(words: Words, who: Subject) -> Clause:
    return _counted(words, who, item(words, who), 0, 0)


def _sight(words: Words, who: Subject) -> Clause:
    event = item(words, who)
    limits = count(words)
    if limits or words.rest.startswith(("between", "before", "after", "within")):
        return _counted(words, who, event, *(limits or (1, None)))
    return Sees(words.text, who, (Then(event), *_sequence(words, who)))


def _counted(words: Words, who: Subject, event: Item, least: int, most: int | None) -> Clause:
    """Read when, in the story or after something that happens to somebody."""
    if not words.take("within"):
        return Counts(words.text, who, event, least, most, *window(words))
    within = words.duration()
    if not words.take("of"):
        stuck = words.stuck("'of' and somebody's deed or event, such as of mia's crash")
        since_the_beginning = f"; or write 'before {format_duration(within)}'"
        raise ValueError(stuck if words.rest else stuck + since_the_beginning)
    return Follows(words.text, who, event, least, most, within, anchor(words))


def _sequence(words: Words, who: Subject) -> list[Then]:
    sequence = []
    while words.rest:
        words.need(r", then|then", "', then' and another event, a count, a time or the end")
        event = item(words, who)
        sequence.append(Then(event, words.duration() if words.take("within") else None))
        if sequence[-1].within is not None and words.rest.startswith("of "):
            raise ValueError(
                "'within' counts from the event before in a sequence, and from somebody's deed "
                "only in a sentence with one event: make two sentences"
            )
    return sequence


def _ghost(words: Words, who: Subject, never: bool) -> Clause:
    of = of_whom(words)
    words.need("for more than", "'for more than' and a duration")
    return Ghost(words.text, who, never, words.duration(), of)


def _pictures(words: Words, who: Subject, never: bool, alone: bool = False) -> Clause:
    number = words.need(r"two|[0-9]{1,6}", "two pictures or another number").group().strip()
    words.need("pictures?", "pictures")
    words.need("of", "of and a name, or of the same person")
    of = None if words.take("the same person") else named(words)
    limit = words.duration() if words.take("for more than") else 0
    many = 2 if number == "two" else int(number)
    if many < 1:
        raise ValueError("pictures are counted from 1, not from 0")
    return Pictures(words.text, who, never, limit, many, of, alone)


# -- the other forms ---------------------------------------------------------------------------


def _agreement(words: Words) -> Clause:
    within = words.duration()
    if not words.take_mark(":"):
        raise ValueError(words.stuck("':'"))
    words.need(r"everyone agrees who is here", "'everyone agrees who is here'")
    return Agrees(words.text, within)


def _at_the_end(words: Words) -> Clause:
    who = _who(words)
    if words.take("is|are"):
        state = words.need("[a-z]+", "a state").group().strip()
        if state not in STATES:
            raise ValueError(not_one_of(state, STATES, "a state of a session"))
        return EndsAs(words.text, who, state)
    words.need("has|have", "is or has")
    number = words.need(r"[0-9]{1,6}|no", "a number").group().strip()
    things = words.need("[a-z]+", "publishers or subscribers").group().strip()
    if things not in THINGS:
        raise ValueError(not_one_of(things, THINGS, "a thing to count"))
    return EndsWith(words.text, who, 0 if number == "no" else int(number), THINGS[things])


def _law(words: Words) -> Clause:
    name = words.need("[a-z][a-z0-9-]*", "the name of a law").group().strip()
    verdict = words.need("holds|breaks", "holds or breaks").group().strip()
    return LawVerdict(words.text, name, verdict == "holds")


_OPENINGS: Final = {
    "eventually within": _agreement,
    "at the end": _at_the_end,
    "law": _law,
}
