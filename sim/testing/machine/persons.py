"""What people are like."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.scenario import Person, Rejoin

ROLES: Final = ("publisher", "moderator", "subscriber")

PREVENTING: Final[dict[str, Any]] = {"prevent-default": True}
LISTENERS: Final[tuple[dict[str, Any], ...]] = (
    {},
    *[{"sessionDisconnected": PREVENTING}] * 2,
    *[{"streamDestroyed": PREVENTING, "sessionDisconnected": PREVENTING}] * 2,
    *[{"streamDestroyed": PREVENTING}] * 2,
    {"publisher.streamDestroyed": PREVENTING},
    {"sessionDisconnected": {"do": "connect"}},
    {"sessionReconnecting": {"do": "signal", "type": "away"}},
    {"sessionReconnected": {"do": "signal", "type": "back"}},
)
"""What apps do when they are told of an event: nothing, mostly; or they prevent a default action,
or call something inside a listener."""


@cache
def persons(networks: tuple[str, ...]) -> SearchStrategy[Person]:
    """Somebody on one of these networks."""
    return st.builds(
        Person,
        role=st.sampled_from(ROLES),
        network=st.sampled_from(networks),
        publish=st.sampled_from((None, "camera", "camera")),
        subscribe=st.sampled_from(("everyone", "everyone", "nobody")),
        rejoin=st.sampled_from((None, None, Rejoin(after="3s"))),
        on=st.sampled_from((*LISTENERS[:1] * 4, *LISTENERS)),
    )
