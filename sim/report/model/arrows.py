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
_PARTS: Final = 4
"""Of a message (its kind, transaction, method, resource, content) at least; of a status, all."""

Way = tuple[tuple[str, str], bool]
"""A socket (whose, and which), and whether the frame goes to the platform."""


def arrows(records: Sequence[Record], lanes: Lanes, lane_of: Sequence[int]) -> Iterator[Arrow]:
    """The arrows of a run in the order of their beginnings.

    Where messages were recorded, each is one; otherwise what one lane's record led to in another.
    """
    if any(record.kind == "message" and record.name == _SENT for record in records):
        return frames(records, lanes)
    return consequences(records, lane_of)


def frames(records: Iterable[Record], lanes: Lanes) -> Iterator[Arrow]:
    """A socket delivers frames in their order, until it is dead: what is left over was lost."""
    platform = lanes.platform
    sent: list[tuple[int, Record, bool]] = []
    arrived: dict[int, tuple[int, int]] = {}
    on_their_way: defaultdict[Way, deque[int]] = defaultdict(deque)
    for row, record in enumerate(records):
        if record.kind != "message" or record.object != "socket":
            continue
        data = record.data
        is_at_platform = data.get("end") == _PLATFORM
        socket = record.client, str(data.get("socket"))
        if record.name == _SENT:
            on_their_way[socket, not is_at_platform].append(row)
            sent.append((row, record, not is_at_platform))
        elif record.name == _DELIVERED and (way := on_their_way[socket, is_at_platform]):
            arrived[way.popleft()] = row, record.time
    for row, record, is_upwards in sent:
        person = lanes.person(record.client)
        if person == platform:
            continue
        source, target = (person, platform) if is_upwards else (platform, person)
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
    if not isinstance(frame, list | tuple) or not frame:
        return "a frame"
    first, parts = frame[0], len(frame)
    if first == "message" and parts >= _PARTS:
        return f"{frame[2]} {frame[3]}"
    return f"status {frame[2]}" if first == "status" and parts >= _PARTS else str(first)
