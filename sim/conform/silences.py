"""When a client had last heard something before its network fell silent.

It pings every 2 s and hears the answer, and the silence is counted from there; of pings and their
answers a recording says nothing. But it says when the silence was noticed, or that it was over
before.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.client.socket import ReconnectingSocket
from sim.conform.case import Told
from sim.protocol.timers import Timers

_NOTICED = ("sessionReconnecting", "sessionDisconnected")


def last_heard(socket: ReconnectingSocket, told: Iterable[Told], cut: int, timers: Timers) -> int:
    """When that was, at most one ping before the network was ``cut``.

    As late as can be, if the silence was not noticed when its time was over.
    """
    times = (each.at for each in told if each.object == "session" and each.event in _NOTICED)
    noticed = next((at for at in times if at > cut), None)
    if noticed is None or noticed > cut + socket.silence:
        return cut
    return max(noticed - socket.silence, cut - timers.ping)
