"""Measures whether ``SessionMachine`` finds every planted fault: ``python -m tools.prove_kit``.

Each fault is looked for within Hypothesis's default budget from several seeds; what was found from
the first of them is shrunk as well, saved, and run again from its file. What is printed is a table
in Markdown, for docs/testing.md, and what misses the bounds: found from nine of ten seeds; at most
three people, three faults and eight steps; reproduced. The exit code is 1 if something does.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from attrs import frozen

from sim.testing.mutants import MUTANTS, mutant
from sim.testing.mutants.trials import Size, Trial, search

LARGEST: Final = Size(people=3, faults=3, steps=8)
OF_TEN: Final = 9


@frozen
class Proof:
    """What came of one fault.

    ``stories`` is how many each seed took, None where it was not found; ``first`` is what was
    shrunk from the first seed. ``misses`` say what is worse than it should be.
    """

    name: str
    stories: tuple[int | None, ...]
    first: Size | None
    by: str
    misses: tuple[str, ...]


def prove(name: str, *, seeds: int, shrunk: int, folder: Path) -> Proof:
    """Look for one fault from each seed."""
    trials = [
        search(mutant(name), save=folder / f"{name}-{seed}", seed=seed, shrink=seed < shrunk)
        for seed in range(seeds)
    ]
    return Proof(
        name,
        tuple(trial.examples if trial.found else None for trial in trials),
        trials[0].size if shrunk else None,
        trials[0].by or "-",
        tuple(_misses(trials, shrunk)),
    )


def _misses(trials: Sequence[Trial], shrunk: int) -> Iterator[str]:
    found = sum(trial.found for trial in trials)
    if 10 * found < OF_TEN * len(trials):
        yield f"found from {found} of {len(trials)} seeds"
    for trial in trials[:shrunk]:
        size = trial.size
        if size is not None and not _fits(size):
            sizes = f"{size.people} people, {size.faults} faults, {size.steps} steps"
            yield f"seed {trial.seed}: {sizes}"
        if trial.found and not trial.reproduced:
            yield f"seed {trial.seed}: the saved file does not show it"


def _fits(size: Size) -> bool:
    return (
        size.people <= LARGEST.people
        and size.faults <= LARGEST.faults
        and size.steps <= LARGEST.steps
    )


def table(proofs: Sequence[Proof]) -> Iterator[str]:
    """The proofs in Markdown; of the stories, the median."""
    yield "| fault | found | stories | people | faults | steps | named by |"
    yield "|---|---|---|---|---|---|---|"
    for each in proofs:
        size, stories = each.first, sorted(n for n in each.stories if n is not None)
        sizes = f"{size.people} | {size.faults} | {size.steps}" if size else "- | - | -"
        median = stories[len(stories) // 2] if stories else "-"
        found = f"{len(stories)} of {len(each.stories)}"
        yield f"| `{each.name}` | {found} | {median} | {sizes} | {each.by} |"


def main() -> int:
    """Measure, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--shrunk", type=int, default=1, help="how many of them are shrunk")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("names", nargs="*", default=list(MUTANTS))
    chosen = parser.parse_args()
    with (
        TemporaryDirectory() as folder,
        ProcessPoolExecutor(chosen.processes) as pool,
    ):
        one = partial(prove, seeds=chosen.seeds, shrunk=chosen.shrunk, folder=Path(folder))
        proofs = []
        for proof in pool.map(one, chosen.names):
            proofs.append(proof)
            missed = "; ".join(proof.misses)
            sys.stderr.write(f"{proof.name}: {missed or 'as it should be'}\n")
    print(*table(proofs), sep="\n")
    return int(any(proof.misses for proof in proofs))


if __name__ == "__main__":
    sys.exit(main())
