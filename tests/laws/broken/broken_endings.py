"""Sessions that give the wrong reason or clean up wrongly when something ends."""

from sim.client.page import SUBSCRIBER, Page
from sim.client.session import Session
from sim.protocol import reasons


class Misexplains(Session):
    wrong = ""
    misexplained = ("sessionDisconnected",)

    def dispatch(self, name, after=None, **fields):
        if name in self.misexplained:
            fields["reason"] = self.wrong
        return super().dispatch(name, after, **fields)


class BlamesTheNetwork(Misexplains):
    wrong = reasons.NETWORK_DISCONNECTED


class BlamesAModerator(Misexplains):
    wrong = reasons.FORCE_DISCONNECTED


class TakesItForItsOwnWish(Misexplains):
    wrong = reasons.CLIENT_DISCONNECTED


class TakesLeaversForLost(Misexplains):
    wrong = reasons.NETWORK_DISCONNECTED
    misexplained = ("connectionDestroyed", "streamDestroyed")


class SpoilsSubscribers(Session):
    def subscribe(self, stream, completion=None, by="app"):
        subscriber = super().subscribe(stream, completion, by)
        self.spoil(subscriber, subscriber.destroy)
        return subscriber

    def spoil(self, subscriber, destroy):
        raise NotImplementedError


class LeaksSubscribers(SpoilsSubscribers):
    """A Subscriber outlives its session."""

    def spoil(self, subscriber, destroy):
        subscriber.destroy = lambda reason: None


class LeaksSubscribersOfTheSession(Session):
    """The default action of ``sessionDisconnected`` does nothing."""

    def dispatch(self, name, after=None, **fields):
        if name == "sessionDisconnected":
            for subscriber in self.subscribers:
                subscriber.destroy = lambda reason: None
        return super().dispatch(name, after, **fields)


class StickyPage(Page):
    def remove(self, label):
        if self.elements.get(label) != SUBSCRIBER:
            super().remove(label)


class LeaksElements(Session):
    """A Subscriber is destroyed, but its element stays in the page."""

    def __init__(self, client):
        super().__init__(client)
        client.page = StickyPage(client._page_changed)


class DestroysQuietly(SpoilsSubscribers):
    """A Subscriber is destroyed without saying so."""

    def spoil(self, subscriber, destroy):
        subscriber.dispatch = lambda name, after=None, **fields: None


class DestroysTwice(SpoilsSubscribers):
    """A destroyed Subscriber says so again."""

    def spoil(self, subscriber, destroy):
        def destroy_and_repeat(reason):
            destroy(reason)
            subscriber.dispatch("destroyed", reason=reason)

        subscriber.destroy = destroy_and_repeat


class MisexplainsDestruction(SpoilsSubscribers):
    """A Subscriber gives another reason than its session."""

    def spoil(self, subscriber, destroy):
        subscriber.destroy = lambda reason: destroy(reasons.STREAM_NOT_FOUND)


class CleansUpDespitePreventDefault(Session):
    """The SDK destroys Subscribers that the app wanted to keep."""

    def dispatch(self, name, after=None, **fields):
        kept = list(self.subscribers)
        event = super().dispatch(name, after, **fields)
        if name == "sessionDisconnected":
            for subscriber in kept:
                subscriber.destroy(event.reason)
        return event


class SubscribesTwice(Session):
    """One call of ``subscribe`` makes two Subscribers."""

    def subscribe(self, stream, completion=None, by="app"):
        super().subscribe(stream, completion, by)
        return super().subscribe(stream, completion, by)
