"""The command line: argument handling and printing, nothing else.

One module per verb in :mod:`sim.cli.verbs`, loaded when the verb is used; adding a verb is adding
its module and its line to the table in :mod:`sim.cli.program`.
"""

from __future__ import annotations

from sim.cli.program import main

__all__ = ["main"]
