"""Where output goes: colours or none, how wide, and what happens when nobody reads it.

All that a verb prints comes through here, and only here do styles become escape sequences. Until
then they are *marks* inside the text: noncharacters, which Unicode keeps for a program's own use.
So every control character that is still in a text came with data (a key of a scenario, the name of
a file, the data of a signal) and is shown as its escape instead of acting on the terminal.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from typing import Any, Final, TextIO

import click

NARROWEST: Final = 24
"""Below this nothing can be laid out; the terminal breaks the lines."""
WIDEST: Final = 120
"""Beyond this a line of text is hard to follow with the eye."""


# -- what is shown ---------------------------------------------------------------------------------

_ACTING: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0, DEL and C1: they move the cursor, colour, ring, break lines
    "\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"  # hide, break lines, turn around
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"  # no characters; tags, annotations
)
"""What acts on a terminal or on the text around it instead of being seen."""

_STYLES: Final = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "magenta": 35}
_STYLES["cyan"] = 36
_MARKS: Final = {name: chr(0xFDD0 + place) for place, name in enumerate(_STYLES)}
_END: Final = "\ufdef"
_SEQUENCES: Final = {
    **{ord(mark): f"\x1b[{_STYLES[name]}m" for name, mark in _MARKS.items()},
    ord(_END): "\x1b[0m",
}
_NOTHING: Final = dict.fromkeys(_SEQUENCES)


def visible(text: str) -> str:
    r"""Return the text with every character that would act instead of being seen as its escape.

    >>> print(visible("ro\x1b[31mle\u202e"))
    ro\x1b[31mle\u202e
    """
    return _ACTING.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape").decode("ascii")


def style(text: str, *, fg: str | None = None, bold: bool = False, dim: bool = False) -> str:
    """Mark the text to be shown in a colour (red, green, yellow, magenta, cyan), bold or dim."""
    names = (*(["bold"] if bold else []), *(["dim"] if dim else []), *([fg] if fg else []))
    marks = "".join(_MARKS[name] for name in names)
    return f"{marks}{text}{_END}" if marks and text else text


def unstyled(text: str) -> str:
    """Return the text without its marks: what takes room in a line."""
    return text.translate(_NOTHING)


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
        _print("\n".join(visible(line).translate(_SEQUENCES) for line in lines), err)


def remark(*lines: str) -> None:
    """Print lines to standard error."""
    say(*lines, err=True)


def say_json(data: Any, *, indent: int | None = None, err: bool = False) -> None:
    """Print plain data as JSON, readable to people, with nothing in it that acts on a terminal."""
    text = json.dumps(data, ensure_ascii=False, indent=indent)
    _print("\n".join(_ACTING.sub(_in_json, line) for line in text.split("\n")), err)


def _in_json(found: re.Match[str]) -> str:
    """Return a character as JSON escapes it, which does so without being asked below U+0020."""
    units = found.group().encode("utf-16-be", "surrogatepass")
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
