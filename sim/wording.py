"""How the sentences about wrong input are made: what is wrong, then what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from textwrap import wrap
from typing import Final

LEAST_BEGUN: Final = 5
"""The beginning of a word is taken for it when it has as many characters."""

LONGEST_QUOTE: Final = 60
"""Longer words are cut when they are quoted, and nothing is looked for that is like them."""

MOST_LISTED: Final = 24
"""Longer lists of what is allowed are cut."""

MOST_SAID: Final = 600
"""A list of more characters is left out of a sentence that has guessed what was meant."""


def quoted(value: object) -> str:
    """Return the value as a person would recognise it: text in quotes, cut if it is long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "nothing" if value is None else brief(value)


def brief(value: object) -> str:
    """Return what Python shows of a value, in one line and cut if it is long; of any value.

    >>> brief([True, None])
    '[True, None]'
    """
    text = repr(value[: LONGEST_QUOTE + 1]) if isinstance(value, str) else _figures(value)
    return bare(text, LONGEST_QUOTE + 2)


def _figures(value: object) -> str:
    """A number in figures; one too long for Python to print, by its number of bits."""
    if isinstance(value, int) and value.bit_length() > 4096:
        return f"a number of {value.bit_length()} bits"
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 - it is not ours, and the sentence is about something else
        return f"a thing of the type {type(value).__name__}"


def bare(text: str, most: int = LONGEST_QUOTE) -> str:
    r"""Return a text as it stands in a sentence without quotes: in one line, cut if it is long.

    >>> print(bare("ro\x1b[31mle"))
    ro\x1b[31mle
    """
    cut = text[: most + 1]
    if not cut.isprintable():
        cut = "".join(each if each.isprintable() else _escaped(each) for each in cut)
    return cut if len(cut) <= most else f"{cut[: most - 2]}…"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def whose(name: str) -> str:
    """Return the genitive of a name.

    >>> whose("mia"), whose("guests")
    ("mia's", "guests'")
    """
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def listing(words: Iterable[str], last: str = "and") -> str:
    """Return ``a, b and c``.

    >>> listing(["up", "down"])
    'up and down'
    """
    named = list(words)
    if len(named) > MOST_LISTED:
        return ", ".join(named[:MOST_LISTED]) + f" {last} {len(named) - MOST_LISTED} more"
    if len(named) < 2:
        return "".join(named)
    return f"{', '.join(named[:-1])} {last} {named[-1]}"


def nearest(word: object, known: Iterable[str]) -> str | None:
    """Return the known word that is most like this one, if any is.

    Spellings of programming languages count as the language's own: ``cleanUpAfter`` and
    ``clean_up_after`` are like ``clean-up-after``. So is the beginning of a single one.
    """
    if not isinstance(word, str) or not 0 < len(word) <= LONGEST_QUOTE:
        return None
    spellings = {_plain(name): name for name in known}
    begun = [name for name in spellings if name.startswith(_plain(word))]
    if len(begun) == 1 and len(word) >= LEAST_BEGUN:
        return spellings[begun[0]]
    found = get_close_matches(_plain(word), spellings, n=1, cutoff=0.6)
    return spellings[found[0]] if found else None


def phrase(sentence: str) -> str:
    """Return a sentence as the end of another one.

    >>> phrase("How long it lasts.")
    'how long it lasts'
    """
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _plain(word: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_ ]", "-", word).lower()


def not_one_of(word: object, known: Iterable[str], kind: str, guess: str | None = None) -> str:
    """Return the sentence for a word that is none of the known ones.

    ``guess`` is what was meant, where that is known better than from the spelling.

    >>> not_one_of("moderatr", ["publisher", "moderator"], "a role")
    "'moderatr' is not a role: did you mean 'moderator'? Allowed are publisher and moderator"
    """
    names = list(known)
    guess = guess or nearest(word, names)
    hint = f"did you mean {guess!r}? " if guess else ""
    if not names:
        return f"{quoted(word)} is not {kind}: there is none"
    allowed = listing(map(bare, names))
    if guess and len(allowed) > MOST_SAID:
        return f"{quoted(word)} is not {kind}: did you mean {guess!r}?"
    verb = "Allowed is" if len(names) == 1 else "Allowed are"
    return f"{quoted(word)} is not {kind}: {hint}{verb if hint else verb.lower()} {allowed}"


def list_item(text: str, mark: str = "- ") -> str:
    """One item of a list in Markdown, in lines of at most a hundred characters where words allow.

    >>> print(list_item("First this.", "1. "), end="")
    1. First this.
    """
    lines = wrap(
        text,
        100,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines) + "\n"
