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
from sim.protocol.timers import Timers
from sim.protocol.units import MILLISECOND
from sim.scenario import Platform
from sim.testing.strategies.quantities import _durations

RETRANSMISSION: Final = Transport().rto
"""The first retransmission timeout of TCP (RFC 6298, 2.1)."""

CLOSE: Final = 50 * MILLISECOND
"""What counts as the same moment: a few round trips of a good network."""


@frozen
class Edge:
    """How long an outage lasts when something turns, in microseconds from its beginning."""

    name: str
    length: int
    about: str
    source: str


def edges(timers: Timers = Timers(), platform: Platform = Platform()) -> tuple[Edge, ...]:
    """Return the edges of these timers and this platform, the shortest first.

    >>> [(edge.name, edge.length) for edge in edges()][:2]
    [('silence', 5900000), ('detection', 10000000)]
    """
    media = timers.ice_consent + timers.ice_failed + timers.subscriber_failed
    found = (
        Edge("silence", timers.silence, "the client notices that the network is lost", "L18555"),
        Edge("detection", platform.detection, "the platform notices it", "our own choice"),
        Edge("media", media, "a Subscriber without media gives up", "L63177, L23179"),
        Edge(
            "window",
            timers.silence + timers.window,
            "a failed attempt to reconnect is final",
            "L18555, L18557",
        ),
        Edge(
            "last-attempt",
            timers.silence + timers.window + timers.connect_timeout,
            "the last attempt, begun in the window, is over",
            "L18557, L9058",
        ),
        Edge(
            "grace",
            platform.detection + platform.grace,
            "the platform gives the connection up",
            "recordings 06 (docs/conformance.md)",
        ),
    )
    return tuple(sorted(found, key=lambda edge: edge.length))


EDGES: Final = edges()
"""The edges of the client and of the platform as they are by default."""


def lengths(least: int, most: int, known: Sequence[Edge] = EDGES) -> SearchStrategy[int]:
    """Lengths of outages between bounds, every second of them near an edge."""
    around = [_around(edge.length, least, most) for edge in known if least <= edge.length <= most]
    anywhere = _durations(least, most)
    return _either(anywhere, st.one_of(around)) if around else anywhere


@st.composite
def _either(draw: st.DrawFn, one: SearchStrategy[int], other: SearchStrategy[int]) -> int:
    return draw(other if draw(st.booleans()) else one)


def near(moments: Sequence[int], least: int, most: int) -> SearchStrategy[int]:
    """Times within a retransmission of one of these moments, most of them much closer."""
    return _near(tuple(moments), least, most)


@st.composite
def _near(draw: st.DrawFn, moments: tuple[int, ...], least: int, most: int) -> int:
    return min(max(draw(st.sampled_from(moments)) + draw(_OFFSETS), least), most)


@cache
def _around(length: int, least: int, most: int) -> SearchStrategy[int]:
    return _near((length,), least, most)


@st.composite
def _times(draw: st.DrawFn, most: int, unit: int) -> int:
    return draw(st.integers(-most // unit, most // unit)) * unit


_OFFSETS: Final = st.one_of(
    st.just(0), _times(CLOSE, MILLISECOND), _times(RETRANSMISSION, 100 * MILLISECOND)
)
"""Exactly then, within milliseconds, or within a retransmission."""
