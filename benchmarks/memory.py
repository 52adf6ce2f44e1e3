"""Usage: python -m benchmarks.memory DURATION — the peak of a run's memory in KiB.

Counted is what Python allocates during the run, the trace going to a file and nothing being kept.
"""

from __future__ import annotations

import sys
import tempfile
import tracemalloc
from pathlib import Path

import sim
from benchmarks.stories import three


def peak(duration: str) -> float:
    """The most memory in use at any time of a run, in KiB."""
    sim.run(three("1min"), keep=False)
    story = three(duration)
    with tempfile.TemporaryDirectory() as folder:
        tracemalloc.start()
        sim.run(story, trace=Path(folder) / "trace.jsonl", keep=False)
        return tracemalloc.get_traced_memory()[1] / 1024


if __name__ == "__main__":
    print(peak(sys.argv[1]))
