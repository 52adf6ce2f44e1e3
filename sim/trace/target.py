"""Where a trace may be written: never over what is read, nor over a file that is no trace."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from sim.trace.errors import TraceError
from sim.trace.header import FORMAT
from sim.trace.records import load

Name = str | os.PathLike[str]

_LONGEST: Final = 16 << 20
"""Bytes of a first line that are looked at."""


def claim(target: Name, inputs: Iterable[Name | int] = (), *, force: bool = False) -> None:
    """Refuse ``target`` where writing a trace there would destroy something.

    ``inputs`` are what the run is read from, files by their names or numbers of open ones: none of
    them is ever replaced, whatever name or link leads to it. Another file is replaced if it is a
    trace or empty, or else by ``force``. Devices and pipes are written to.

    Raises :class:`~sim.trace.errors.TraceError`.
    """
    name = os.fspath(target)
    found = _status(name)
    if found is None or not stat.S_ISREG(found.st_mode):
        return
    if any(os.path.samestat(found, each) for each in map(_known, inputs) if each is not None):
        raise _refusal(name, "the run is read from this file, and its trace would replace it")
    if not force and not _is_replaceable(name):
        raise _refusal(name, "this file is there and is no trace; --force (force=True) replaces it")


def _status(name: str) -> os.stat_result | None:
    """What is there; None if nothing is, or nothing that can be looked at."""
    if not name or "\0" in name:
        raise _refusal(name, "this is no name of a file" if name else "it needs the name of a file")
    found = _known(name)
    if found is not None and stat.S_ISDIR(found.st_mode):
        raise _refusal(name, "this is a directory")
    if Path(name).name != os.path.basename(name):  # noqa: PTH119 - a Path drops a last slash
        raise _refusal(name, "this is no name of a file")
    return found


def _known(file: Name | int) -> os.stat_result | None:
    try:
        return os.stat(file)  # noqa: PTH116 - numbers of open files as well
    except (OSError, ValueError):
        return None


def _is_replaceable(name: str) -> bool:
    try:
        with Path(name).open("rb") as file:
            first = file.readline(_LONGEST)
        return not first or load(first.decode("utf-8")).get("format") == FORMAT
    except (ValueError, AttributeError):
        return False
    except OSError as problem:
        raise _refusal(name, problem.strerror or "it cannot be read") from None


def _refusal(name: str, why: str) -> TraceError:
    return TraceError(name or "''", None, f"the trace cannot be written: {why}")
