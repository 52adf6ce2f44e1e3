"""Publishing, unpublishing, subscribing and the toggling of audio and video."""

from __future__ import annotations

from typing import Final

from sim.platform.presence import end_stream, used_media
from sim.platform.requests import Request, accept, acknowledged, decline, grant, refuse
from sim.platform.room import Member, Room, Stream
from sim.protocol.reasons import FORCE_UNPUBLISHED
from sim.protocol.records import states
from sim.protocol.roles import Capability

CHANNELS: Final[dict[str, str]] = {"audio1": "has_audio", "video1": "has_video"}
"""Which property of a stream a channel is (spec section 7.4)."""


def publish(room: Room, request: Request) -> None:
    """Create a stream and tell everybody, its publisher included."""
    content, member, limit = request.content, request.member, room.settings.stream_limit
    name = content["id"]
    if name in room.streams or name in member.ended:
        return refuse(room, request, 409, "stream exists")
    if limit is not None and len(room.streams) >= limit:
        return refuse(room, request, 409, "streamLimitExceeded")
    stream = Stream(
        id=name,
        owner=member,
        name=content.get("name", ""),
        has_audio=content.get("hasAudio", True),
        has_video=content.get("hasVideo", True),
    )
    room.streams[name] = member.streams[name] = stream
    used_media(room, member)
    published = room.state(member, states.PUBLISHED, request.cause, stream=name)
    accept(room, request, published)
    return room.broadcast("created", "stream", stream.described(), published)


def delete(room: Room, request: Request) -> None:
    """Unpublish one's own stream, or with the capability somebody else's.

    A stream that one has already lost is no wish to moderate: the client deletes its stream once
    more when a moderator has unpublished it (spec section 2.5).
    """
    name, member = request.content["id"], request.member
    if name in member.streams:
        return _unpublish(room, request, member.streams[name])
    if name in member.ended:
        return decline(room, request, 404, "stream has ended")
    request = request._replace(command="forceUnpublish")
    if Capability.FORCE_UNPUBLISH.wire not in member.permissions:
        return refuse(room, request, 403, "no permission")
    if name not in room.streams:
        return refuse(room, request, 404, "stream not found")
    return _force_unpublish(room, request, room.streams[name])


def _unpublish(room: Room, request: Request, stream: Stream) -> None:
    content, ended = end_stream(room, stream, room.settings.leave_reason, request.cause)
    accept(room, request, ended)
    untold: Member | None = None if room.settings.unpublish_echo else request.member
    room.broadcast("deleted", "stream", content, ended, but=untold)


def _force_unpublish(room: Room, request: Request, stream: Stream) -> None:
    decision = grant(room, request, stream.id)
    with acknowledged(room, request, room.settings.force_ack, decision):
        content, ended = end_stream(room, stream, FORCE_UNPUBLISHED, decision)
        room.broadcast("deleted", "stream", content, ended)


def subscribe(room: Room, request: Request) -> None:
    """Note a subscriber of a stream."""
    name, subscriber = request.content["stream"], request.content["id"]
    subscriptions, limit = request.member.subscriptions, room.settings.subscription_limit
    if name not in room.streams:
        return refuse(room, request, 404, "stream not found")
    if limit is not None and sum(map(len, subscriptions.values())) >= limit:
        return refuse(room, request, 409, "streamLimitExceeded")
    subscriptions.setdefault(name, set()).add(subscriber)
    used_media(room, request.member)
    return accept(room, request)


def unsubscribe(room: Room, request: Request) -> None:
    """Forget a subscriber; that of an ended stream is already forgotten."""
    subscribers = request.member.subscriptions.get(request.content["stream"], set())
    if request.content["id"] not in subscribers:
        return decline(room, request, 404, "subscriber not found")
    subscribers.discard(request.content["id"])
    return accept(room, request)


def update_channel(room: Room, request: Request) -> None:
    """A publisher toggles its audio or video: tell everybody else and those who join later."""
    name, channel = request.content["stream"], request.content["channel"]
    stream = request.member.streams.get(name)
    if stream is None:
        return decline(room, request, 404, "stream not found")
    if channel not in CHANNELS:
        return decline(room, request, 404, "channel not found")
    active = bool(request.content["active"])
    setattr(stream, CHANNELS[channel], active)
    accept(room, request)
    content = {"stream": name, "channel": channel, "active": active}
    return room.broadcast("updated", "channel", content, request.cause, but=request.member)
