"""Asks the real client: stories are recorded twice, and the simulator is held to what is the same.

Usage: python -m tools.live [--number N] [--seed SEED] [--parallel PAR] [--save DIR] [STORY ...]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final

from sim.cli import exits
from sim.conform import Case, CaseError, Difference
from tools.live import needs
from tools.live.asking import BadStoryError, read
from tools.live.differences import by_kind, differing, not_understood, table
from tools.live.recording import kept, record
from tools.live.short import short_story
from tools.live.stories import Story, random_story

BUILT: Final = Path("build", "live")
ABOUT: Final = "Records stories with the real client, and holds the simulator to them."
MORE: Final = """\
example:
  python -m tools.live --number 60 --seed 7 --save seven
  python -m tools.live question.json --save answer
  node tools/live/recorder/show.js answer/recordings/1/question.jsonl wire

a story (docs/live.md has all keys):
  {"clients": {"bob": {"role": "publisher", "auto_subscribe": true}},
   "setup": ["bob"],
   "steps": [{"at": 500, "client": "bob", "acts": [{"do": "publish"}]}],
   "ends": 8000}

exit codes:
  0    all cases hold
  1    one differs
  2    node, a browser or the real client is missing, or a story has a mistake
  4    no story was recorded twice with the same result
  130  interrupted"""
SHORT: Final = 3
"""Of so many stories one is short."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Record, keep, compare; the exit code."""
    try:
        return _main(_options(arguments))
    except KeyboardInterrupt:
        print("interrupted: what has been recorded is kept", file=sys.stderr)
        return exits.INTERRUPTED


def _main(options: argparse.Namespace) -> int:
    try:
        stories = [read(file) for file in options.stories] or drawn(options.seed, options.number)
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
        "python -m tools.live",
        description=(__doc__ or "").split("\n")[0],
        epilog=MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
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
