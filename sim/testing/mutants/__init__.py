"""Planted faults: deliberately broken clients, platforms and apps, to try tests on.

A :class:`Mutant` is one small named class with one sentence, and the law that names it.
"""

from __future__ import annotations

from attrs import frozen

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
