"""Importing all that a run needs before the first one is timed.

The first run in a process imports the world, the laws and numpy, which takes longer than a test of
Hypothesis may (200 ms, if nobody says otherwise); the second takes milliseconds.
"""

from __future__ import annotations

from functools import cache


@cache
def ready() -> None:
    """Read and run a story of a second on a network with chance; the next call does nothing."""
    from sim.running import run  # noqa: PLC0415 - this is what the module is about
    from sim.scenario import loads  # noqa: PLC0415

    run(loads("{name: ready, duration: 1s, clients: {alice: {network: wifi}}}"))
