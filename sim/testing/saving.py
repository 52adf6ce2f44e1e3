"""Where a failure is saved: a scenario file that stands on its own, whole or not at all."""

from __future__ import annotations

import os
import re
from hashlib import blake2b
from pathlib import Path
from typing import Final

from sim.testing.writing import write_whole

_LONGEST: Final = 100
"""Characters of a file's name, its ending left out."""
_JOINTS: Final = re.compile(r"(::|[/._ \[\]-])+")
"""What joins words in the name of a test; a file's name has ``-`` there."""


def file_name(test: str, what: str) -> str:
    """The name of the file for what a test has found: the same each time.

    It consists of letters, digits and ``-``; where these cannot say it all, of a few that stand for
    the rest. Of a long name it is the test's part that is cut.

    >>> file_name("tests/test_kick.py::test_kick[3]", "one-end")
    'tests-test-kick-test-kick-3-one-end.yaml'
    """
    path, colons, inner = test.partition("::")
    shown = f"{path.removesuffix('.py')}::{inner}" if colons else test
    words = _JOINTS.sub("-", f"{shown}-{what}").strip("-")
    plain = _plain(words)
    if plain != words or len(plain) > _LONGEST:
        digest = blake2b(f"{test} {what}".encode(errors="replace"), digest_size=4).hexdigest()
        found = f"{_plain(what)[: _LONGEST // 2]}-{digest}"
        plain = f"{_plain(shown)[: _LONGEST - 1 - len(found)].strip('-')}-{found}".lstrip("-")
    return f"{plain}.yaml"


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", "", _JOINTS.sub("-", text))


def save(path: Path, text: str) -> str:
    """Write the file, whole or not at all; return why that was not possible, or ""."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text, lasting=False)
    except OSError as problem:
        return f"{problem.strerror or problem}"
    except ValueError as problem:
        return str(problem)
    return ""


def named(path: Path, folder: Path | None = None) -> str:
    """A path as it is written in a folder, the present one by default: relative, if it is near."""
    start = Path.cwd() if folder is None else folder
    whole = path.absolute()
    if whole.is_relative_to(start) or (folder is not None and whole.anchor == start.anchor):
        return os.path.relpath(whole, start)
    return str(path)
