"""What led to a row of a timeline, and whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable

from sim.report.model.timeline import Arrow, Finding, Timeline
from sim.trace import causes, chain


def failures(timeline: Timeline) -> tuple[Finding, ...]:
    """What was to hold and did not."""
    return tuple(each for each in timeline.findings if not each.is_expected)


def led_to(timeline: Timeline, row: int) -> tuple[int, ...]:
    """The rows that led to ``row``, and the row itself last: what ``explain`` tells of it.

    A finer record has no number; what led to it is its cause, and what led to that.
    """
    record = timeline.records[row]
    number = record.seq or record.cause
    if not number:
        return (row,)
    wanted = {each.seq for each in chain(timeline.records, number)}
    rows = [at for at in range(row + 1) if timeline.records[at].seq in wanted]
    return tuple(rows) if record.seq else (*rows, row)


def carriers(timeline: Timeline, rows: Iterable[int]) -> list[Arrow]:
    """The arrows by which one of the rows led to another.

    Of a frame that is known from its cause: it was sent because of the one, and the other came
    where and when it had arrived.
    """
    shown, numbered = set(rows), rows_by_number(timeline)
    came: dict[tuple[int, int, int], int] = {}
    for row in shown:
        for number in causes(timeline.records[row]):
            if (origin := numbered.get(number)) in shown:
                way = timeline.lane_of[origin], timeline.lane_of[row], number
                came[way] = max(came.get(way, 0), timeline.records[row].time)

    def carried(arrow: Arrow) -> bool:
        if not arrow.is_frame:
            return arrow.row in shown
        cause = timeline.records[arrow.row].cause or 0
        until = came.get((arrow.source, arrow.target, cause))
        return until is not None and arrow.got is not None and arrow.got <= until

    return [arrow for arrow in timeline.arrows if carried(arrow)]


def rows_by_number(timeline: Timeline) -> dict[int, int]:
    """The number of each story record → its row."""
    return {record.seq: row for row, record in enumerate(timeline.records) if record.seq}


def told(timeline: Timeline, row: int) -> str:
    """What a row says, behind its number if it has one."""
    number = timeline.records[row].seq
    words = timeline.told[row]
    return f"#{number} {words}" if number else words


def lanes_of(timeline: Timeline, rows: Iterable[int]) -> list[int]:
    """The lanes of some rows, in the order of the picture."""
    return sorted({timeline.lane_of[row] for row in rows})
