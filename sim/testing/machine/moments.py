"""How long things take: few values, and those at which something else comes of it.

Durations are text, so that a story reads well; they shrink towards round ones.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.protocol.units import MILLISECOND, SECOND, format_duration

EDGES: Final = {
    "silence": ("silence",),
    "window": ("silence", "window"),
    "grace": ("detection", "grace"),
    "outage": ("outage", "margin"),
}
"""What can be waited out, and the bounds of a run that make it: such as the silence after which a
client takes its network for lost, and the window in which it tries to come back."""

NEAR: Final = (0, -MILLISECOND, MILLISECOND, 50 * MILLISECOND, -500 * MILLISECOND, 2 * SECOND)
"""How near to an edge."""


SPANS: Final = (15, 10, 30, 20, 5, *(n for n in range(1, 15) if n % 5))
"""How many seconds pass. The simplest is a long time: where one has to wait, a story with one step
of 15 s is smaller than one with fifteen of a second, and Hypothesis cannot get from these to that,
because no step can be left out unless another one grows. It is also what Hypothesis tries most, so
it costs; who waits for longer outlasts a bound."""


@cache
def spans() -> SearchStrategy[str]:
    """A time that passes: from a millisecond to 30 s."""
    return st.one_of(
        st.sampled_from(SPANS).map(lambda n: n * SECOND),
        st.integers(1, 50).map(lambda n: n * 100 * MILLISECOND),
        st.integers(1, 60).map(lambda n: n * MILLISECOND),
    ).map(format_duration)


@cache
def outages() -> SearchStrategy[str | None]:
    """How long a link is down; None until it is brought up."""
    edges = st.sampled_from((9 * SECOND, 3 * SECOND, 20 * SECOND, 36 * SECOND))
    return st.none() | edges.map(format_duration) | spans()
