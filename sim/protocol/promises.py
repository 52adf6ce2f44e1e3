"""What the laws count on that a scenario's settings may take away."""

from __future__ import annotations

from enum import StrEnum


class Promise(StrEnum):
    """Something that the platform and the timers do for clients.

    The value is the name that a trace's header gives it.

    Where a header says that a promise is not kept, a law that needs it is not exercised. Which
    settings keep a promise is said in ``sim/platform/promises.py``.
    """

    REPLAY = "replay"
    """Who comes back from an outage is sent whatever they have missed."""
    MEMORY = "memory"
    """A connection that was removed is known to be so for as long as its client may come back."""
    ENDS = "ends"
    """The end of every stream is told, also when its connection has ended."""
    PRESENCE = "presence"
    """The news of a newcomer are as fast as any other message."""
    PATIENCE = "patience"
    """A client whose network is well hears something before its silence is over."""
