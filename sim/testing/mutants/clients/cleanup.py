"""Memberships that clean up wrongly, too early, too often or not at all when something ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.client.calls import Call
from sim.client.document import SUBSCRIBER, Document
from sim.client.events import Event
from sim.client.membership import Membership
from sim.client.peers import Stream
from sim.client.subscription import Subscription
from sim.protocol import reasons
from sim.protocol.records import calls

Destroy = Callable[[str], None]


class SpoilsSubscribers(Membership):
    """Spoils each Subscriber as soon as it is made."""

    def follow(self, stream: Stream, label: str, call: Call) -> Subscription:
        """Subscribe, and spoil it."""
        subscriber = super().follow(stream, label, call)
        self.spoil(subscriber, subscriber.destroy)
        return subscriber

    def spoil(self, subscriber: Subscription, destroy: Destroy) -> None:
        """Let the Subscriber, which ``destroy`` destroys, do something otherwise."""
        raise NotImplementedError


def put(thing: Any, **deeds: Callable[..., Any]) -> None:
    """Let one object do something in its own way."""
    for name, deed in deeds.items():
        setattr(thing, name, deed)


class LeaksSubscribers(SpoilsSubscribers):
    """A Subscriber outlives its stream and its session."""

    def spoil(self, subscriber: Subscription, destroy: Destroy) -> None:
        """Never destroy it."""
        put(subscriber, destroy=lambda reason: None)


class LeaksSubscribersOfTheSession(Membership):
    """The default action of ``sessionDisconnected`` does nothing."""

    def dispatch(
        self, name: str, after: Any = None, besides: int | None = None, **fields: Any
    ) -> Event:
        """Dispatch it, and never destroy those who are left at the end."""
        if name == "sessionDisconnected":
            for subscriber in self.subscribers:
                put(subscriber, destroy=lambda reason: None)
        return super().dispatch(name, after, besides, **fields)


class StickyDocument(Document):
    """A page that keeps the elements of Subscribers."""

    def remove(self, label: str) -> None:
        """Take an element out, unless it is a Subscriber's."""
        if self.elements.get(label) != SUBSCRIBER:
            super().remove(label)


class LeaksElements(Membership):
    """A Subscriber is destroyed, but its element stays in the page."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.page.document = StickyDocument(self.page.document.changed)


class DestroysQuietly(SpoilsSubscribers):
    """A Subscriber is destroyed without a ``destroyed``."""

    def spoil(self, subscriber: Subscription, destroy: Destroy) -> None:
        """Let it say nothing."""
        put(subscriber, dispatch=lambda name, *_, **fields: Event(name, False))


class DestroysTwice(SpoilsSubscribers):
    """A Subscriber that is destroyed says so twice."""

    def spoil(self, subscriber: Subscription, destroy: Destroy) -> None:
        """Let it say so again."""

        def destroy_and_repeat(reason: str) -> None:
            destroy(reason)
            subscriber.dispatch("destroyed", reason=reason)

        put(subscriber, destroy=destroy_and_repeat)


class MisexplainsDestruction(SpoilsSubscribers):
    """A Subscriber is destroyed with another reason than that of the end behind it."""

    def spoil(self, subscriber: Subscription, destroy: Destroy) -> None:
        """Let it say that there is no such stream."""
        put(subscriber, destroy=lambda reason: destroy(reasons.STREAM_NOT_FOUND))


class DestroysBeforeTheEndIsTold(Membership):
    """Subscribers are destroyed before ``sessionDisconnected``, whose default that is."""

    def dispatch(
        self, name: str, after: Any = None, besides: int | None = None, **fields: Any
    ) -> Event:
        """Destroy those who are left, and then dispatch the end."""
        if name == "sessionDisconnected":
            for subscriber in list(self.subscribers):
                subscriber.destroy(fields["reason"])
        return super().dispatch(name, after, besides, **fields)


class CleansUpDespitePreventDefault(Membership):
    """At the end of a session Subscribers are destroyed that the app wanted to keep."""

    def dispatch(
        self, name: str, after: Any = None, besides: int | None = None, **fields: Any
    ) -> Event:
        """Dispatch it, and destroy who is left after the end."""
        kept = list(self.subscribers)
        event = super().dispatch(name, after, besides, **fields)
        if name == "sessionDisconnected":
            for subscriber in kept:
                subscriber.destroy(event.reason)
        return event


class EndsStreamsDespitePreventDefault(Membership):
    """At the end of a stream its Subscribers are destroyed, though the app wanted to keep them."""

    def dispatch(
        self, name: str, after: Any = None, besides: int | None = None, **fields: Any
    ) -> Event:
        """Dispatch it, and destroy who is left after the end of a stream."""
        event = super().dispatch(name, after, besides, **fields)
        if name == "streamDestroyed":
            for subscriber in self.subscribers_of(fields["stream"]):
                subscriber.destroy(event.reason)
        return event


class SubscribesTwice(Membership):
    """One call of ``subscribe`` makes two Subscribers."""

    def follow(self, stream: Stream, label: str, call: Call) -> Subscription:
        """Subscribe, and once more."""
        super().follow(stream, label, call)
        again = self.page.next_label(label, "#")
        data = {"subscriber": again, "stream": stream.id, "by": "app"}
        return super().follow(stream, again, self.call(calls.SUBSCRIBE, data))
