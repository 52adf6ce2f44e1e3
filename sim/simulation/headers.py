"""The header of a run's trace: what it is a run of, as far as judges must know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from attrs import evolve

from sim.client import Client
from sim.platform import Platform
from sim.platform.promises import Times, unkept
from sim.protocol.roles import ROLES
from sim.protocol.units import MINUTE
from sim.scenario import Person, Scenario
from sim.simulation.options import Options
from sim.simulation.story import Story
from sim.trace import Bounds, Header
from sim.trace import Person as TracedPerson
from sim.trace.token import OWN_APP, OWN_CLIENT, OWN_PLATFORM, PERMUTED
from sim.version import VERSION

_SESSION_INFO: Final = 2 * MINUTE
"""How long its session info may take on a network that loses packets. Our own choice."""


def header_of(
    story: Story, options: Options, people: Mapping[str, TracedPerson], apps: Iterable[str]
) -> Header:
    """The header of a run of that story, but for the scenario itself.

    ``people`` are everybody, and may grow; ``apps`` are those who have app code of their own.
    """
    settings, timers = story.settings, story.settings.timers
    bounds = Bounds(
        silence=_silence(settings),
        window=timers.window,
        connect=timers.connect_timeout,
        publish=timers.acquire_media + timers.prepare_publishing + timers.publish_timeout,
        subscribe=timers.prepare_subscription + timers.subscribe_timeout + timers.bind_media,
        detection=settings.platform.detection,
        grace=settings.platform.grace,
        media=settings.timers.ice_consent,
    )
    attempt = _SESSION_INFO + bounds.connect + bounds.outage
    bounds = evolve(bounds, joining=timers.connect_attempts * attempt)
    return Header(
        version=VERSION,
        name=settings.name,
        seed=settings.seed,
        replication=options.replication,
        profile=settings.profile.name,
        quirks=tuple(settings.profile.names),
        options=said(options, apps),
        level=options.level,
        duration=settings.duration,
        people=people,
        bounds=bounds,
        unkept=unkept(
            settings.platform,
            Times(bounds.outage, bounds.margin, patience=bounds.silence - timers.ping),
        ),
    )


def said(options: Options, apps: Iterable[str]) -> tuple[str, ...]:
    """What no scenario says of a run and yet changes it, as in a replay token."""
    ties = [PERMUTED] if options.permute_ties else []
    client = [OWN_CLIENT] if options.client_class is not Client else []
    platform = [OWN_PLATFORM] if options.platform_class is not Platform else []
    return (*ties, *(OWN_APP + name for name in sorted(apps)), *client, *platform)


def traced(people: Mapping[str, Person]) -> dict[str, TracedPerson]:
    """What judges must know about people, by their names."""
    return {name: _traced(person) for name, person in people.items()}


def _silence(settings: Scenario) -> int:
    """How long a client hears nothing before it takes its network for lost (L18555)."""
    timers = settings.timers
    return timers.silence if settings.platform.reconnection else timers.silence_without_reconnection


def _traced(person: Person) -> TracedPerson:
    reaction = person.on.get("sessionDisconnected")
    return TracedPerson(
        role=person.role,
        capabilities=tuple(str(capability) for capability in ROLES[person.role]),
        promises={"clean-up-after": None if reaction is None else reaction.clean_up_after},
        prevents=tuple(name for name, r in person.on.items() if r.prevent_default),
        suppressed=person.connection_events_suppressed,
    )
