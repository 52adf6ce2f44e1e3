"""When the platform holds connections to be lost, and whether they are."""

from __future__ import annotations

from typing import ClassVar, Final

from sim.laws.law import Handlers, handlers, on
from sim.protocol.records import Trait, named
from sim.research.observing.observed import Detection
from sim.trace import Record

_TOLD_TO: Final = tuple(key for key in named(Trait.SCRIPTED) if key[0] == "decision")
"""What the script has the platform do: what follows from that is not detected."""
_FAULTS: Final = tuple(sorted(key for key in named(Trait.DISTURBS) if key[0] == "fault"))


class Detections:
    """Follows the platform's failure detector: each loss, with the fault that explains it."""

    def __init__(self) -> None:
        self.found: list[Detection] = []
        self._faults: dict[int, int] = {}
        """The number of a fault's record → when it was."""
        self._deliberate: set[int] = set()
        """Decisions of the platform to close a socket: nothing is detected then."""

    def _fault(self, record: Record) -> None:
        self._faults[record.seq] = record.time

    def _decided(self, record: Record) -> None:
        self._deliberate.add(record.seq)

    def _lost(self, record: Record) -> None:
        cause = record.cause or 0
        if cause not in self._deliberate:
            fault = self._faults.get(cause)
            after = None if fault is None else record.time - fault
            self.found.append(Detection(record.client, record.time, fault is not None, after))

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("state", "lost"): _lost,
            **dict.fromkeys(_TOLD_TO, _decided),
            **dict.fromkeys(_FAULTS, _fault),
            **on(_fault, Trait.ENDS_PAGE),
        }
    )
