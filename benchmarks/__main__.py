"""What the product costs: a table of measurements and their bounds; it writes nothing.

Usage: python -m benchmarks   (from the root of the repository)
Exit code 1 when a bound is missed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import sim
from benchmarks.naive import simulate
from benchmarks.stories import BIG_ROOM, lecture, three
from benchmarks.table import Row, print_table
from benchmarks.timing import WALL, kernel_events, medians, python
from sim.scenario import Scenario

CROWDS = (3, 30, 100, 300)
COPIES = 100
SPANS = ("1min", "10min", "1h", "24h")


def against_the_baseline() -> Row:
    story = three("1h")
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.jsonl"
        ours, naive = medians(
            (lambda: sim.run(story, trace=trace, keep=False), lambda: simulate(3600.0)), rounds=9
        )
    ratio = ours / naive
    return Row(
        "3 clients, 1 h, trace to a file, all laws : naive model",
        f"{ours * 1e3:.0f} ms : {naive * 1e3:.0f} ms = {ratio:.2f}",
        "1.00",
        ratio,
        1.0,
    )


def short_run() -> Row:
    story = three("1min")
    (seconds,) = medians((lambda: sim.run(story),), rounds=41)
    return Row(
        "3 clients, 60 s, set-up included", f"{seconds * 1e3:.1f} ms", "5 ms", seconds, 0.005
    )


def event_costs(stories: list[Scenario], rounds: int) -> list[float]:
    """Microseconds an event of the kernel, everything included, for each story."""
    times = medians([partial(sim.run, story, keep=False) for story in stories], rounds)
    return [
        seconds * 1e6 / kernel_events(story) for seconds, story in zip(times, stories, strict=True)
    ]


def flatness(what: str, costs: list[float], bound: float) -> Row:
    rise = costs[-1] / min(costs)
    listed = " / ".join(f"{cost:.1f}" for cost in costs)
    return Row(what, f"{listed} us, last : least = {rise:.2f}", f"{bound:.2f}", rise, bound)


def copy_of_the_cores() -> Row:
    """Two clients who see each other, and the platform: taken, and put into others like them."""
    with sim.Simulation(three("1min")) as one:
        one.advance("30s")
        pairs = list(zip(cores(one.world), cores(one.fork().world), strict=True))

    def copy() -> None:
        for _ in range(COPIES):
            for core, other in pairs:
                other.restore(core.snapshot())

    (seconds,) = medians((copy,), rounds=15)
    each = seconds / COPIES
    return Row(
        "a copy of two clients and the platform", f"{each * 1e6:.0f} us", "300 us", each, 300e-6
    )


def cores(world: Any) -> list[Any]:
    people = list(world.participants.values())[:2]
    return [*(who.driver.core for who in people), world.platform.core]


def more_people() -> Row:
    costs = event_costs([lecture(people, "3min") for people in CROWDS], rounds=3)
    listed = " / ".join(map(str, CROWDS))
    return flatness(f"cost of an event, {listed} clients for 3 min", costs, bound=3.0)


def more_time() -> Row:
    costs = event_costs([three(span) for span in SPANS], rounds=3)
    return flatness(f"cost of an event, 3 clients for {' / '.join(SPANS)}", costs, bound=1.25)


def memory() -> Row:
    short, long = (float(python("-m", "benchmarks.memory", span)()) for span in ("1h", "10h"))
    growth = long / short
    return Row(
        "peak memory, 3 clients for 10 h : for 1 h, trace to a file",
        f"{long:.0f} KiB : {short:.0f} KiB = {growth:.2f}",
        "1.50",
        growth,
        1.5,
    )


def big_room() -> Row:
    (seconds,) = medians((lambda: sim.run(BIG_ROOM),), rounds=3, clock=WALL)
    return Row(BIG_ROOM, f"{seconds:.1f} s on the wall", "10 s", seconds, 10.0)


def start() -> Row:
    starts = python("-m", "sim", "--help"), python("-c", "pass")
    helped, bare = medians(starts, rounds=9, clock=WALL)
    more = helped - bare
    return Row(
        "python -m sim --help, beyond Python's own start",
        f"{more * 1e3:.0f} ms on the wall",
        "150 ms",
        more,
        0.15,
    )


MEASUREMENTS: tuple[Callable[[], Row], ...] = (
    against_the_baseline,
    short_run,
    copy_of_the_cores,
    more_people,
    more_time,
    memory,
    big_room,
    start,
)


def main() -> int:
    return print_table(measure() for measure in MEASUREMENTS)


if __name__ == "__main__":
    sys.exit(main())
