"""Asks the real client: stories are recorded twice, and the simulator is held to what is the same.

Usage: python -m tools.live [--number N] [--seed SEED] [--parallel PAR] [--save DIR] [STORY ...]
Exit code 0: all cases hold. 1: one differs. 2: node, a browser or the real client is missing, or
a story is none. 4: no story was recorded twice with the same result.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final

from sim.cli import exits
from sim.conform import Case, CaseError, Difference
from tools.live import needs
from tools.live.differences import by_kind, differing, not_understood, table
from tools.live.recording import kept, record
from tools.live.short import short_story
from tools.live.stories import Story, random_story

BUILT: Final = Path("build", "live")
ABOUT: Final = "Records stories with the real client, and holds the simulator to them."
SHORT: Final = 3
"""Of so many stories one is short."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Record, keep, compare; the exit code."""
    options = _options(arguments)
    try:
        stories = [_read(file) for file in options.stories] or drawn(options.seed, options.number)
        found = needs.find(BUILT)
        needs.fetch(found)
        folder = options.save or BUILT / f"seed-{options.seed}"
        record(stories, folder / "recordings", found, options.parallel)
    except (needs.MissingError, BadStoryError) as problem:
        print(problem, file=sys.stderr)
        return exits.BAD_INPUT
    return _judge(stories, folder)


def drawn(seed: int, number: int) -> list[Story]:
    """The stories of a seed; the first ones are the same however many there are."""
    return [_drawn(seed, index) for index in range(1, number + 1)]


def _drawn(seed: int, index: int) -> Story:
    random = Random(f"{seed}/{index}")
    tell = short_story if index % SHORT == 0 else random_story
    return tell(f"r{seed:02}{index:02}", random)


class BadStoryError(Exception):
    """A file that holds no story: one sentence."""


def _read(file: Path) -> Story:
    try:
        story: Story = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise BadStoryError(f"{file} cannot be read as a story: {problem}.") from None
    lacking = [key for key in ("clients", "steps", "ends") if key not in story]
    if lacking:
        raise BadStoryError(
            f"{file} is no story: it has no {lacking[0]!r} (docs/live.md has the keys)."
        )
    return {"cfg": {}, "setup": [], "pubs": []} | story | {"name": file.stem}


def _judge(stories: Sequence[Story], folder: Path) -> int:
    """Say what was recorded, and how the simulator differs from it."""
    cases: list[Case] = []
    found: dict[str, Difference] = {}
    for name, said in kept([s["name"] for s in stories], folder / "recordings", folder / "cases"):
        if isinstance(said, Case):
            cases.append(said)
        elif isinstance(said, CaseError):
            found[name] = not_understood(said)
        else:
            print(f"{name} {said}")
    same = len(cases) + len(found)
    print(f"{same} of {len(stories)} stories were the same twice: {folder / 'cases'}")
    if not same:
        return exits.INCONCLUSIVE
    found |= differing(cases)
    print(f"{same - len(found)} held, {len(found)} differ")
    for line in table(by_kind(found)):
        print(line)
    return exits.BROKEN if found else exits.HELD


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m tools.live", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(
        "stories", nargs="*", type=Path, help="stories to record instead of random ones"
    )
    parser.add_argument("--number", type=_count, default=12, help="how many random stories (12)")
    parser.add_argument("--seed", type=int, default=1, help="which random stories (1)")
    parser.add_argument("--parallel", type=_count, default=2, help="how many at a time (2)")
    parser.add_argument("--save", type=Path, help="where recordings and cases go (build/live)")
    return parser.parse_args(arguments)


def _count(written: str) -> int:
    if not written.isdecimal() or not 1 <= int(written) <= 1_000:
        raise argparse.ArgumentTypeError(f"{written!r} is not a number from 1 to 1000")
    return int(written)


if __name__ == "__main__":
    sys.exit(main())
