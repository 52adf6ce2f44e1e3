"""What the exit code of a command says. The numbers are a promise to scripts."""

from __future__ import annotations

from typing import Final

HELD: Final = 0
"""Everything that was to hold held."""
BROKEN: Final = 1
"""A law or an expectation broke; for ``diff``: the traces differ."""
BAD_INPUT: Final = 2
"""Bad usage, bad input, or an environment that does not let us work (a full disk)."""
INTERNAL: Final = 3
"""A fault of the simulator itself: an internal error, or a run that is not deterministic."""
INCONCLUSIVE: Final = 4
"""The input does not say enough to judge: a trace that was cut off."""
INTERRUPTED: Final = 130
"""Ctrl-C: 128 + SIGINT, as shells count."""
HUNG_UP: Final = 129
"""SIGHUP: the terminal has gone."""
TERMINATED: Final = 143
"""SIGTERM: ``kill``, a time limit, a machine that shuts down."""

MEANING: Final[dict[int, str]] = {
    HELD: "all held",
    BROKEN: "a law or an expectation broke (diff: the traces differ)",
    BAD_INPUT: "bad usage or input",
    INTERNAL: "internal error, or a run that is not deterministic",
    INCONCLUSIVE: "inconclusive, such as a trace that was cut off",
    HUNG_UP: "hung up",
    INTERRUPTED: "interrupted",
    TERMINATED: "terminated",
}

VERDICT: Final[dict[int, str]] = {
    HELD: "all held",
    BROKEN: "broken",
    INTERNAL: "not deterministic",
    INCONCLUSIVE: "inconclusive",
}
"""What is said of a run or a trace that ends with the code."""
