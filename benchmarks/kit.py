"""What an example of the testing kit costs, and how much of that is the simulator's.

Usage: make bench-kit, or python -m benchmarks.kit from the root of the repository. It takes a
minute. Exit code 1 when a bound is missed.

An example has up to 50 steps, as Hypothesis makes them. Runs of a hundred differ by a third,
because Hypothesis stays with what it has found: so several are measured, of a seed each.

The simulator's share is the CPU time that passes in the commands of the simulation (made, joined,
done, gone on, healed, closed), and what it takes to collect the garbage of an example in the end,
Hypothesis's included. To look through all that Hypothesis remembers is not the simulator's work:
Python's collector is told to leave alone what was there before an example, and what it takes to
look through the rest once there is no garbage in it is not counted.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from statistics import fmean
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from benchmarks.naive import simulate
from benchmarks.table import Row, print_table
from benchmarks.timing import CPU
from sim.testing import SessionMachine
from sim.testing.machine.judging import Judged

EXAMPLES = 100
SEEDS = 12
COMMANDS = ("__init__", "join", "do", "advance", "advance_until", "heal", "close")
SETTINGS = settings(
    max_examples=EXAMPLES,
    stateful_step_count=50,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class Spent:
    """The CPU time in calls of functions, but for those that they call themselves."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._is_inside = False

    def timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **keywords: Any) -> Any:
            if self._is_inside:
                return function(*arguments, **keywords)
            self._is_inside, begun = True, CPU()
            try:
                return function(*arguments, **keywords)
            finally:
                self.seconds += CPU() - begun
                self._is_inside = False

        return call


def examples(number: int) -> tuple[float, float]:
    """Seconds that an example of the run of a seed takes, and those that are the simulator's."""
    made, spent = 0, Spent()
    collecting = 0.0

    class Counted(SessionMachine):
        def __init__(self) -> None:
            nonlocal made, collecting
            made += 1
            collecting += collected() - collected()
            gc.freeze()
            super().__init__()

    commands = {name: spent.timed(getattr(Judged, name)) for name in COMMANDS}
    gc.collect()
    begun = CPU()
    with patch.multiple(Judged, **commands):
        run_state_machine_as_test(seed(number)(Counted), settings=SETTINGS)
    whole = CPU() - begun
    gc.unfreeze()
    return whole / made, (spent.seconds + collecting) / made


def collected() -> float:
    """Seconds that it takes to collect garbage."""
    begun = CPU()
    gc.collect()
    return CPU() - begun


def naive() -> float:
    begun = CPU()
    simulate(3600.0)
    return CPU() - begun


def measure() -> list[Row]:
    """A default run of a hundred examples, and the share, on average over the seeds.

    The naive model takes turns with it, so that days and machines can be compared.
    """
    examples(0)
    found = [(*examples(number), naive()) for number in range(SEEDS)]
    whole, share, baseline = (fmean(each) for each in zip(*found, strict=True))
    return [
        Row("100 examples of 50 steps", f"{100 * whole:.1f} s", "20 s", 100 * whole, 20.0),
        Row(
            "the simulator's share of one (the naive model's hour)",
            f"{share * 1e3:.1f} ms ({baseline * 1e3:.0f} ms)",
            "10 ms",
            share,
            0.010,
        ),
    ]


if __name__ == "__main__":
    sys.exit(print_table(measure()))
