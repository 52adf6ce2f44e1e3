"""Which times of a recording are compared, and how near they must come.

Compared is what a timer of the client decides; for the rest the recorder's machine was busy. The
silence of a blackholed network is counted from the last frame that came in, at any phase of the
2 s between pings. Where sockets are refused, the browser's own pauses between attempts decide when
the window is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.conform.case import Case, Told
from sim.protocol.units import SECOND, format_clock

TIMER: Final = SECOND
"""How near a time must come that a timer decides."""
PING_PHASE: Final = 2 * SECOND
THROTTLE: Final = 3_500_000


def late(
    case: Case,
    name: str,
    want: Told,
    have: Told,
    wanted: Sequence[Told],
    got: Sequence[Told],
) -> tuple[str, str] | None:
    """What is wrong with the time of an event: what was expected and what came; None if nothing."""
    if want.event == "sessionReconnecting":
        return _apart(want, want.at, have.at, TIMER + PING_PHASE)
    if want.event == "sessionDisconnected" and want.fields.get("reason") == "networkDisconnected":
        begun, simulated = _begun(wanted, want), _begun(got, have)
        if begun is not None and simulated is not None:
            within = THROTTLE if _refused(case, name, want) else TIMER
            return _apart(want, want.at - begun, have.at - simulated, within)
    return None


def _apart(want: Told, expected: int, got: int, within: int) -> tuple[str, str] | None:
    if abs(expected - got) <= within:
        return None
    return f"{want.event} at {format_clock(expected)}", f"at {format_clock(got)}"


def _begun(told: Sequence[Told], end: Told) -> int | None:
    """When the reconnection began that this event ends."""
    times = [t.at for t in told if t.event == "sessionReconnecting" and t.at <= end.at]
    return times[-1] if times else None


def _refused(case: Case, name: str, want: Told) -> bool:
    """Whether sockets were refused, or closed at once, for part of the time before."""
    networks = [s.network for s in case.script if s.client == name and s.network and s.at < want.at]
    return any("refuse" in network for network in networks)
