"""What the research bench costs: ratios in one run, and their bounds.

Usage: make bench-research, or python -m benchmarks.research from the root of the repository. It
takes some minutes. Exit code 1 when a bound is missed.

The bound of two cores says something on a machine that has two, and nothing else to do.
"""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from attrs import evolve

import sim
from benchmarks.stories import BIG_ROOM, three
from benchmarks.table import Row, print_table
from benchmarks.timing import CPU, WALL, Work, medians
from sim.research import Experiment, sweep
from sim.research.observing import observe
from sim.research.running.store import SHARDS
from sim.research.tables import arrow
from sim.research.tables.reading import Stored
from sim.scenario import Scenario

SESSIONS = 2_000
MILLION = 1_000_000
FILES = 20
QUERY = """
SELECT end_told, network, count(*), avg(reconnecting_us) / 1e6, quantile_cont(ended_us, 0.9) / 1e6
FROM sessions WHERE NOT censored GROUP BY ALL ORDER BY 3 DESC
"""


def experiment(replications: int, span: str) -> Experiment:
    return Experiment(
        name="cost", scenario=three(span), replications=replications, metrics=("ghost-time",)
    )


def sweeping(of: Experiment, jobs: int) -> Work:
    """A sweep into a folder of its own."""

    def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            sweep(of, Path(folder) / "results", jobs=jobs)

    return work


def cores() -> Row:
    """Three people have at least three sessions a run: those who come back have more."""
    story = experiment(math.ceil(SESSIONS / 3), "10min")
    one, two = medians((sweeping(story, 1), sweeping(story, 2)), rounds=1, clock=WALL)
    return Row(
        f"{SESSIONS:,} sessions of 10 min, two cores : one",
        f"{two:.1f} s : {one:.1f} s, {one / two:.2f} times as fast",
        "1 / 1.8",
        two / one,
        1 / 1.8,
    )


def overhead() -> Row:
    """Bare runs are observed as a sweep observes them; the sweep adds tables, files and digests."""
    story = experiment(60, "10min")

    def bare() -> None:
        for replication in range(60):
            observe(story.scenario, replication=replication)

    swept, alone = medians((sweeping(story, 1), bare), rounds=5, clock=CPU)
    return Row(
        "a sweep of 60 runs : the bare runs",
        f"{swept:.2f} s : {alone:.2f} s = {swept / alone:.3f}",
        "1.05",
        swept / alone,
        1.05,
    )


def question() -> Row:
    """A million rows in twenty files, of sessions that were simulated, again and again."""
    with tempfile.TemporaryDirectory() as folder:
        results = sweep(experiment(40, "10min"), Path(folder) / "few", jobs=1)
        few = results.to_arrow("sessions")
        pyarrow = sys.modules["pyarrow"]
        times = math.ceil(MILLION / FILES / few.num_rows)
        many = pyarrow.concat_tables([few] * times).slice(0, MILLION // FILES).combine_chunks()
        content = arrow.parquet(many)
        for number in range(FILES):
            shard = Path(folder) / "many" / SHARDS / f"{number:08d}"
            shard.mkdir(parents=True)
            (shard / arrow.file_of("sessions")).write_bytes(content)
        stored = Stored(Path(folder) / "many")
        (seconds,) = medians((lambda: stored.query(QUERY),), rounds=5, clock=WALL)
    what = f"a question about {MILLION:,} stored sessions"
    return Row(what, f"{seconds * 1e3:.0f} ms on the wall", "1 s", seconds, 1.0)


def crowd() -> Row:
    """Nearly all that happens here is told, and written down."""
    return judging("big-room.yaml", sim.load(BIG_ROOM), rounds=3)


def calm() -> Row:
    """An ordinary network: nearly all that happens here are heartbeats, which are taken ahead."""
    asked = ("eventually within 90s: everyone agrees who is here",)
    return judging("an hour of three on wifi", evolve(three("1h", "wifi"), expect=asked), rounds=9)


def hour() -> Row:
    """The café's network: heartbeats, and much that is lost, noticed and mended."""
    asked = (
        "somebody sees sessionReconnecting, then sessionReconnected",
        "eventually within 90s: everyone agrees who is here",
    )
    return judging("an hour of three", evolve(three("1h"), expect=asked), rounds=9)


def judging(what: str, story: Scenario, rounds: int) -> Row:
    """A run of which nobody wants anything but the figures, and one that is kept and judged."""
    silent = evolve(story, expect=())
    less, full = medians(
        (lambda: sim.run(silent, keep=False, laws=()), lambda: sim.run(story)), rounds
    )
    return Row(
        f"{what}, figures only : kept and judged",
        f"{less * 1e3:.0f} ms : {full * 1e3:.0f} ms = {less / full:.2f}",
        "0.60",
        less / full,
        0.6,
    )


MEASUREMENTS: tuple[Callable[[], Row], ...] = (crowd, calm, hour, question, overhead, cores)


def main() -> int:
    return print_table(measure() for measure in MEASUREMENTS)


if __name__ == "__main__":
    sys.exit(main())
