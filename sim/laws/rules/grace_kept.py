"""grace-kept: whoever is lost may come back in time."""

from __future__ import annotations

from typing import ClassVar

from sim.laws.law import NEVER, Handlers, Law, handlers
from sim.laws.watch import Watch
from sim.protocol.units import format_duration
from sim.trace import Record


class GraceKept:
    """Remembers what is lost, and neither back nor given up."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._lost: dict[str, Record] = {}

    def _lose(self, record: Record) -> None:
        self._lost[record.data["connection"]] = record

    def _back(self, record: Record) -> None:
        if self._lost.pop(record.data["connection"], None):
            self._watch.exercised += 1

    def _left(self, record: Record) -> None:
        """A command, or a step of the script that expires the grace, is another cause."""
        lost = self._lost.pop(record.data["connection"], None)
        if lost is None or record.cause not in (lost.seq, None):
            return
        self._watch.exercised += 1
        after = record.time - lost.time
        if after < self._watch.bounds.grace:
            self._watch.breach(
                record,
                f"{record.data['connection']} was given up {format_duration(after)} after it was"
                f" lost, before its grace of {format_duration(self._watch.bounds.grace)} was over",
            )

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("state", "lost"): _lose,
            ("state", "back"): _back,
            ("state", "left"): _left,
        }
    )


LAW = Law(
    name="grace-kept",
    kind=NEVER,
    statement="a lost connection is not given up before its grace is over, unless a command or the"
    " script has ended it",
    source="contract C12; fact sheet 2.11, 9; the platform's settings",
    exercised="a `lost` connection that is `back`, or that is given up",
    checker=GraceKept,
)
