"""What verbs read: scenarios and traces from files or, named ``-``, from standard input; sweeps."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from sim.cli.extras import need
from sim.scenario import Scenario
from sim.trace import Trace, read

if TYPE_CHECKING:
    from sim.research.results import Results

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


def is_sweep(name: str) -> bool:
    """Whether it is the folder of a sweep: all else that is read is a file."""
    return name != STDIN and Path(name).is_dir()


def results(folder: str) -> Results:
    """The results of a sweep in the folder of that name.

    Raises :class:`click.ClickException` with one sentence where there are none.
    """
    need("the folder of a sweep", "pyarrow", "scipy", extra="research")
    from sim.overview import opened

    try:
        return opened(folder)
    except ValueError as problem:
        raise click.ClickException(f"{problem}.") from None


def points(folder: str) -> Iterator[Scenario]:
    """The scenarios of the design points of a sweep; errors as for :func:`results`."""
    experiment = results(folder).experiment
    yield from map(experiment.at, experiment.points)


def standard_input() -> IO[bytes]:
    """Standard input, which may be closed (``<&-``): Python has none then."""
    if sys.stdin is None:
        raise click.ClickException("standard input is closed: there is nothing to read.")
    return sys.stdin.buffer
