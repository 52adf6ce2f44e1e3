"""What an example of the testing kit costs, and how much of that is the simulator's.

Usage: make bench-kit, or python -m benchmarks.kit from the root of the repository. It takes a
minute. Exit code 1 when a bound is missed.

An example has up to 50 steps, as Hypothesis makes them, and 35 on average: the bound is for those
that have them all. Runs of a hundred differ by a third, because Hypothesis stays with what it has
found: so several are measured, of a seed each.

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

from attrs import define, field
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from benchmarks.naive import simulate
from benchmarks.table import Row, print_table
from benchmarks.timing import CPU
from sim.testing import SessionMachine
from sim.testing.machine.judging import Judged

EXAMPLES = 100
SEEDS = 12
ALL = 49
"""So many rules were done at least where Hypothesis has made all 50 steps: one may be given up."""
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


@define
class Examples:
    """The examples of a run: what all of them took, and what is the simulator's of each."""

    seconds: float = 0.0
    shares: list[tuple[int, float]] = field(factory=list)
    """By example, its steps and the seconds of the simulator."""
    _spent: Spent = field(factory=Spent)
    _present: SessionMachine | None = None
    _before: float = 0.0

    @classmethod
    def of(cls, number: int) -> Examples:
        """Those of the run of a seed."""
        found = cls()

        class Counted(SessionMachine):
            def __init__(self) -> None:
                found.another(self)
                super().__init__()

        timed = found._spent.timed
        commands = {name: timed(getattr(Judged, name)) for name in COMMANDS}
        gc.collect()
        begun = CPU()
        with patch.multiple(Judged, **commands):
            run_state_machine_as_test(seed(number)(Counted), settings=SETTINGS)
        found.seconds = CPU() - begun
        found.another(None)
        gc.unfreeze()
        return found

    def another(self, machine: SessionMachine | None) -> None:
        """The example before is over, and its garbage is collected."""
        if self._present is not None:
            garbage = collected() - collected()
            share = self._spent.seconds - self._before + garbage
            self.shares.append((len(self._present.done), share))
        gc.freeze()
        self._present, self._before = machine, self._spent.seconds


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
    """A default run of a hundred examples, and the shares, on average over the seeds.

    The naive model takes turns with it, so that days and machines can be compared.
    """
    Examples.of(0)
    runs, baselines = zip(*[(Examples.of(number), naive()) for number in range(SEEDS)], strict=True)
    shares = [each for run in runs for each in run.shares]
    whole = sum(run.seconds for run in runs) / len(shares)
    steps = fmean(steps for steps, _ in shares)
    average = fmean(share for _, share in shares)
    full = fmean(share for steps, share in shares if steps >= ALL)
    return [
        Row(f"100 examples, of {steps:.0f} steps", f"{100 * whole:.1f} s", "20 s", whole, 0.2),
        Row("the simulator's share of one", f"{average * 1e3:.1f} ms", "10 ms", average, 0.010),
        Row(
            "that of one with all 50 steps (the naive model's hour)",
            f"{full * 1e3:.1f} ms ({fmean(baselines) * 1e3:.0f} ms)",
            "10 ms",
            full,
            0.010,
        ),
    ]


if __name__ == "__main__":
    sys.exit(print_table(measure()))
