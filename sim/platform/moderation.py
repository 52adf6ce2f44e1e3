"""What moderators and the app server may do to others."""

from __future__ import annotations

from sim.platform.presence import remove
from sim.platform.requests import Request, acknowledged, grant, refuse
from sim.platform.room import Member, Room
from sim.platform.states import Trigger
from sim.protocol.names import SERVER
from sim.protocol.reasons import SERVER_ROTATION
from sim.protocol.records import incidents

MUTE = "mute"


def force_disconnect(room: Room, request: Request) -> None:
    """Remove a connection, whether it is here or lost."""
    target = room.members.get(request.content["id"])
    if target is None:
        return refuse(room, request, 404, "connection not found")
    decision = grant(room, request, target.id)
    with acknowledged(room, request, room.settings.force_ack, decision):
        remove(room, target, Trigger.EXPEL, request.now, decision)
    return hang_up(room, target, request.now, decision)


def hang_up(room: Room, victim: Member, now: int, cause: int | None) -> None:
    """Close the socket of one who was sent away, if that is the platform's way."""
    if room.settings.close_victims_socket:
        room.delivery.hang_up(victim.peer, room.settings.victim_close_code, now, cause)


def expel(room: Room, member: Member, now: int, cause: int | None) -> None:
    """Remove a connection because the app server says so."""
    data = {"command": "forceDisconnect", "target": member.id, "by": SERVER}
    decision = room.decide("", incidents.ACCEPTED, data, cause)
    _send_away(room, member, Trigger.EXPEL, now, decision)


def remove_idle(room: Room, member: Member, now: int, cause: int | None) -> None:
    """Remove a connection that has not used media."""
    decision = room.decide(member.client, incidents.IDLE, {"connection": member.id}, cause)
    _send_away(room, member, Trigger.IDLE, now, decision)


def rotate(room: Room, member: Member, now: int, cause: int | None, *, migrate: bool) -> None:
    """Take a connection's node out of service: its client is asked to move, or it is removed."""
    data = {"connection": member.id, "migrate": migrate}
    decision = room.decide(member.client, incidents.ROTATION, data, cause)
    if migrate:
        room.send(member, "notify", "session", {"reason": SERVER_ROTATION}, decision)
    else:
        _send_away(room, member, Trigger.ROTATE, now, decision)


def _send_away(room: Room, member: Member, trigger: Trigger, now: int, cause: int | None) -> None:
    remove(room, member, trigger, now, cause)
    hang_up(room, member, now, cause)


def mute_stream(room: Room, request: Request) -> None:
    """Mute one stream: its owner is told."""
    if not room.settings.carries_out_mutes:
        return _only_acknowledge(room, request)
    stream = room.streams.get(request.content["id"])
    if stream is None:
        return refuse(room, request, 404, "stream not found")
    decision = grant(room, request, stream.id)
    content = {"id": stream.id, "reason": MUTE, "active": bool(request.content["active"])}
    with acknowledged(room, request, room.settings.force_ack, decision):
        room.send(stream.owner, "update", "stream", content, decision)
    return None


def mute_session(room: Room, request: Request) -> None:
    """Mute everybody, now and on entry, but the excluded streams; or stop muting on entry."""
    active = bool(request.content["active"])
    if not active:
        request = request._replace(command="disableForceMute")
    if not room.settings.carries_out_mutes:
        _only_acknowledge(room, request)
        return
    decision = grant(room, request, room.settings.session_id)
    with acknowledged(room, request, room.settings.force_ack, decision):
        room.muted = active
        room.broadcast("update", "session", {"reason": MUTE, "active": active}, decision)
        if active and room.settings.mute_all_reaches_streams:
            _mute_streams(room, request.content.get("exclusion") or (), decision)


def _only_acknowledge(room: Room, request: Request) -> None:
    decision = grant(room, request, room.settings.session_id)
    with acknowledged(room, request, room.settings.force_ack, decision):
        pass


def _mute_streams(room: Room, excluded: list[str] | tuple[str, ...], cause: int | None) -> None:
    for stream in room.streams.values():
        if stream.id not in excluded:
            content = {"id": stream.id, "reason": MUTE, "active": True}
            room.send(stream.owner, "update", "stream", content, cause)
