"""What no scenario says of a run."""

from __future__ import annotations

from attrs import field, frozen

from sim.client import Client
from sim.platform import Platform
from sim.simulation.arguments import (
    Keep,
    check_flag,
    check_keep,
    check_level,
    check_maker,
    whole_from,
)
from sim.world.bounds import MOST_EVENTS
from sim.world.world import ClientMaker, PlatformMaker


@frozen(kw_only=True)
class Options:
    """How a story is run. Raises ``ValueError`` with one sentence."""

    replication: int = field(default=0, validator=whole_from(0))
    permute_ties: bool = field(default=False, validator=check_flag)
    max_events: int = field(default=MOST_EVENTS, validator=whole_from(1))
    keep: Keep = field(default=True, validator=check_keep)
    """Whether records are held in memory and what apps were told with them, or that alone."""
    level: str = field(default="story", validator=check_level)
    client_class: ClientMaker = field(default=Client, validator=check_maker)
    platform_class: PlatformMaker = field(default=Platform, validator=check_maker)

    @property
    def has_own_models(self) -> bool:
        """Whether client or platform are not the product's."""
        return self.client_class is not Client or self.platform_class is not Platform

    @property
    def keeps_records(self) -> bool:
        """Whether records are held in memory."""
        return self.keep is True
