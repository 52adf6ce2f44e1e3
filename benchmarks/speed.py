"""How fast scenarios run and how fast the command starts. Prints a table; judges nothing.

Usage: python benchmarks/speed.py [SCENARIO...]   (all of scenarios/ when none is named)
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import sim

ROUNDS = 5


def median_seconds(work: Callable[[], object]) -> float:
    """The median duration of ``work`` over some rounds, after one that warms up."""
    work()
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def start(*arguments: str) -> Callable[[], object]:
    """A call of a fresh interpreter with these arguments."""
    command = [sys.executable, *arguments]
    return lambda: subprocess.run(command, check=True, capture_output=True)


def scenario_row(path: Path) -> str:
    """One scenario: real time of a run, simulated time per real second, records per second."""
    scenario = sim.load(path)
    result = sim.run(scenario)
    seconds = median_seconds(lambda: sim.run(scenario))
    return (
        f"{path.name:<32}{seconds * 1e3:>10.1f} ms"
        f"{result.ended / 1e6 / seconds:>12,.0f} x"
        f"{len(result.records) / seconds:>12,.0f} records/s"
    )


def main() -> None:
    bare = median_seconds(start("-c", "pass"))
    helped = median_seconds(start("-m", "sim", "--help"))
    print(f"{'python -c pass':<32}{bare * 1e3:>10.1f} ms")
    print(
        f"{'python -m sim --help':<32}{helped * 1e3:>10.1f} ms  ({(helped - bare) * 1e3:.1f} more)"
    )
    paths = [Path(name) for name in sys.argv[1:]] or sorted(Path("scenarios").glob("*.yaml"))
    print(f"\n{'scenario':<32}{'a run':>13}{'speed':>14}{'':>12}")
    for path in paths:
        print(scenario_row(path))


if __name__ == "__main__":
    main()
