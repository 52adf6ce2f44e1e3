"""Writing a trace file: header, one line a record, footer.

The file is written as the run goes, with a flat amount of memory, beside the place where it is to
be: what is there stays whole until the new trace takes its place at once. A run that is interrupted
leaves a file without a footer, which is still readable up to there: in its place if nothing was
there, or else beside it. What could not be written out never takes the place.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from attrs import evolve

from sim.trace.digest import header_digest
from sim.trace.errors import TraceError
from sim.trace.header import Footer, Header
from sim.trace.replacing import Replacement


class Writer:
    """Writes one trace to a file, or to an open binary stream that is left open.

    The file is made when the Writer is, so make it when the run begins; it has its name when the
    Writer is closed. Until then its lines are in ``<name>.part``. Raises :class:`TraceError` from
    every method when the file cannot be written: then nothing takes its name, and what could be
    written stays in ``<name>.part`` if it can be read. Use it as a context manager; leaving without
    :meth:`finish` leaves a cut-off trace, in ``<name>.part`` where there is an older file.
    """

    def __init__(self, target: str | os.PathLike[str] | IO[bytes], header: Header) -> None:
        self._failed = self._finished = False
        self._name = _name(target)
        try:
            self._file: Replacement | None = None
            if isinstance(target, str | os.PathLike):
                self._file = Replacement(target)
                target = self._file.stream
        except (OSError, ValueError) as problem:
            raise _error(self._name, problem) from problem
        self._stream: IO[bytes] = target
        first = _line(header.to_data())
        self._header = header_digest(header.to_data())
        self.write(first)

    def write(self, line: str) -> None:
        """Append a line, given without its line feed."""
        try:
            self._stream.write(line.encode("ascii") + b"\n")
        except (OSError, ValueError) as problem:
            raise self._give_up(problem) from problem

    def finish(self, footer: Footer) -> None:
        """Write the footer; the trace is complete."""
        self.write(_line(evolve(footer, header=self._header).to_data()))
        self._finished = True
        self.close()

    def close(self) -> None:
        """Write out what is buffered, and give the file its name. May be called twice."""
        if self._stream.closed or self._failed:
            return
        try:
            self._stream.flush() if self._file is None else self._file.keep(self._finished)
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
        kept = self._file.give_up(_has_header) if self._file is not None else None
        return _error(self._name, problem, kept)


def _has_header(file: Path) -> bool:
    with file.open("rb") as lines:
        return lines.readline().endswith(b"\n")


def _error(name: str, problem: OSError | ValueError, kept: Path | None = None) -> TraceError:
    why = getattr(problem, "strerror", None) or str(problem)
    rest = f"; what could be written is in {kept.name}" if kept else ""
    return TraceError(name, None, f"the trace cannot be written: {why}{rest}")


def _name(target: str | os.PathLike[str] | IO[bytes]) -> str:
    if isinstance(target, str | os.PathLike):
        return os.fspath(target)
    name = getattr(target, "name", None)
    return name if isinstance(name, str) else "the output"


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"))
