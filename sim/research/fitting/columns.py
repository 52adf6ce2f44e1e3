"""The columns of recorded data, by the names in a file's header.

A time may say its unit: ``sent_ms`` is in milliseconds, ``sent_us`` in microseconds; ``sent_s`` and
``sent`` are in seconds. Other columns are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from attrs import frozen

from sim.protocol.units import MILLISECOND, SECOND
from sim.research.fitting.errors import RecordingError
from sim.wording import listing, nearest, quoted

COLUMNS: Final[Mapping[str, str]] = {
    "lost": "1 if this packet was lost, 0 if it arrived",
    "sent": "when this packet was sent; the rows are in that order",
    "received": "when it arrived; empty if it was lost",
    "delay": "how long it took, one way; empty if it was lost",
    "began": "when this outage began; the rows are in that order",
    "ended": "when it ended; empty if it still lasted when the recording ended",
    "every": "time in service before this outage",
    "last": "how long this outage lasted",
}
"""Each column and what it says."""

UNITS: Final[Mapping[str, int]] = {"": SECOND, "_s": SECOND, "_ms": MILLISECOND, "_us": 1}
"""How the name of a time may end, and how many microseconds its unit has."""

_USEFUL: Final = (
    {"lost"},
    {"sent", "received"},
    {"delay"},
    {"began", "ended"},
    {"every", "last"},
)
"""What there must be one of."""


@frozen
class Column:
    """Where a column is (0 is the first), and how many microseconds its unit has."""

    name: str
    place: int
    unit: int


def find(header: Iterable[str], where: str) -> dict[str, Column]:
    """Find the known columns of a header by their names. Raises :class:`RecordingError`.

    >>> find(["seq", "sent_ms", "lost"], "cafe.csv:1")["sent"]
    Column(name='sent', place=1, unit=1000)
    """
    names = [name.strip().lower() for name in header]
    found: dict[str, Column] = {}
    for place, written in enumerate(names):
        column = _known(written, place)
        if column is None:
            continue
        if column.name in found:
            raise RecordingError(f"{where}: there are two columns {quoted(column.name)}")
        found[column.name] = column
    if not any(needed <= found.keys() for needed in _USEFUL):
        raise RecordingError(f"{where}: {_none(names)}")
    return found


def _known(written: str, place: int) -> Column | None:
    for ending, unit in UNITS.items():
        name = written.removesuffix(ending) if ending else written
        if name in COLUMNS and (name != "lost" or not ending) and name + ending == written:
            return Column(name, place, unit)
    return None


def _none(names: list[str]) -> str:
    ways = listing([listing(sorted(way)) for way in _USEFUL], "or")
    meant = {name: near for name in names if (near := nearest(name, COLUMNS)) and near != name}
    guess = "".join(f"; did you mean {near!r} by {name!r}?" for name, near in meant.items())
    if not any(character.isalpha() for name in names for character in name):
        guess = "; the first line must name the columns"
    return f"nothing can be fitted to these columns: expected {ways}{guess}"
