"""Under which settings the platform keeps which of its promises: one predicate each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sim.platform.settings import PlatformSettings
from sim.protocol.promises import Promise

Keeps = Callable[[PlatformSettings, int, int], bool]
"""Given the settings, the longest time that a client may be away and the time that a message may
take on its way, both in microseconds: whether the promise is kept."""

KEPT: Final[Mapping[Promise, Keeps]] = {
    Promise.REPLAY: lambda settings, away, journey: settings.replay,
    Promise.MEMORY: lambda settings, away, journey: settings.remember_gone >= away,
    Promise.ENDS: lambda settings, away, journey: settings.leave_order != "connection-only",
    Promise.PRESENCE: lambda settings, away, journey: settings.announce_after <= journey,
}


def unkept(settings: PlatformSettings, away: int, journey: int) -> tuple[str, ...]:
    """The promises that a platform with these settings cannot keep, by name.

    ``away`` is the longest time that a client may be away and still come back, ``journey`` what
    messages may take on their way: the ``outage`` and the ``margin`` of a trace's bounds.

    >>> unkept(PlatformSettings(replay=False), away=60_000_000, journey=2_000_000)
    ('replay',)
    """
    return tuple(
        str(promise) for promise, kept in KEPT.items() if not kept(settings, away, journey)
    )
