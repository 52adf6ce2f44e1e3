"""Where output goes: colours or none, how wide, and what happens when nobody reads it.

All that a verb prints comes through here, and only here do styles become escape sequences. Until
then they are *marks* inside the text, which hold a key that is another one in every process: so
nothing that comes with data (a key of a scenario, the name of a file, the data of a signal) is ever
taken for one. What would act on the terminal, or not be seen, is shown as its escape.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from typing import Any, Final, TextIO

import click

from sim.telling.marks import MARK, shown, visible

NARROWEST: Final = 24
"""Below this nothing can be laid out; the terminal breaks the lines."""
WIDEST: Final = 120
"""Beyond this a line of text is hard to follow with the eye."""


# -- where it goes ---------------------------------------------------------------------------------


def say(*lines: str, err: bool = False) -> None:
    """Print lines to standard output, or to standard error; nothing if there are none.

    When the reader has gone (``… | head``) or the output is closed, the rest is dropped in silence:
    that ends the printing, not the command, whose exit code still says what it found.
    """
    if lines:
        _print("\n".join(MARK.sub("\x1b[\\1m", visible(line)) for line in lines), err)


def give(text: str) -> None:
    """Print a file that programs read as it is, without a line feed more; else as :func:`say`."""
    _print(text, err=False, end="")


def remark(*lines: str) -> None:
    """Print lines to standard error."""
    say(*lines, err=True)


def say_json(data: Any, *, indent: int | None = None, err: bool = False) -> None:
    """Print plain data as JSON, readable to people, with nothing in it that acts or is not seen."""
    import json

    text = json.dumps(data, ensure_ascii=False, indent=indent)
    _print("\n".join(shown(line, _in_json) for line in text.split("\n")), err)


def _in_json(character: str) -> str:
    """Return a character as JSON escapes it, which does so without being asked below U+0020."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _print(text: str, err: bool, end: str = "\n") -> None:
    try:
        click.echo(text + end, err=err, nl=False)
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


def fits(columns: int) -> bool:
    """Whether so many columns go on one line of the terminal, or there is none."""
    if sys.stdout is None or not sys.stdout.isatty():
        return True
    return columns <= shutil.get_terminal_size((80, 24)).columns
