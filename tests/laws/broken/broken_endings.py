"""Memberships that give the wrong reason or clean up wrongly when something ends."""

from sim.client.document import SUBSCRIBER, Document
from sim.client.membership import Membership
from sim.protocol import reasons
from sim.protocol.records import calls


class Misexplains(Membership):
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


class SpoilsSubscribers(Membership):
    def follow(self, stream, label, call):
        subscriber = super().follow(stream, label, call)
        self.spoil(subscriber, subscriber.destroy)
        return subscriber

    def spoil(self, subscriber, destroy):
        raise NotImplementedError


class LeaksSubscribers(SpoilsSubscribers):
    """A Subscriber outlives its session."""

    def spoil(self, subscriber, destroy):
        subscriber.destroy = lambda reason: None


class LeaksSubscribersOfTheSession(Membership):
    """The default action of ``sessionDisconnected`` does nothing."""

    def dispatch(self, name, after=None, **fields):
        if name == "sessionDisconnected":
            for subscriber in self.subscribers:
                subscriber.destroy = lambda reason: None
        return super().dispatch(name, after, **fields)


class StickyDocument(Document):
    def remove(self, label):
        if self.elements.get(label) != SUBSCRIBER:
            super().remove(label)


class LeaksElements(Membership):
    """A Subscriber is destroyed, but its element stays in the page."""

    def __init__(self, page, *options):
        super().__init__(page, *options)
        page.document = StickyDocument(page.document._changed)


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


class CleansUpDespitePreventDefault(Membership):
    """The SDK destroys Subscribers that the app wanted to keep."""

    def dispatch(self, name, after=None, **fields):
        kept = list(self.subscribers)
        event = super().dispatch(name, after, **fields)
        if name == "sessionDisconnected":
            for subscriber in kept:
                subscriber.destroy(event.reason)
        return event


class SubscribesTwice(Membership):
    """One call of ``subscribe`` makes two Subscribers."""

    def follow(self, stream, label, call):
        super().follow(stream, label, call)
        again = self.page.next_label(label, "#")
        data = {"subscriber": again, "stream": stream.id, "by": "app"}
        return super().follow(stream, again, self.call(calls.SUBSCRIBE, data))
