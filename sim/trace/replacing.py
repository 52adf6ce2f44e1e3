"""A file that takes the place of another at once, when it is whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import IO


class Replacement:
    """A file that gets its name when it is done. Devices and pipes are written to as they are.

    Write to ``stream``. Raises ``OSError``.
    """

    def __init__(self, target: str | os.PathLike[str]) -> None:
        self._target = Path(target)
        self._part: Path | None = None
        if self._target.is_dir():
            self._target.open("wb")
        if self._target.exists() and not self._target.is_file():
            self.stream: IO[bytes] = self._target.open("wb", buffering=1 << 16)
            return
        self._target = Path(os.path.realpath(target))
        self._older = self._target.exists()
        self.stream = self._opened()

    def _opened(self) -> IO[bytes]:
        for number in count(1):
            mark = "" if number == 1 else f".{number}"
            self._part = self._target.with_name(f"{self._target.name}{mark}.part")
            with suppress(FileExistsError):
                return self._part.open("xb", buffering=1 << 16)
        raise AssertionError("there is always a next number")

    def keep(self, whole: bool) -> None:
        """Put the file in its place; one that is not whole only where nothing was."""
        self.stream.close()
        if self._part is None or (self._older and not whole):
            return
        if self._older:
            with suppress(OSError):  # Whoever may write there may not always say who else may.
                shutil.copymode(self._target, self._part)
        self._part.replace(self._target)

    def give_up(self, is_worth_keeping: Callable[[Path], bool] = lambda part: False) -> Path | None:
        """Leave what was there before; return where what could be written is, if that is kept."""
        with suppress(OSError):
            self.stream.close()
        if self._part is None:
            return None
        with suppress(OSError):
            if is_worth_keeping(self._part):
                return self._part
            self._part.unlink()
        return None
