"""Under which settings the platform keeps which of its promises: one predicate each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from sim.platform.settings import PlatformSettings
from sim.protocol.promises import Promise


class Times(NamedTuple):
    """What a scenario's other settings have to do with it, in microseconds."""

    away: int
    """The longest time that a client may be away and still come back."""
    journey: int
    """What messages may take on their way."""
    patience: int
    """How long a client that sends a heartbeat waits for a word at least."""


Keeps = Callable[[PlatformSettings, Times], bool]
"""Given the settings and those times: whether the promise is kept."""

KEPT: Final[Mapping[Promise, Keeps]] = {
    Promise.REPLAY: lambda settings, _: settings.replay,
    Promise.MEMORY: lambda settings, times: settings.remember_gone >= times.away,
    Promise.ENDS: lambda settings, _: settings.leave_order != "connection-only",
    Promise.PRESENCE: lambda settings, times: settings.announce_after <= times.journey,
    Promise.PATIENCE: lambda _, times: times.patience >= times.journey,
}


def unkept(settings: PlatformSettings, times: Times) -> tuple[str, ...]:
    """The promises that cannot be kept with these settings, by name.

    >>> times = Times(away=60_000_000, journey=2_000_000, patience=3_900_000)
    >>> unkept(PlatformSettings(replay=False), times)
    ('replay',)
    """
    return tuple(str(promise) for promise, kept in KEPT.items() if not kept(settings, times))
