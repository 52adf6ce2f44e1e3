"""What goes wrong, as steps of a script: links, sockets, the platform, the machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

from attrs import define, field
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.network.specs import MODES
from sim.protocol.units import SECOND
from sim.scenario import Step
from sim.testing.strategies.edges import Edge, lengths, near
from sim.testing.strategies.networks import COMMON
from sim.testing.strategies.quantities import _durations

CLOSE_CODES: Final = (1006, 1001, 1000, 1003, 1011, 4001)
"""Codes that end a socket so that the client reconnects, or does not."""


@define
class Troubles:
    """What has gone wrong in a script so far, and when something is to be expected of it."""

    people: tuple[str, ...]
    duration: int
    edges: tuple[Edge, ...]
    steps: list[Step] = field(factory=list)
    moments: dict[str, list[int]] = field(factory=dict)
    """By person: when a fault begins or ends, and when its edges are reached."""

    def add(self, step: Step) -> None:
        """A fault is in the script."""
        self.steps.append(step)
        expected = {step.at}
        if step.network == "down":
            expected |= {step.at + edge.length for edge in self.edges}
            expected.add(step.at + (step.lasting or 0))
        self.moments.setdefault(step.client, []).extend(
            moment for moment in sorted(expected) if moment <= self.duration
        )

    @property
    def all_moments(self) -> list[int]:
        """Of everybody."""
        return [moment for moments in self.moments.values() for moment in moments]

    @property
    def down_for_good(self) -> list[str]:
        """Whose link has failed without an end."""
        return sorted({s.client for s in self.steps if s.network == "down" and s.lasting is None})

    def times(self, moments: Sequence[int] = ()) -> SearchStrategy[int]:
        """When a step may be: any time, or near something that is to be expected."""
        anywhere = _durations(0, self.duration)
        some = moments or self.all_moments
        return anywhere | near(some, 0, self.duration) if some else anywhere


Keys = dict[str, SearchStrategy[Any]]
_WAYS: Final = st.sampled_from(("both", "both", "up", "down"))


@cache
def _outage(duration: int, edges: tuple[Edge, ...]) -> Keys:
    return {
        "network": st.just("down"),
        "lasting": lengths(0, max(duration, SECOND), edges),
        "direction": _WAYS,
        "mode": st.sampled_from(MODES),
    }


def _down(troubles: Troubles) -> Keys:
    return _outage(troubles.duration, troubles.edges)


_KINDS: Final[dict[str, Callable[[Troubles], Keys]]] = {
    "outage": _down,
    "another outage": _down,
    "outage without end": lambda _: {
        "network": st.just("down"),
        "direction": _WAYS,
        "mode": st.sampled_from(MODES),
    },
    "reset": lambda _: {"network": st.just("reset")},
    "change": lambda _: {
        "network": st.just("change"),
        "to": st.sampled_from((None, *COMMON)),
    },
    "close-socket": lambda _: {
        "platform": st.just("close-socket"),
        "code": st.sampled_from(CLOSE_CODES),
    },
    "rotate": lambda _: {"platform": st.just("rotate"), "migrate": st.sampled_from((None, True))},
    "expire-grace": lambda _: {"platform": st.just("expire-grace")},
    "crash": lambda _: {"do": st.just("crash")},
}
_REPAIRS: Final = {"network": st.sampled_from(("up", "heal"))}
_KIND: Final = st.sampled_from((None, *_KINDS))


@st.composite
def fault(draw: st.DrawFn, troubles: Troubles) -> Step | None:
    """One more fault, or None for no more."""
    kind = draw(_KIND)
    if kind is None:
        return None
    keys = _KINDS[kind](troubles)
    return draw(
        st.builds(Step, at=troubles.times(), client=st.sampled_from(troubles.people), **keys)
    )


@st.composite
def repair(draw: st.DrawFn, troubles: Troubles) -> Step:
    """The end of an outage that has none of its own."""
    client = draw(st.sampled_from(troubles.down_for_good))
    begun = min(s.at for s in troubles.steps if s.client == client and s.network == "down")
    known = [
        begun + edge.length
        for edge in troubles.edges
        if begun + edge.length <= troubles.duration
    ]
    at = _durations(begun, troubles.duration)
    return draw(
        st.builds(
            Step,
            at=at | near(known, begun, troubles.duration) if known else at,
            client=st.just(client),
            **_REPAIRS,
        )
    )
