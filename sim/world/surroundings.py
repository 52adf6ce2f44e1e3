"""What everybody in a run shares."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from sim.draws.sampler import Sampler
from sim.draws.stream import Draws
from sim.protocol.journal import Journal
from sim.protocol.records import Entry
from sim.world.faults import Faults
from sim.world.kernel import Kernel


@frozen
class Surroundings:
    """Time, the journal, chance, and what can go wrong."""

    kernel: Kernel
    journal: Journal
    draws: Draws
    faults: Faults

    def sampler(self, name: str, purpose: str, distribution: Any) -> Sampler:
        """The values that somebody draws for one purpose."""
        return Sampler(self.draws.stream(name, purpose), distribution)

    def decide(
        self, name: str, entry: Entry, data: dict[str, Any], cause: int | None
    ) -> int | None:
        """Write down a decision of somebody's app or habits."""
        return self.journal(name, *entry.head, data, cause)
