"""How long things take that are no part of the SDK's logic: cameras, peer connections, media.

A driver may hand in its own :class:`Durations`, as the re-enactment of recordings does.
"""

from __future__ import annotations

from typing import Final

from sim.protocol.timers import Timers

CONNECTING: Final = "connecting"
LOSING: Final = "losing"
RECOVERING: Final = "recovering"


class Durations:
    """Durations in microseconds, each by the label of the object that it is about."""

    def __init__(self, timers: Timers) -> None:
        self._timers = timers

    def camera(self, publisher: str, now: int) -> int:
        """How long a new Publisher takes until camera and microphone are bound."""
        return self._timers.acquire_media

    def asking(self, publisher: str, now: int) -> int:
        """How long a Publisher whose camera is bound takes until it asks for its stream."""
        return self._timers.prepare_publishing

    def preparation(self, subscriber: str, now: int) -> int:
        """How long a new Subscriber takes until its request goes out."""
        return self._timers.prepare_subscription

    def binding(self, subscriber: str, now: int) -> int:
        """How long ``subscribe`` goes on after its Subscriber has said ``connected``."""
        return self._timers.bind_media

    def redialling(self, pause: int, lives_on: bool, now: int) -> int:
        """How long a browser makes a page wait that dials again, if that is ``pause`` on average.

        A real one takes from a third of that to five thirds. ``lives_on`` says that it dials for an
        attempt to connect that has failed.
        """
        return pause

    def closing(self, is_open: bool, now: int) -> int:
        """How long a socket that the app closes takes until it is closed: an open one drains."""
        return self._timers.drain_poll if is_open else 0

    def media(self, subscriber: str, what: str, now: int) -> int | None:
        """How long media take: :data:`CONNECTING` for the first time, :data:`LOSING` a path that
        does not carry any more, :data:`RECOVERING` one that does again; None means for ever.
        """
        return self._timers.ice_consent if what == LOSING else self._timers.ice_checking
