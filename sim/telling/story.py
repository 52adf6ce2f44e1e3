"""A run told line by line, for people: what the table of phrases says of each record.

A record without a phrase (or whose phrase says "not now") is left to the trace file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from sim.protocol.records import Trait, named
from sim.telling.cast import Cast
from sim.telling.phrases import phrase
from sim.telling.words import data
from sim.trace import Record


@frozen
class Line:
    """What stands in one line of the story, before it is laid out. ``time`` is in microseconds."""

    time: int
    kind: str
    who: tuple[str, ...]
    label: str
    words: str
    strong: bool = False
    scripted: bool = False
    """Whether somebody wrote it into the scenario: nothing led to it, and it is no arrival."""
    numbers: tuple[int, ...] = ()
    """Of the records that it tells of."""
    causes: tuple[int, ...] = ()
    """Of each of them, the last record before that has a line and led to it; 0 if none did."""
    more: tuple[str, ...] = ()
    """The words of further records that it stands for."""


MARKS: Final[dict[str, str]] = {
    "call": ">",
    "callback": "x",
    "fault": "!",
    "decision": "=",
    "state": "=",
    "event": " ",
    "quirk": "~",
}
"""One character that tells, without colours, who acts: see :data:`LEGEND`."""

COLOURS: Final[dict[str, str | None]] = {
    "call": "cyan",
    "callback": "red",
    "fault": "red",
    "decision": "magenta",
    "state": "magenta",
    "event": None,
    "quirk": "yellow",
}

LEGEND: Final = "> a call   x it fails   ! something breaks   = a decision"
OF_QUIRKS: Final = "~ a quirk"
"""What the legend has besides, where the client has any."""
NUMBERED: Final = "#7 is a record that explain takes; +2 and … stand for more (--unfold)"


def line(
    record: Record, cast: Cast | None = None, cause: int = 0, *, is_arrival: bool = False
) -> Line | None:
    """The line of the story for ``record``, or None when it is no news for a person.

    ``cast`` knows who is who so far; without one, names must speak for themselves.
    """
    entry = phrase(record)
    words = entry.of(record, cast or Cast()) if entry else None
    if entry is None or words is None:
        return None
    return Line(
        record.time,
        entry.kind or record.kind,
        (record.client,) if record.client else (),
        entry.label or record.name,
        words,
        entry.strong,
        record.cause is None and not is_arrival,
        (record.seq,),
        (cause,),
    )


def lines(records: Iterable[Record]) -> Iterator[Line]:
    """The story's lines in the order of the records.

    Chance may break the network of somebody who is not there; that is no part of the story.
    """
    cast = Cast.of_story(())
    led: dict[int, int] = {}
    here: set[str] = set()
    arrived: set[str] = set()
    unnoticed: set[int] = set()
    for record in records:
        cast.see(record)
        cause = led.get(record.cause or 0, 0)
        _come_and_go(record, here)
        if _is_unnoticed(record, here, unnoticed):
            unnoticed.add(record.seq)
            continue
        arrives = (record.kind, record.name) in _ARRIVING and record.client not in arrived
        told = line(record, cast, cause, is_arrival=arrives)
        if arrives:
            arrived.add(record.client)
        led[record.seq] = record.seq if told is not None else cause
        if told is not None:
            yield told


_ARRIVING: Final = (("call", "connect"),)
_LEAVING: Final = named(Trait.ENDS_SESSION, Trait.ENDS_PAGE)
_CUTTING: Final = named(Trait.CUTS_LINK)
_ENDING: Final = named(Trait.HEALS_LINK)


def _come_and_go(record: Record, here: set[str]) -> None:
    key = record.kind, record.name
    if key in _ARRIVING:
        here.add(record.client)
    elif key in _LEAVING:
        here.discard(record.client)


def _is_unnoticed(record: Record, here: set[str], unnoticed: set[int]) -> bool:
    if record.cause is None:
        return False
    key = record.kind, record.name
    if key in _CUTTING:
        return record.client not in here
    return key in _ENDING and record.cause in unnoticed


def sentence(record: Record, cast: Cast | None = None) -> str:
    """Any record in words, for chains of causes; without a phrase, in the trace's own terms."""
    told = line(record, cast)
    if told is not None:
        return f"{told.label}: {told.words}" if told.words else told.label
    said = data(record, cast or Cast())
    details = ", ".join(f"{key} {said[key]}" for key in sorted(record.data) if key in said)
    return f"{record.object} {record.name}" + (f" ({details})" if details else "")
