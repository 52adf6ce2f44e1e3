"""What the recorder's machine and its network took, as far as several modules count with it."""

from __future__ import annotations

from statistics import median
from typing import Final

from sim.conform.case import Case
from sim.conform.labels import name_of
from sim.protocol.units import DAY, MILLISECOND

HOP: Final = MILLISECOND
"""One way to the recorder's server, at its fastest."""
HOPS: Final = 2 * HOP
"""To the server, and back or on to somebody else."""
AFTER: Final = MILLISECOND
"""Just after something, and within one task: two of the recorder's tasks come further apart."""
THROTTLE: Final = 3_500 * MILLISECOND
"""How much sooner than the recorded one a simulated socket may be open again."""
NEVER: Final = 300 * DAY
"""Later than anything that is recorded."""


def usual(case: Case, call: str, told: tuple[str, str], slowest: int, default: int) -> int:
    """How long it usually takes in a recording from a call until the client is ``told`` so.

    ``told`` is the beginning of the object's name, and the event. What took ``slowest`` or more was
    held up by something else; ``default`` is for a recording that shows none. In microseconds.
    """
    kind, event = told
    took = []
    for name, each in case.expect.items():
        calls = [s.at for s in case.script if s.client == name and name_of(s.do or "") == call]
        for one in each:
            called = max((at for at in calls if at <= one.at), default=one.at - slowest)
            is_it = one.event == event and one.object.startswith(kind)
            if is_it and one.at < called + slowest:
                took.append(one.at - called)
    return round(median(took)) if took else default
