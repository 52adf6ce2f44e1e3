"""Tells that a file has been saved."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Final

_LOOK: Final = 1_000
"""Milliseconds after which the file is looked at, even if the system has told of no change."""
_SETTLES: Final = 50
"""Milliseconds without a change after which a file counts as saved."""
_BLINK: Final = 0.2
"""Seconds after which who waits can be interrupted, on systems where a lock cannot be."""


class Changes:
    """Whether a file has changed since somebody asked; use it as a context manager.

    The system tells of changes in the folder, as editors put another file in the place of the one
    that they save; that of the file itself is looked at, and from time to time without being told.
    """

    def __init__(self, file: str) -> None:
        self._file = Path(file)
        self._seen = _state(self._file)
        self._changed = threading.Event()
        self._stop = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True, name="watch")

    def __enter__(self) -> Changes:
        self._watcher.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._watcher.join()

    @property
    def is_pending(self) -> bool:
        """Whether there is a change that nobody has waited for."""
        return self._changed.is_set()

    def wait(self) -> None:
        """Return when the file has changed since the last time."""
        while not self._changed.wait(_BLINK):
            pass
        self._changed.clear()

    def _watch(self) -> None:
        from watchfiles import watch

        folders = {self._file.parent, self._file.resolve().parent}
        for _ in watch(
            *folders,
            watch_filter=None,
            step=_SETTLES,
            recursive=False,
            rust_timeout=_LOOK,
            yield_on_timeout=True,
            stop_event=self._stop,
        ):
            now = _state(self._file)
            if now != self._seen:
                self._seen = now
                self._changed.set()


def _state(file: Path) -> tuple[int, ...] | None:
    """What is another thing after the file has been saved; None if it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
