"""``--check-determinism``: the same run must give the same story, here and in another interpreter.

The run is repeated in this process, which finds state that one run leaves to the next, and in a
fresh interpreter with another hash seed, which finds an order that comes from hashing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from sim import Result
from sim.cli import exits, terminal
from sim.cli.differences import parting
from sim.cli.runs import Run
from sim.trace import Difference, first_difference, read

HASH_SEEDS = ("1", "2")


def difference(run: Run, result: Result) -> Difference | None:
    """The first record in which repeating ``result`` gives something else, None if nothing does."""
    return _here(run, result) or _elsewhere(run, result)


def tell(
    parted: Difference,
    first: str = "first run",
    second: str = "second run",
    said: str = "not deterministic: the runs part",
) -> None:
    """Say where two runs that should be the same part."""
    terminal.remark(f"{said} at record {parted.number}")
    terminal.remark(*parting(parted, first, second, terminal.width()))


def _here(run: Run, result: Result) -> Difference | None:
    again = run.result(trace=None)
    if again.digest == result.digest:
        return None
    return first_difference(result.records, again.records)


def _elsewhere(run: Run, result: Result) -> Difference | None:
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "first.trace.jsonl"), Path(folder, "second.trace.jsonl")
        run.result(trace=first, trace_level="story", keep=False)
        command = [sys.executable, "-m", "sim", "replay", str(first), "--trace", str(second)]
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, env=_other_hashes(), capture_output=True, text=True, check=False
        )
        if done.returncode not in exits.MEANING or not second.exists():
            raise RuntimeError(f"the second interpreter failed: {done.stderr.strip()}")
        return first_difference(result.records, list(read(second).story()))


def _other_hashes() -> dict[str, str]:
    one, other = HASH_SEEDS
    seed = other if os.environ.get("PYTHONHASHSEED") == one else one
    return {**os.environ, "PYTHONHASHSEED": seed}
