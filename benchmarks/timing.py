"""How the measuring is done: medians, taken in turns, and the number of events.

Work inside this process is measured by the CPU time that it takes, so that other work on the same
machine does little harm; where somebody waits, by the clock on the wall.
"""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

import sim
from sim.scenario import Scenario

Work = Callable[[], object]
CPU = time.process_time
WALL = time.perf_counter


def medians(works: Sequence[Work], rounds: int, clock: Callable[[], float] = CPU) -> list[float]:
    """The median duration of each in seconds; they take turns, after a round that warms up.

    What one leaves behind is cleared away before the next, and on nobody's account.
    """
    taken: list[list[float]] = [[] for _ in works]
    for number in range(rounds + 1):
        for work, times in zip(works, taken, strict=True):
            gc.collect()
            begun = clock()
            work()
            if number:
                times.append(clock() - begun)
    return [statistics.median(times) for times in taken]


def kernel_events(scenario: Scenario) -> int:
    """How many events the kernel processes in a run of that scenario."""
    with sim.Simulation(scenario, keep=False) as simulation:
        simulation.advance(scenario.duration)
    return simulation.world.kernel.events


def python(*arguments: str) -> Callable[[], str]:
    """A call of a fresh interpreter; it returns what that prints."""
    command = [sys.executable, *arguments]
    return lambda: subprocess.run(command, check=True, capture_output=True, text=True).stdout
