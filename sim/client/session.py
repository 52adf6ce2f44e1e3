"""The Session as apps know it: the calls of the API.

Source: spec/opentok-js-2.35.2.md, sections 1.1, 2, 3.6 and 5. Method names are Python's, event and
reason strings the vendor's. Every call takes ``by``: who made it (``app``, ``script``, ``policy``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sim.client import ending, moderation, signals, unpublishing
from sim.client.calls import Completion, Promise
from sim.client.events import EventTarget
from sim.client.faces import Publisher, Subscriber, behind, behind_subscriber
from sim.client.membership import Membership
from sim.client.peers import Connection, Stream
from sim.client.refusals import refuse
from sim.client.signals import ABSENT
from sim.protocol import errors, quirks
from sim.protocol.records import calls
from sim.protocol.roles import Capability


class Session(EventTarget):
    """One Session of one page; it can be connected again after its end."""

    kind = "Session"

    def __init__(self, membership: Membership) -> None:
        super().__init__(membership.events)
        self._membership = membership

    # -- what an app may read ----------------------------------------------------------------------

    @property
    def state(self) -> str:
        """The state, as the real client names it: ``connected`` also while it is reconnecting."""
        return self._membership.state

    def is_connected(self) -> bool:
        """Whether the session is connected; also true while it is reconnecting."""
        return self._membership.is_connected()

    @property
    def connection(self) -> Connection | None:
        """The own connection, while connected."""
        return self._membership.connection

    @property
    def connections(self) -> Mapping[str, Connection]:
        """The connections that are known, by id, the own one included."""
        return MappingProxyType(self._membership.connections)

    @property
    def streams(self) -> Mapping[str, Stream]:
        """The streams that are known, by id, the own ones included."""
        return MappingProxyType(self._membership.streams)

    @property
    def publishers(self) -> tuple[Publisher, ...]:
        """The own Publishers that are attached to the session, in the order of their publishing."""
        return tuple([each.face for each in self._membership.publishers])

    @property
    def subscribers(self) -> tuple[Subscriber, ...]:
        """The own Subscribers that have not been destroyed, in the order of their making."""
        return tuple([each.face for each in self._membership.subscribers])

    @property
    def capabilities(self) -> dict[str, int]:
        """The own permissions, 1 or 0; all 0 when not connected (section 5.1)."""
        return {str(each): int(self._membership.may(each)) for each in Capability}

    def get_publisher_for_stream(self, stream: Stream) -> Publisher | None:
        """The own Publisher of a stream."""
        publication = self._membership.publisher_of(stream.id)
        return None if publication is None else publication.face

    def get_subscribers_for_stream(self, stream: Stream) -> list[Subscriber]:
        """The Subscribers of a stream that have not been destroyed."""
        return [each.face for each in self._membership.subscribers_of(stream)]

    # -- what an app may call ----------------------------------------------------------------------

    def connect(self, completion: Completion | None = None, by: str = "app") -> None:
        """Join the session. While connecting or connected the call is ignored (section 3.6)."""
        mine = self._membership
        if self.state == "disconnecting":
            ending.cut_short(mine)
        if self.state in ("connecting", "connected", "migrating"):
            mine.record(calls.CONNECT, {"connection": mine.own, "by": by, "ignored": True})
            return
        mine.begin()
        call = mine.call(calls.CONNECT, {"connection": mine.own, "by": by}, completion)
        mine.events.add("sessionConnected", call.number, once=True)
        mine.failing += (call.number,)
        before, mine.unconnected = mine.unconnected, call.record
        with mine.page.loop.because(call.record):
            ending.swallowed(mine, before)
            mine.machine.to("connecting")
            mine.joining.start()

    def disconnect(self, by: str = "app") -> Promise:
        """Leave the session; the promise is resolved after ``sessionDisconnected``."""
        call = self._membership.call(calls.DISCONNECT, {"by": by}, by="promise")
        ending.disconnect(self._membership, call)
        return call.promise

    def publish(
        self, publisher: Any, completion: Completion | None = None, by: str = "app"
    ) -> Publisher | None:
        """Publish into the session; None when the call fails at once."""
        mine = self._membership
        label = publisher.label if isinstance(publisher, Publisher) else None
        call = mine.call(calls.PUBLISH, {"publisher": label, "by": by}, completion)
        condition = self._publish_problem(publisher)
        if condition is not None:
            refuse(mine, call, condition)
            return None
        attached = behind(publisher)
        with mine.page.loop.because(call.record):
            mine.publishers.append(attached)
            if mine.mute_on_entry and attached.is_alive:
                attached.dispatch("muteForced")
            attached.attach(mine, call)
        return attached.face

    def _publish_problem(self, publisher: object) -> str | None:
        if not self.is_connected():
            return errors.NOT_CONNECTED
        if not self._membership.may(Capability.PUBLISH):
            return errors.DENIED
        if not isinstance(publisher, Publisher):
            return errors.INVALID
        if not publisher.is_alive:
            hangs = self._membership.page.profile.has(quirks.UNANSWERED_PUBLISH)
            return None if hangs else errors.INVALID
        return errors.INVALID if behind(publisher).session else None

    def unpublish(self, publisher: Any = None, by: str = "app") -> None:
        """Stop publishing; without a Publisher nothing happens.

        Raises ``TypeError``, as the real client throws, for what is no Publisher.
        """
        mine = self._membership
        if not publisher:
            mine.record(calls.UNPUBLISH, {"publisher": None, "by": by})
        elif isinstance(publisher, Publisher):
            record = mine.record(calls.UNPUBLISH, {"publisher": publisher.label, "by": by})
            with mine.page.loop.because(record):
                unpublishing.unpublish(behind(publisher))
        else:
            raise TypeError("unpublish needs a Publisher")

    def subscribe(
        self, stream: Any, completion: Completion | None = None, by: str = "app"
    ) -> Subscriber | None:
        """Subscribe to somebody's stream; None when the call fails at once.

        While disconnecting there is still a connection: the request fails then, and the Subscriber
        stays until the session ends (L68480, recording r10105).

        Raises ``TypeError``, as the real client throws, for what has an id but is no Stream.
        """
        mine = self._membership
        condition = errors.NOT_CONNECTED if mine.connection is None else None
        if condition is None and not isinstance(stream, Stream):
            if getattr(stream, "id", None) is not None:
                raise TypeError("subscribe needs a Stream, not something else with an id")
            condition = errors.INVALID
        if condition is not None:
            data = {"subscriber": None, "stream": getattr(stream, "id", None), "by": by}
            refuse(mine, mine.call(calls.SUBSCRIBE, data, completion), condition)
            return None
        label = mine.page.next_label("subscriber", stream.connection.client)
        data = {"subscriber": label, "stream": stream.id, "by": by}
        call = mine.call(calls.SUBSCRIBE, data, completion)
        return mine.follow(stream, label, call).face

    def unsubscribe(self, subscriber: Any, by: str = "app") -> bool:
        """Leave a stream; False when the Subscriber has been destroyed already.

        Raises ``ValueError`` without a Subscriber, as the real client throws an ``Error``.
        """
        if subscriber in (None, False, 0, ""):
            raise ValueError("unsubscribe needs a Subscriber")
        alive = isinstance(subscriber, Subscriber) and subscriber.is_alive
        data = {"subscriber": getattr(subscriber, "label", None), "by": by}
        record = self._membership.record(calls.UNSUBSCRIBE, data)
        if alive:
            with self._membership.page.loop.because(record):
                behind_subscriber(subscriber).unsubscribe()
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
        return signals.send(self._membership, request, completion, by)

    def force_disconnect(
        self, connection: Any, completion: Completion | None = None, by: str = "app"
    ) -> Promise:
        """As a moderator, remove a Connection (or the connection of that id) from the session."""
        return moderation.on_target(
            self._membership, calls.FORCE_DISCONNECT, connection, completion, by
        )

    def force_unpublish(
        self, stream: Any, completion: Completion | None = None, by: str = "app"
    ) -> Promise:
        """As a moderator, end a Stream (or the stream of that id)."""
        return moderation.on_target(self._membership, calls.FORCE_UNPUBLISH, stream, completion, by)

    def force_mute_stream(self, stream: Any, by: str = "app") -> Promise:
        """As a moderator, mute the Publisher of a Stream."""
        return moderation.on_target(self._membership, calls.FORCE_MUTE_STREAM, stream, None, by)

    def force_mute_all(self, exclusion: Any = (), by: str = "app") -> Promise:
        """As a moderator, mute everybody but the Publishers of the Streams in ``exclusion``."""
        return moderation.on_session(self._membership, calls.FORCE_MUTE_ALL, exclusion, by)

    def disable_force_mute(self, by: str = "app") -> Promise:
        """As a moderator, let those who join publish with sound again."""
        return moderation.on_session(self._membership, calls.DISABLE_FORCE_MUTE, (), by)
