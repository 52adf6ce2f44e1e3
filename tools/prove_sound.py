"""Measures whether the sound model holds: ``python -m tools.prove_sound 10000``.

So many examples of ``SessionMachine`` are run twice, in two interpreters at once, with different
seeds of Python's hashes. No law may break, Hypothesis may find nothing flaky, and both must have
told the same stories: the digests of all of them are compared. The exit code is 1 if something
does not hold.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
from time import perf_counter, process_time

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from sim.testing import SessionMachine

HASH_SEEDS = ("1", "20261127")


def tell(examples: int) -> None:
    """Run the examples; print how many there were, the digest of all, and what one costs."""
    whole, stories = hashlib.sha256(), 0

    class Sound(SessionMachine):
        def teardown(self) -> None:
            nonlocal stories
            super().teardown()
            if self.simulation.world.participants and sys.exception() is None:
                stories += 1
                whole.update(self.simulation.result.digest.encode())

    chosen = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    began, worked = perf_counter(), process_time()
    run_state_machine_as_test(Sound, settings=chosen)
    cost = (process_time() - worked) / max(stories, 1)
    print(f"{stories} stories, {whole.hexdigest()[:32]}")
    print(f"{cost * 1e3:.1f} ms of a core each, {perf_counter() - began:.0f} s", file=sys.stderr)


def main() -> int:
    """Run both interpreters; return the exit code."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n\n")[0])
    parser.add_argument("examples", type=int)
    parser.add_argument("--told", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.told:
        tell(given.examples)
        return 0
    words = [sys.executable, "-m", "tools.prove_sound", str(given.examples), "--told"]
    running = [
        subprocess.Popen(
            words, env=os.environ | {"PYTHONHASHSEED": seed}, stdout=subprocess.PIPE, text=True
        )
        for seed in HASH_SEEDS
    ]
    said = [each.communicate()[0] for each in running]
    print("".join(said), end="")
    failed = any(each.returncode for each in running) or len(set(said)) != 1
    print("not the same, or a failure" if failed else "the same with both")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
