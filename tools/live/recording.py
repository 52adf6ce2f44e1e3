"""Has each story recorded twice, and makes cases of the recordings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from sim.conform import Case, CaseError, parse
from tools.live.agree import disagreement
from tools.live.convert import convert
from tools.live.needs import RECORDER, MissingError, Needs

ROUNDS: Final = ("1", "2")
AROUND: Final = 6_000
"""About so many ms pass around a story, while pages open, people connect and all close."""

Story = Mapping[str, Any]


def foreseen(stories: Collection[Story], parallel: int) -> str:
    """How much there is to record, and about how long that takes, in words."""
    count, lasts = len(stories), sum(story["ends"] + AROUND for story in stories)
    minutes = max(1, round(len(ROUNDS) * lasts / min(parallel, count) / 60_000))
    named = "1 story" if count == 1 else f"{count} stories"
    return f"recording {named} twice, {parallel} at a time: about {minutes} min"


def record(stories: Collection[Story], folder: Path, needs: Needs, parallel: int) -> None:
    """Record stories into ``folder/1`` and again into ``folder/2``; takes as long as they last.

    Raises :class:`~tools.live.needs.MissingError` if the browser cannot be started.
    """
    written = folder / "stories"
    written.mkdir(parents=True, exist_ok=True)
    for story in stories:
        (written / f"{story['name']}.json").write_text(_json(story), encoding="utf-8")
    print(foreseen(stories, parallel), file=sys.stderr)
    for number in ROUNDS:
        print(f"time {number} of {len(ROUNDS)}:", file=sys.stderr)
        arguments = (needs.client, needs.chromium, written, folder / number, parallel)
        ended = subprocess.run(
            [needs.node, str(RECORDER / "record.js"), *map(str, arguments)],
            env={**os.environ, "NODE_PATH": str(needs.packages / "node_modules")},
            check=False,
        )
        if ended.returncode:
            raise MissingError("The recorder could not do its work: what it said is above.")


def _json(data: Any) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


Outcome = Case | CaseError | str
"""A case; why the simulator does not understand it; or a sentence why there is none."""


def kept(names: Iterable[str], folder: Path, cases: Path) -> Iterator[tuple[str, Outcome]]:
    """Each story by its name, with its case if it was the same twice; cases are written down."""
    cases.mkdir(parents=True, exist_ok=True)
    for name in names:
        recordings = [folder / number / f"{name}.jsonl" for number in ROUNDS]
        if not all(map(Path.is_file, recordings)):
            yield name, "could not be recorded twice"
            continue
        text, again = (_json(convert(recording)) for recording in recordings)
        try:
            first, second = (parse(each.encode(), name) for each in (text, again))
        except CaseError as error:
            (cases / f"{name}.json").write_text(text, encoding="utf-8")
            yield name, error
            continue
        differs = disagreement(first, second)
        if differs is not None:
            yield name, f"was not the same twice: {differs}"
            continue
        (cases / f"{name}.json").write_text(text, encoding="utf-8")
        yield name, first
