"""one-subscriber-per-stream: an app that subscribes by itself does so once a stream."""

from __future__ import annotations

from typing import ClassVar

from sim.laws.law import NEVER, Handlers, Law, handlers, on
from sim.laws.presence import Presence
from sim.laws.watch import Watch
from sim.protocol.records import Trait
from sim.trace import Record


class OneSubscriberPerStream:
    """Remembers, by client, its automatic subscriptions that are alive."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._presence = watch.track(Presence)
        self._alive: dict[str, dict[str, str]] = {}
        """By client: stream → its automatic Subscriber."""
        self._streams: dict[str, dict[str, str]] = {}
        """By client: automatic Subscriber → its stream."""
        self._pending: dict[str, dict[int, str]] = {}
        """By client: number of a call without an answer → the Subscriber it made."""

    def _subscribe(self, record: Record) -> None:
        client, subscriber = record.client, record.data.get("subscriber")
        if record.data.get("by") != "app" or not subscriber:
            return
        if not self._presence.of(client).page:  # it is being closed: that will not be alive
            return
        self._watch.exercised += 1
        stream = record.data["stream"]
        alive = self._alive.setdefault(client, {})
        if stream in alive:
            self._watch.breach(
                record,
                f"{client} subscribed to {stream} by itself, though {alive[stream]} was alive",
            )
        alive[stream] = subscriber
        self._streams.setdefault(client, {})[subscriber] = stream
        self._pending.setdefault(client, {})[record.seq] = subscriber

    def _answered(self, record: Record) -> None:
        pending = self._pending.get(record.client, {})
        subscriber = pending.pop(record.data.get("call", 0), None)
        if subscriber is not None and not record.data.get("ok"):
            self._drop(record.client, subscriber)

    def _destroyed(self, record: Record) -> None:
        self._drop(record.client, record.object)

    def _stream_ended(self, record: Record) -> None:
        if record.object == "session":
            subscriber = self._alive.get(record.client, {}).get(record.data["stream"])
            if subscriber is not None:
                self._drop(record.client, subscriber)

    def _drop(self, client: str, subscriber: str) -> None:
        stream = self._streams.get(client, {}).pop(subscriber, "")
        alive = self._alive.get(client, {})
        if alive.get(stream) == subscriber:
            del alive[stream]

    def _over(self, record: Record) -> None:
        for each in (self._alive, self._streams, self._pending):
            each.pop(record.client, None)

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("call", "subscribe"): _subscribe,
            ("callback", "subscribe"): _answered,
            ("event", "destroyed"): _destroyed,
            ("event", "streamDestroyed"): _stream_ended,
            ("event", "sessionDisconnected"): _over,
            **on(_over, Trait.ENDS_PAGE),
        }
    )


LAW = Law(
    name="one-subscriber-per-stream",
    kind=NEVER,
    statement="of the app's automatic subscriptions, never two alive for one stream (one whose"
    " stream or session has ended, or that failed, is not alive, even if the app keeps it)",
    source="fact sheet 2.14 (a repeated notice is ignored), 2.8, 2.9",
    exercised="an app that subscribes by itself",
    checker=OneSubscriberPerStream,
)
