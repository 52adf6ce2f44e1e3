"""Whole stories: people, their networks, what goes wrong and what they do."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from attrs import define
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.platform import PlatformSettings
from sim.protocol.quirks import PROFILES, Profile
from sim.protocol.quirks import profile as named_profile
from sim.protocol.roles import ROLES
from sim.protocol.timers import Timers
from sim.protocol.units import SECOND
from sim.scenario import Person, Scenario
from sim.testing.strategies.bounds import (
    Counts,
    Durations,
    Words,
    counts_between,
    durations_between,
    flag,
    how_many,
    one_of_words,
)
from sim.testing.strategies.edges import edges
from sim.testing.strategies.networks import COMMON, Networks, any_network, links
from sim.testing.strategies.people import ORDINARY
from sim.testing.strategies.people import people as single_people
from sim.testing.strategies.scripts import MOST_STEPS, steps_of
from sim.wording import not_one_of

NAMES: Final = ("alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi")
"""Who is in a story; the ninth is ``person9``, and so on."""
MOST_PEOPLE: Final = 100


def names(count: int) -> tuple[str, ...]:
    """Return the names of so many people.

    >>> names(2)
    ('alice', 'bob')
    """
    return (*NAMES, *(f"person{n + 1}" for n in range(len(NAMES), count)))[:count]


def scenarios(
    *,
    people: Counts = (1, 4),
    duration: Durations = ("10s", "2min"),
    networks: Networks | None = None,
    roles: Words | None = None,
    faults: bool | Counts = True,
    steps: Counts = (0, 6),
    moderation: bool = True,
    apps: bool = True,
    profile: str | Profile = "documented",
    platform: PlatformSettings | SearchStrategy[PlatformSettings] = PlatformSettings(),
    timers: Timers = Timers(),
    seed: int = 0,
) -> SearchStrategy[Scenario]:
    """Stories that a person could have written, and in which much goes wrong.

    >>> from hypothesis import find
    >>> find(scenarios(), lambda story: True)
    Scenario(name='drawn', seed=0, duration='10s', clients={'alice': Person()})
    """
    faulty = how_many("faults", faults, (0, 3), MOST_STEPS)
    with_moderation = flag("moderation", moderation)
    with_apps = flag("apps", apps)
    if roles is None:
        roles = ("publisher", "moderator", "subscriber", "publisheronly")
        roles = roles if with_moderation else ORDINARY
    cast = _Cast(
        any_network("networks", networks)
        if networks is not None
        else st.sampled_from(COMMON) | links(fails=faulty != (0, 0)),
        one_of_words("roles", roles, ROLES, "a role"),
        with_moderation,
        with_apps,
    )
    return _scenarios(
        counts_between("people", people, 1, MOST_PEOPLE),
        durations_between("duration", duration, least=1),
        cast,
        faulty,
        counts_between("steps", steps, 0, MOST_STEPS),
        st.just(_profile(profile)),
        platform if isinstance(platform, SearchStrategy) else st.just(platform),
        timers,
        seed,
    )


def _profile(given: str | Profile) -> Profile:
    if isinstance(given, Profile):
        return given
    if given not in PROFILES:
        raise ValueError(f"profile: {not_one_of(given, PROFILES, 'a profile')}")
    return named_profile(given)


@define
class _Cast:
    """What people are drawn from."""

    network: SearchStrategy[Any]
    role: SearchStrategy[str]
    moderation: bool
    apps: bool

    def clients(self, count: int, calls: str) -> SearchStrategy[dict[str, Person]]:
        """People of the first names, whose listeners make such calls."""
        who = names(count)
        one = single_people(
            who,
            networks=self.network,
            roles=self.role,
            moderation=self.moderation,
            apps=self.apps,
            calls=calls,
        )
        return st.fixed_dictionaries(dict.fromkeys(who, one))


_CALLS: Final = st.sampled_from(("ending", "beginning"))


_LENGTHS: Final = tuple(n * SECOND for n in (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300))


@cache
def lengths_of_stories(least: int, most: int) -> SearchStrategy[int]:
    """A few round durations between bounds, and the bounds."""
    between = (length for length in _LENGTHS if least < length < most)
    return st.sampled_from(tuple(dict.fromkeys((least, *between, most))))


@st.composite
def _scenarios(
    draw: st.DrawFn,
    people: tuple[int, int],
    duration: tuple[int, int],
    cast: _Cast,
    faults: tuple[int, int],
    steps: tuple[int, int],
    profile: SearchStrategy[Profile],
    platform: SearchStrategy[PlatformSettings],
    timers: Timers,
    seed: int,
) -> Scenario:
    calls = draw(_CALLS) if cast.apps else "none"
    clients = draw(cast.clients(draw(st.integers(*people)), calls))
    length = draw(lengths_of_stories(*duration))
    settings = draw(platform)
    moderators = tuple(name for name, person in clients.items() if person.role == "moderator")
    return draw(
        st.builds(
            Scenario,
            name=st.just("drawn"),
            seed=st.just(seed),
            duration=st.just(length),
            profile=profile,
            platform=st.just(settings),
            timers=st.just(timers),
            clients=st.just(clients),
            script=steps_of(
                tuple(clients),
                length,
                faults,
                steps,
                moderators,
                cast.moderation,
                edges(timers, settings),
            ),
        )
    )
