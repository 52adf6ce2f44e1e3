"""Memberships that dispatch too often, too seldom, in the wrong order or at the wrong time."""

from broken_client import HearingMembership

from sim.client.membership import Membership


class DispatchesTwice(Membership):
    twice = ""

    def dispatch(self, name, after=None, **fields):
        event = super().dispatch(name, after, **fields)
        return super().dispatch(name, after, **fields) if name == self.twice else event


class TellsTheEndTwice(DispatchesTwice):
    twice = "sessionDisconnected"


class TellsOfALeaverTwice(DispatchesTwice):
    twice = "connectionDestroyed"


class AnnouncesReconnectingTwice(DispatchesTwice):
    twice = "sessionReconnecting"


class AnnouncesStreamsTwice(DispatchesTwice):
    twice = "streamCreated"


class NothingHappened:
    record = None


class Skips(Membership):
    skipped = ""

    def dispatch(self, name, after=None, **fields):
        if name == self.skipped:
            return NothingHappened()
        return super().dispatch(name, after, **fields)


class NeverAnnouncesReconnecting(Skips):
    skipped = "sessionReconnecting"


class NeverTellsTheEnd(Skips):
    skipped = "sessionDisconnected"


class NeverTellsOfLeavers(Skips):
    skipped = "connectionDestroyed"


class TellsTheConnectionFirst(HearingMembership):
    """The end of a connection is told before that of its stream, which came first."""

    held = None

    def message(self, message, handle):
        if (message.method, message.resource) == ("deleted", "stream"):
            self.held = message
            return
        handle(message)
        held, self.held = self.held, None
        if held is not None:
            handle(held)


class GoesOnAfterTheEnd(Membership):
    """Once the session has ended, the others are said to have left, too."""

    def dispatch(self, name, after=None, **fields):
        if name == "connectionCreated":
            self.last = fields["connection"]
        event = super().dispatch(name, after, **fields)
        if name == "sessionDisconnected":
            self.dispatch("connectionDestroyed", connection=self.last, reason=event.reason)
        return event


class TellsOfEarlierGenerations(Membership):
    """When somebody comes back, the stream of the earlier connection ends once more."""

    ended = None

    def dispatch(self, name, after=None, **fields):
        if name == "streamDestroyed":
            self.ended = fields
        elif name == "connectionCreated" and self.ended is not None:
            super().dispatch("streamDestroyed", **self.ended)
        return super().dispatch(name, after, **fields)


class ReconnectsOutOfTheBlue(Membership):
    """Every new stream is followed by a ``sessionReconnected``."""

    def dispatch(self, name, after=None, **fields):
        event = super().dispatch(name, after, **fields)
        if name == "streamCreated":
            super().dispatch("sessionReconnected")
        return event
