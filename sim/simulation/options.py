"""What no scenario says of a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import Attribute, field, frozen

from sim.client import Client
from sim.platform import Platform
from sim.protocol.journal import LEVELS
from sim.world.bounds import MOST_EVENTS


def check_whole(name: str, value: Any, least: int = 0) -> None:
    """Raise ``ValueError`` unless the value is a whole number from ``least`` on."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} must be a whole number from {least} on, not {value!r}")


def _whole_from(least: int) -> Callable[[Any, Attribute[Any], Any], None]:
    return lambda _, attribute, value: check_whole(attribute.name, value, least)


def _level(_: Any, __: Attribute[Any], value: Any) -> None:
    if value not in LEVELS:
        raise ValueError(f"there is no trace level {value!r}; the levels are {', '.join(LEVELS)}")


@frozen(kw_only=True)
class Options:
    """How a story is run. Raises ``ValueError`` with one sentence."""

    replication: int = field(default=0, validator=_whole_from(0))
    permute_ties: bool = False
    max_events: int = field(default=MOST_EVENTS, validator=_whole_from(1))
    keep: bool = True
    """Whether records are held in memory."""
    level: str = field(default="story", validator=_level)
    client_class: type[Client] = Client
    platform_class: type[Platform] = Platform
