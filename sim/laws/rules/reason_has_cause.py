"""reason-has-cause: every reason has a cause in the trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from sim.laws.explanations import Explanations
from sim.laws.law import ALWAYS, Handlers, Law, handlers, on
from sim.laws.watch import Watch
from sim.protocol import reasons
from sim.protocol.promises import Promise
from sim.protocol.records import Trait
from sim.trace import Record

_UNJUDGED: Final = frozenset(
    (
        reasons.RESET,
        reasons.MEDIA_STOPPED,
        reasons.PEER_DISCONNECTED,
        reasons.STREAM_NOT_FOUND,
        reasons.BIND_FAILED,
        reasons.UNKNOWN,
    )
)
"""Reasons that come from inside the page or from media: the trace has no record of their cause."""


class ReasonHasCause:
    """Asks for each reason whether something recorded explains it."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._known = watch.track(Explanations)
        self._streams: dict[str, dict[str, str]] = {}
        """By client: Subscriber → its stream."""
        self._unsubscribed: dict[str, str] = {}
        """By client: the Subscriber that its app unsubscribed last."""
        self._unpublished: dict[str, None] = {}
        """Clients whose app has unpublished."""
        self._endings: dict[str, str] = {}
        """By client: the reason with which its session ended last."""

    def _session_ended(self, record: Record) -> None:
        self._judge(record, record.data["own"], lambda reason: self._own(record, reason))
        self._endings[record.client] = record.data.get("reason") or ""

    def _own(self, record: Record, reason: str) -> bool:
        """Whether the end of the client's own connection is explained."""
        own = record.data.get("own") or ""
        if reason == reasons.NETWORK_DISCONNECTED:
            return self._known.explains_outage(record.client)
        return self._known.explains(own, reason)

    def _connection_ended(self, record: Record) -> None:
        connection = record.data["connection"]
        self._judge(record, connection, lambda reason: self._known.explains(connection, reason))

    def _stream_ended(self, record: Record) -> None:
        stream = record.data.get("stream") or ""
        if record.object == "session":
            self._judge(record, stream, lambda why: self._known.explains_stream(stream, why))
        else:
            self._judge(record, stream, lambda why: self._publisher_ended(record, stream, why))

    def _publisher_ended(self, record: Record, stream: str, reason: str) -> bool:
        if reason == reasons.UNPUBLISHED:
            return record.client in self._unpublished
        return self._with_session(record, reason) or self._known.explains_stream(stream, reason)

    def _with_session(self, record: Record, reason: str) -> bool:
        """Whether an object ended because the session did, or as the session is about to."""
        return self._endings.get(record.client) == reason or self._own(record, reason)

    def _destroyed(self, record: Record) -> None:
        stream = self._streams.get(record.client, {}).pop(record.object, None)
        if stream is not None:
            self._judge(
                record, record.object, lambda why: self._subscriber_ended(record, stream, why)
            )

    def _subscriber_ended(self, record: Record, stream: str, reason: str) -> bool:
        if reason == reasons.UNSUBSCRIBE:
            return self._unsubscribed.get(record.client) == record.object
        return self._with_session(record, reason) or self._known.explains_stream(stream, reason)

    def _platform_ended(self, record: Record) -> None:
        name = record.data.get("stream") or record.data["connection"]
        explains = self._known.explains_stream if "stream" in record.data else self._known.explains
        self._judge(record, name, lambda reason: explains(name, reason))
        until = record.time + self._watch.bounds.memory
        self._watch.after(until, self._known.forget, name)

    def _judge(self, record: Record, about: str, explained: Callable[[str], bool]) -> None:
        reason = record.data.get("reason")
        if reason is None or reason in _UNJUDGED:
            return
        self._watch.exercised += 1
        if not explained(reason):
            self._watch.breach(
                record,
                f"{record.client} {record.object}: {record.name} of {about} says {reason}, but"
                " nothing in the trace explains it",
            )

    def _subscribe(self, record: Record) -> None:
        if record.data.get("subscriber"):
            streams = self._streams.setdefault(record.client, {})
            streams[record.data["subscriber"]] = record.data["stream"]

    def _unsubscribe(self, record: Record) -> None:
        self._unsubscribed[record.client] = record.data["subscriber"]

    def _unpublish(self, record: Record) -> None:
        self._unpublished[record.client] = None

    def _gone(self, record: Record) -> None:
        self._streams.pop(record.client, None)

    HANDLERS: ClassVar[Handlers] = handlers(
        {
            ("event", "sessionDisconnected"): _session_ended,
            ("event", "connectionDestroyed"): _connection_ended,
            ("event", "streamDestroyed"): _stream_ended,
            ("event", "destroyed"): _destroyed,
            ("state", "left"): _platform_ended,
            ("state", "unpublished"): _platform_ended,
            ("call", "subscribe"): _subscribe,
            ("call", "unsubscribe"): _unsubscribe,
            ("call", "unpublish"): _unpublish,
            **on(_gone, Trait.ENDS_PAGE),
        }
    )


LAW = Law(
    name="reason-has-cause",
    kind=ALWAYS,
    statement="every reason is explained by its cause in the trace: `clientDisconnected` by the"
    " leaver's own call, `forceDisconnected` and `forceUnpublished` by an accepted command about"
    " it, `networkDisconnected` by trouble on the own link since it last worked or, for others, by"
    " the platform's `lost`, `mediaIdle` and `serverRotation` by the platform's decision,"
    " `unpublished` and `Unsubscribe` by the own call",
    source="contract C3 to C6; fact sheet 1.3, 1.4",
    exercised="an end with a reason, told by a Session, Publisher, Subscriber or the platform",
    checker=ReasonHasCause,
    relies_on=(Promise.MEMORY, Promise.PATIENCE),
)
