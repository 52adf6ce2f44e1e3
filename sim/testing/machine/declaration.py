"""What a class of machines says of itself, checked when the class is made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sim.client import Client
from sim.laws import choose
from sim.network.presets import NETWORKS
from sim.platform import Platform
from sim.protocol.quirks import Profile
from sim.protocol.quirks import profile as profile_named
from sim.scenario import Person, Scenario
from sim.simulation.arguments import check_app, names_of_laws, whole
from sim.simulation.options import Options
from sim.testing import goals
from sim.testing.machine.rules import names as rules_of
from sim.testing.strategies.bounds import one_word, people_named
from sim.wording import brief

NAMES: Final = ("alice", "bob", "carol", "dave", "erin", "frank", "gina", "heidi")
"""How people are called, in the order of their coming, after those who have an app."""

_LONGEST: Final = 60


def check(machine: Any) -> None:
    """Raise ``ValueError`` with one sentence for the first thing that cannot be."""
    if not isinstance(machine.apps, Mapping):
        raise ValueError(f"apps are a dict of names and apps, not {brief(machine.apps)}")
    people_named("apps", list(machine.apps))
    for app in machine.apps.values():
        check_app(app)
    Options(
        client_class=Client if machine.client_class is None else machine.client_class,
        platform_class=Platform if machine.platform_class is None else machine.platform_class,
    )
    most = whole("max_people", machine.max_people, 1)
    if most > len(NAMES):
        raise ValueError(f"max_people must be at most {len(NAMES)}, not {most}")
    if most < len(machine.apps):
        raise ValueError(f"max_people is {most}, and {len(machine.apps)} people have apps")
    if not isinstance(machine.apps_may_throw, bool):
        raise ValueError(f"apps_may_throw is True or False, not {brief(machine.apps_may_throw)}")
    whole("seed", machine.seed)
    _check_networks(machine.networks)
    _check_settings(machine)
    _check_required(machine)


def _check_networks(networks: Any) -> None:
    if isinstance(networks, str) or not isinstance(networks, Iterable) or not list(networks):
        raise ValueError(
            "networks are names of presets, or a dict of names and networks, not "
            + ("none at all" if networks is not None and not networks else brief(networks))
        )
    if not isinstance(networks, Mapping):
        for name in networks:
            one_word("networks", name, NETWORKS, "a preset of a network")


def _check_settings(machine: Any) -> None:
    """What a scenario file may say is what it may say there."""
    said = {
        "profile": machine.profile,
        "networks": machine.networks if isinstance(machine.networks, Mapping) else None,
        "platform": machine.platform,
        "timers": machine.timers,
    }
    given = {name: value for name, value in said.items() if value is not None}
    Scenario(name="settings", duration=1, clients={"nobody-yet": Person()}, **given)
    laws = names_of_laws(machine.laws)
    choose(None if laws == "all" else laws)


def _check_required(machine: Any) -> None:
    required = machine.require
    if isinstance(required, str) or not isinstance(required, Iterable):
        raise ValueError(f"require is a set of goals such as 'rule:kick', not {brief(required)}")
    profile = machine.profile
    chosen = profile if isinstance(profile, Profile) else profile_named(profile)
    goals.check(sorted(required, key=str), rules_of(machine), chosen)


def names(machine: Any) -> tuple[str, ...]:
    """The names of the people who may come, those with an app of their own first."""
    return tuple(dict.fromkeys((*machine.apps, *NAMES)))[: machine.max_people]


def story_name(name: str) -> str:
    """The name of a class as that of a story, in letters that a file may have."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:_LONGEST] or "machine"
