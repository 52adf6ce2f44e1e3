"""What a planted fault is, and how a broken class becomes one."""

from __future__ import annotations

import re
from collections.abc import Callable

from attrs import evolve, frozen

from sim.client import Client
from sim.client.membership import Membership
from sim.platform import Platform
from sim.world.app import AppMaker
from sim.world.world import ClientMaker, PlatformMaker


@frozen(kw_only=True)
class Mutant:
    """One planted fault.

    ``sentence`` says what is wrong, ``law`` is the one that names it. What is not broken is None.
    """

    name: str
    sentence: str
    law: str
    client_class: ClientMaker | None = None
    platform_class: PlatformMaker | None = None
    app: AppMaker | None = None
    """What everybody's page runs who has no app of his own."""

    @property
    def breaks(self) -> str:
        """What is broken: ``client``, ``platform``, ``client and platform``, or ``app``."""
        parts = {
            "client": self.client_class,
            "platform": self.platform_class,
            "app": self.app,
        }
        return " and ".join(part for part, broken in parts.items() if broken is not None)


def planted(law: str, broken: Callable[..., object], *more: Callable[..., object]) -> Mutant:
    """The fault that a broken class is, which that law names.

    A Membership or a Client breaks the client, a Platform the platform; any other class is an app.
    Its name is the first class's, its sentence that of the first class's docstring. ``more`` are
    classes that it takes besides.
    """
    said = " ".join((broken.__doc__ or "").split("\n\n")[0].split())
    mutant = Mutant(name=named(broken.__name__), sentence=said, law=law)
    for each in (broken, *more):
        mutant = _with(mutant, each)
    return mutant


def _with(mutant: Mutant, broken: Callable[..., object]) -> Mutant:
    if isinstance(broken, type):
        if issubclass(broken, Membership):
            return evolve(mutant, client_class=client_with(broken))
        if issubclass(broken, Client):
            return evolve(mutant, client_class=broken)
        if issubclass(broken, Platform):
            return evolve(mutant, platform_class=broken)
    return evolve(mutant, app=broken)


def client_with(membership: type[Membership]) -> type[Client]:
    """A client class, called as its memberships are, whose Sessions are over those."""
    return type(membership.__name__, (Client,), {"membership_class": membership})


def named(class_name: str) -> str:
    """The name of a fault by that of its class.

    >>> named("TellsTheEndTwice")
    'tells-the-end-twice'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "-", class_name).lower()
