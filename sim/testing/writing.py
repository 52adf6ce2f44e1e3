"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path


def write_whole(path: Path, text: str, *, lasting: bool = True) -> None:
    """Put a text into a file: at no time does the name stand for half of it.

    It is written beside it first, so that a full disk or an interruption leaves what was there.
    Devices and pipes are written to. What is not ``lasting`` may be lost with the power: another
    comes soon, and to wait for the disk takes longer than a run. Raises ``OSError`` with the file's
    name.
    """
    with _named(path):
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        target = path.resolve()
        number, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
        beside = Path(name)
        try:
            with os.fdopen(number, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                if lasting:
                    os.fsync(file.fileno())
            beside.chmod(_mode(target))
            beside.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise


def check_writable(path: Path) -> None:
    """Raise ``OSError`` with the file's name if :func:`write_whole` would for its place."""
    with _named(path):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if path.exists() and not path.is_file():
            return
        with tempfile.NamedTemporaryFile(prefix=".", suffix=".part", dir=path.resolve().parent):
            pass


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Let an error name the file, and not the one beside it."""
    try:
        yield
    except OSError as problem:
        raise OSError(problem.errno, problem.strerror, str(path)) from None


def _mode(path: Path) -> int:
    """What others may do with it: as before, or as with any new file."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
