"""Styled text: styles are marks in it, and what would act or not be seen is shown as its escape.

A mark holds a key that is another one in every process: so nothing that comes with data (a key of a
scenario, the name of a file, the data of a signal) is ever taken for one. Where text goes, marks
become escape sequences (:mod:`sim.cli.terminal`) or nothing (:func:`unstyled`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Final

_IGNORED: Final = frozenset(
    {
        *"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0",
        *map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))),
    }
)
"""What counts as printable and yet leaves nothing, or a blank, where it stands.

Source: Default_Ignorable_Code_Point of the Unicode Character Database, and the empty Braille cell.
"""
_UNUSUAL: Final = re.compile("[^ -~]")

_STYLES: Final = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "magenta": 35}
_STYLES["cyan"] = 36
_KEY: Final = os.urandom(8).hex()
"""No data can know it, and no output shows it: a mark becomes an escape sequence or nothing."""
_END: Final = f"\ufdd0{_KEY}:0\ufdef"
_MARKS: Final = {name: f"\ufdd0{_KEY}:{code}\ufdef" for name, code in _STYLES.items()}
MARK: Final = re.compile(f"\ufdd0{_KEY}:(\\d+)\ufdef")
"""A mark in a text; its group is the number of a style, as terminals count them."""


def visible(text: str) -> str:
    r"""Return the text with every character that would act or not be seen as its escape.

    Marks of styles stay.

    >>> print(visible("ro\x1b[31mle\u202e"))
    ro\x1b[31mle\u202e
    """
    if _is_plain(text):
        return text
    parts, at = [], 0
    for mark in MARK.finditer(text):
        parts += [shown(text[at : mark.start()], _escaped), mark.group()]
        at = mark.end()
    return "".join((*parts, shown(text[at:], _escaped)))


def shown(text: str, escape: Callable[[str], str]) -> str:
    """Return text without marks, with what would act or not be seen as ``escape`` writes it."""
    if _is_plain(text):
        return text
    return _UNUSUAL.sub(lambda each: each[0] if _is_plain(each[0]) else escape(each[0]), text)


def _is_plain(text: str) -> bool:
    """Whether each of its characters is seen and does nothing else."""
    return text.isprintable() and (text.isascii() or _IGNORED.isdisjoint(text))


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def style(text: str, *, fg: str | None = None, bold: bool = False, dim: bool = False) -> str:
    """Mark the text to be shown in a colour (red, green, yellow, magenta, cyan), bold or dim."""
    names = (*(["bold"] if bold else []), *(["dim"] if dim else []), *([fg] if fg else []))
    marks = "".join(_MARKS[name] for name in names)
    return f"{marks}{text}{_END}" if marks and text else text


def unstyled(text: str) -> str:
    """Return the text without its marks: what takes room in a line."""
    return MARK.sub("", text)


def heading(text: str) -> str:
    """A title of a part of the output."""
    return style(text, bold=True)


def faint(text: str) -> str:
    """Something that is there when one looks for it."""
    return style(text, dim=True)
