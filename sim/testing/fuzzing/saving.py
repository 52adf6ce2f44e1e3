"""The files that findings are saved in: scenarios that break when they are run."""

from __future__ import annotations

import errno
import os
import re
import shlex
from pathlib import Path

from sim.scenario import dump
from sim.telling.columns import wrap
from sim.telling.marks import visible
from sim.testing.fuzzing.findings import Finding
from sim.testing.saving import file_name
from sim.testing.writing import check_writable, write_whole


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


def save(finding: Finding, folder: Path, story: str) -> Path:
    """Write the story of a finding; what the file is called. Raises ``OSError``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file_name(story, re.sub("[(),]", "", finding.identity))
    lines = [
        *wrap(f"{finding.identity}: {finding.sentence}", 98),
        f"found by fuzz in variations of {story}",
        f"python -m sim run {shlex.quote(str(path))}",
    ]
    comment = "".join(f"# {visible(line)}\n" for line in lines)
    write_whole(path, comment + dump(finding.scenario))
    return path
