"""Where output goes: colours or none, how wide, and what happens when nobody reads it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from typing import Final, TextIO

import click

NARROWEST: Final = 40
WIDEST: Final = 120
"""Beyond this a line of text is hard to follow with the eye."""


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


def say(text: str = "") -> None:
    """Print to standard output.

    When the reader has gone (``… | head``) the rest is dropped in silence: a closed pipe ends the
    printing, not the command, whose exit code still says what it found.
    """
    try:
        click.echo(text)
    except BrokenPipeError:
        drop(sys.stdout)


def remark(text: str) -> None:
    """Print to standard error, which may be closed as well."""
    try:
        click.echo(text, err=True)
    except OSError:
        drop(sys.stderr)


def drop(stream: TextIO) -> None:
    """Let everything that is still to be written to ``stream`` vanish, without an error at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def write_anything(*streams: TextIO) -> None:
    """Make the streams replace what their encoding cannot write instead of failing."""
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def heading(text: str) -> str:
    """A title of a part of the output."""
    return click.style(text, bold=True)


def faint(text: str) -> str:
    """Something that is there when one looks for it."""
    return click.style(text, dim=True)
