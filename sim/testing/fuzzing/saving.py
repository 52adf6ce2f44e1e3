"""The files that findings are saved in: scenarios that break when they are run."""

from __future__ import annotations

import errno
import os
import re
import shlex
from hashlib import blake2b
from pathlib import Path
from typing import Final

from sim.scenario import dump
from sim.telling.columns import wrap
from sim.telling.marks import visible
from sim.testing.fuzzing.findings import Finding
from sim.testing.writing import check_writable, write_whole

LONGEST: Final = 120
"""Characters of a file's name, without its end."""


def check(folder: Path) -> None:
    """Raise ``OSError`` if nothing can be saved in the folder, which need not be there yet."""
    absolute = folder.absolute()
    there = next(parent for parent in (absolute, *absolute.parents) if parent.exists())
    try:
        if not there.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        check_writable(there / "finding.yaml")
    except OSError as problem:
        raise OSError(problem.errno, problem.strerror, str(folder)) from None


def name_of(story: str, identity: str) -> str:
    """The file's name for a finding in variations of a story: the same in every search.

    >>> name_of("flaky", "one-end (quirk early-signal-loses-type-and-data)")
    'flaky-one-end-quirk-early-signal-loses-type-and-data.yaml'
    """
    plain = re.sub("[^A-Za-z0-9]+", "-", f"{story} {identity}").strip("-")
    if len(plain) > LONGEST:
        plain = f"{plain[:LONGEST]}-{blake2b(identity.encode(), digest_size=4).hexdigest()}"
    return f"{plain}.yaml"


def save(finding: Finding, folder: Path, story: str) -> Path:
    """Write the story of a finding; what the file is called. Raises ``OSError``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name_of(story, finding.identity)
    lines = [
        *wrap(f"{finding.identity}: {finding.sentence}", 98),
        f"found by fuzz in variations of {story}",
        f"python -m sim run {shlex.quote(str(path))}",
    ]
    comment = "".join(f"# {visible(line)}\n" for line in lines)
    write_whole(path, comment + dump(finding.scenario))
    return path
