"""Joining, being lost, coming back and leaving: the only code that moves a connection's state."""

from __future__ import annotations

from typing import Any

from sim.platform.deadlines import Alarm
from sim.platform.delivery import Peer
from sim.platform.room import Member, Room, Stream
from sim.platform.states import Trigger
from sim.protocol.records import incidents, states
from sim.protocol.roles import ROLES, permissions


def join(
    room: Room, peer: Peer, number: int, content: dict[str, Any], cause: int | None, now: int
) -> None:
    """Answer a ``create connection``: let the client in, or say why not."""
    refusal = _refusal(room, peer, content, now)
    if refusal is not None:
        status, reason = refusal
        data = {"command": "connect", "status": status, "by": content["id"]}
        refused = room.decide(content["client"], incidents.REFUSED, data, cause)
        room.delivery.answer(peer, number, status, {"reason": reason}, refused, now)
        return
    member = _enter(room, peer, content, cause, now)
    room.send(member, "created", "connection", member.described(), member.joined)
    room.delivery.answer(peer, number, 200, room.described(), member.joined, now)
    others = (other for other in room.members.values() if other is not member)
    member.untold = tuple(other.id for other in others if not other.suppressed)
    if room.settings.announce_after:
        due = now + room.settings.announce_after
        room.deadlines.set(due, Alarm.ANNOUNCEMENT, member.id)
    else:
        announce(room, member)


def announce(room: Room, member: Member) -> None:
    """Tell those who were here before of a newcomer."""
    room.deadlines.cancel(Alarm.ANNOUNCEMENT, member.id)
    untold, member.untold = member.untold, ()
    for name in untold:
        other = room.members.get(name)
        if other is not None:
            room.send(other, "created", "connection", member.described(), member.joined)


def _refusal(room: Room, peer: Peer, content: dict[str, Any], now: int) -> tuple[int, str] | None:
    limit = room.settings.connection_limit
    if room.settings.reject_connect is not None:
        return room.settings.reject_connect
    if peer.member is not None or content["id"] in room.members:
        return 409, "connection exists"
    if room.has_departed(content["id"], now):
        return 409, "connection has ended"
    if content["role"] not in ROLES:
        return 400, f"unknown role {content['role']}"
    if limit is not None and len(room.members) >= limit:
        return 404, "connectionLimitExceeded"
    return None


def _enter(room: Room, peer: Peer, content: dict[str, Any], cause: int | None, now: int) -> Member:
    name, role, media_idle = content["id"], content["role"], room.settings.media_idle
    member = Member(
        id=name,
        client=content["client"],
        role=role,
        permissions=permissions(role),
        suppressed=bool(content.get("suppressed")),
        peer=peer,
    )
    step = member.step(Trigger.JOIN)
    member.joined = room.state(member, step.record, cause, role=role)
    room.members[name], peer.member = member, member
    if media_idle is not None:
        room.deadlines.set(now + media_idle, Alarm.IDLE, name)
    return member


def lose(room: Room, member: Member, now: int, cause: int | None) -> None:
    """The member has no socket any more: keep it for the grace period."""
    step = member.step(Trigger.LOSE)
    member.lost = room.state(member, step.record, cause)
    room.deadlines.set(now + room.settings.grace, Alarm.GRACE, member.id)


def come_back(room: Room, member: Member, cause: int | None) -> int | None:
    """The member has a socket again; nothing to tell if its loss was never noticed.

    Return the record of it, or else ``cause``.
    """
    if not member.can(Trigger.RETURN):
        return cause
    step = member.step(Trigger.RETURN)
    room.deadlines.cancel(Alarm.GRACE, member.id)
    return room.state(member, step.record, cause, missed=len(member.peer.unacknowledged))


def catch_up(room: Room, member: Member, cause: int | None) -> bool:
    """Send the member again whatever it has missed; return whether that was anything.

    What it is told late has two causes: what happened, and that it was away. The frames name the
    record of the replay, which is ``of`` what happened and caused by the return.
    """
    missed = room.delivery.missed(member.peer)
    if not missed:
        return False
    happened = dict.fromkeys(message.cause for message in missed if message.cause is not None)
    replayed = room.state(member, states.REPLAYED, cause, messages=len(missed), of=[*happened])
    room.delivery.replay(member.peer, replayed)
    return True


def used_media(room: Room, member: Member) -> None:
    """The member has published or subscribed: it is not idle, now or later."""
    room.deadlines.cancel(Alarm.IDLE, member.id)


def remove(room: Room, member: Member, trigger: Trigger, now: int, cause: int | None) -> None:
    """End a connection and its streams, tell the others, and itself if that is due.

    Records and notices come in the order that the settings choose.
    """
    step = member.step(trigger)
    reason = room.reasons[trigger]
    announce(room, member)
    room.deadlines.cancel(Alarm.GRACE, member.id)
    room.deadlines.cancel(Alarm.IDLE, member.id)
    room.depart(member, now)
    order = room.settings.leave_order
    if order != "stream-first":
        _end_connection(room, member, reason, now, cause, told=step.told)
    for stream in list(member.streams.values()):
        content, ended = end_stream(room, stream, reason, cause)
        if order != "connection-only":
            _tell_of_stream(room, stream, content, ended, told=step.told)
    if order == "stream-first":
        _end_connection(room, member, reason, now, cause, told=step.told)


def _tell_of_stream(
    room: Room, stream: Stream, content: dict[str, Any], ended: int | None, *, told: bool
) -> None:
    room.broadcast("deleted", "stream", content, ended)
    if told and room.settings.tell_victim_of_own_stream:
        room.send(stream.owner, "deleted", "stream", content, ended)


def _end_connection(
    room: Room, member: Member, reason: str, now: int, cause: int | None, *, told: bool
) -> None:
    left = room.state(member, states.LEFT, cause, reason=reason)
    content = {"id": member.id, "reason": reason}
    room.broadcast("deleted", "connection", content, left)
    room.delivery.part(member.peer, content, left, now, told=told)


def end_stream(
    room: Room, stream: Stream, reason: str, cause: int | None
) -> tuple[dict[str, Any], int | None]:
    """Take a stream out of the session; return its notice's content and its record.

    Nobody is told of the end of what is not announced yet: its owner is announced first.
    """
    owner = stream.owner
    announce(room, owner)
    ended = room.state(owner, states.UNPUBLISHED, cause, stream=stream.id, reason=reason)
    del room.streams[stream.id], owner.streams[stream.id]
    owner.ended.add(stream.id)
    for member in room.members.values():
        member.subscriptions.pop(stream.id, None)
    return {"id": stream.id, "connection": owner.id, "reason": reason}, ended
