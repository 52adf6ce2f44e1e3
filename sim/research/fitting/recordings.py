"""Recorded data, read from files: what became of packets, how long they took, when links failed."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from sim.protocol.units import LONGEST, SECOND
from sim.research.fitting import mahimahi
from sim.research.fitting.columns import Column, find
from sim.research.fitting.errors import RecordingError
from sim.wording import quoted

Flags = npt.NDArray[np.bool_]
Times = npt.NDArray[np.float64]

GAP: Final = SECOND
"""A mahimahi trace that delivers nothing for so long had an outage."""

_SEPARATORS: Final = ",;\t"


@frozen(eq=False)
class Recording:
    """What a file says, as far as it says it. Times are microseconds.

    ``lost`` has one flag a packet. Where it is known when they were sent, ``spacing`` is the time
    from packet to packet or, if that differs from packet to packet, ``steps`` are all these times.
    ``delays`` has the packets that arrived. ``every`` are the times in service between outages,
    ``last`` the lengths of those that ended.
    """

    source: str
    lost: Flags | None = None
    spacing: float | None = None
    delays: Times | None = None
    every: Times | None = None
    last: Times | None = None
    steps: Times | None = None


def read(path: str | Path, gap: int = GAP) -> Recording:
    """Read a CSV file or a mahimahi trace. Raises :class:`RecordingError`, or ``OSError``."""
    return reads(Path(path).read_bytes(), str(path), gap)


def reads(content: bytes, source: str, gap: int = GAP) -> Recording:
    """Read what is in a file of that name; see :func:`read`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise RecordingError(f"{source}:{line}: this is not UTF-8 text") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise RecordingError(f"{source}: the file is empty")
    if mahimahi.looks_like_it(text):
        every, last = mahimahi.outages(text, source, gap)
        return Recording(source, every=every, last=last)
    return _table(text, source)


def is_even(steps: Times) -> bool:
    """Whether packets are sent at a pace: each as long after another, within a half.

    Then it is one chain that moves with every packet. Where packets come in bursts, by chance or
    after pauses, it is not.
    """
    usual = np.median(steps)
    return bool((np.abs(steps - usual) <= usual / 2).all())


def _table(text: str, source: str) -> Recording:
    header = text.lstrip("\n").split("\n", 1)[0]
    rows = _rows(text, max(_SEPARATORS, key=header.count), source)
    number, names = next(rows, (1, []))
    columns = find(names, f"{source}:{number}")
    values: dict[str, list[float]] = {name: [] for name in columns}
    lines = []
    for number, row in rows:
        lines.append(number)
        _count(row, names, f"{source}:{number}")
        for name, column in columns.items():
            values[name].append(_cell(row, column, f"{source}:{number}"))
    if not lines:
        raise RecordingError(f"{source}: there is a header and nothing below it")
    return _Sheet({n: np.array(v) for n, v in values.items()}, lines, source).recording()


def _rows(text: str, separator: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """Each row in which there is something, with the number of its line."""
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                yield rows.line_num, row
    except csv.Error as problem:
        raise RecordingError(f"{source}:{rows.line_num}: {problem}") from None


def _count(row: list[str], names: list[str], where: str) -> None:
    """Refuse a row that has not a cell for each name: nobody knows which of them is which."""
    cells, columns = len(row), len(names)
    if cells < columns or any(cell.strip() for cell in row[columns:]):
        number = "1 cell" if cells == 1 else f"{cells} cells"
        comma = " (is a decimal comma in it?)" if cells > columns else ""
        raise RecordingError(
            f"{where}: the row has {number}, and the header {columns}: each row needs one for each"
            f" name, be it empty{comma}"
        )


def _cell(row: list[str], column: Column, where: str) -> float:
    """The value of a cell in microseconds; of ``lost`` 0 or 1; nan if it is empty."""
    written = row[column.place].strip()
    if column.name == "lost":
        if written not in {"0", "1"}:
            raise RecordingError(f"{where}: lost must be 0 or 1, not {quoted(written)}")
        return float(written)
    if not written:
        if column.name in {"received", "delay", "ended"}:
            return math.nan
        raise RecordingError(f"{where}: {column.name} is missing")
    try:
        value = float(written) * column.unit
    except ValueError:
        raise RecordingError(f"{where}: {column.name} is no number: {quoted(written)}") from None
    if not math.isfinite(value):
        raise RecordingError(f"{where}: {column.name} must be a finite number, not {written}")
    return value


@frozen(eq=False)
class _Sheet:
    """The columns of a CSV file, each row with its line."""

    values: Mapping[str, Times]
    lines: list[int]
    source: str

    def recording(self) -> Recording:
        every, last = self._outages()
        lost, delays, steps = self._lost(), self._delays(), self._steps()
        if steps is not None and is_even(steps):
            spacing = float(np.median(steps)) or None  # all at once say nothing
            return Recording(self.source, lost, spacing, delays, every, last)
        return Recording(self.source, lost, None, delays, every, last, steps)

    def _lost(self) -> Flags | None:
        if "lost" in self.values:
            return np.asarray(self.values["lost"] == 1)
        if {"sent", "received"} <= self.values.keys():
            return np.isnan(self.values["received"])
        missing = np.isnan(self.values["delay"]) if "delay" in self.values else np.array([False])
        return missing if missing.any() else None

    def _steps(self) -> Times | None:
        """How long after the packet before each was sent."""
        if "sent" not in self.values or len(self.lines) < 2:
            return None
        steps = np.diff(self.values["sent"])
        self._refuse(steps < 0, 1, "sent is before that of the row above")
        return np.asarray(steps)

    def _delays(self) -> Times | None:
        if "delay" in self.values:
            delays = self.values["delay"]
        elif {"sent", "received"} <= self.values.keys():
            delays = self.values["received"] - self.values["sent"]
        else:
            return None
        self._refuse(delays < 0, 0, "the packet arrives before it is sent")
        self._refuse(delays > LONGEST, 0, "the packet takes more than 366 days")
        if "lost" in self.values:
            delays = delays[self.values["lost"] == 0]
        return delays[~np.isnan(delays)]

    def _outages(self) -> tuple[Times | None, Times | None]:
        if {"every", "last"} <= self.values.keys():
            for name in ("every", "last"):
                wrong = (self.values[name] < 0) | (self.values[name] > LONGEST)
                self._refuse(wrong, 0, f"{name} must be from 0 to 366 days")
            return self.values["every"], self.values["last"]
        if not {"began", "ended"} <= self.values.keys():
            return None, None
        began, ended = self.values["began"], self.values["ended"]
        self._refuse(ended < began, 0, "the outage ends before it begins")
        self._refuse(np.isnan(ended[:-1]), 0, "ended is missing: only the last may")
        every, last = began[1:] - ended[:-1], (ended - began)[~np.isnan(ended)]
        self._refuse(every < 0, 1, "the outage begins before that above has ended")
        self._refuse(every > LONGEST, 1, "it is 366 days and more after that above")
        self._refuse(last > LONGEST, 0, "the outage lasts more than 366 days")
        return every, last

    def _refuse(self, wrong: Flags, later: int, why: str) -> None:
        """Refuse the first row for which it is so; ``later`` is its distance from the flag."""
        for row in np.flatnonzero(wrong)[:1]:
            raise RecordingError(f"{self.source}:{self.lines[int(row) + later]}: {why}")
