"""What verbs read: scenarios and traces from files or, named ``-``, from standard input."""

from __future__ import annotations

import sys
from typing import IO, Final

import click

from sim.scenario import Scenario
from sim.trace import Trace, read

STDIN: Final = "-"


def scenario(name: str) -> Scenario:
    """The scenario in the file of that name.

    Raises :class:`sim.scenario.ScenarioError` with everything that is wrong with it.
    """
    from sim.laws import catalogue
    from sim.scenario import load, loads
    from sim.scenario.loading import LARGEST

    laws = catalogue().keys()
    if name == STDIN:
        return loads(standard_input().read(LARGEST + 1), "<stdin>", laws)
    return load(name, laws)


def trace(name: str) -> Trace:
    """The trace in the file of that name, with its header read.

    Raises :class:`sim.trace.TraceError`.
    """
    return read(standard_input() if name == STDIN else name)


def standard_input() -> IO[bytes]:
    """Standard input, which may be closed (``<&-``): Python has none then."""
    if sys.stdin is None:
        raise click.ClickException("standard input is closed: there is nothing to read.")
    return sys.stdin.buffer
