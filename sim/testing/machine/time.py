"""Rules of the machine: time passes."""

from __future__ import annotations

from sim.protocol.units import format_duration
from sim.testing.machine.moments import EDGES, NEAR, spans
from sim.testing.machine.rules import rule
from sim.testing.machine.situation import sampled
from sim.testing.machine.stage import Stage

_NEAR = tuple(format_duration(near) if near >= 0 else f"-{format_duration(-near)}" for near in NEAR)


class TimeRules(Stage):
    """Nothing is done, and time passes."""

    @rule(time=spans())
    def advance(self, time: str) -> None:
        """Time passes."""
        self.simulation.advance(time)

    @rule(times=sampled((1, 2, 5)))
    def advance_to_next(self, times: int) -> None:
        """Time passes until something happens: what is done then is done among it."""
        for _ in range(times):
            now, then = self.simulation.now, self.simulation.next_event_time
            self.simulation.advance(1 if then is None else max(then - now, 1))

    @rule(bound=sampled(tuple(EDGES)), by=sampled(_NEAR))
    def outlast(self, bound: str, by: str) -> None:
        """Time passes until about when a client, or the platform, loses its patience.

        Where it is open of nobody what becomes of them, that is when silence would be noticed: more
        is only more of the same. There is no precondition for it, because Hypothesis cannot take a
        step out of a story where that changes which rules there are.
        """
        near = NEAR[_NEAR.index(by)]
        at_stake = bound if self.situation.in_doubt else "silence"
        self.simulation.advance(self.patience(at_stake) + near)
