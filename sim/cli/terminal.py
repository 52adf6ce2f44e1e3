"""Where output goes: colours or none, how wide, and what happens when nobody reads it.

All that a verb prints comes through here, and only here do styles become escape sequences. Until
then they are *marks* inside the text, which hold a key that is another one in every process: so
nothing that comes with data (a key of a scenario, the name of a file, the data of a signal) is ever
taken for one. What would act on the terminal, or not be seen, is shown as its escape.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final, TextIO

import click

NARROWEST: Final = 24
"""Below this nothing can be laid out; the terminal breaks the lines."""
WIDEST: Final = 120
"""Beyond this a line of text is hard to follow with the eye."""


# -- what is shown ---------------------------------------------------------------------------------

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
_MARK: Final = re.compile(f"\ufdd0{_KEY}:(\\d+)\ufdef")


def visible(text: str) -> str:
    r"""Return the text with every character that would act or not be seen as its escape.

    Marks of styles stay.

    >>> print(visible("ro\x1b[31mle\u202e"))
    ro\x1b[31mle\u202e
    """
    if _is_plain(text):
        return text
    shown, at = [], 0
    for mark in _MARK.finditer(text):
        shown += [_shown(text[at : mark.start()], _escaped), mark.group()]
        at = mark.end()
    return "".join((*shown, _shown(text[at:], _escaped)))


def _shown(text: str, escape: Callable[[str], str]) -> str:
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
    return _MARK.sub("", text)


def heading(text: str) -> str:
    """A title of a part of the output."""
    return style(text, bold=True)


def faint(text: str) -> str:
    """Something that is there when one looks for it."""
    return style(text, dim=True)


# -- where it goes ---------------------------------------------------------------------------------


def say(*lines: str, err: bool = False) -> None:
    """Print lines to standard output, or to standard error; nothing if there are none.

    When the reader has gone (``… | head``) or the output is closed, the rest is dropped in silence:
    that ends the printing, not the command, whose exit code still says what it found.
    """
    if lines:
        _print("\n".join(_MARK.sub("\x1b[\\1m", visible(line)) for line in lines), err)


def remark(*lines: str) -> None:
    """Print lines to standard error."""
    say(*lines, err=True)


def say_json(data: Any, *, indent: int | None = None, err: bool = False) -> None:
    """Print plain data as JSON, readable to people, with nothing in it that acts or is not seen."""
    import json

    text = json.dumps(data, ensure_ascii=False, indent=indent)
    _print("\n".join(_shown(line, _in_json) for line in text.split("\n")), err)


def _in_json(character: str) -> str:
    """Return a character as JSON escapes it, which does so without being asked below U+0020."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _print(text: str, err: bool) -> None:
    try:
        click.echo(text, err=err)
    except OSError as problem:
        if not err and not isinstance(problem, BrokenPipeError):
            raise
        drop(sys.stderr if err else sys.stdout)


def drop(stream: TextIO | None) -> None:
    """Let everything that is still to be written to ``stream`` vanish, without an error at exit."""
    if stream is None:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def write_anything(*streams: TextIO | None) -> None:
    """Make the streams replace what their encoding cannot write instead of failing."""
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


# -- what it looks like ----------------------------------------------------------------------------


def colour(environment: Mapping[str, str] | None = None) -> bool | None:
    """Whether to colour: True, False, or None for "if it is a terminal".

    ``NO_COLOR`` (https://no-color.org) wins over ``FORCE_COLOR``; a dumb terminal has none.
    """
    variables = os.environ if environment is None else environment
    if variables.get("NO_COLOR"):
        return False
    if variables.get("FORCE_COLOR"):
        return True
    return False if variables.get("TERM") == "dumb" else None


def width() -> int:
    """Columns to write in: the terminal's, 80 when there is none."""
    return min(max(shutil.get_terminal_size((80, 24)).columns, NARROWEST), WIDEST)
