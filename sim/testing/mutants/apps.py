"""Broken apps: what people do wrong around a sound client.

Each runs beside the app of the scenario, which subscribes to everybody who publishes.
"""

from __future__ import annotations

from sim.client.events import Event
from sim.protocol import reasons
from sim.world.app import App

SOON = 1_000
"""Milliseconds after which an app connects again."""


class Rejoins:
    """Connects again a second after the end of its session, unless the person has left."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.session = app.session
        self.session.on("sessionDisconnected", self.ended)

    def ended(self, event: Event) -> None:
        """Come back, if that is wanted."""
        if event.reason != reasons.CLIENT_DISCONNECTED:
            self.app.timeout(SOON, self.rejoin)

    def rejoin(self) -> None:
        """Connect again."""
        self.session.connect()


class ForgetsToCleanUp(Rejoins):
    """The app prevents the default of ``sessionDisconnected`` and never cleans up itself."""

    def ended(self, event: Event) -> None:
        """Keep the pictures, and come back."""
        event.prevent_default()
        super().ended(event)


class RejoinsWithALeakedListener(Rejoins):
    """The app registers its listener of new streams again whenever it comes back."""

    def rejoin(self) -> None:
        """Connect again, once more a listener than before."""
        self.session.on("streamCreated", lambda event: self.session.subscribe(event.stream))
        super().rejoin()


class SubscribesAgain:
    """The app subscribes to a stream that it has subscribed to already."""

    def __init__(self, app: App) -> None:
        session = app.session
        session.on("streamCreated", lambda event: session.subscribe(event.stream))


class SubscribesAgainWhenBack:
    """The app subscribes to every stream again when an outage is over."""

    def __init__(self, app: App) -> None:
        self.session = app.session
        self.session.on("sessionReconnected", self.back)

    def back(self, _: Event) -> None:
        """Take everything for lost."""
        for stream in list(self.session.streams.values()):
            if stream.connection != self.session.connection:
                self.session.subscribe(stream)
