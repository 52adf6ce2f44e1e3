"""What verbs read: scenarios and traces from files or, named ``-``, from standard input."""

from __future__ import annotations

import sys
from typing import Final

from sim.scenario import Scenario
from sim.trace import Trace, read

STDIN: Final = "-"


def scenario(name: str) -> Scenario:
    """The scenario in the file of that name.

    Raises :class:`sim.scenario.ScenarioError` with everything that is wrong with it.
    """
    from sim.laws import catalogue
    from sim.scenario import load, loads

    laws = catalogue().keys()
    if name == STDIN:
        return loads(sys.stdin.buffer.read(), "<stdin>", laws)
    return load(name, laws)


def trace(name: str) -> Trace:
    """The trace in the file of that name, with its header read.

    Raises :class:`sim.trace.TraceError`.
    """
    return read(sys.stdin.buffer if name == STDIN else name)
