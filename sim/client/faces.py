"""The Publisher and the Subscriber as apps know them: what an app may call or read.

What is behind them, a :class:`~sim.client.publication.Publication` and a
:class:`~sim.client.subscription.Subscription`, is for the rest of the client and for drivers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.client import unpublishing
from sim.client.events import EventTarget, Listeners

if TYPE_CHECKING:
    from sim.client.peers import Stream
    from sim.client.publication import Publication
    from sim.client.subscription import Subscription


class Publisher(EventTarget):
    """One Publisher of one page."""

    kind = "Publisher"

    def __init__(self, publication: Publication, listeners: Listeners) -> None:
        super().__init__(listeners)
        self._publication = publication

    @property
    def state(self) -> str:
        """The state, as the real client names it."""
        return self._publication.state

    @property
    def is_alive(self) -> bool:
        """Whether it has not been destroyed."""
        return self._publication.is_alive

    @property
    def stream(self) -> Stream | None:
        """What it sends into the session, once the platform has announced that."""
        return self._publication.stream

    @property
    def has_audio(self) -> bool:
        """Whether it sends sound."""
        return self._publication.has_audio

    @property
    def has_video(self) -> bool:
        """Whether it sends a picture."""
        return self._publication.has_video

    def publish_audio(self, active: bool) -> None:
        """Send one's own sound, or stop sending it."""
        self._publication.publish_audio(active)

    def publish_video(self, active: bool) -> None:
        """Send one's own picture, or stop sending it."""
        self._publication.publish_video(active)

    def destroy(self) -> None:
        """Leave the page, end the stream with ``reset`` if there is one; cannot be prevented."""
        unpublishing.destroy(self._publication)


class Subscriber(EventTarget):
    """One Subscriber of one session."""

    kind = "Subscriber"

    def __init__(self, subscription: Subscription, listeners: Listeners) -> None:
        super().__init__(listeners)
        self._subscription = subscription

    @property
    def state(self) -> str:
        """The state, as the real client names it."""
        return self._subscription.state

    @property
    def is_alive(self) -> bool:
        """Whether it has not been destroyed."""
        return self._subscription.is_alive

    @property
    def stream(self) -> Stream:
        """What it shows."""
        return self._subscription.stream


def behind(publisher: Publisher) -> Publication:
    """What is behind a Publisher."""
    return publisher._publication


def behind_subscriber(subscriber: Subscriber) -> Subscription:
    """What is behind a Subscriber."""
    return subscriber._subscription
