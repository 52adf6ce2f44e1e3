"""The Session as apps know it: the calls of the API.

Source: spec/opentok-js-2.35.2.md, sections 1.1, 2, 3.6 and 5. Method names are Python's, event and
reason strings the vendor's. Every call takes ``by``: who made it (``app``, ``script``, ``policy``).
"""

from __future__ import annotations

from typing import Any

from sim.client import ending, moderation, signals
from sim.client.calls import Completion, Promise
from sim.client.joining import Joining
from sim.client.membership import Membership
from sim.client.peers import Stream
from sim.client.publisher import Publisher
from sim.client.signals import ABSENT
from sim.client.subscriber import Subscriber
from sim.protocol import errors
from sim.protocol.errors import error
from sim.protocol.roles import Capability


class Session(Membership):
    """One Session of one page; it can be connected again after its end."""

    def connect(self, completion: Completion | None = None, by: str = "app") -> None:
        """Join the session. While connecting or connected the call is ignored (section 3.6)."""
        if self.state == "disconnecting":
            self.cut_short()
        if self.state in ("connecting", "connected", "migrating"):
            self.record("connect", {"connection": self.own, "by": by, "ignored": True})
            return
        self.begin()
        call = self.call("connect", {"connection": self.own, "by": by}, completion)
        self.once("sessionConnected", lambda _: call.finish())
        self.failing.append(call)
        loop = self.client.loop
        outer, loop.cause = loop.cause, call.record
        self.machine.to("connecting")
        self.joining = Joining(self)
        self.joining.start()
        loop.cause = outer

    def disconnect(self, by: str = "app") -> Promise:
        """Leave the session; the promise is resolved after ``sessionDisconnected``."""
        call = self.call("disconnect", {"by": by}, None, "promise")
        ending.disconnect(self, call)
        return call.promise

    def publish(
        self, publisher: Any, completion: Completion | None = None, by: str = "app"
    ) -> Publisher | None:
        """Publish into the session; None when the call fails at once."""
        label = publisher.label if isinstance(publisher, Publisher) else None
        call = self.call("publish", {"publisher": label, "by": by}, completion)
        condition = self._publish_problem(publisher)
        if condition is not None:
            call.finish(error("publish", condition))
            return None
        loop = self.client.loop
        outer, loop.cause = loop.cause, call.record
        self.publishers.append(publisher)
        if self.mute_on_entry:
            publisher.dispatch("muteForced")
        publisher.attach(self, call)
        loop.cause = outer
        attached: Publisher = publisher
        return attached

    def _publish_problem(self, publisher: object) -> str | None:
        if not self.is_connected():
            return errors.NOT_CONNECTED
        if not self.may(Capability.PUBLISH):
            return errors.DENIED
        if not isinstance(publisher, Publisher) or publisher.session or not publisher.is_alive:
            return errors.INVALID
        return None

    def unpublish(self, publisher: Any = None, by: str = "app") -> None:
        """Stop publishing; without a Publisher nothing happens.

        Raises ``TypeError``, as the real client throws, for what is no Publisher.
        """
        if not publisher:
            self.record("unpublish", {"publisher": None, "by": by})
        elif isinstance(publisher, Publisher):
            data = {"publisher": publisher.label, "by": by}
            self.record("unpublish", data, publisher.unpublish)
        else:
            raise TypeError("unpublish needs a Publisher")

    def subscribe(
        self, stream: Any, completion: Completion | None = None, by: str = "app"
    ) -> Subscriber | None:
        """Subscribe to somebody's stream; None when the call fails at once.

        Raises ``TypeError``, as the real client throws, for what has an id but is no Stream.
        """
        condition = errors.NOT_CONNECTED if not self.is_connected() else None
        if condition is None and not isinstance(stream, Stream):
            if getattr(stream, "id", None) is not None:
                raise TypeError("subscribe needs a Stream, not something else with an id")
            condition = errors.INVALID
        if condition is not None:
            data = {"subscriber": None, "stream": getattr(stream, "id", None), "by": by}
            self.call("subscribe", data, completion).finish(error("subscribe", condition))
            return None
        label = self.client.next_label("subscriber", stream.connection.client)
        data = {"subscriber": label, "stream": stream.id, "by": by}
        call = self.call("subscribe", data, completion)
        loop = self.client.loop
        outer, loop.cause = loop.cause, call.record
        subscriber = Subscriber(self, stream, label)
        self.subscribers.append(subscriber)
        subscriber.start(call)
        loop.cause = outer
        return subscriber

    def unsubscribe(self, subscriber: Any, by: str = "app") -> bool:
        """Leave a stream; False when the Subscriber has been destroyed already.

        Raises ``ValueError`` without a Subscriber, as the real client throws an ``Error``.
        """
        if subscriber in (None, False, 0, ""):
            raise ValueError("unsubscribe needs a Subscriber")
        alive = isinstance(subscriber, Subscriber) and subscriber.is_alive
        data = {"subscriber": getattr(subscriber, "label", None), "by": by}
        self.record("unsubscribe", data, subscriber.unsubscribe if alive else None)
        return alive

    def signal(
        self,
        type: Any = ABSENT,
        data: Any = ABSENT,
        to: Any = ABSENT,
        retry_after_reconnect: Any = ABSENT,
        completion: Completion | None = None,
        by: str = "app",
    ) -> Promise:
        """Send a signal to everybody, or to the Connection ``to`` (section 6)."""
        request = signals.Request(type, data, to, retry_after_reconnect)
        return signals.send(self, request, completion, by)

    def force_disconnect(
        self, connection: Any, completion: Completion | None = None, by: str = "app"
    ) -> Promise:
        """As a moderator, remove a Connection (or the connection of that id) from the session."""
        return moderation.on_target(self, "forceDisconnect", connection, completion, by)

    def force_unpublish(
        self, stream: Any, completion: Completion | None = None, by: str = "app"
    ) -> Promise:
        """As a moderator, end a Stream (or the stream of that id)."""
        return moderation.on_target(self, "forceUnpublish", stream, completion, by)

    def force_mute_stream(self, stream: Any, by: str = "app") -> Promise:
        """As a moderator, mute the Publisher of a Stream."""
        return moderation.on_target(self, "forceMuteStream", stream, None, by)

    def force_mute_all(self, exclusion: Any = (), by: str = "app") -> Promise:
        """As a moderator, mute everybody but the Publishers of the Streams in ``exclusion``."""
        return moderation.on_session(self, "forceMuteAll", exclusion, by)

    def disable_force_mute(self, by: str = "app") -> Promise:
        """As a moderator, let those who join publish with sound again."""
        return moderation.on_session(self, "disableForceMute", (), by)
