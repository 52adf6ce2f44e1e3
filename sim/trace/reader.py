"""Reading trace files, one record at a time.

A file without its footer is a run that was cut off: what is there is readable. What is wrong is
said in one sentence, with the number of the line. How a line is written does not matter: digests
are those of what it says, so that a trace that went through ``jq`` is the same trace.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, Any, Final

from sim.trace.digest import Digest, header_digest
from sim.trace.errors import TraceError
from sim.trace.header import FORMAT, Footer, Header
from sim.trace.records import Record, canonical, from_json, load
from sim.trace.values import flaw

LONGEST_LINE: Final = 16 << 20
"""Bytes; a scenario may have 1 MiB, and no record comes near this."""


def read(source: str | os.PathLike[str] | IO[bytes]) -> Trace:
    """Open a trace: a file by its name, or a binary stream such as ``sys.stdin.buffer``.

    Only the header is read. Raises :class:`TraceError` when it is not a trace of this version.
    """
    return Trace(source)


def begins_trace(line: bytes) -> bool:
    """Whether a file with this first line, whole or cut off, is a trace, and no scenario.

    >>> begins_trace(b'{"format":"session-sim-trace","form')
    True
    >>> begins_trace(b'{"duration":1,"format":"session-sim-trace"}')
    True
    >>> begins_trace(b'# of a "session-sim-trace"')
    False
    """
    if _BEGINNING.match(line):
        return True
    try:
        values = load(line.decode("utf-8"))
    except ValueError:
        return False
    return isinstance(values, dict) and values.get("format") == FORMAT


_BEGINNING: Final = re.compile(rb'\{\s*"format"\s*:')


class Trace:
    """A trace that is read as it is iterated over; memory stays flat.

    Iterating gives every record, those of finer levels included; :meth:`story` only the numbered
    ones. A file may be iterated over again, a stream once. ``footer``, ``complete`` and
    ``warnings`` are known when an iteration has come to the end.

    Raises :class:`TraceError` where a line is none of a trace.
    """

    def __init__(self, source: str | os.PathLike[str] | IO[bytes]) -> None:
        if isinstance(source, str | os.PathLike):
            self.file = os.fspath(source)
            self._stream: IO[bytes] | None = None
        else:
            name = getattr(source, "name", None)
            self.file = name if isinstance(name, str) else "the input"
            self._stream = source
        self.footer: Footer | None = None
        self.warnings: list[str] = []
        """Sentences about what is odd but does not keep the trace from being read."""
        with self._opened() as stream:
            self.header = self._read_header(stream)

    def __repr__(self) -> str:
        return (
            f"<trace {self.file} of {self.header.name}, seed {self.header.seed}: iterate over it>"
        )

    @property
    def complete(self) -> bool:
        """Whether the footer has been read; if not at the end, the trace is cut off."""
        return self.footer is not None

    @property
    def rereadable(self) -> bool:
        """Whether it may be iterated over more than once."""
        return self._stream is None

    def __iter__(self) -> Iterator[Record]:
        return (record for record, _ in self.levelled())

    def story(self) -> Iterator[Record]:
        """The story's records, numbered 1, 2, 3, …"""
        return (record for record, level in self.levelled() if not level)

    def levelled(self) -> Iterator[tuple[Record, int]]:
        """Every record with its level."""
        self.footer = None
        self.warnings.clear()
        with self._opened() as stream:
            if self._stream is None:
                self._line(stream, 1)
            yield from self._records(stream)

    def _records(self, stream: IO[bytes]) -> Iterator[tuple[Record, int]]:
        order, digest, number = _Order(), Digest(), 1
        while True:
            number += 1
            text = self._line(stream, number)
            if not text:
                break
            try:
                values = load(text)
                if isinstance(values, dict):
                    self._finish(stream, Footer.from_data(values), digest, number)
                    return
                record, level = from_json(values)
                order.check(record, level)
                line = "" if level else _line_of(record)
            except ValueError as problem:
                if text.endswith("\n"):
                    raise TraceError(self.file, number, str(problem)) from None
                self.warnings.append(f"line {number} is cut off in the middle and is left out")
                break
            if not level:
                digest.add(line)
            yield record, level
        self.warnings.append(f"the run was cut off after {digest.records} records: no footer")

    def _finish(self, stream: IO[bytes], footer: Footer, digest: Digest, number: int) -> None:
        self.footer = footer
        if footer.records != digest.records:
            self.warnings.append(
                f"the footer counts {footer.records} records, but there are {digest.records}"
            )
        elif footer.digest != digest.hex:
            self.warnings.append(
                f"the digest does not match: the footer says {footer.digest}, the records give "
                f"{digest.hex}; the file has been changed"
            )
        if footer.header and footer.header != self._digest_of_header:
            self.warnings.append(
                "the digest of the header does not match the footer; the file has been changed"
            )
        if self._line(stream, number + 1).strip():
            raise TraceError(self.file, number + 1, "nothing may follow the footer")

    def _read_header(self, stream: IO[bytes]) -> Header:
        text = self._line(stream, 1)
        if not text.strip():
            raise TraceError(self.file, None, "the file is empty; a trace begins with a header")
        try:
            values = load(text)
        except ValueError:
            why = (
                "it is not a trace: its first line is not JSON"
                if text.endswith("\n")
                else "it is not a trace: its first line is no header, or is cut off"
            )
            raise TraceError(self.file, 1, why) from None
        values = values if isinstance(values, dict) else {}
        self._digest_of_header = header_digest(values)
        try:
            return Header.from_data(values)
        except ValueError as problem:
            raise TraceError(self.file, 1, str(problem)) from None

    def _line(self, stream: IO[bytes], number: int) -> str:
        try:
            line = stream.readline(LONGEST_LINE)
        except OSError as problem:
            raise TraceError(self.file, number, f"it cannot be read: {problem.strerror}") from None
        if len(line) == LONGEST_LINE:
            raise TraceError(self.file, number, "the line is longer than 16 MiB; it is no trace")
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            raise TraceError(self.file, number, "it is a binary file, not a trace")
        return text

    def _opened(self) -> AbstractContextManager[IO[bytes]]:
        if self._stream is not None:
            return nullcontext(self._stream)
        if not self.file:
            raise TraceError("''", None, "it cannot be read: the name is empty")
        try:
            return Path(self.file).open("rb")
        except (OSError, ValueError) as problem:
            why = getattr(problem, "strerror", None) or "this is no name of a file"
            raise TraceError(self.file, None, f"it cannot be read: {why}") from None


def _line_of(record: Record) -> str:
    """The canonical line of a story record that judges can cope with."""
    wrong = flaw(record)
    if wrong is not None:
        raise ValueError(wrong)
    return canonical(record)


class _Order:
    """Records are numbered without gaps, never go back in time, and are caused by earlier ones."""

    def __init__(self) -> None:
        self._count = 0
        self._time = 0

    def check(self, record: Record, level: int) -> None:
        """Raise ``ValueError`` with one sentence when the record cannot come next."""
        due = 0 if level else self._count + 1
        if record.seq != due:
            raise ValueError(f"record {record.seq} stands where record {due} must")
        if record.time < self._time:
            raise ValueError(f"the time goes back from {self._time} to {record.time}")
        known: Any = self._count
        if record.cause is not None and not 0 < record.cause <= known:
            raise ValueError(f"the cause {record.cause} is no earlier record")
        self._count += not level
        self._time = record.time
