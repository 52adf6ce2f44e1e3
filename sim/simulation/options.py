"""What no scenario says of a run."""

from __future__ import annotations

from attrs import field, frozen

from sim.client import Client
from sim.platform import Platform
from sim.simulation.arguments import check_flag, check_level, check_maker, whole_from
from sim.world.bounds import MOST_EVENTS
from sim.world.world import ClientMaker, PlatformMaker


@frozen(kw_only=True)
class Options:
    """How a story is run. Raises ``ValueError`` with one sentence."""

    replication: int = field(default=0, validator=whole_from(0))
    permute_ties: bool = field(default=False, validator=check_flag)
    max_events: int = field(default=MOST_EVENTS, validator=whole_from(1))
    keep: bool = field(default=True, validator=check_flag)
    """Whether records are held in memory."""
    level: str = field(default="story", validator=check_level)
    client_class: ClientMaker = field(default=Client, validator=check_maker)
    platform_class: PlatformMaker = field(default=Platform, validator=check_maker)
