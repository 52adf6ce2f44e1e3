"""What went from one lane to another: messages, or what led to what."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from sim.protocol.records import states
from sim.report.model.lanes import Lanes
from sim.report.model.timeline import Arrow
from sim.trace import Record

_SENT: Final = states.SENT.name
_DELIVERED: Final = states.DELIVERED.name
_PLATFORM: Final = "platform"

Way = tuple[str, str, bool]
"""Whose socket, which, and whether the frame goes to the platform."""


def arrows(records: Sequence[Record], lanes: Lanes, lane_of: Sequence[int]) -> Iterator[Arrow]:
    """The arrows of a run in the order of their beginnings.

    Where messages were recorded, each is one; otherwise what one lane's record led to in another.
    """
    if any(record.kind == "message" and record.name == _SENT for record in records):
        return frames(records, lanes)
    return consequences(records, lane_of)


def frames(records: Iterable[Record], lanes: Lanes) -> Iterator[Arrow]:
    """A socket delivers frames in their order, until it is dead: what is left over was lost."""
    sent: list[tuple[int, Record]] = []
    arrived: dict[int, tuple[int, int]] = {}
    on_their_way: defaultdict[Way, deque[int]] = defaultdict(deque)
    for row, record in enumerate(records):
        if record.kind != "message" or record.object != "socket":
            continue
        is_at_platform = record.data.get("end") == _PLATFORM
        socket = str(record.data.get("socket"))
        if record.name == _SENT and lanes.person(record.client) != lanes.platform:
            on_their_way[record.client, socket, not is_at_platform].append(row)
            sent.append((row, record))
        elif record.name == _DELIVERED:
            way = on_their_way[record.client, socket, is_at_platform]
            if way:
                arrived[way.popleft()] = row, record.time
    for row, record in sent:
        upwards = record.data.get("end") != _PLATFORM
        person = lanes.person(record.client)
        source, target = (person, lanes.platform) if upwards else (lanes.platform, person)
        end, got = arrived.get(row, (row, None))
        yield Arrow(source, target, record.time, got, end, titled(record), is_frame=True)


def consequences(records: Sequence[Record], lane_of: Sequence[int]) -> Iterator[Arrow]:
    """Of what a record led to in another lane at one time, the first."""
    rows: dict[int, int] = {}
    drawn: set[tuple[int, int, int]] = set()
    found: list[Arrow] = []
    for row, record in enumerate(records):
        if record.seq:
            rows[record.seq] = row
        origin = rows.get(record.cause or 0)
        if origin is None or lane_of[origin] == lane_of[row]:
            continue
        way = origin, lane_of[row], record.time
        if way not in drawn:
            drawn.add(way)
            sent = records[origin].time
            found.append(Arrow(lane_of[origin], lane_of[row], sent, record.time, row, record.name))
    return iter(sorted(found, key=lambda arrow: (arrow.sent, arrow.row)))


def titled(record: Record) -> str:
    """A frame in two words: ``create stream``, ``status 200``, ``ping``.

    >>> titled(
    ...     Record(
    ...         0, 0, "bob", "socket", "message", "sent", {"frame": ["status", 3, 200, {}]}, None
    ...     )
    ... )
    'status 200'
    """
    frame: Any = record.data.get("frame")
    match frame if isinstance(frame, list | tuple) else []:
        case ["message", _, method, resource, *_]:
            return f"{method} {resource}"
        case ["status", _, status, *_]:
            return f"status {status}"
        case [str(word), *_]:
            return word
    return "a frame"
