"""Memberships that dispatch too often, too seldom, in the wrong order or at the wrong time."""

from __future__ import annotations

from typing import Any, ClassVar

from sim.client.events import Event
from sim.client.membership import Membership
from sim.client.peers import Connection
from sim.protocol.frames import Message


class DispatchesTwice(Membership):
    """Dispatches one kind of event, called ``twice``, a second time."""

    twice: ClassVar[str]

    def dispatch(
        self, name: str, after: Any = None, besides: int | None = None, **fields: Any
    ) -> Event:
        """Dispatch it, and perhaps once more."""
        event = super().dispatch(name, after, besides, **fields)
        return super().dispatch(name, after, besides, **fields) if name == self.twice else event


class TellsTheEndTwice(DispatchesTwice):
    """The end of a session is told twice."""

    twice = "sessionDisconnected"


class TellsOfALeaverTwice(DispatchesTwice):
    """The end of somebody else's connection is told twice."""

    twice = "connectionDestroyed"


class AnnouncesReconnectingTwice(DispatchesTwice):
    """An outage is announced by two ``sessionReconnecting``."""

    twice = "sessionReconnecting"


class AnnouncesReconnectedTwice(DispatchesTwice):
    """The end of an outage is told by two ``sessionReconnected``."""

    twice = "sessionReconnected"


class AnnouncesStreamsTwice(DispatchesTwice):
    """Every new stream is announced twice."""

    twice = "streamCreated"


class Skips(Membership):
    """Does not dispatch one kind of event, called ``skipped``."""

    skipped: ClassVar[str]

    def dispatch(
        self, name: str, after: Any = None, besides: int | None = None, **fields: Any
    ) -> Event:
        """Dispatch it, unless it is skipped, its default action included."""
        if name == self.skipped:
            return Event(name, False)
        return super().dispatch(name, after, besides, **fields)


class NeverAnnouncesReconnecting(Skips):
    """An outage begins without ``sessionReconnecting``."""

    skipped = "sessionReconnecting"


class NeverAnnouncesReconnected(Skips):
    """An outage ends without ``sessionReconnected``."""

    skipped = "sessionReconnected"


class NeverTellsTheEnd(Skips):
    """The end of a session is not told."""

    skipped = "sessionDisconnected"


class NeverTellsOfLeavers(Skips):
    """The end of somebody else's connection is not told."""

    skipped = "connectionDestroyed"


class TellsTheConnectionFirst(Membership):
    """The end of a connection is told before that of its stream, which came first."""

    held: Message | None = None

    def message(self, message: Message) -> None:
        """Let the end of a stream wait for the next message."""
        if (message.method, message.resource) == ("deleted", "stream"):
            self.held = message
            return
        super().message(message)
        held, self.held = self.held, None
        if held is not None:
            super().message(held)


class GoesOnAfterTheEnd(Membership):
    """Once the session has ended, another is said to have left, too."""

    last: Connection | None = None

    def dispatch(
        self, name: str, after: Any = None, besides: int | None = None, **fields: Any
    ) -> Event:
        """Dispatch it, and after the end one more."""
        if name == "connectionCreated":
            self.last = fields["connection"]
        event = super().dispatch(name, after, besides, **fields)
        if name == "sessionDisconnected" and self.last is not None:
            self.dispatch("connectionDestroyed", connection=self.last, reason=event.reason)
        return event


class TellsOfEarlierGenerations(Membership):
    """When somebody comes back, the stream of the earlier connection ends once more."""

    ended: dict[str, Any] | None = None

    def dispatch(
        self, name: str, after: Any = None, besides: int | None = None, **fields: Any
    ) -> Event:
        """Dispatch it, after what has ended once already."""
        if name == "streamDestroyed":
            self.ended = fields
        elif name == "connectionCreated" and self.ended is not None:
            super().dispatch("streamDestroyed", **self.ended)
        return super().dispatch(name, after, besides, **fields)


class ReconnectsOutOfTheBlue(Membership):
    """Every new stream is followed by a ``sessionReconnected``."""

    def dispatch(
        self, name: str, after: Any = None, besides: int | None = None, **fields: Any
    ) -> Event:
        """Dispatch it, and say more than has happened."""
        event = super().dispatch(name, after, besides, **fields)
        if name == "streamCreated":
            super().dispatch("sessionReconnected")
        return event
