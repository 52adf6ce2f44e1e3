"""Writing a trace file: header, one line a record, footer.

The file is written as the run goes, with a flat amount of memory; a run that is interrupted leaves
a file without a footer, which is still readable up to there.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from sim.trace.errors import TraceError
from sim.trace.header import Footer, Header


class Writer:
    """Writes one trace to a file, or to an open binary stream that is left open.

    The file is made when the Writer is, so make it when the run begins. Raises
    :class:`TraceError` from every method when the file cannot be written. Use it as a context
    manager; leaving without :meth:`finish` leaves a cut-off trace.
    """

    def __init__(self, target: str | os.PathLike[str] | IO[bytes], header: Header) -> None:
        self._own = isinstance(target, str | os.PathLike)
        self._name = os.fspath(target) if isinstance(target, str | os.PathLike) else _name(target)
        self._failed = False
        try:
            self._stream = _open(target)
        except OSError as problem:
            raise _error(self._name, problem) from problem
        self.write(_line(header.to_data()))

    def write(self, line: str) -> None:
        """Append a line, given without its line feed."""
        try:
            self._stream.write(line.encode("ascii") + b"\n")
        except (OSError, ValueError) as problem:
            raise self._give_up(problem) from problem

    def finish(self, footer: Footer) -> None:
        """Write the footer; the trace is complete."""
        self.write(_line(footer.to_data()))
        self.close()

    def close(self) -> None:
        """Write out what is buffered, and close the file. May be called twice."""
        if self._stream.closed or self._failed:
            return
        try:
            self._stream.close() if self._own else self._stream.flush()
        except OSError as problem:
            raise self._give_up(problem) from problem

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        if problem is None:
            self.close()
            return
        with suppress(TraceError):  # The first problem is the one to tell.
            self.close()

    def _give_up(self, problem: OSError | ValueError) -> TraceError:
        self._failed = True
        if self._own:
            with suppress(OSError):
                self._stream.close()
        return _error(self._name, problem)


def _open(target: str | os.PathLike[str] | IO[bytes]) -> IO[bytes]:
    if isinstance(target, str | os.PathLike):
        return Path(target).open("wb", buffering=1 << 16)
    return target


def _error(name: str, problem: OSError | ValueError) -> TraceError:
    why = getattr(problem, "strerror", None) or str(problem)
    return TraceError(name, None, f"the trace cannot be written: {why}")


def _name(stream: IO[bytes]) -> str:
    name = getattr(stream, "name", None)
    return name if isinstance(name, str) else "the output"


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"))
