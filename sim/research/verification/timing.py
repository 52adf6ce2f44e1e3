"""When an outage is noticed and when it is over, by the clocks that decide it.

The theory of a link without delay. A client that was idle has sent a PING, and has heard the
answer, ``phase`` before the outage begins; times count from there. The next PINGs come every
``ping``, and TCP sends the first one that is lost again after rto, 3 rto, 7 rto ... If none of
these finds the link up before ``silence`` is over, the outage is noticed, and the client dials:
SYNs go out at once and after the same steps, until the attempt has lasted ``connect_timeout``; then
comes the next attempt, while less than ``window`` has passed. The first SYN that finds the link up
ends the outage. Its end is told when something is heard: at once if a PING came due while there was
no socket, which is ``ping`` after the one before was given up, else with the answer to a PING that
much later.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from sim.network.specs import Transport
from sim.protocol.timers import Timers
from sim.protocol.units import SECOND

Floats = npt.NDArray[np.float64]
PHASES: Final = 5_000
"""Points of the phase, over which expectations are taken by the midpoint rule."""


@frozen
class Clocks:
    """The clocks, in seconds."""

    ping: float
    silence: float
    rto: float
    rto_max: float
    connect_timeout: float
    window: float

    @classmethod
    def of(cls, timers: Timers, transport: Transport) -> Clocks:
        """The clocks of a client over a transport."""
        return cls(
            timers.ping / SECOND,
            timers.silence / SECOND,
            transport.rto / SECOND,
            transport.rto_max / SECOND,
            timers.connect_timeout / SECOND,
            timers.window / SECOND,
        )

    def resent(self, until: float) -> list[float]:
        """When something sent at 0 is sent again, before ``until``; with the first time."""
        times, timeout = [0.0], self.rto
        while times[-1] + timeout < until:
            times.append(times[-1] + timeout)
            timeout = min(2 * timeout, self.rto_max)
        return times

    @property
    def unnoticed(self) -> float:
        """An outage that ends by then, from the last PING heard, is not noticed."""
        return self.ping + self.resent(self.silence - self.ping)[-1]

    @property
    def attempts(self) -> list[float]:
        """When SYNs go out in an outage that has been noticed."""
        times: list[float] = []
        begun = 0.0
        while begun < self.window:
            times += [begun + each for each in self.resent(self.connect_timeout)]
            begun += self.connect_timeout
        return [self.silence + each for each in times]

    @property
    def survived(self) -> float:
        """An outage that ends by then, from the last PING heard, does not end the session."""
        return self.attempts[-1]

    def back(self, end: Floats) -> Floats:
        """When its end is told, of noticed outages that are over at ``end``; inf: never."""
        attempts = np.array([*self.attempts, np.inf])
        at = attempts[np.searchsorted(attempts, end, side="left")]
        return np.asarray(np.where(at > self.silence + self.ping, at, at + self.ping))

    @property
    def phases(self) -> Floats:
        """Of an outage that begins whenever it wants: evenly spread between two PINGs."""
        return (np.arange(PHASES) + 0.5) * self.ping / PHASES
