"""Where a file may be written: never over what is read, nor over one that is something else."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from sim.trace.errors import TraceError
from sim.trace.header import FORMAT
from sim.trace.records import load

Name = str | os.PathLike[str]

_LONGEST: Final = 16 << 20
"""Bytes of a first line that are looked at."""


def claim(
    target: Name,
    inputs: Iterable[Name | int] = (),
    *,
    force: bool = False,
    what: str = "trace",
    is_one: Callable[[Name], bool] | None = None,
) -> None:
    """Refuse ``target`` where writing a trace there would destroy something.

    ``inputs`` are what the run is read from, files by their names or numbers of open ones: none of
    them is ever replaced, whatever name or link leads to it. Another file is replaced if it is a
    trace or empty, or else by ``force``. Devices and pipes are written to. ``what`` is written may
    be something else than a trace: then ``is_one`` says of a file whether it is one, or empty.

    Raises :class:`~sim.trace.errors.TraceError`.
    """
    name = os.fspath(target)
    try:
        _claim(name, inputs, force, what, is_one or _is_trace)
    except _ClaimError as refused:
        raise TraceError(name or "''", None, f"the {what} cannot be written: {refused}") from None


class _ClaimError(Exception):
    """Why not."""


def _claim(
    name: str,
    inputs: Iterable[Name | int],
    force: bool,
    what: str,
    is_one: Callable[[Name], bool],
) -> None:
    found = _status(name)
    if found is None or not stat.S_ISREG(found.st_mode):
        return
    if any(os.path.samestat(found, each) for each in map(_known, inputs) if each is not None):
        raise _ClaimError(f"the run is read from this file, and its {what} would replace it")
    try:
        if force or is_one(name):
            return
    except OSError as problem:
        raise _ClaimError(problem.strerror or "it cannot be read") from None
    raise _ClaimError(f"this file is there and is no {what}; --force (force=True) replaces it")


def _status(name: str) -> os.stat_result | None:
    """What is there; None if nothing is, or nothing that can be looked at."""
    if not name or "\0" in name:
        raise _ClaimError("this is no name of a file" if name else "it needs the name of a file")
    found = _known(name)
    if found is not None and stat.S_ISDIR(found.st_mode):
        raise _ClaimError("this is a directory")
    if Path(name).name != os.path.basename(name):  # noqa: PTH119 - a Path drops a last slash
        raise _ClaimError("this is no name of a file")
    return found


def _known(file: Name | int) -> os.stat_result | None:
    try:
        return os.stat(file)  # noqa: PTH116 - numbers of open files as well
    except (OSError, ValueError):
        return None


def _is_trace(name: Name) -> bool:
    """Whether a file is a trace, or empty."""
    with Path(name).open("rb") as file:
        first = file.readline(_LONGEST)
    try:
        return not first or load(first.decode("utf-8")).get("format") == FORMAT
    except (ValueError, AttributeError):
        return False
