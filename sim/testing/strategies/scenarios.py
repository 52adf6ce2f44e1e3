"""Whole stories: people, their networks, what goes wrong and what they do."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from attrs import frozen
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sim.platform import PlatformSettings
from sim.protocol.quirks import PROFILES, Profile
from sim.protocol.quirks import profile as named_profile
from sim.protocol.timers import Timers
from sim.protocol.units import MOST, SECOND
from sim.scenario import Person, Scenario
from sim.testing.readiness import ready
from sim.testing.strategies.bounds import (
    Counts,
    Durations,
    Words,
    counts_between,
    durations_between,
    flag,
    how_many,
    of_kind,
    one_of_kind,
)
from sim.testing.strategies.edges import edges
from sim.testing.strategies.networks import COMMON, Networks, any_network, links, mixed
from sim.testing.strategies.people import ORDINARY, ROLES, any_role, person
from sim.testing.strategies.scripts import MOST_FAULTS, MOST_STEPS, USUAL_FAULTS, Plan, steps_of
from sim.wording import not_one_of

NAMES: Final = ("alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi")
"""Who is in a story; the ninth is ``person9``, and so on."""
MOST_PEOPLE: Final = 100

_LENGTHS: Final = tuple(n * SECOND for n in (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300))


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
    """Stories that a person could have written, in which much goes wrong at the same time.

    ``people`` and ``steps`` are numbers or the least and the most of them; ``duration`` likewise,
    as text or microseconds. ``networks`` and ``roles`` are what people may have: names, or a
    strategy. ``faults`` is how many things go wrong by script: True is up to three, and with False
    nothing does, by script or by chance. Without ``moderation`` nobody removes or mutes others;
    without ``apps`` no listener does anything. ``platform`` is one, or a strategy such as
    :func:`platforms`. ``seed`` is that of all chance in every story: it is not drawn and does not
    shrink, and a smaller story keeps the chance of those who are left, as draws are addressed.

    Stories shrink to fewer people, then fewer faults and steps, then rounder and shorter times.
    Running one never raises, and by the documented profile no law breaks.

    Raises ``ValueError`` with one sentence if a bound is wrong.

    >>> from hypothesis import find
    >>> find(scenarios(), lambda story: True)
    Scenario(name='drawn', seed=0, duration='10s', clients={'alice': Person()})
    >>> scenarios(people=(3, 2))
    Traceback (most recent call last):
    ValueError: people: the least, 3, is more than the most, 2
    """
    ready()
    wrong = how_many("faults", faults, USUAL_FAULTS, MOST_FAULTS)
    moderates = flag("moderation", moderation)
    everywhere = mixed(st.sampled_from(COMMON), links(fails=wrong[1] > 0))
    return stories(
        Story(
            people=counts_between("people", people, 1, MOST_PEOPLE),
            duration=durations_between("duration", duration, least=1),
            network=everywhere if networks is None else any_network("networks", networks),
            role=any_role(roles if roles is not None else ROLES if moderates else ORDINARY),
            faults=wrong,
            steps=counts_between("steps", steps, 0, MOST_STEPS),
            moderation=moderates,
            apps=flag("apps", apps),
            profile=_profile(profile),
            platform=one_of_kind("platform", platform, PlatformSettings),
            timers=of_kind("timers", timers, Timers),
            seed=counts_between("seed", seed, 0, MOST)[0],
        )
    )


def _profile(given: str | Profile) -> Profile:
    if isinstance(given, Profile):
        return given
    if given not in PROFILES:
        raise ValueError(f"profile: {not_one_of(given, PROFILES, 'a profile')}")
    return named_profile(given)


@frozen(repr=False, eq=False)
class Story:
    """What :func:`scenarios` was asked for, checked."""

    people: tuple[int, int]
    duration: tuple[int, int]
    network: SearchStrategy[Any]
    role: SearchStrategy[str]
    faults: tuple[int, int]
    steps: tuple[int, int]
    moderation: bool
    apps: bool
    profile: Profile
    platform: SearchStrategy[PlatformSettings]
    timers: Timers
    seed: int

    def __repr__(self) -> str:
        """The numbers only: a strategy's own words would fill a page."""
        return f"people={self.people}, faults={self.faults}, steps={self.steps}"

    def person(self, who: tuple[str, ...], calls: str) -> SearchStrategy[Person]:
        """One of these people, whose listeners make such calls."""
        arrive = (0, 10 * SECOND)
        return person(
            who, self.network, self.role, arrive, self.moderation, calls if self.apps else None
        )


@cache
def _lengths(least: int, most: int) -> SearchStrategy[int]:
    """A few round durations between bounds, and the bounds; the longest most often."""
    between = (length for length in _LENGTHS if least < length < most)
    return st.sampled_from((*dict.fromkeys((least, *between, most)), most, most))


_CALLS: Final = st.sampled_from(("ending", "beginning"))


@st.composite
def stories(draw: st.DrawFn, story: Story) -> Scenario:
    """People first, because what comes first is what a shrunk story has least of."""
    calls = draw(_CALLS)
    who = names(draw(st.integers(*story.people)))
    clients = {name: draw(story.person(who, calls)) for name in who}
    duration = draw(_lengths(*story.duration))
    platform = draw(story.platform)
    plan = Plan(
        tuple(clients),
        tuple(name for name, each in clients.items() if each.role == "moderator"),
        duration,
        story.faults,
        story.steps,
        story.moderation,
        edges(story.timers, platform),
    )
    settings = {"profile": story.profile, "platform": platform, "timers": story.timers}
    given = {name: value for name, value in settings.items() if value != type(value)()}
    return draw(
        st.builds(
            Scenario,
            name=st.just("drawn"),
            seed=st.just(story.seed),
            duration=st.just(duration),
            clients=st.just(clients),
            script=steps_of(plan),
            **{name: st.just(value) for name, value in given.items()},
        )
    )
