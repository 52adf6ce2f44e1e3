"""People: who they are, when they come and go, what their app and their policies do."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.draws.distributions import Constant, Exponential
from sim.protocol.roles import ROLES
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
from sim.testing.strategies.bounds import Durations, Words, durations_between, one_of_words
from sim.testing.strategies.edges import lengths
from sim.testing.strategies.networks import COMMON, Networks, any_network
from sim.testing.strategies.quantities import between, distributions, shares_of
from sim.testing.strategies.reactions import reactions

ORDINARY: Final = ("publisher", "subscriber", "publisheronly")
"""Roles that moderate nobody."""

_AWAY: Final = lengths(0, 60 * SECOND)
"""How long somebody has been reconnecting."""


def roles(
    allowed: Words = ("publisher", "moderator", "subscriber", "publisheronly"),
) -> SearchStrategy[str]:
    """Roles, of which the first that is allowed is the simplest."""
    return one_of_words("roles", allowed, ROLES, "a role")


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
    """Ways to come back, never without a pause of a second."""
    after = st.builds(Constant, between(SECOND, 20 * SECOND)) | distributions(SECOND, 20 * SECOND)
    first, longest = between(SECOND, 3 * SECOND), between(3 * SECOND, 30 * SECOND)
    backoffs = st.builds(Backoff, first=first, max=longest)
    return st.builds(Rejoin, after=after) | st.builds(Rejoin, backoff=backoffs)


def people(
    names: Iterable[str] = (),
    *,
    networks: Networks = COMMON,
    roles: Words = ("publisher", "moderator", "subscriber", "publisheronly"),
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
    return _people(
        tuple(names),
        any_network("networks", networks),
        one_of_words("roles", roles, ROLES, "a role"),
        durations_between("arrive", arrive),
        moderation,
        calls if apps else "none",
        apps,
    )


@cache
def _people(
    names: tuple[str, ...],
    network: SearchStrategy[Any],
    role: SearchStrategy[str],
    arrive: tuple[int, int],
    moderation: bool,
    calls: str,
    apps: bool,
) -> SearchStrategy[Person]:
    least, most = arrive
    late = distributions(least, most) if most > least else st.builds(Constant, st.just(least))
    usual: dict[str, SearchStrategy[Any]] = {
        "network": network,
        "publish": st.sampled_from((None, "camera", "camera", "screen")),
        "subscribe": st.sampled_from(("everyone", "everyone", "everyone", "nobody")),
        "arrive": st.builds(Constant, st.just(least)) | late,
        "connect": st.sampled_from((True, True, True, True, True, False)),
        "stay": st.none() | st.none() | distributions(SECOND, 90 * SECOND),
        "leave": st.sampled_from(("disconnect", "close-browser")),
        "rejoin": st.none() | rejoins(),
        "connection_events_suppressed": st.sampled_from((False, False, False, True)),
    }
    if apps:
        usual["on"] = reactions(names, calls=calls, moderation=moderation)
    policy = {"policy": st.just(Policies()) | policies()} if moderation else {}
    return _of_some_role(
        role,
        {
            each: st.builds(
                Person, role=st.just(each), **usual, **(policy if each == "moderator" else {})
            )
            for each in ROLES
        },
    )


@st.composite
def _of_some_role(
    draw: st.DrawFn, role: SearchStrategy[str], people: dict[str, SearchStrategy[Person]]
) -> Person:
    """The role first, because only a moderator has policies."""
    return draw(people[draw(role)])
