"""Times in which nothing happens, which a picture folds.

Between two records that are no heartbeats lie :data:`IDLE` or more, and at least a hundredth of the
story: what lies there, but for a second at both ends, is folded. So nothing lies in a fold but
heartbeats, and what was on its way all the time. What was found wrong is in no fold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from typing import Any, Final

from sim.protocol.units import SECOND
from sim.report.model.timeline import Stretch
from sim.trace import Record

IDLE: Final = 10 * SECOND
"""At least so long nothing happens."""
SHARE: Final = 100
"""In a long story at least this part of it."""
MARGIN: Final = SECOND
"""So much is left of it before and after."""
_HEARTBEATS: Final = ("ping", "pong")


def stretches(
    records: Iterable[Record], ended: int, moments: Iterable[int] = ()
) -> Iterator[Stretch]:
    """What is folded of a story that ended then, in order; these moments are in none of it."""
    least = max(IDLE, ended // SHARE)
    before = 0
    for time in merge(_times(records, ended), sorted(moments)):
        if time - before >= least:
            yield Stretch(before + MARGIN, time - MARGIN)
        before = time


def _times(records: Iterable[Record], ended: int) -> Iterator[int]:
    yield from (record.time for record in records if not is_heartbeat(record))
    yield ended


def is_heartbeat(record: Record) -> bool:
    """Whether the record is of a frame that only says that somebody is there."""
    if record.kind != "message":
        return False
    frame: Any = record.data.get("frame")
    return isinstance(frame, list | tuple) and len(frame) == 1 and frame[0] in _HEARTBEATS
