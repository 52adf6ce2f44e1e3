"""People: who they are, when they come and go, what their app and their policies do."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.draws.distributions import Constant, Exponential
from sim.protocol import roles as protocol
from sim.protocol.units import SECOND
from sim.scenario import (
    Backoff,
    Person,
    Policies,
    Rejoin,
    RemoveAtRandom,
    RemoveDuringReconnection,
    RemoveReconnecting,
)
from sim.testing.strategies.bounds import (
    Durations,
    Words,
    durations_between,
    flag,
    one_of_words,
    people_named,
)
from sim.testing.strategies.edges import around, lengths
from sim.testing.strategies.faults import BACK
from sim.testing.strategies.networks import COMMON, Networks, any_network
from sim.testing.strategies.quantities import between, distributions, now_and_then, shares_of
from sim.testing.strategies.reactions import kind_of_calls, reactions

ROLES: Final = ("publisher", "moderator", "subscriber", "publisheronly")
ORDINARY: Final = ("publisher", "subscriber", "publisheronly")
"""Roles that moderate nobody."""

_AWAY: Final = now_and_then(
    lengths(0, 60 * SECOND), st.sampled_from(around((BACK,), 0, 60 * SECOND)), 3
)
"""How long somebody has been reconnecting; often about as long as it takes at least."""


def roles(allowed: Words = ROLES) -> SearchStrategy[str]:
    """Roles, of which the first that is allowed is the simplest."""
    return any_role(allowed)


def any_role(given: Words) -> SearchStrategy[str]:
    """A strategy for roles that somebody gave, which are checked."""
    return one_of_words("roles", given, protocol.ROLES, "a role")


@cache
def policies() -> SearchStrategy[Policies]:
    """What a moderator does without a script: removes people, at random or while reconnecting.

    Somebody is removed at random once in five seconds at most, and while reconnecting at any time,
    often near the end of the window.
    """
    every = st.builds(Constant, between(5 * SECOND, 60 * SECOND)) | st.builds(
        Exponential, mean=between(5 * SECOND, 60 * SECOND), minimum=st.just(SECOND)
    )
    after = st.builds(Constant, _AWAY) | distributions(0, 5 * SECOND)
    return st.builds(
        Policies,
        remove_reconnecting=st.none() | st.builds(RemoveReconnecting, after=_AWAY),
        remove_at_random=st.none() | st.builds(RemoveAtRandom, every=every),
        remove_during_reconnection=st.none()
        | st.builds(RemoveDuringReconnection, probability=shares_of(0.5, 1.0), after=after),
    )


@cache
def rejoins() -> SearchStrategy[Rejoin]:
    """Ways to come back, never without a pause of a second, and so without jitter."""
    after = st.builds(Constant, between(SECOND, 20 * SECOND)) | distributions(SECOND, 20 * SECOND)
    first, longest = between(SECOND, 3 * SECOND), between(3 * SECOND, 30 * SECOND)
    backoffs = st.builds(Backoff, first=first, max=longest)
    return st.builds(Rejoin, after=after) | st.builds(Rejoin, backoff=backoffs)


def people(
    names: Iterable[str] = (),
    *,
    networks: Networks = COMMON,
    roles: Words = ROLES,
    arrive: Durations = (0, "10s"),
    moderation: bool = True,
    apps: bool = True,
    calls: str = "ending",
) -> SearchStrategy[Person]:
    """Single people.

    ``names`` are those whom their app may do something to. Without ``moderation`` nobody removes
    or mutes others; without ``apps`` no listener does anything. ``arrive`` bounds when the page is
    opened. See :func:`reactions` about ``calls``.
    """
    return person(
        people_named("names", names),
        any_network("networks", networks),
        any_role(roles),
        durations_between("arrive", arrive),
        flag("moderation", moderation),
        kind_of_calls(calls) if flag("apps", apps) else None,
    )


@cache
def person(
    names: tuple[str, ...],
    network: SearchStrategy[Any],
    role: SearchStrategy[str],
    arrive: tuple[int, int],
    moderation: bool,
    calls: str | None,
) -> SearchStrategy[Person]:
    """The same, of bounds that were checked; without calls the app has no listeners."""
    least, most = arrive
    at_once = st.builds(Constant, st.just(least))
    late = distributions(least, most) if most > least else at_once
    usual: dict[str, SearchStrategy[Any]] = {
        "network": network,
        "publish": st.sampled_from((None, "camera", "camera", "camera", "camera", "screen")),
        "subscribe": st.sampled_from((*["everyone"] * 5, "nobody")),
        "arrive": now_and_then(at_once, late, 3),
        "connect": st.sampled_from((*[True] * 9, False)),
        "stay": now_and_then(st.none(), distributions(SECOND, 90 * SECOND), 5),
        "leave": st.sampled_from(("disconnect", "close-browser")),
        "rejoin": now_and_then(st.none(), rejoins(), 3),
        "connection_events_suppressed": st.sampled_from((*[False] * 9, True)),
    }
    if calls is not None:
        usual["on"] = reactions(names, calls=calls, moderation=moderation)
    policy = {"policy": now_and_then(st.just(Policies()), policies(), 3)} if moderation else {}
    return _of_some_role(
        role,
        {
            each: st.builds(
                Person, role=st.just(each), **usual, **(policy if each == "moderator" else {})
            )
            for each in protocol.ROLES
        },
    )


@st.composite
def _of_some_role(
    draw: st.DrawFn, role: SearchStrategy[str], people: dict[str, SearchStrategy[Person]]
) -> Person:
    """The role first, because only a moderator has policies."""
    return draw(people[draw(role)])
