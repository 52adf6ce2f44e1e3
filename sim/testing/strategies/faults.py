"""What goes wrong, as steps of a script: links, sockets, the platform, the machine."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.network.specs import MODES
from sim.protocol.timers import Timers
from sim.protocol.units import MILLISECOND
from sim.scenario import Step
from sim.testing.strategies.beats import Beat
from sim.testing.strategies.edges import EDGES, Edge, lengths
from sim.testing.strategies.networks import COMMON
from sim.testing.strategies.series import one_of_these

CLOSE_CODES: Final = (1006, 1001, 1000, 1003, 1011, 4001)
"""Codes that end a socket so that the client reconnects, or does not."""

BACK: Final = Timers().ping
ROUND_TRIPS: Final = (16, 40, 400)
"""Four round trips of a fibre, of a wifi and of a mobile network (the presets), in milliseconds."""

_WAYS: Final = st.sampled_from(("both", "both", "up", "down"))
_MODES: Final = st.sampled_from(MODES)
_FAILS: Final = {"network": st.just("down"), "direction": _WAYS, "mode": _MODES}

KINDS: Final[dict[str, dict[str, SearchStrategy[Any]]]] = {
    "reset": {"network": st.just("reset")},
    "outage": _FAILS | {"lasting": lengths(0, 2 * EDGES[-1].length)},
    "outage without end": _FAILS,
    "change": {"network": st.just("change"), "to": st.sampled_from((None, *COMMON))},
    "close-socket": {"platform": st.just("close-socket"), "code": st.sampled_from(CLOSE_CODES)},
    "rotate": {"platform": st.just("rotate"), "migrate": st.sampled_from((None, True))},
    "expire-grace": {"platform": st.just("expire-grace")},
    "crash": {"do": st.just("crash")},
}
"""The keys of a step by the kind of fault. The length of an outage goes by the edges."""

_OFTEN: Final = ("outage", "outage", "outage", "outage")


_KINDS: Final = st.sampled_from((*KINDS, *_OFTEN))
MORE_FAULTS: Final = 6
"""How often another fault follows for each time that there is no more."""


@st.composite
def fault(draw: st.DrawFn, people: tuple[str, ...], beat: Beat) -> Step:
    """A fault, an outage most often, which happens to one of these people."""
    return draw(_fault(draw(_KINDS), people, beat))


@cache
def _fault(kind: str, people: tuple[str, ...], beat: Beat) -> SearchStrategy[Step]:
    """A fault of that kind, mostly around the beat."""
    keys = KINDS[kind]
    if "lasting" in keys:
        keys = keys | {"lasting": _lengths(beat.duration, beat.edges)}
    return st.builds(Step, at=beat.close, client=one_of_these(people), **keys)


def _lengths(duration: int, edges: tuple[Edge, ...]) -> SearchStrategy[int]:
    return lengths(0, duration, edges)


@cache
def repair(client: str, beat: Beat) -> SearchStrategy[Step]:
    """The end of an outage that has none of its own."""
    return st.builds(
        Step, at=beat.after, client=st.just(client), network=st.sampled_from(("up", "heal"))
    )


def turning_points(step: Step) -> tuple[int, ...]:
    """When somebody to whom that happens is likely to notice it, and to be back.

    Who has lost a socket and can open another is back when its first ping is answered: two seconds
    and a few round trips later (:attr:`~sim.protocol.timers.Timers.ping`).
    """
    if step.network == "reset" or step.platform == "close-socket":
        back = step.at + BACK
        return (step.at, back, *(back + trips * MILLISECOND for trips in ROUND_TRIPS))
    return (step.at,) if step.lasting is None else (step.at, step.at + step.lasting)


def down_for_good(steps: list[Step]) -> tuple[str, ...]:
    """Whose link has failed without an end, in the order of the steps."""
    without_end = (s.client for s in steps if s.network == "down" and s.lasting is None)
    return tuple(dict.fromkeys(without_end))
