"""The lengths and moments at which a session's fate turns, and draws that lie around them.

An outage that is a little shorter than an edge is survived, or not noticed; one that is a little
longer is not. Where exactly that turns depends on when the last frame was heard and on when TCP
sends again, so what is drawn lies up to one retransmission to either side.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from attrs import frozen
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.network.specs import Transport
from sim.platform import PlatformSettings
from sim.protocol.timers import Timers
from sim.protocol.units import MILLISECOND
from sim.testing.strategies.quantities import between, now_and_then

RETRANSMISSION: Final = Transport().rto
"""The first retransmission timeout of TCP (RFC 6298, 2.1)."""

CLOSE: Final = 50 * MILLISECOND
"""What counts as the same moment: a few round trips of a good network."""

_CLOSELY: Final = (1, 3, 10, 20, CLOSE // MILLISECOND)
_ROUGHLY: Final = (100, 200, 500, RETRANSMISSION // MILLISECOND)
OFFSETS: Final = (
    0,
    *(side * each * MILLISECOND for each in (*_CLOSELY, *_ROUGHLY) for side in (1, -1)),
)
"""Exactly then, within milliseconds, or within a retransmission."""


@frozen
class Edge:
    """How long an outage lasts when something turns, in microseconds from its beginning."""

    name: str
    length: int
    about: str
    source: str


def edges(
    timers: Timers = Timers(), platform: PlatformSettings = PlatformSettings()
) -> tuple[Edge, ...]:
    """Return the edges of these timers and this platform, the shortest first.

    >>> [(edge.name, edge.length) for edge in edges()][:2]
    [('silence', 5900000), ('detection', 10000000)]
    """
    media = timers.ice_consent + timers.ice_failed + timers.subscriber_failed
    window = timers.silence + timers.window
    found = (
        Edge("silence", timers.silence, "the client notices that the network is lost", "L18555"),
        Edge("detection", platform.detection, "the platform notices it", "our own choice"),
        Edge("media", media, "a Subscriber without media gives up", "L63177, L23179"),
        Edge("window", window, "a failed attempt to reconnect is final", "L18555, L18557"),
        Edge(
            "last-attempt",
            window + timers.connect_timeout,
            "the last attempt, begun in the window, is over",
            "L18557, L9058",
        ),
        Edge(
            "grace",
            platform.detection + platform.grace,
            "the platform gives the connection up",
            "recordings 06: 45 s from when the loss is noticed",
        ),
    )
    return tuple(sorted(found, key=lambda edge: edge.length))


EDGES: Final = edges()
"""The edges of the client and of the platform as they are by default."""


FATAL: Final = ("silence", "window", "last-attempt", "grace")
"""The edges behind which a session is lost, to one side or to the other; they are tried most."""


def around(moments: Sequence[int], least: int, most: int) -> tuple[int, ...]:
    """Return times within a retransmission of these moments, the moments themselves first."""
    times = (moment + offset for offset in OFFSETS for moment in moments)
    return tuple(dict.fromkeys(time for time in times if least <= time <= most))


@cache
def lengths(least: int, most: int, known: tuple[Edge, ...] = EDGES) -> SearchStrategy[int]:
    """Lengths of outages between bounds in microseconds, half of them around an edge.

    >>> from hypothesis import find
    >>> find(lengths(0, 60_000_000), lambda length: 5_800_000 < length < 6_000_000)
    5900000
    """
    anywhere = between(least, most)
    some = around([edge.length for edge in known], least, most)
    fatal = around([edge.length for edge in known if edge.name in FATAL], least, most)
    if not some:
        return anywhere
    return now_and_then(anywhere, st.sampled_from(some + 2 * fatal), 2)
