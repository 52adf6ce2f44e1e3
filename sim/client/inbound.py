"""What each message of the platform does to a Session: one function per message, one table.

Source: spec/opentok-js-2.35.2.md, sections 2.4, 2.5, 2.8, 2.14, 6 and 7.4. The client never derives
one event from another: a connection that ends does not end its streams.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from sim.client import ending, unpublishing
from sim.client.events import Event
from sim.client.peers import Connection, Stream
from sim.protocol import quirks, reasons
from sim.protocol.carried import carried
from sim.protocol.frames import Message
from sim.protocol.names import CONNECTION

if TYPE_CHECKING:
    from sim.client.membership import Membership

Handler = Callable[["Membership", Message], None]


def handle(session: Membership, message: Message) -> None:
    """Do what the message asks for; one that nobody knows is ignored."""
    handler = HANDLERS.get((message.method, message.resource))
    if handler is not None:
        handler(session, message)


def add_connection(
    session: Membership, content: dict[str, Any], besides: int | None = None
) -> None:
    """A connection becomes known: announce it, then what has waited for it."""
    if content["id"] in session.connections:
        return
    permissions = tuple(content.get("permissions", ()))
    connection = Connection(content["id"], content["client"], permissions)
    session.connections[connection.id] = connection
    if connection.id == session.own:
        session.connection = connection
    if not session.page.suppressed:
        session.dispatch("connectionCreated", besides=besides, connection=connection)
    for waiting in session.waiting.pop(connection.id, ()):
        if connection.id not in session.connections:  # a listener has ended the session
            return
        with session.page.loop.because(waiting.cause):
            if (waiting.method, waiting.resource) == ("create", "signal"):
                _early_signal(session, waiting)
            else:
                handle(session, waiting)


def add_stream(session: Membership, content: dict[str, Any], besides: int | None = None) -> None:
    """A stream becomes known: the own one to its Publisher, another to the Session."""
    if content["id"] in session.streams:
        return
    connection = session.connections[content["connection"]]
    stream = Stream(
        content["id"],
        connection,
        content.get("name", ""),
        content.get("hasAudio", True),
        content.get("hasVideo", True),
    )
    session.streams[stream.id] = stream
    if connection.id != session.own:
        session.dispatch("streamCreated", besides=besides, stream=stream)
        return
    publisher = session.publisher_of(stream.id)
    if publisher is not None:
        publisher.created(stream)


def _add_unannounced(session: Membership, id: str, content: dict[str, Any]) -> None:
    """With connection events suppressed, a connection is met by what it sends, which says whose it
    is; of a sender who is not named no more than the id is known.
    """
    session.connections[id] = Connection(id, content.get("client", id))


def _add_nobody(session: Membership) -> None:
    """With connection events suppressed a signal of the app's server leaves a connection, too, of
    nobody and for good; the next one does not know it again (L38658).
    """
    number = sum(not each.client for each in session.connections.values()) + 1
    nobody = Connection(CONNECTION.make("", number), "")
    session.connections[nobody.id] = nobody


def _connection_created(session: Membership, message: Message) -> None:
    add_connection(session, message.content)


def _connection_deleted(session: Membership, message: Message) -> None:
    reason = message.content.get("reason") or reasons.WHEN_NONE_IS_SENT
    if message.content["id"] == session.own:
        ending.removed(session, reason)
        return
    connection = session.connections.pop(message.content["id"], None)
    if connection is not None:
        session.dispatch("connectionDestroyed", connection=connection, reason=reason)


def _stream_created(session: Membership, message: Message) -> None:
    sender = message.content["connection"]
    if sender in session.connections:
        add_stream(session, message.content)
    elif session.page.suppressed:
        _add_unannounced(session, sender, message.content)
        add_stream(session, message.content)
    else:
        session.waiting.setdefault(sender, []).append(message)


def _stream_deleted(session: Membership, message: Message) -> None:
    stream = session.streams.pop(message.content["id"], None)
    if stream is None:
        return
    reason = message.content.get("reason") or reasons.WHEN_NONE_IS_SENT
    if stream.connection.id == session.own:
        publisher = session.publisher_of(stream.id)
        if publisher is not None:
            unpublishing.unpublish(publisher, reason)
        _end_subscribers(session, stream, reason)
        return
    session.dispatch(
        "streamDestroyed",
        lambda event: _after_stream_destroyed(session, stream, event),
        stream=stream,
        reason=reason,
    )


def _after_stream_destroyed(session: Membership, stream: Stream, event: Event) -> None:
    if event.is_default_prevented():
        for subscriber in session.subscribers_of(stream):
            subscriber.disconnect()
            subscriber.kept = event.prevention
    else:
        _end_subscribers(session, stream, event.reason)


def _end_subscribers(session: Membership, stream: Stream, reason: str) -> None:
    for subscriber in session.subscribers_of(stream):
        subscriber.destroy(reason)


def _signal(session: Membership, message: Message) -> None:
    sender = message.content["from"]
    if sender is None and session.page.suppressed:
        _add_nobody(session)
    if sender is None or sender in session.connections:
        _dispatch_signal(session, message.content)
    elif session.page.suppressed:
        _add_unannounced(session, sender, message.content)
        _dispatch_signal(session, message.content)
    else:
        session.waiting.setdefault(sender, []).append(message)


def _early_signal(session: Membership, message: Message) -> None:
    content = message.content
    is_more = "type" in content or "data" in content
    if is_more and session.page.deviate(quirks.BARE_SIGNAL):
        content = {"id": content["id"], "from": content["from"]}
    _dispatch_signal(session, content)


def _dispatch_signal(session: Membership, content: dict[str, Any]) -> None:
    """``signal``, then the same event object as ``signal:TYPE`` (section 6)."""
    kind = content.get("type")
    name = f"signal:{kind}" if kind else "signal"
    fields: dict[str, Any] = {"signal": content["id"]}
    if kind is not None:
        fields["kind"] = kind
    if "data" in content:
        fields["data"] = carried(content["data"])
    sender = content["from"]
    fields["from_"] = None if sender is None else session.connections.get(sender)
    event = Event(name, False, **fields)
    session.events.redispatch(session.own, event, "signal")
    if kind:
        session.events.redispatch(session.own, event, name)


def _channel_updated(session: Membership, message: Message) -> None:
    """Somebody switched a microphone or a camera (section 2.14)."""
    stream = session.streams.get(message.content["stream"])
    if stream is None:
        return
    audio = message.content["channel"] == "audio1"
    changed, new = ("hasAudio" if audio else "hasVideo"), bool(message.content["active"])
    old = stream.has_audio if audio else stream.has_video
    if audio:
        stream.has_audio = new
    else:
        stream.has_video = new
    if old == new:
        return
    session.dispatch(
        "streamPropertyChanged", stream=stream, changedProperty=changed, oldValue=old, newValue=new
    )
    if not audio:
        name = "videoEnabled" if new else "videoDisabled"
        for subscriber in session.subscribers_of(stream):
            subscriber.dispatch(name, reason="publishVideo")


def _stream_muted(session: Membership, message: Message) -> None:
    publisher = session.publisher_of(message.content["id"])
    if publisher is not None:
        publisher.dispatch("muteForced")


def _session_muted(session: Membership, message: Message) -> None:
    session.mute_on_entry = bool(message.content["active"])
    session.dispatch("muteForced", active=session.mute_on_entry)


def _notified(session: Membership, message: Message) -> None:
    if message.content.get("reason") == reasons.SERVER_ROTATION:
        session.migrate()


HANDLERS: Final[dict[tuple[str, str], Handler]] = {
    ("created", "connection"): _connection_created,
    ("deleted", "connection"): _connection_deleted,
    ("created", "stream"): _stream_created,
    ("deleted", "stream"): _stream_deleted,
    ("create", "signal"): _signal,
    ("updated", "channel"): _channel_updated,
    ("update", "stream"): _stream_muted,
    ("update", "session"): _session_muted,
    ("notify", "session"): _notified,
}
